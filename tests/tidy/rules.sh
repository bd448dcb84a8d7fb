# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
#
# The project's rules on its own text. A rule is a function that is given the
# top folder and prints one line for each thing that it finds:
# "path: what is wrong". To be sourced, by bash.

folders=(crypto storage actors apps tests benchmarks)
rules=(arrows libraries licence length width unfinished top_level format)

# The files of some names (patterns of find) under our folders, as paths from
# the top, each ending in a 0.
files_named() {
  local root=$1 folder pattern names=()
  shift
  for pattern in "$@"; do
    names+=(-o -name "$pattern")
  done
  for folder in "${folders[@]}"; do
    [[ ! -d $root/$folder ]] || (cd "$root" && find "$folder" \
      -name node_modules -prune -o -type f \( "${names[@]:1}" \) -print0)
  done
}

cpp_files() { files_named "$1" '*.hpp' '*.cpp'; }

source_files() {
  files_named "$1" '*.hpp' '*.cpp' '*.sh' '*.cmake' 'CMakeLists.txt' '*.py' \
    '*.js' '*.mjs'
}

# Includes that match an expression, as "path:line", in the files whose paths
# match the second one and not the third.
includes() {
  local root=$1 what=$2 where=$3 except=${4:-^$}
  local file
  while IFS= read -r -d '' file; do
    [[ $file =~ $where && ! $file =~ $except ]] || continue
    (cd "$root" && grep -HnE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]($what)" \
      "$file" | cut -d: -f1,2) || true
  done < <(cpp_files "$root")
}

say() { sed "s|\$|: $1|"; }

# Which of our folders may include which.
arrows() {
  includes "$1" '(storage|actors|apps)/' '^crypto/' \
    | say 'crypto includes none of our other folders'
  includes "$1" '(crypto|actors|apps)/' '^storage/' \
    | say 'storage includes none of our other folders'
  includes "$1" 'apps/' '^actors/' | say 'actors do not include apps'
  includes "$1" '(tests|benchmarks)/' '^(crypto|storage|actors|apps)/' \
    | say 'the product does not include its tests'
}

# Where a library lives, its headers may be included; its tests count as it.
libraries() {
  includes "$1" 'lmdb\.h' '.' '^(tests/)?storage/' \
    | say 'LMDB lives in storage only'
  includes "$1" 'caf/' '^(crypto|storage|apps|tests/(crypto|storage|apps))/' \
    | say 'CAF lives in actors only'
  includes "$1" 'botan/' '^(storage|actors|apps|tests/storage)/' \
    | say 'Botan lives in crypto only'
  includes "$1" 'openssl/' '^(storage|actors|apps|tests/storage)/' \
    '^(actors/transport/|apps/http)' | say 'OpenSSL lives in crypto only'
}

licence() {
  local file
  while IFS= read -r -d '' file; do
    head -n 3 "$1/$file" \
      | grep -q 'SPDX-License-Identifier: Apache-2\.0$' \
      || echo "$file: no SPDX line at its top"
  done < <(source_files "$1")
}

length() {
  local file lines
  while IFS= read -r -d '' file; do
    lines=$(wc -l <"$1/$file")
    ((lines <= 400)) || echo "$file: $lines lines, over 400: split it"
  done < <(source_files "$1")
}

width() {
  local file
  while IFS= read -r -d '' file; do
    (cd "$1" && LC_ALL=C.UTF-8 grep -HnE '^.{81}' "$file" | cut -d: -f1,2) \
      || true
  done < <(cpp_files "$1") | say 'over 80 columns'
}

unfinished() {
  local file
  while IFS= read -r -d '' file; do
    (cd "$1" && grep -HnwE 'T[O]DO|FIX[M]E' "$file" | cut -d: -f1,2) || true
  done < <(files_named "$1" '*.hpp' '*.cpp' '*.sh' '*.cmake' CMakeLists.txt \
    '*.py' '*.js' '*.mjs' '*.md' '*.html') | say 'unfinished'
}

top_level() {
  local name
  for name in "$1"/*; do
    case ${name##*/} in
      CMakeLists.txt | CMakePresets.json | README.md | LICENSE | build) ;;
      crypto | storage | actors | apps | tests | benchmarks) ;;
      *) echo "${name##*/}: does not belong on the top level" ;;
    esac
  done
}

# Other versions of clang-format set some things differently, so that only the
# one that the sources were set with decides.
format() {
  local file
  [[ $(clang-format --version 2>/dev/null) =~ version\ 14\. ]] || return 0
  [[ -f $1/.clang-format ]] || return 0
  while IFS= read -r -d '' file; do
    clang-format --dry-run --Werror --style=file "$1/$file" 2>/dev/null \
      || echo "$file: run clang-format -i on it"
  done < <(cpp_files "$1")
}
