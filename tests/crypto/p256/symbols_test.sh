#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A file that is compiled for newer processors must export its functions and no
# other code: the linker keeps one copy of an inline function for all files, and
# if it kept this file's, other processors would crash with an illegal
# instruction.
#
#   symbols_test.sh libchancery_crypto.a
set -euo pipefail

library=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# exports_only FILE COUNT NAME: so many functions, whose names contain NAME.
exports_only() {
  local object=$1.cpp.o code each
  (cd "$folder" && ar x "$library" "$object")
  # T: exported code; W: weak code, which other files may share.
  mapfile -t code < <(nm -C --defined-only "$folder/$object" \
    | awk '$2 ~ /^[TWi]$/ { $1 = $2 = ""; print substr($0, 3) }')
  printf 'code that %s exports: %s\n' "$object" "${code[*]-none}"
  [[ ${#code[@]} == "$2" ]]
  for each in "${code[@]}"; do
    [[ $each == *"$3"* ]]
  done
}

exports_only kernel_ifma 1 'p256::ifma_kernel()'
exports_only sha256_ni 1 'crypto::sha256_compress_two('
exports_only base64url_vbmi 2 'crypto::base64url_'
