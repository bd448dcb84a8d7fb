# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
#
# The project's rules on its own text. A rule is a function that takes the top
# folder and prints one line for each violation: "path: what is wrong". To be
# sourced, by bash.

# shellcheck source=arrows.sh
source "$(dirname "${BASH_SOURCE[0]}")/arrows.sh"

folders=(crypto storage actors apps tests benchmarks)
rules=(arrows wings circles libraries named_files licence length width
  unfinished top_level format)

# Prints the files under our folders whose names match one of the patterns (of
# find), as paths from the top folder, NUL-terminated.
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

# Runs a command in the top folder on the NUL-terminated paths from stdin, in as
# few calls as possible. Ignores its exit status.
on_files() {
  local root=$1
  shift
  (cd "$root" && xargs -0 --no-run-if-empty "$@") || true
}

# Copies the NUL-terminated paths from stdin that match the first expression and
# not the second.
only() { grep -zE "$1" | grep -zvE "${2:-^$}" || true; }

# Prints the includes that match `what`, as "path:line:text", in the files whose
# paths match `where` and not `except`.
include_lines() {
  local root=$1 what=$2 where=$3 except=${4:-^$}
  cpp_files "$root" | only "$where" "$except" | on_files "$root" grep -HnE \
    "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]($what)"
}

includes() { include_lines "$@" | cut -d: -f1,2; }

say() { sed "s|\$|: $1|"; }

# Which folders may include a library's headers. Tests count as their folder.
libraries() {
  includes "$1" 'lmdb\.h' '.' '^(tests/)?storage/' \
    | say 'only storage may include LMDB'
  includes "$1" 'caf/' '^(crypto|storage|apps|tests/(crypto|storage|apps))/' \
    | say 'only actors may include CAF'
  includes "$1" 'CLI/' '.' '^(apps/options/|apps/commands/command_line|benchmarks/)' \
    | say 'only apps/options may include CLI11'
  includes "$1" 'botan/' '^(storage|actors|apps|tests/storage)/' \
    | say 'only crypto may include Botan'
  includes "$1" 'openssl/' '^(storage|actors|apps|tests/storage)/' \
    '^(actors/transport/|apps/http/|tests/apps/http/)' \
    | say 'only crypto, actors/transport and apps/http may include OpenSSL'
  includes "$1" 'boost/(asio|beast)' '.' \
    '^((tests/)?(actors/transport|apps/http)/|benchmarks/beast_hello)' \
    | say 'only actors/transport and apps/http may include Asio and Beast'
}

# Comments that name a file that the project does not have.
named_files() {
  cpp_files "$1" \
    | on_files "$1" grep -HnoE '//.*' \
    | grep -oE '^[^:]+:[0-9]+:|[A-Za-z0-9_./-]+\.(hpp|cpp|sh|mjs)\b' \
    | awk -v files="$(source_files "$1" | tr '\0' '\n')" '
        BEGIN {
          n = split(files, list, "\n")
          for (i = 1; i <= n; ++i) {
            path = list[i]
            do known[path] = 1; while (sub(/^[^\/]*\//, "", path))
            known[path] = 1
          }
        }
        /^[^:]+:[0-9]+:$/ { sub(/:$/, ""); where = $0; next }
        !($0 in known) { print where ": names " $0 ", which does not exist" }'
}

licence() {
  comm -23 <(source_files "$1" | tr '\0' '\n' | sort) \
    <(source_files "$1" \
      | on_files "$1" grep -Hn 'SPDX-License-Identifier: Apache-2\.0$' \
      | awk -F: '$2 <= 3 { print $1 }' | sort -u) \
    | say 'no SPDX line in the first three lines'
}

length() {
  # shellcheck disable=SC2016 # the dollars are awk's
  source_files "$1" | on_files "$1" wc -l \
    | awk '$2 != "total" && $1 > 400 {
        print $2 ": " $1 " lines, over 400: split it" }'
}

width() {
  cpp_files "$1" | LC_ALL=C.UTF-8 on_files "$1" grep -HnE '^.{81}' \
    | cut -d: -f1,2 | say 'over 80 columns'
}

unfinished() {
  files_named "$1" '*.hpp' '*.cpp' '*.sh' '*.cmake' CMakeLists.txt \
    '*.py' '*.js' '*.mjs' '*.md' '*.html' \
    | on_files "$1" grep -HnwE 'T[O]DO|FIX[M]E' | cut -d: -f1,2 \
    | say 'mark of unfinished work'
}

top_level() {
  local name
  for name in "$1"/*; do
    case ${name##*/} in
      CMakeLists.txt | CMakePresets.json | README.md | LICENSE | NOTICE | build) ;;
      CONTRIBUTING.md | SECURITY.md | CHANGELOG.md) ;;
      crypto | storage | actors | apps | tests | benchmarks) ;;
      *) echo "${name##*/}: does not belong on the top level" ;;
    esac
  done
}

# Versions of clang-format differ in their output, so only version 14, which the
# sources are formatted with, is used.
format() {
  [[ $(clang-format --version 2>/dev/null) =~ version\ 14\. ]] || return 0
  [[ -f $1/.clang-format ]] || return 0
  cpp_files "$1" \
    | on_files "$1" clang-format --dry-run --Werror --style=file 2>&1 \
    | sed -nE 's/^([^:]+):[0-9]+:[0-9]+: error:.*/\1: run clang-format -i on it/p' \
    | sort -u
}
