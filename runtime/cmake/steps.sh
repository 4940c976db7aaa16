# Sourced by apps/run.sh and tests/run.sh: steps with a name, a log and a time.
# What the sourcing script reads looks unused here:
# shellcheck shell=bash disable=SC2034

# steps_begin NAME COUNT: logs go to build/log/NAME, made anew.
steps_begin() {
  steps_log="build/log/$1"
  steps_count=$2
  steps_done=0
  steps_start=$(date +%s%N)
  steps_failure=""
  mkdir -p "$steps_log"
  rm -f "$steps_log"/*.log
}

# seconds_since NANOSECONDS: "12.3"
seconds_since() {
  local tenths=$((($(date +%s%N) - $1) / 100000000))
  echo "$((tenths / 10)).$((tenths % 10))"
}

# step NAME TEXT COMMAND...: runs the command with its output in NAME.log, and
# prints the log's last lines if it fails. Returns the command's exit code.
step() {
  local name=$1 text=$2 log="$steps_log/$1.log" start code=0
  shift 2
  start=$(date +%s%N)
  steps_done=$((steps_done + 1))
  printf '[%d/%d] %s ... ' "$steps_done" "$steps_count" "$text"
  "$@" >"$log" 2>&1 </dev/null || code=$?
  step_end "$name" "$text" "$start" "$code"
}

# step_shown NAME TEXT COMMAND...: the same, with the output shown as well.
step_shown() {
  local name=$1 text=$2 log="$steps_log/$1.log" start code=0
  shift 2
  start=$(date +%s%N)
  steps_done=$((steps_done + 1))
  printf '[%d/%d] %s\n' "$steps_done" "$steps_count" "$text"
  "$@" 2>&1 </dev/null | tee "$log" | sed --unbuffered 's/^/    /' \
    || code=${PIPESTATUS[0]}
  printf '      '
  step_end "$name" "$text" "$start" "$code" shown
}

step_end() {
  local name=$1 text=$2 start=$3 code=$4 shown=${5:-} log="$steps_log/$1.log"
  if [[ $code -eq 0 ]]; then
    echo "done in $(seconds_since "$start") s"
    return 0
  fi
  echo "failed after $(seconds_since "$start") s (exit code $code)"
  if [[ -z $shown ]]; then
    echo "  the last lines of $log:"
    tail -n 30 "$log" | sed 's/^/  | /'
  fi
  steps_failure+="${steps_failure:+, }$text (exit code $code, see $log)"
  return "$code"
}
