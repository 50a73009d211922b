# lib.sh: what quickstart, run-tests and bench share: packages, the build, the private lab.
# To be sourced by a POSIX shell that has set $top to the project's directory.
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154

say() {
    printf '%s\n' "$*"
}

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

need_root() {
    [ "$(id -u)" = 0 ] || die "needs root, for packages and network namespaces: sudo $0"
}

# Debian and Ubuntu packages of each group; the RHEL family's below, where they exist. A '?' marks
# what older releases have in another package of the list.
apt_packages() {
    case $1 in
    build) say autoconf automake gcc libc6-dev make mawk pkg-config libcurl4-openssl-dev libjansson-dev \
        libsystemd-dev libinih-dev ;;
    lab) say util-linux iproute2 procps keepalived influxdb netcat-openbsd curl python3 ;;
    test) say libcmocka-dev python3-pytest openssl valgrind mandoc bash bash-completion ;;
    lint) say clang libclang-rt-dev? clang-format clang-tidy cppcheck shellcheck codespell pmccabe git xz-utils ;;
    bench) say hyperfine time monitoring-plugins-basic ;;
    *) die "no package group $1" ;;
    esac
}

dnf_packages() {
    case $1 in
    build) say autoconf automake gcc make gawk pkgconf-pkg-config libcurl-devel jansson-devel \
        systemd-devel inih-devel ;;
    lab) say util-linux iproute procps-ng keepalived nmap-ncat curl python3 ;;
    test) say libcmocka-devel python3-pytest openssl valgrind mandoc bash bash-completion ;;
    lint) say clang compiler-rt clang-tools-extra cppcheck ShellCheck codespell git xz ;;
    bench) say hyperfine time nagios-plugins-http ;;
    *) die "no package group $1" ;;
    esac
}

# Installs what is missing of the groups. No service of theirs is started, now or at the next boot.
install_packages() {
    if command -v apt-get >/dev/null; then
        apt_install "$@"
    elif command -v dnf >/dev/null; then
        dnf_install "$@"
    else
        die "knows apt-get and dnf; install by hand: $(for g; do apt_packages "$g"; done | tr '\n' ' ')"
    fi
}

apt_install() {
    missing=
    for package in $(for group; do apt_packages "$group"; done); do
        dpkg-query -W -f '${db:Status-Status}\n' "${package%\?}" 2>/dev/null | grep -qx installed ||
            missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    apt-get update -qq
    missing=$(for package in $missing; do
        case $package in
        *\?) [ -z "$(apt-cache search --names-only "^${package%\?}\$")" ] || say "${package%\?}" ;;
        *) say "$package" ;;
        esac
    done | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    say "installing: $missing"
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
        trap 'exit 1' HUP INT TERM # dash runs the EXIT trap only then
        printf '#!/bin/sh\nexit 101\n' >$policy
        chmod 755 $policy
    else
        policy=
    fi
    # shellcheck disable=SC2086 # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing \
        >/dev/null || die "apt-get could not install: $missing"
    [ -z "$policy" ] || rm -f "$policy"
    trap - EXIT HUP INT TERM
    for service in keepalived influxdb; do
        case $missing in
        *"$service "*) [ ! -d /run/systemd/system ] || systemctl -q disable $service || : ;;
        esac
    done
}

dnf_install() {
    unknown=
    for package in $(for group; do dnf_packages "$group"; done); do
        rpm -q --quiet "$package" || dnf -q -y install "$package" >/dev/null 2>&1 ||
            unknown="$unknown $package"
    done
    command -v influxd >/dev/null ||
        unknown="$unknown influxdb(of InfluxData: this distribution has none)"
    [ -z "$unknown" ] || die "not to be had from the enabled repositories:$unknown"
}

# build_tree DIRECTORY [CONFIGURE ARGUMENT...]: builds out of tree, quietly unless it fails.
build_tree() {
    tree=$1
    shift
    mkdir -p "$tree"
    (
        { [ -x "$top/configure" ] && [ -z "$(find "$top/configure.ac" "$top/m4" \
            "$top"/*/Makemodule.am "$top/Makefile.am" -newer "$top/configure")" ]; } ||
            (cd "$top" && autoreconf -i) || exit
        cd "$tree" && "$top/configure" "$@" && make -j"$(nproc)"
    ) >"$tree/log" 2>&1 || {
        tail -n 40 "$tree/log" >&2
        die "the build failed; the whole log: $tree/log"
    }
}
