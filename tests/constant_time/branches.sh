#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Lists the compiled instructions of the kernels in crypto/p256 whose time could
# depend on a secret: each conditional jump with the comparison before it and
# its source line; divisions and square roots; and the source lines that access
# memory with an index register. A person has to account for each of them.
#
#   tests/constant_time/branches.sh [--short] [BUILD]
#
# BUILD is a configured build folder (default build/benchmark). Its compiler
# options are used, with line numbers added. If BUILD contains the object, the
# output says whether that has the same instructions. --short omits the jumps of
# each function and lists only their source lines.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
short=0
if [[ ${1-} == --short ]]; then
  short=1
  shift
fi
build=$(realpath "${1:-$root/build/benchmark}")
commands=$build/compile_commands.json
if [[ ! -f $commands ]]; then
  echo "branches: no $commands; configure $build first" >&2
  exit 1
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Compiles the file with BUILD's command and prints the path of BUILD's object.
compile() {
  local file=$1 command theirs
  command=$(sed -n "s|^ *\"command\": \"\(.*-c [^ ]*/crypto/p256/$file\)\",*\$|\1|p" \
    "$commands")
  [[ -n $command ]] || return 1
  theirs=${command##* -o }
  theirs=${theirs%% *}
  (cd "$build" && eval "${command/ -o $theirs / -g1 -o '$folder/object' }")
  echo "$build/$theirs"
}

instructions() { objdump -d --no-show-raw-insn "$1" | tail -n +4; }

same_as() {
  if [[ ! -f $1 ]]; then
    echo 'not built there yet'
  elif cmp -s <(instructions "$1") <(instructions "$folder/object"); then
    echo "the same instructions as in ${1#"$root"/}"
  else
    echo "DIFFERENT instructions than in ${1#"$root"/}; rebuild it"
  fi
}

# shellcheck disable=SC2016 # the dollars are awk's
listing='
function text(place,   file, line, found, n) {
  if (place in texts)
    return texts[place]
  file = line = place
  sub(/:[0-9]+$/, "", file)
  sub(/^.*:/, "", line)
  for (n = 1; (getline found < file) > 0; ++n)
    if (n == line)
      texts[place] = found
  close(file)
  sub(/^ +/, "", texts[place])
  return texts[place]
}
function short_of(place) {
  sub(/^.*\/crypto\//, "crypto/", place)
  sub(/^\/usr\/lib\/.*\//, "", place)
  return place
}
function counted(title, counts,   place, command) {
  print title
  command = "sort -k2,2V"
  for (place in counts)
    printf "%6d  %-42s %s\n", counts[place], short_of(place), text(place) \
      | command
  close(command)
}
/^[0-9a-f]+ <.*>:$/ {
  name = $0
  sub(/^[0-9a-f]+ </, "", name)
  sub(/>:$/, "", name)
  gsub(/chancery::crypto::p256::|\(anonymous namespace\)::/, "", name)
  before = said = ""
  next
}
/^\/.*:[0-9]+( \(discriminator [0-9]+\))?$/ { at = $1; next }
!/^ +[0-9a-f]+:\t/ { next }
{
  address = $1
  line = $0
  sub(/^ +[0-9a-f]+:\t/, "", line)
  sub(/ <.*$/, "", line)
  sub(/ +#.*$/, "", line)
  split(line, parts, " ")
  what = parts[1]
}
what ~ /^j/ && what != "jmp" {
  if (!short && !said++)
    print "\n" name
  if (!short)
    printf "%8s  %-34s %-5s %-36s %s\n", address, before, what, \
      short_of(at), text(at)
  ++jumps[at]
  ++all
  next
}
what ~ /^i?div|^v?div|^v?sqrt/ { divisions[at " " line]++ }
/\(%[a-z0-9]+,%[a-z0-9]+|\(,%[a-z0-9]+/ && what !~ /^lea|^nop|^cs|^data16/ {
  ++indexed[at]
}
what ~ /^(cmp|test|sub|add|and|or|xor|dec|inc|neg|bt|sh[lr]|sa[lr]|adc|sbb)/ ||
what ~ /^(k?ortest|ktest|v?u?comis|v?ptest)/ { before = line }
END {
  printf "\n%d conditional jumps, by line:\n", all
  counted("", jumps)
  counted("\nmemory accesses with an index register, by line:", indexed)
  print ""
  for (each in divisions) {
    print "DIVISION at " each
    ++divided
  }
  if (!divided)
    print "no division"
}'

for file in kernel_portable.cpp kernel_ifma.cpp inversion.cpp; do
  if ! theirs=$(compile "$file"); then
    echo "== $file: not in $build"
    continue
  fi
  echo "== $file: $(same_as "$theirs")"
  objdump -dlC --no-show-raw-insn "$folder/object" \
    | awk -v short="$short" "$listing"
  echo
done
