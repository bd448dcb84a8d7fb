#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The file that is compiled for AVX-512 must export one function and no other
# code: the linker keeps one copy of an inline function for all files, and if it
# kept this file's, other processors would crash with an illegal instruction.
#
#   symbols_test.sh libchancery_crypto.a
set -euo pipefail

library=$1
object=kernel_ifma.cpp.o
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
(cd "$folder" && ar x "$library" "$object")

# T: exported code; W: weak code, which other files may share.
mapfile -t code < <(nm -C --defined-only "$folder/$object" \
  | awk '$2 ~ /^[TWi]$/ { $1 = $2 = ""; print substr($0, 3) }')
printf 'code that %s exports: %s\n' "$object" "${code[*]-none}"
[[ ${#code[@]} == 1 && ${code[0]} == *'p256::ifma_kernel()' ]]
