#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Shows that each rule can fail: breaks a made-up project in many places and
# expects each fault to be found, by its own rule and no other.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=rules.sh
source "$here/rules.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
spdx='// SPDX-License-Identifier: Apache-2.0'

# The wings of a folder, and the wings that a wing may include, by the table.
wings_of() { sed -nE "s|^$1/([a-z0-9]+):.*|\\1|p" <<<"$arrow_table"; }
may_include() {
  local ground
  ground=$(sed -nE "s|^${1%/*}/([a-z0-9]+): ground.*|\\1|p" <<<"$arrow_table")
  [[ $ground == *"${1#*/}"* ]] && ground=
  sed -nE "s|^$1:(.*)|\\1|p" <<<"$arrow_table" | tr ' ' '\n'
  echo "$ground"
}

# Creates a sound project: two files for each folder and wing, and one for each
# permitted arrow.
sound() {
  local folder wing to
  rm -rf "$work/project"
  mkdir -p "$work/project/tests/"{crypto,apps}
  cd "$work/project"
  for folder in storage tests benchmarks {crypto,actors,apps}/; do
    for wing in $([[ $folder != */ ]] && echo . || wings_of "${folder%/}"); do
      mkdir -p "$folder/$wing"
      echo "$spdx" | tee "$folder/$wing/a.hpp" >"$folder/$wing/a.cpp"
    done
  done
  for folder in crypto actors apps; do
    for wing in $(wings_of "$folder"); do
      for to in $(may_include "$folder/$wing"); do
        [[ $to == ground ]] || printf '%s\n#include "%s/a.hpp"\n' "$spdx" \
          "$folder/$to" >"$folder/$wing/to_$to.cpp"
      done
    done
  done
  echo "$spdx" >apps/main.cpp
  cp "$here/../../.clang-format" .
  touch README.md LICENSE CMakeLists.txt CMakePresets.json
  printf '%s\n#include <lmdb.h>\n' "$spdx" >storage/lmdb.hpp
  printf '%s\n#include <botan/ecdsa.h>\n' "$spdx" >crypto/keys/key.cpp
  printf '%s\n#include <openssl/ssl.h>\n' "$spdx" >actors/transport/tls.cpp
  printf '%s\n#include <boost/asio/post.hpp>\n#include <openssl/ssl.h>\n' \
    "$spdx" >apps/http/http.cpp
  printf '%s\n#include "storage/a.hpp"\n#include <caf/actor.hpp>\n' "$spdx" \
    >actors/base/b.cpp
}

# Adds lines to a file of the project, and to `expected` the violation that they
# cause: fault RULE PATH LINE...
expected=()
fault() {
  local rule=$1 path=$2
  shift 2
  printf '%s\n' "$@" >>"$path"
  expected+=("$rule $path")
}

# The same for a new file, which begins with its SPDX line.
finds() { fault "$1" "$2" "$spdx" "${@:3}"; }

all_rules() {
  local rule
  for rule in "${rules[@]}"; do
    "$rule" "$work/project" | sed "s/^/$rule /"
  done
}

sound
found=$(all_rules)
if [[ -n $found ]]; then
  echo "the rules report a sound project: $found"
  exit 1
fi

# Arrows that the table must never permit.
wrong_arrows=(
  crypto/{base:keys,p256:keys,keys:jose,keys:providers,jose:keyring}
  crypto/{jose:ledger,keyring:ledger,certificates:jose,ledger:certificates}
  actors/{base:signing,transport:cluster,transport:systems,signing:cluster}
  actors/{signing:ledger,signing:systems,cluster:ledger,ledger:signing}
  actors/{ledger:cluster,ledger:systems,audit:systems,audit:cluster}
  apps/{terminal:platform,platform:options,options:folders,folders:commands}
  apps/{records:folders,answers:commands,simulation:commands,folders:options}
)
for arrow in "${wrong_arrows[@]}"; do
  if may_include "${arrow%:*}" | grep -qx "${arrow#*:}"; then
    echo "the table permits a forbidden arrow: $arrow"
    exit 1
  fi
done

# One file for each fault, and for every arrow that the table does not permit.
for folder in crypto actors apps; do
  for from in $(wings_of "$folder"); do
    for to in $(wings_of "$folder"); do
      [[ $from == "$to" || -e $folder/$from/to_$to.cpp ]] || finds arrows \
        "$folder/$from/no_$to.cpp" "#include \"$folder/$to/a.hpp\""
    done
  done
done
mkdir -p actors/nowhere crypto/base/deeper
finds wings crypto/i1.cpp
finds wings apps/i2.hpp
finds wings actors/nowhere/i3.cpp
finds wings crypto/base/deeper/i4.cpp
printf '%s\n#include "storage/j2.hpp"\n' "$spdx" >storage/j1.cpp
expected+=('circles storage/j1')
echo "$spdx" | tee storage/j1.hpp storage/j3.hpp >storage/k1.hpp
printf '%s\n#include "storage/j3.hpp"\n' "$spdx" >storage/j2.hpp
printf '%s\n#include "storage/j1.hpp"\n' "$spdx" >storage/j3.cpp
printf '%s\n#include "storage/k1.hpp"\n' "$spdx" >storage/k1_parts.hpp
printf '%s\n#include "storage/k1_parts.hpp"\n' "$spdx" >storage/k1.cpp
finds arrows crypto/base/f1.cpp '#include "storage/a.hpp"'
finds arrows crypto/base/f2.cpp '#include "actors/a.hpp"'
finds arrows storage/f3.cpp '#include "crypto/a.hpp"'
finds arrows storage/f4.hpp '#include <apps/a.hpp>'
finds arrows actors/base/f5.cpp '#include "apps/a.hpp"'
finds arrows apps/terminal/f6.cpp '#include "tests/a.hpp"'
finds libraries crypto/base/f7.cpp '#include <lmdb.h>'
finds libraries tests/f8.cpp '#include <lmdb.h>'
finds libraries crypto/base/f9.cpp '#include <caf/actor.hpp>'
finds libraries storage/g1.cpp '#include <caf/actor.hpp>'
finds libraries apps/terminal/g2.cpp '#include <caf/actor.hpp>'
finds libraries storage/g3.cpp '#include <botan/hash.h>'
finds libraries storage/g4.cpp '#include <openssl/evp.h>'
finds libraries actors/base/g5.cpp '#include <openssl/evp.h>'
finds libraries apps/folders/g5.cpp '#include <openssl/evp.h>'
finds libraries apps/folders/g6.cpp '#include <boost/asio/post.hpp>'
finds libraries tests/apps/g6.cpp '#include <boost/beast/http.hpp>'
finds libraries apps/terminal/g6.cpp '#include <botan/hash.h>'
finds libraries apps/terminal/g0.cpp '#include <CLI/CLI.hpp>'
finds named_files storage/f0.cpp '// as in nowhere.cpp and a.cpp'
finds named_files storage/e9.cpp '// as in storage/b.cpp' # it is in actors
finds unfinished apps/terminal/g7.cpp "// TO""DO: later"
fault licence apps/terminal/g8.cpp '// no licence'
fault licence apps/terminal/g9.cpp '//' '//' '//' "$spdx" # not at its top
: >apps/terminal/h0.cpp # empty
expected+=('licence apps/terminal/h0.cpp')
mapfile -t long < <(yes '//' | head -n 400)
finds length apps/terminal/h1.cpp "${long[@]}"
# In a comment, because clang-format cannot break a long word there.
finds width apps/terminal/h2.cpp "// $(printf 'x%.0s' {1..80})"
if [[ $(clang-format --version 2>/dev/null) =~ version\ 14\. ]]; then
  finds format apps/terminal/h3.cpp 'int  x ;'
else
  echo "skipped: clang-format 14 is not installed"
fi
mkdir utils
expected+=('top_level utils')
fault top_level notes.txt ''

# Not faults: a line of 80 columns whose letters take two bytes each, and a file
# of 400 lines.
printf '%s\n' "$spdx" "// $(printf 'é%.0s' {1..77})" >apps/terminal/wide.cpp
printf '%s\n' "$spdx" "${long[@]:1}" >apps/terminal/long.cpp

if ! diff <(printf '%s\n' "${expected[@]}" | sort) \
  <(all_rules | sed -E 's/:([0-9]+)?:? .*//' | sort); then
  echo "above: < was expected but not reported, > was reported but not expected"
  exit 1
fi
echo "tidy: every rule reports what it should"
