# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
#
# The rules on includes between the project's files: arrows, wings and circles.
# To be sourced, by rules.sh.

# The folders that each folder may include, and the wings (sub-folders) that
# each wing may include. In addition each may include its own files, and a wing
# that is not marked as ground may include the wings of its folder that are.
# tests and benchmarks may include everything; product folders nothing else.
arrow_table='
crypto:
storage:
actors: crypto storage
apps: crypto storage actors

crypto/base: ground
crypto/p256:
crypto/keys:
crypto/providers: keys p256
crypto/jose: keys providers
crypto/keyring: keys providers jose
crypto/certificates: keys
crypto/seals: keys providers jose certificates
crypto/ledger: keys providers jose keyring

actors/base: ground
actors/transport:
actors/signing:
actors/cluster: signing transport
actors/ledger: transport
actors/audit: signing ledger
actors/systems: signing cluster ledger transport

apps/terminal: ground
apps/platform: ground terminal
apps/options:
apps/folders:
apps/certificates: folders
apps/records: answers
apps/answers:
apps/http:
apps/api: http answers folders
apps/service: api http answers folders
apps/simulation: folders answers http
apps/commands: options folders certificates records answers http api service simulation
'
outside_wings='apps/main.cpp' # the only source file of apps in no wing

arrows() {
  include_lines "$1" '' '^(crypto|storage|actors|apps)/' \
    | awk -F: -v table="$arrow_table" '
        function wing(path, parts) {
          return split(path, parts, "/") > 2 ? parts[1] "/" parts[2] : parts[1]
        }
        BEGIN {
          n = split(table, lines, "\n")
          for (i = 1; i <= n; ++i) {
            m = split(lines[i], words, /:? +|:/)
            from = words[1]; top = from; sub(/\/.*/, "", top)
            for (j = 2; j <= m; ++j)
              if (words[j] == "ground") ground[from] = 1
              else if (words[j] != "")
                may[from, from == top ? words[j] : top "/" words[j]] = 1
          }
        }
        {
          split($3, quoted, /["<>]/); to = quoted[2]
          split($1, mine, "/"); split(to, theirs, "/")
          here = wing($1); there = wing(to)
          if (theirs[1] !~ /^(crypto|storage|actors|apps|tests|benchmarks)$/)
            next
          if (mine[1] != theirs[1]) ok = (mine[1], theirs[1]) in may
          else ok = here == there || here !~ /\// || (here, there) in may ||
            (there in ground && !(here in ground))
          if (!ok) print $1 ":" $2 ": " here " may not include " there
        }'
}

# Files of a folder with wings that lie in no wing, in a wing that the table
# does not list, or deeper.
wings() {
  cpp_files "$1" | only '^(crypto|actors|apps)/' "^$outside_wings\$" \
    | tr '\0' '\n' | awk -F/ -v table="$arrow_table" '
        NF != 3 || index(table, "\n" $1 "/" $2 ":") == 0 {
          print $0 ": lies in none of the wings of " $1
        }'
}

# Components that include each other, directly or through others. A component is
# a header x.hpp and its source, and x_parts or x_state if that includes x.hpp.
circles() {
  include_lines "$1" '' '^(crypto|storage|actors|apps)/' \
    | sed -nE 's|^([^:]+)\.[ch]pp:[0-9]+:[^"<]*["<]([^">]+)\.hpp[">].*|\1 \2|p' \
    | awk '
        { from[NR] = $1; to[NR] = $2; stem = $1 }
        sub(/_(parts|state)$/, "", stem) && stem == $2 { of[$1] = stem }
        function component(name) { return name in of ? of[name] : name }
        END {
          for (i = 1; i <= NR; ++i) {
            a = component(from[i]); b = component(to[i])
            if (a != b) print a, b
          }
        }' \
    | sort -u | tsort 2>&1 >/dev/null | awk '
        / input contains a loop:$/ { if (loop) print loop; loop = ""; next }
        { loop = loop (loop ? " " : "") $2 (loop ? "" : ": in a cycle with") }
        END { if (loop) print loop }'
}
