#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Tests the ledger against another JOSE library (npm's jose, on Node.js).
#
#   tests/js/run.sh install   installs the packages of the lock file in build/js
#   tests/js/run.sh build/dev/apps/chancery
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(dirname "$(dirname "$here")")/build/js

if [[ ${1-} == install ]]; then
  mkdir -p "$build"
  if ! cmp -s "$here/package-lock.json" "$build/installed.json"; then
    cp "$here/package.json" "$here/package-lock.json" "$build/"
    (cd "$build" && npm ci --no-audit --no-fund --loglevel=error)
    cp "$here/package-lock.json" "$build/installed.json"
  fi
  exit
fi

CHANCERY=$(realpath "${1:?give the path of chancery, or install}")
export CHANCERY
if [[ ! -d $build/node_modules ]]; then
  echo "js: the packages are missing; run tests/js/run.sh install" >&2
  exit 1
fi
# Node.js looks for packages in a file's folder and in the folders above it, so
# the tests run from a copy in the build folder.
rm -rf "$build/tests"
mkdir -p "$build/tests/js" "$build/crypto/ledger"
cp "$here"/*.mjs "$build/tests/js/"
cp "$here/../../crypto/ledger/message.schema.json" "$build/crypto/ledger/"
cd "$build"
exec node --test tests/js/interop.test.mjs
