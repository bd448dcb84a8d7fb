#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The file that is compiled for AVX-512 must give the rest of the program one
# function and no other code: the linker keeps one copy of an inline function
# for all files, and if it were this file's, other processors would stop at it.
#
#   symbols_test.sh libchancery_crypto.a
set -euo pipefail

library=$1
object=kernel_ifma.cpp.o
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
(cd "$folder" && ar x "$library" "$object")

# T: code that others may call; W: code that others may share.
mapfile -t code < <(nm -C --defined-only "$folder/$object" \
  | awk '$2 ~ /^[TWi]$/ { $1 = $2 = ""; print substr($0, 3) }')
printf 'code of %s that others see: %s\n' "$object" "${code[*]-none}"
[[ ${#code[@]} == 1 && ${code[0]} == *'p256::ifma_kernel()' ]]
