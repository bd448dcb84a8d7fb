#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Tests the ledger and the HTTP API against other libraries (npm's, on Node.js).
#
#   tests/js/run.sh install   installs the packages of the lock file in build/js
#   tests/js/run.sh build/dev/apps/chancery interop   runs interop.test.mjs
#   tests/js/run.sh build/dev/apps/chancery lint      lints openapi.json
#   tests/js/run.sh build/dev/apps/chancery page --test-name-pattern=seal
#                                           some tests of page.test.mjs
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$(dirname "$here")")
build=$root/build/js

if [[ ${1-} == install ]]; then
  mkdir -p "$build"
  if ! cmp -s "$here/package-lock.json" "$build/installed.json"; then
    cp "$here/package.json" "$here/package-lock.json" "$build/"
    (cd "$build" \
      && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
    cp "$here/package-lock.json" "$build/installed.json"
  fi
  exit
fi

CHANCERY=$(realpath "${1:?give the path of chancery, or install}")
export CHANCERY
names='interop, openapi, docs, page, seals, exports, verify or lint'
name=${2:?give the name of a test: $names}
if [[ ! -d $build/node_modules ]]; then
  echo "js: the packages are missing; run tests/js/run.sh install" >&2
  exit 1
fi
# The packages bring a Node.js for the usual processors; Debian 12 has an older
# one.
node=node
for own in "$build"/node_modules/node-linux-*/bin/node; do
  [[ ! -x $own ]] || node=$own
done

if [[ $name == lint ]]; then
  cd "$build"
  export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
  exec "$node" node_modules/@redocly/cli/bin/cli.js lint \
    "$root/apps/api/openapi.json" --config "$here/redocly.yaml"
fi

# Node.js looks for packages in a file's folder and in the folders above it, so
# each test runs from a copy in the build folder.
copy=$build/run/$name
rm -rf "$copy"
mkdir -p "$copy/tests/js" "$copy/crypto/ledger" "$copy/apps/web"
cp "$here"/*.mjs "$copy/tests/js/"
cp "$root"/apps/web/*.mjs "$copy/apps/web/"
cp "$root/crypto/ledger/message.schema.json" "$copy/crypto/ledger/"
cp "$root/apps/records/verify_seal.sh" "$copy/"
cd "$copy"
exec "$node" --test "${@:3}" "tests/js/$name.test.mjs"
