#!/bin/bash
# Installs what the tests need, builds weft and runs every test of it.
set -euo pipefail

labels=(tidy unit contract simulation integration fault fuzz bench)
sanitized=(unit contract simulation)

usage() {
  cat <<END
usage: tests/run.sh [--quick] [--label L] [--help]

Installs the Debian packages that are missing (apt; root or sudo), builds
build/release and runs its tests by label: ${labels[*]}.
Then builds and runs ${sanitized[*]} with AddressSanitizer and
UndefinedBehaviorSanitizer (build/asan), and the tests labelled tsan with
ThreadSanitizer (build/tsan).

  --quick     no sanitizers
  --label L   only the tests with the label L, and no sanitizers
  --help      this text

May be started from any folder, and again at any time. Logs are kept in
build/log/tests. A missing server or tool is a failure. The last line counts
the tests, a step that failed as one; exit code 0 if none failed, 1 otherwise.
END
}

wrong_usage() {
  echo "tests/run.sh: $1" >&2
  usage >&2
  exit 2
}

quick=false
only=""
while [[ $# -gt 0 ]]; do
  case "$1" in
    --quick) quick=true ;;
    --label)
      only="${2:-}"
      [[ " ${labels[*]} " == *" $only "* && -n $only ]] \
        || wrong_usage "--label expects one of ${labels[*]}, got '$only'"
      shift
      ;;
    --help | -h)
      usage
      exit 0
      ;;
    *) wrong_usage "expected --quick, --label or --help, got '$1'" ;;
  esac
  shift
done
if [[ -n $only ]]; then
  labels=("$only")
  quick=true
fi

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=runtime/cmake/steps.sh
source runtime/cmake/steps.sh

# Every defect that a sanitizer sees ends the test with a failure.
export ASAN_OPTIONS=halt_on_error=1:detect_leaks=1:strict_string_checks=1
ASAN_OPTIONS+=:detect_stack_use_after_return=1:check_initialization_order=1
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1

steps=$((3 + ${#labels[@]}))
"$quick" || steps=$((steps + 5 + ${#sanitized[@]}))
steps_begin tests "$steps"
passed=0
failed=0
rows=()

# What ended, how, and the totals, whatever happens.
finish() {
  local code=$?
  if [[ $code -ne 0 && $failed -eq 0 ]]; then
    failed=1
  fi
  echo
  printf '%-20s %7s %7s %9s\n' label tests passed seconds
  [[ ${#rows[@]} -eq 0 ]] || printf '%s\n' "${rows[@]}"
  echo
  if [[ $failed -eq 0 ]]; then
    echo "Built and tested weft in $(seconds_since "$steps_start") s;" \
      "the logs are in $steps_log."
  else
    echo "Failed after $(seconds_since "$steps_start") s:" \
      "${steps_failure:-interrupted}"
  fi
  echo "$passed passed, $failed failed"
  [[ $failed -eq 0 ]] || exit 1
}
trap finish EXIT

# A step that the rest cannot do without: counts as one failure and ends.
must() {
  step "$@" || {
    failed=$((failed + 1))
    exit 1
  }
}

# has_tests BUILD LABEL
has_tests() {
  ! ctest --test-dir "build/$1" --label-regex "^$2\$" --show-only \
    2>/dev/null | grep -qx 'Total Tests: 0'
}

# count TEXT REPORT: the lines with the text, 0 also where there is no report.
count() {
  grep -cs -- "$1" "$2" || [[ -f $2 ]] || echo 0
}

# run_label BUILD LABEL: runs the tests of a label one after the other where
# they measure or disturb the machine, else on every core.
run_label() {
  local build=$1 label=$2 jobs report name start ok bad code=0
  name=$label
  [[ $build == release ]] || name="$label ($build)"
  if [[ -z $only ]] && ! has_tests "$build" "$label"; then
    steps_done=$((steps_done + 1))
    echo "[$steps_done/$steps_count] Testing $name: it has no tests"
    return
  fi
  jobs=$(nproc)
  case "$label" in integration | fault | bench) jobs=1 ;; esac
  report="$PWD/$steps_log/$build-$label.xml"
  rm -f "$report"
  start=$(date +%s%N)
  step_shown "$build-$label" "Testing $name" \
    ctest --test-dir "build/$build" --label-regex "^$label\$" \
    --no-tests=error --parallel "$jobs" --output-on-failure \
    --output-junit "$report" || code=$?
  # Whatever was not run to its end has failed: disabled, skipped, not built.
  ok=$(count '<testcase .*status="run"' "$report")
  bad=$(($(count '<testcase ' "$report") - ok))
  if [[ $code -ne 0 && $bad -eq 0 ]]; then
    bad=1
  fi
  passed=$((passed + ok))
  failed=$((failed + bad))
  rows+=("$(printf '%-20s %7d %7d %9s' "$name" \
    $((ok + bad)) "$ok" "$(seconds_since "$start")")")
}

# build_and_test BUILD LABEL...: a sanitizer build of the tests of some labels.
build_and_test() {
  local build=$1 label targets=()
  shift
  # A label without tests has no target.
  step "$build-configure" "Configuring build/$build" \
    cmake --preset "$build" || { failed=$((failed + 1)) && return; }
  for label in "$@"; do
    if ninja -C "build/$build" -t query "tests_$label" >/dev/null 2>&1; then
      targets+=("tests_$label")
    fi
  done
  [[ ${#targets[@]} -gt 0 ]] || return 0
  step "$build-build" "Building ${targets[*]} in build/$build" \
    cmake --build "build/$build" --target "${targets[@]}" \
    --parallel "$(nproc)" || { failed=$((failed + 1)) && return; }
  for label in "$@"; do
    run_label "$build" "$label"
  done
}

must packages "Installing the packages that are missing" \
  runtime/cmake/packages.sh build test
must configure "Configuring build/release" cmake --preset release
must build "Building everything in build/release" \
  cmake --build build/release --parallel "$(nproc)"
for label in "${labels[@]}"; do
  run_label release "$label"
done
if ! "$quick"; then
  build_and_test asan "${sanitized[@]}"
  build_and_test tsan tsan
fi
