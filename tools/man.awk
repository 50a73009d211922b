# man.awk: fills a man page: @VERSION@, @DATE@ (of the newest release in NEWS), and @OPTIONS@ or
# @REASONS@ by the file that "insert" names. Text is folded as mdoc wants it: a line per sentence,
# none over 78 characters.
# usage: awk -v version=V -v insert=FILE -v news=NEWS -f man.awk PAGE.in
# SPDX-License-Identifier: GPL-2.0-or-later

BEGIN {
    split("January February March April May June July August September October November December",
          months, " ")
    while ((getline line < news) > 0)
        if (match(line, /[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]/)) {
            split(substr(line, RSTART, RLENGTH), day, "-")
            break
        }
}

function print_folded(text,    cut) {
    while (length(text) > 78) {
        for (cut = 78; cut > 1 && substr(text, cut, 1) != " "; cut--)
            ;
        if (cut == 1)
            break
        print substr(text, 1, cut - 1)
        text = substr(text, cut + 1)
    }
    print text
}

function print_text(text) {
    while (match(text, /[a-z).0-9]\. +[A-Z]/)) {
        print_folded(substr(text, 1, RSTART + 1))
        text = substr(text, RSTART + RLENGTH - 1)
    }
    print_folded(text)
}

function print_line(line) {
    gsub(/@VERSION@/, version, line)
    gsub(/@DATE@/, months[day[2] + 0] " " (day[3] + 0) ", " day[1], line)
    if (line ~ /^\.Bd -literal/)
        literal = 1
    if (line ~ /^\.Ed/)
        literal = 0
    if (literal || line ~ /^[.']/)
        print line
    else
        print_text(line)
}

/^@(OPTIONS|REASONS)@$/ {
    while ((getline line < insert) > 0)
        print_line(line)
    next
}

{ print_line($0) }
