#!/usr/bin/env bash
# Usage: run.sh BUILD. Does what a user does: installs the weft of a finished
# build to a new prefix, writes a project with `weft new`, and runs each
# command of that project's README, outside of the source tree.
set -euo pipefail

build=$1
work=$(mktemp -d "${TMPDIR:-/tmp}/weft_scaffold_XXXXXX")
trap 'rm -rf "$work"' EXIT

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

cmake --install "$build" --prefix "$work/prefix" >"$work/install.log" \
  || fail "cmake --install: $(tail -n 5 "$work/install.log")"
PATH=$work/prefix/bin:$PATH
export PATH CMAKE_PREFIX_PATH="$work/prefix"
[ "$(command -v weft)" = "$work/prefix/bin/weft" ] \
  || fail "the program weft is not installed"

cd "$work"
weft new demo || fail "weft new demo"
if weft new demo 2>"$work/again.txt"; then
  fail "weft new wrote into an existing folder"
fi
grep -q "exists already" "$work/again.txt" \
  || fail "weft new on an existing folder says: $(cat "$work/again.txt")"
if weft new Not-A-Name 2>/dev/null; then
  fail "weft new took a name that no module can have"
fi

cd demo
awk '/^```/ { inside = !inside; next } inside' README.md >"$work/commands"
[ -s "$work/commands" ] || fail "the README has no commands"
while read -r command; do
  echo "\$ $command"
  sh -c "$command" </dev/null >"$work/output.txt" 2>&1 || {
    cat "$work/output.txt"
    fail "$command"
  }
  if grep -n "warning" "$work/output.txt"; then
    fail "$command prints warnings"
  fi
done <"$work/commands"

# Two adders that each add the numbers from 1 to 100.
weft run cluster.yaml --job count --json >"$work/result.json" \
  || fail "weft run --json: $(cat "$work/result.json")"
python3 - "$work/result.json" <<'CHECK' || fail "$(cat "$work/result.json")"
import json, sys
answer = json.load(open(sys.argv[1]))
assert answer["ok"] is True and answer["nodes"] == 2, answer
assert answer["result"]["total"] == 2 * 5050, answer
assert "granularity" in answer["result"], answer
CHECK
echo "weft new: the project builds, passes its test and runs"
