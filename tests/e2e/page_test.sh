#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# `page`: the files that serve answers, for any host of files. In a browser:
# tests/js/page.test.mjs.
source "$(dirname "${BASH_SOURCE[0]}")/serving.sh"

say 'a page for a server is what that server answers, but for two lines'
works chancery page --out page --server https://ledger.example
out_has '^page has the page, [0-9]+ files: .* sends \.mjs as text/javascript'
out_has 'Start the server at https://ledger\.example with `--cors ORIGIN`'
serves --no-ledger
curl -sSf "$url/" >served.html
mkdir answered
for file in page/page/*; do
  curl -sSf "$url/page/${file##*/}" >"answered/${file##*/}"
done
diff -r page/page answered >err || fail 'the files differ from those of serve'
[[ $(cd page && ls) == $'index.html\npage' ]] || fail 'other names are there'
code=0
diff served.html page/index.html >changed || code=$?
((code == 1)) || fail 'index.html is as it is served'
grep '^<' changed >gone
grep '^>' changed >come
[[ $(<gone) == '< <meta name="chancery-server" content="">' ]] \
  || fail 'another line of index.html was changed'
[[ $(wc -l <come) == 2 ]] || fail 'there are not two lines in its place'
grep -qxF '> <meta name="chancery-server" content="https://ledger.example">' come \
  || fail 'index.html does not name the server'

say 'its policy is that of serve, but for the server and for frames'
header=$(curl -sSfI "$url/" | tr -d '\r' \
  | sed -n 's/^Content-Security-Policy: //p')
policy=${header/connect-src \'self\'/connect-src https://ledger.example}
policy=${policy%; frame-ancestors \'none\'}
grep -qxF "> <meta http-equiv=\"Content-Security-Policy\" content=\"$policy\">" come \
  || fail "the policy is not $policy"
ends

say 'without a server it asks none'
works chancery page --out alone --json
json folder '"alone"'
json server null
json files "$(find alone -type f | wc -l)"
grep -qF '<meta name="chancery-server" content="none">' alone/index.html \
  || fail 'it names a server'
grep -qF "; connect-src 'none'; " alone/index.html || fail 'it may ask somebody'
works chancery page --out other --json --server HTTP://Localhost:80
json server '"http://localhost"'

say 'the folder is new or empty'
mkdir empty
works chancery page --out empty
[[ -s empty/index.html && -s empty/page/page.mjs ]] || fail 'it is still empty'
cp -r empty before
fails chancery page --out empty
err_has 'empty exists and is not an empty folder'
diff -r before empty >err || fail 'a page was changed'
echo mine >file
fails chancery page --out file
[[ $(<file) == mine ]] || fail 'a file was replaced'
fails chancery page --out file/page
fails chancery page --out /proc/page
fails chancery page --out missing/page
[[ ! -e missing ]] || fail 'a folder was made'

say 'a wrong address is a wrong use, and nothing is written'
for wrong in ledger.example https://ledger.example/ ftp://a 'https://a">' \
  'http://[::1]:8080' https://a:0; do
  misused chancery page --out wrong --server "$wrong"
  err_has '--server: '
done
misused chancery page
[[ ! -e wrong && -z $(find . -name '.chancery-*') ]] || fail 'something is left'

say 'a full disk leaves no page'
if try_mount -t tmpfs -o size=4k tmpfs small; then
  fails chancery page --out small/page
  [[ -z $(ls -A small) ]] || fail 'something is left'
else
  skipped 'mounts are not allowed'
fi
say done
