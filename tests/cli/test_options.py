# SPDX-License-Identifier: GPL-2.0-or-later
"""The option tables, --help, the manual page and the bash completion say the same."""
import re
import subprocess
import typing

import pytest

from running import BUILD, ROOT

TABLES = ("checks/influxdb_options.opts", "common/http_options.opts", "common/check_options.opts")
PAGE = BUILD / "man" / "chk_influxdb.8"
COMPLETION = BUILD / "completions" / "chk_influxdb"


class Option(typing.NamedTuple):
    """An option as users see it."""

    name: str
    letter: typing.Optional[str]
    argument: typing.Optional[str]
    default: typing.Optional[str]
    choices: tuple


def tables():
    """The options of the three tables, in their order."""
    options = []
    for table in TABLES:
        text = (ROOT / table).read_text(encoding="utf-8")
        for block in re.split(r"^option ", text, flags=re.MULTILINE)[1:]:
            options.append(parse_block(block))
    return options


def parse_block(block):
    """One option of a table."""
    head, *lines = block.splitlines()
    name, _, argument = head.partition(" ")
    keys = dict(line.strip().partition(" ")[::2] for line in reversed(lines))
    return Option(name, keys.get("letter"), argument or None, keys.get("default"),
                  tuple(keys.get("choices", "").split()))


HELP_ROW = re.compile(r"  (?:-(?P<letter>\w), |    )--(?P<name>[a-z0-9-]+)(?:=(?P<argument>\S+))?"
                      r"\s+(?P<text>\S.*?)(?: \[(?P<default>[^]]+)\])?"
                      r"(?:\n {36}(?P<choices>\S+(?: \| \S+)+))?\n")


def help_options(check):
    """What --help lists."""
    out = check("--help").out
    found = list(HELP_ROW.finditer(out))
    assert len(found) == out.count("\n  -") + out.count("\n      --"), "a row has another form"
    return [Option(row["name"], row["letter"], row["argument"], row["default"],
                   tuple((row["choices"] or "").split(" | ") if row["choices"] else ()))
            for row in found]


PAGE_ROW = re.compile(r"^\.It (?:Fl (?P<letter>\w) , )?Fl \\-(?P<name>[a-z0-9-]+)"
                      r"(?: Ns = Ns Ar (?P<argument>\S+))?$", re.MULTILINE)


def page_options():
    """What the manual page lists under OPTIONS."""
    text = PAGE.read_text(encoding="utf-8")
    text = text.split("\n.Sh OPTIONS\n")[1].split("\n.Sh ")[0]
    rows = list(PAGE_ROW.finditer(text))
    assert len(rows) == len(re.findall(r"^\.It .*Fl ", text, re.MULTILINE))
    ends = [row.start() for row in rows[1:]] + [len(text)]
    return [page_option(row, text[row.end() : end]) for row, end in zip(rows, ends)]


def page_option(row, text):
    """One option of the manual page, and what its text says."""
    default = re.search(r"^The default is\n\.Cm (.+) \.$", text, re.MULTILINE)
    choices = re.search(r"^One of\n\.Cm (.+) \.$", text, re.MULTILINE)
    listed = re.findall(r"^\.It Cm (\S+)$", text, re.MULTILINE)
    return Option(row["name"], row["letter"], row["argument"], default and default[1],
                  tuple(choices[1].split(" , ") if choices else listed))


def complete(current, previous=""):
    """What bash offers."""
    script = ('_init_completion() { cur=$CURRENT prev=$PREVIOUS; }\n'
              '_filedir() { COMPREPLY=(FILES); }\n'
              'compopt() { :; }\n'
              '. "$1" && complete -p chk_influxdb >/dev/null && _chk_influxdb\n'
              'printf "%s\\n" "${COMPREPLY[@]}"\n')
    done = subprocess.run(["bash", "-c", script, "bash", str(COMPLETION)], capture_output=True,
                          text=True, timeout=30, check=True,
                          env={"CURRENT": current, "PREVIOUS": previous})
    assert done.stderr == ""
    return done.stdout.split()


def test_tables_are_read():
    """The parser of this file finds what is there."""
    names = [option.name for option in tables()]
    assert len(names) == len(set(names))
    assert Option("timeout", None, "DURATION", "800ms", ()) in tables()
    assert Option("verbose", "v", None, None, ()) in tables()
    assert Option("unknown", None, "pass|fail", "pass", ("pass", "fail")) in tables()


def test_help(check):
    """--help: the same names, letters, arguments, defaults and choices in the same order."""
    assert help_options(check) == tables()


def test_manual_page():
    """So does OPTIONS of the manual page."""
    assert page_options() == tables()


def test_completion_of_names():
    """So does the completion, with = where an argument follows."""
    wanted = [f"--{option.name}{'=' if option.argument else ''}" for option in tables()]
    assert complete("--") == wanted


@pytest.mark.parametrize("option", [option for option in tables() if option.argument],
                         ids=lambda option: option.name)
def test_completion_of_arguments(option):
    """Choices where there are some, and files where a path is wanted."""
    is_path = option.argument in ("FILE", "PATH", "DIRECTORY")
    wanted = list(option.choices) or (["FILES"] if is_path else [])
    assert complete("", f"--{option.name}") == wanted


@pytest.mark.parametrize("option", tables(), ids=lambda option: option.name)
def test_program_knows_the_option(check, option):
    """Each option of the tables is accepted or refused by name, and never unknown."""
    arguments = [f"--{option.name}=\x01" if option.argument else f"--{option.name}=x"]
    result = check(*arguments)
    assert result.code == 1
    assert f"--{option.name}" in result.err
    assert "there is no option" not in result.err
