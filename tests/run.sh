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

count=$((3 + ${#labels[@]}))
"$quick" || count=$((count + 5 + ${#sanitized[@]}))
steps_begin tests "$count"
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

# run_label BUILD LABEL: runs the tests of a label one after the other where
# they measure or disturb the machine, else on every core.
run_label() {
  local build=$1 label=$2 jobs report row_name start here_failed here_passed
  jobs=$(nproc)
  case "$label" in integration | fault | bench) jobs=1 ;; esac
  row_name=$label
  [[ $build == release ]] || row_name="$label ($build)"
  report="$PWD/$steps_log/$build-$label.xml"
  start=$(date +%s%N)
  rm -f "$report"
  step_shown "$build-$label" "Testing $row_name" \
    ctest --test-dir "build/$build" --label-regex "^$label\$" \
    --no-tests=ignore \
    --parallel "$jobs" --output-on-failure --output-junit "$report" || true
  # Whatever was not run to its end has failed: disabled, skipped, not built.
  here_passed=$(grep -c '<testcase .*status="run"' "$report" || true)
  here_failed=$(($(grep -c '<testcase ' "$report" || true) - here_passed))
  if [[ ! -s $report ]]; then
    here_passed=0
    here_failed=1
  elif [[ -n $only && $here_passed -eq 0 && $here_failed -eq 0 ]]; then
    steps_failure="no test has the label $label"
    here_failed=1
  fi
  passed=$((passed + here_passed))
  failed=$((failed + here_failed))
  rows+=("$(printf '%-20s %7d %7d %9s' "$row_name" \
    $((here_passed + here_failed)) "$here_passed" "$(seconds_since "$start")")")
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
