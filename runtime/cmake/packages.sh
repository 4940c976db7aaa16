#!/bin/bash
# The Debian packages that weft is built, run and tested with: the one list of
# them. Installs those that are missing, with apt and nothing else; where all
# are there it only says so.
#
#   runtime/cmake/packages.sh build         to build and run weft
#   runtime/cmake/packages.sh build test    to test it as well
#   runtime/cmake/packages.sh --list build  prints the names only
set -euo pipefail

build=(
  ccache
  cmake
  doctest-dev
  g++
  libboost1.81-dev
  libcaf-dev
  libcli11-dev
  libexpected-dev
  libfmt-dev
  libhiredis-dev
  libpng-dev
  libsodium-dev
  libspdlog-dev
  libssl-dev
  libyaml-cpp-dev
  mold
  ninja-build
  nlohmann-json3-dev
  pkg-config
  python3
)
test=(
  clang-format     # tidy.format
  erlang-base      # the supervisor is compared with Erlang/OTP's
  libmpich-dev     # heat is compared with MPI written by hand
  libopenmpi-dev
  mpich
  openmpi-bin
  openssl          # certificates of another authority
  procps           # ps: what tests left running
  redis-server     # tuple spaces are compared with Redis
  shellcheck       # tidy.shell
  systemd          # systemd-analyze reads the units that weft writes
)

usage() {
  echo "usage: runtime/cmake/packages.sh [--list] build|test..." >&2
  exit 2
}

list_only=false
wanted=()
for argument in "$@"; do
  case "$argument" in
    --list) list_only=true ;;
    build) wanted+=("${build[@]}") ;;
    test) wanted+=("${test[@]}") ;;
    *) usage ;;
  esac
done
[[ ${#wanted[@]} -gt 0 ]] || usage
if "$list_only"; then
  printf '%s\n' "${wanted[@]}"
  exit 0
fi

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  echo "weft is built with the packages of Debian 12, and this machine has no" \
    "apt. Install what these Debian packages hold: ${wanted[*]}" >&2
  exit 1
fi

# dpkg-query fails when it knows not all of them; what it prints still counts.
installed=$(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' \
  "${wanted[@]}" 2>/dev/null || true)
missing=()
for package in "${wanted[@]}"; do
  grep -qxF "installed $package" <<<"$installed" || missing+=("$package")
done
if [[ ${#missing[@]} -eq 0 ]]; then
  echo "all ${#wanted[@]} packages are installed"
  exit 0
fi

as_root=()
if [[ $(id -u) -ne 0 ]]; then
  as_root=(sudo)
  # Without a terminal sudo can ask for no password.
  [[ -t 0 ]] || as_root+=(--non-interactive)
  if ! command -v sudo >/dev/null || ! "${as_root[@]}" true; then
    echo "Packages are missing, and installing them needs root. Run this as" \
      "root, then start again:" >&2
    echo "  apt-get update && apt-get install --no-install-recommends" \
      "${missing[*]}" >&2
    exit 1
  fi
fi

echo "installing ${#missing[@]} packages: ${missing[*]}"
apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get --quiet -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"
}
if ! apt update; then
  echo "apt-get update failed. Look at its messages above: network, mirror or" \
    "clock; then start again." >&2
  exit 1
fi
if ! apt install --yes --no-install-recommends "${missing[@]}"; then
  echo "apt-get could not install: ${missing[*]}. weft is made for Debian 12" \
    "(bookworm); look at apt's messages above." >&2
  exit 1
fi
