#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs clang-tidy 14 with the checks of .clang-tidy:
#
#   clang_tidy.sh              on the sources that the last commit changed, of
#                              which it takes ten at most
#   clang_tidy.sh FILE...      on these
#   clang_tidy.sh all          on the product's sources: half an hour of CPU time
#
# Other versions know other checks. Exits with 77 where there is nothing to run.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."

skip() {
  echo "clang-tidy: skipped: $*"
  exit 77
}

command -v clang-tidy >/dev/null || skip 'not installed'
[[ $(clang-tidy --version) == *"version 14."* ]] || skip 'not version 14'

files=("$@")
case ${1-} in
  '')
    git rev-parse HEAD >/dev/null 2>&1 || skip 'no commits here'
    mapfile -t files < <(git diff-tree -r --root --no-commit-id --name-only \
      --diff-filter=d HEAD -- '*.cpp' | shuf -n 10 --random-source=<(yes) | sort)
    ;;
  all) mapfile -t files < <(git ls-files {crypto,storage,actors,apps}/'*.cpp') ;;
esac

# The files for newer processors need options that clang spells otherwise.
checked=()
for file in "${files[@]}"; do
  [[ $file == *ifma.cpp || $file == *_ni.cpp || $file == tests/constant_time/* ]] \
    || checked+=("$file")
done
((${#checked[@]} > 0)) || skip 'no sources in the last commit'

flags=(-std=c++20 -I. -Itests/crypto/p256 -DBOOST_TEST_DYN_LINK
  -DBOOST_ASIO_DISABLE_CO_AWAIT -DCHANCERY_P256_IFMA
  '-DCHANCERY_VERSION="0"' '-DCHANCERY_SCHEMA="schema"')
read -ra packages < <(pkg-config --cflags botan-2 lmdb fmt openssl)

# On stderr it only counts the warnings in the libraries' headers.
if printf '%s\0' "${checked[@]}" | xargs -0 -I{} -P "$(apps/packages.sh --jobs)" \
  clang-tidy --quiet {} -- "${flags[@]}" "${packages[@]}" 2>/dev/null; then
  echo "clang-tidy: nothing found in ${#checked[@]} files"
else
  echo 'clang-tidy: see above'
  exit 1
fi
