#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Checks the project against the rules of rules.sh: check.sh [TOP FOLDER]
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=rules.sh
source "$here/rules.sh"
root=$(cd "${1:-$here/../..}" && pwd)

found=$(for rule in "${rules[@]}"; do "$rule" "$root"; done)
if [[ -n $found ]]; then
  echo "$found"
  echo "tidy: $(wc -l <<<"$found") violations to fix"
  exit 1
fi
echo "tidy: no violations in $(cpp_files "$root" | tr -cd '\0' \
  | wc -c) C++ files"
