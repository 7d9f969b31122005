#!/usr/bin/env bash
# Makes sure that the programs are here which the tests and the quickstart run against.
#
#   tests/peers.sh FILE:PACKAGE...      installs the Debian packages of the files that are missing
#   tests/peers.sh --components NAME... installs the rustup components that are missing
#
# Prints nothing and changes nothing when all of them are here.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }

# Whether somebody is there to type a password for sudo; asked now, before input is redirected.
attended=no
[ -t 0 ] && attended=yes

# Runs a command as root.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -n -- "$@"
    fi
}

can_be_root() {
    [ "$(id -u)" -eq 0 ] && return
    command -v sudo >/dev/null || return
    sudo -n true 2>/dev/null && return
    [ "$attended" = yes ] && sudo -v
}

if [ "${1-}" = --components ]; then
    shift
    missing=()
    for name in "$@"; do
        "cargo-$name" --version >/dev/null 2>&1 || missing+=("$name")
    done
    [ "${#missing[@]}" -eq 0 ] && exit
    components=("${missing[@]/#fmt/rustfmt}")
    if ! command -v rustup >/dev/null; then
        say "error: the Rust toolchain lacks ${components[*]}"
        say "hint: install them the way the toolchain was installed"
        exit 1
    fi
    say "installing the toolchain components ${components[*]}"
    rustup component add "${components[@]}"
    exit
fi

missing=()
for peer in "$@"; do
    [ -x "${peer%%:*}" ] || missing+=("$peer")
done
[ "${#missing[@]}" -eq 0 ] && exit

read -ra packages <<<"$(printf '%s\n' "${missing[@]#*:}" | sort -u | tr '\n' ' ')"
by_hand="apt-get install ${packages[*]}"
if ! command -v apt-get >/dev/null; then
    say "error: missing ${missing[*]%%:*}"
    say "hint: install what Debian calls ${packages[*]}; this system has no apt-get to do it with"
    exit 1
fi
if ! can_be_root; then
    say "error: missing ${missing[*]%%:*}"
    say "hint: run \`$by_hand\` as root, then try again"
    exit 1
fi
say "installing the Debian packages ${packages[*]}"
# What apt says is of interest only when it fails.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install() {
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "${packages[@]}"
}
if ! { install || { as_root apt-get update && install; }; } >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    say "error: the Debian packages ${packages[*]} cannot be installed"
    say "hint: run \`apt-get update\` and \`$by_hand\` as root, then try again"
    exit 1
fi
for peer in "${missing[@]}"; do
    [ -x "${peer%%:*}" ] && continue
    say "error: the Debian package ${peer#*:} has no ${peer%%:*}"
    exit 1
done
