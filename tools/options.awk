# options.awk: renders option tables (*.opts) as C, mdoc or bash completion.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: awk -v as=header|source|man|bash [-v program=NAME] -f options.awk FILE.opts...
#
# A table is the only place where an option is written down:
#
#   table PREFIX                  names struct PREFIX_options and PREFIX_option_table
#   section TITLE                 heading in --help and in the man page
#   option NAME [ARGUMENT]        long name; without ARGUMENT it is a flag
#     letter C                    short name
#     type string|path|url|duration|integer|choice   (flag when there is no ARGUMENT)
#     choices A B C               for type choice; the first one is value 0
#     range MIN MAX               for integer (numbers) and duration (milliseconds)
#     default VALUE
#     help TEXT                   one line for --help
#     man MDOC                    prose for the man page, as many lines as needed

function fail(message) {
    printf "%s:%d: %s\n", FILENAME, FNR, message > "/dev/stderr"
    failed = 1
    exit 1
}

function rest_after(word,    line) {
    line = $0
    sub(/^[ \t]*/, "", line)
    line = substr(line, length(word) + 1)
    sub(/^[ \t]+/, "", line)
    return line
}

function c_name(text) {
    gsub(/[^A-Za-z0-9]/, "_", text)
    return text
}

function c_string(text) {
    if (text == "")
        return "NULL"
    gsub(/\\/, "\\\\", text)
    gsub(/"/, "\\\"", text)
    return "\"" text "\""
}

function c_field(i) {
    if (type[i] == "duration")
        return c_name(name[i]) "_ms"
    return c_name(name[i])
}

function c_type(i) {
    if (type[i] == "flag")
        return "bool "
    if (type[i] == "duration" || type[i] == "integer")
        return "int64_t "
    if (type[i] == "choice")
        return "enum " c_name(prefix) "_" c_name(name[i]) " "
    return "char *"
}

/^[ \t]*(#|$)/ { next }

$1 == "table" { prefix = $2; table_file = FILENAME; next }
$1 == "section" { current_section = rest_after("section"); next }

$1 == "option" {
    n++
    name[n] = $2
    argument[n] = $3
    type[n] = $3 == "" ? "flag" : "string"
    section[n] = current_section
    next
}

n == 0 { fail("\"" $1 "\" before the first option") }
$1 == "letter" { letter[n] = $2; next }
$1 == "type" { type[n] = $2; next }
$1 == "choices" { choices[n] = rest_after("choices"); next }
$1 == "range" { min[n] = $2; max[n] = $3; next }
$1 == "default" { value[n] = rest_after("default"); next }
$1 == "help" { help[n] = rest_after("help"); next }
$1 == "man" { man[n] = man[n] rest_after("man") "\n"; next }
{ fail("unknown key \"" $1 "\"") }

function print_header(    i, k, words, guard) {
    printf "/* Generated from %s by options.awk. */\n#pragma once\n\n", base_name(table_file)
    print "#include <stdbool.h>\n#include <stdint.h>\n\n#include \"common/options.h\"\n"
    for (i = 1; i <= n; i++) {
        if (type[i] != "choice")
            continue
        printf "enum %s_%s {\n", prefix, c_name(name[i])
        k = split(choices[i], words, " ")
        for (w = 1; w <= k; w++)
            printf "\t%s,\n", toupper(prefix "_" c_name(name[i]) "_" c_name(words[w]))
        print "};\n"
    }
    printf "struct %s_options {\n", prefix
    for (i = 1; i <= n; i++)
        printf "\t%s%s;\n", c_type(i), c_field(i)
    printf "};\n\nextern const struct option_table %s_option_table;\n", prefix
}

function base_name(path) {
    sub(/.*\//, "", path)
    return path
}

function print_source(    i, k, w, words) {
    printf "/* Generated from %s by options.awk. */\n", base_name(table_file)
    printf "#include <stddef.h>\n\n#include \"%s_options.h\"\n\n", prefix
    for (i = 1; i <= n; i++) {
        if (type[i] != "choice")
            continue
        printf "static const char *const choices_%s[] = {", c_name(name[i])
        k = split(choices[i], words, " ")
        for (w = 1; w <= k; w++)
            printf "\"%s\", ", words[w]
        print "NULL};"
        printf "_Static_assert(sizeof(enum %s_%s) == sizeof(int), \"choices are stored as int\");\n", \
            prefix, c_name(name[i])
    }
    print "\nstatic const struct option_spec specs[] = {"
    for (i = 1; i <= n; i++) {
        print "\t{"
        printf "\t\t.name = \"%s\",\n\t\t.type = OPTION_%s,\n", name[i], toupper(type[i])
        if (i in letter)
            printf "\t\t.letter = '%s',\n", letter[i]
        if (argument[i] != "")
            printf "\t\t.argument = %s,\n", c_string(argument[i])
        if (i in value)
            printf "\t\t.fallback = %s,\n", c_string(value[i])
        if (type[i] == "choice")
            printf "\t\t.choices = choices_%s,\n", c_name(name[i])
        if (i in min)
            printf "\t\t.min = %s,\n\t\t.max = %s,\n", min[i], max[i]
        printf "\t\t.help = %s,\n\t\t.section = %s,\n", c_string(help[i]), c_string(section[i])
        printf "\t\t.offset = offsetof(struct %s_options, %s),\n\t},\n", prefix, c_field(i)
    }
    print "};\n"
    printf "const struct option_table %s_option_table = {specs, sizeof(specs) / sizeof(specs[0])};\n", \
        prefix
}

function print_man(    i, heading) {
    for (i = 1; i <= n; i++) {
        if (section[i] != heading) {
            if (heading != "")
                print ".El"
            heading = section[i]
            printf ".Ss %s\n.Bl -tag -width Ds\n", heading
        }
        printf ".It "
        if (i in letter)
            printf "Fl %s , ", letter[i]
        printf "Fl \\-%s", name[i]
        if (argument[i] != "")
            printf " Ns = Ns Ar %s", argument[i]
        printf "\n%s", man[i]
        if (type[i] == "choice" && man[i] !~ /\.It/) {
            shown = choices[i]
            gsub(/ /, " , ", shown)
            printf "One of\n.Cm %s .\n", shown
        }
        if (i in value)
            printf "The default is\n.Cm %s .\n", value[i]
    }
    print ".El"
}

function print_bash(    i, words, files, plain) {
    for (i = 1; i <= n; i++) {
        words = words " --" name[i] (argument[i] == "" ? "" : "=")
        if (type[i] == "choice")
            plain = plain sprintf("    --%s)\n        mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$cur\")\n        return ;;\n", \
                name[i], choices[i])
        else if (type[i] == "path")
            files = files (files == "" ? "" : "|") "--" name[i]
        else if (type[i] != "flag")
            none = none (none == "" ? "" : "|") "--" name[i]
    }
    printf "# bash completion for %s; generated from its option table.\n", program
    printf "_%s()\n{\n", program
    print "    local cur prev words cword split"
    print "    _init_completion -s || return"
    print "    case $prev in"
    printf "%s", plain
    printf "    %s)\n        _filedir\n        return ;;\n", files
    printf "    %s)\n        return ;;\n", none
    print "    esac"
    printf "    mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$cur\")\n", substr(words, 2)
    print "    [[ ${COMPREPLY-} == *= ]] && compopt -o nospace"
    print "    return 0"
    printf "} && complete -F _%s %s\n", program, program
}

END {
    if (failed)
        exit 1
    if (as == "header")
        print_header()
    else if (as == "source")
        print_source()
    else if (as == "man")
        print_man()
    else if (as == "bash")
        print_bash()
    else {
        print "options.awk: as= must be header, source, man or bash" > "/dev/stderr"
        exit 2
    }
}
