#!/usr/bin/env bash
# The main job of the program, with nothing but the program: make a collection, sign files, publish
# them, check what was downloaded, serve the collection to somebody else, and let others sign a part of
# it. Everything happens in a temporary home.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$repository"

${CARGO:-cargo} build --release --locked
target=$(${CARGO:-cargo} metadata --locked --no-deps --format-version 1 |
    sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
program=$target/release/notary

directory=$(mktemp -d)
server=
stop() {
    code=$?
    trap - EXIT
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$directory"
    [ "$code" -eq 0 ] || printf '\nerror: the quickstart failed (exit code %s)\n' "$code" >&2
    exit "$code"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --- a home ---------------------------------------------------------------------------------------

export HOME=$directory/home
mkdir -p "$HOME" "$directory/work/dist/docs"
cd "$directory/work"
printf 'echo "hello from a verified script"\n' >setup.sh
printf 'echo "hello from somebody else"\n' >tampered.sh
printf 'a tool\n' >dist/tool
printf 'how to use the tool\n' >dist/docs/manual.txt
for role in ROOT TARGETS SNAPSHOT DELEGATION; do
    export "NOTARY_${role}_PASSPHRASE=only for this quickstart"
done
printf 'Home, keys and files are in %s and go away at the end.\n' "$directory"

# --- the main job ---------------------------------------------------------------------------------

notary() { "$program" "$@"; }

heading() { printf '\n# %s\n' "$*"; }

# Shows a command line, runs it and shows what it says; it must end with the exit code.
run() {
    local expected=0 code=0
    if [ "$1" = --exit ]; then
        expected=$2
        shift 2
    fi
    printf '\n$ %s\n' "$1"
    eval "$1" 2>&1 || code=$?
    [ "$code" -eq 0 ] || printf '(exit code %s)\n' "$code"
    [ "$code" -eq "$expected" ]
}

gun=example.com/scripts

heading "A publisher makes a collection and signs a file; no server is needed"
run "notary init $gun"
run "notary add $gun setup.sh ./setup.sh"
run "notary status $gun"
run "notary publish $gun"

heading "A reader looks at it and checks a download; only a verified script reaches the shell"
run "notary list $gun"
run "notary lookup $gun setup.sh"
run "notary verify $gun setup.sh < setup.sh | sh"
run --exit 3 "notary verify $gun setup.sh < tampered.sh | sh"

heading "A release of many files is staged in one go"
run "notary add $gun --recursive dist --prefix v2/"
run "notary publish $gun --dry-run"
run "notary publish $gun"
run "notary list $gun --json"

heading "A file is taken back"
run "notary remove $gun v2/docs/manual.txt --publish"
run "notary list $gun"

heading "The keys that all of this rests on"
run "notary key list"

heading "The same collection is served to somebody else, who knows nothing yet"
printf '\n$ notary serve --listen 127.0.0.1:0 --quiet &\n'
"$program" serve --listen 127.0.0.1:0 --quiet >"$directory/served" 2>"$directory/server.log" &
# The process itself and not a shell around it, so that it can be ended.
server=$!
for _ in $(seq 200); do
    kill -0 "$server" 2>/dev/null || break
    [ -s "$directory/served" ] && break
    sleep 0.05
done
cat "$directory/server.log" "$directory/served"
url=$(sed -n 's/^Serving .* on //p' "$directory/served")
[ -n "$url" ]
run "notary -d $directory/reader -s $url list $gun"
run "notary -d $directory/reader -s $url verify $gun setup.sh < setup.sh | sh"
run --exit 3 "notary -d $directory/reader -s $url verify $gun setup.sh < tampered.sh | sh"

heading "Somebody else may sign what begins with v3/, with a key that nobody else has"
delegate="notary -d $directory/delegate -s $url"
run "$delegate key generate --role user --output alice"
run "$delegate key import alice-key.pem"
run "notary delegation add $gun targets/releases alice.pem --paths v3/ --publish"
run "notary key rotate $gun snapshot -r"
run "notary delegation list $gun"
run "$delegate add $gun v3/tool dist/tool --roles targets/releases --publish"
run "notary -d $directory/reader -s $url list $gun"
run --exit 1 "$delegate add $gun setup.sh tampered.sh --roles targets/releases --publish"

printf '\nThe quickstart is done.\n'
