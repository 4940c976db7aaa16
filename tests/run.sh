#!/bin/bash
# Installs what the tests need, builds weft and runs every test of it.
set -euo pipefail

labels=(tidy unit contract simulation integration fault fuzz bench)
sanitized=(unit contract simulation fuzz)

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

steps=4
"$quick" || steps=$((steps + 6))
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
trap 'exit 130' INT
trap 'exit 143' TERM

# A step that the rest cannot do without: counts as one failure and ends.
must() {
  step "$@" || {
    failed=$((failed + 1))
    exit 1
  }
}

# labels_with_tests BUILD LABEL...: those that have any, a line each.
labels_with_tests() {
  local build=$1 label
  shift
  for label in "$@"; do
    if [[ -n $only ]] || ! ctest --test-dir "build/$build" \
      --label-regex "^$label\$" --show-only 2>/dev/null \
      | grep -qx 'Total Tests: 0'; then
      echo "$label"
    fi
  done
}

# count TEXT REPORT: the lines with the text, 0 also where there is no report.
count() {
  grep -cs -- "$1" "$2" || [[ -f $2 ]] || echo 0
}

# add_row NAME PATTERN REPORT: counts the tests of a report whose names match.
# Whatever was not run to its end has failed: disabled, skipped, not built.
add_row() {
  local ok all seconds
  all=$(count "<testcase name=\"$2" "$3")
  ok=$(count "<testcase name=\"$2.*status=\"run\"" "$3")
  seconds=$(sed -n "s/<testcase name=\"$2.* time=\"\([0-9.]*\)\".*/\1/p" \
    "$3" 2>/dev/null | awk '{ sum += $1 } END { printf "%.1f", sum }')
  passed=$((passed + ok))
  failed=$((failed + all - ok))
  rows+=("$(printf '%-20s %7d %7d %9s' "$1" "$all" "$ok" "$seconds")")
}

# run_labels BUILD LABEL...: runs the tests of some labels beside each other.
run_labels() {
  local build=$1 label labels_here=() regex name report code=0 before
  shift
  mapfile -t labels_here < <(labels_with_tests "$build" "$@")
  for label in "$@"; do
    if [[ " ${labels_here[*]} " != *" $label "* ]]; then
      failed=$((failed + 1))
      steps_failure+="${steps_failure:+, }no test has the label $label"
    fi
  done
  [[ ${#labels_here[@]} -gt 0 ]] || return 0
  regex=$(IFS='|' && echo "${labels_here[*]}")
  name=$(IFS=- && echo "${labels_here[*]}")
  report="$PWD/$steps_log/$build-$name.xml"
  rm -f "$report"
  before=$failed
  step_shown "$build-$name" "Testing ${labels_here[*]} in build/$build" \
    ctest --test-dir "build/$build" --label-regex "^($regex)\$" \
    --no-tests=error --parallel "$(nproc)" --output-on-failure \
    --output-junit "$report" || code=$?
  for label in "${labels_here[@]}"; do
    add_row "$(row_name "$build" "$label")" "$(pattern_of "$label")" "$report"
  done
  if [[ $code -ne 0 && $failed -eq $before ]]; then
    failed=$((failed + 1))
  fi
}

row_name() {
  if [[ $1 == release ]]; then echo "$2"; else echo "$2 ($1)"; fi
}

# A test's name begins with its label; those of tsan have another beside it.
pattern_of() {
  if [[ $1 == tsan ]]; then echo ""; else echo "$1\\."; fi
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
  run_labels "$build" "$@"
}

must packages "Installing the packages that are missing" \
  runtime/cmake/packages.sh build test
must configure "Configuring build/release" cmake --preset release
must build "Building everything in build/release" \
  cmake --build build/release --parallel "$(nproc)"
run_labels release "${labels[@]}"
if ! "$quick"; then
  build_and_test asan "${sanitized[@]}"
  build_and_test tsan tsan
fi
