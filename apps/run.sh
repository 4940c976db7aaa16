#!/bin/bash
# Installs what weft needs, builds it, brings up the example cluster on this
# machine, runs its job and shows the result.
set -euo pipefail

usage() {
  cat <<'END'
usage: apps/run.sh [--help]

Does four things, each with its time, and stops at the first that fails:
  1. installs the Debian packages that are missing (apt; root or sudo)
  2. configures build/release
  3. builds the program, build/release/weft
  4. runs config/examples/heat.yaml: four nodes on this machine start, compute
     heat diffusion together (job weft.heat), compare it with one process, and
     stop
May be started from any folder, and again at any time: what is done is not done
twice. Logs are kept in build/log/apps. Outside this folder only packages are
changed. Exit code 0 if the job succeeded, 1 otherwise.
END
}

case "${1:-}" in
  --help | -h)
    usage
    exit 0
    ;;
  "") ;;
  *)
    echo "apps/run.sh takes no '$1'" >&2
    usage >&2
    exit 2
    ;;
esac

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=runtime/cmake/steps.sh
source runtime/cmake/steps.sh

cluster=config/examples/heat.yaml
steps_begin apps 4

finish() {
  local code=$?
  echo
  if [[ $code -eq 0 ]]; then
    echo "Installed, built and ran $cluster in" \
      "$(seconds_since "$steps_start") s. The logs are in $steps_log."
    echo "Next: build/release/weft --help"
  else
    echo "Failed after $(seconds_since "$steps_start") s:" \
      "${steps_failure:-interrupted}" >&2
    code=1
  fi
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

step packages "Installing the packages that are missing" \
  runtime/cmake/packages.sh build
step configure "Configuring build/release" cmake --preset release
step build "Building the program" \
  cmake --build build/release --target apps/all --parallel "$(nproc)"
step_shown run "Running $cluster" build/release/weft run "$cluster"
