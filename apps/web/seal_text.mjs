// SPDX-License-Identifier: Apache-2.0
//
// The two texts of a seal: a JWS in compact serialization, or in the flattened JSON serialization
// of RFC 7515 7.2.2. Pure functions.

import { fromBase64url, utf8 } from './encoding.mjs';
import { parseJson } from './json.mjs';

function textsIn(text) {
  if (!/^[\t\n\r ]*\{/.test(text)) {
    if (text.endsWith('\n')) throw new Error('the text ends with a line end, which no JWS has');
    const parts = text.split('.');
    if (parts.length !== 3)
      throw new Error('it is not three parts with dots between them, and no JSON object');
    return { protected: parts[0], payload: parts[1], signature: parts[2] };
  }
  const json = parseJson(text);
  if ('signatures' in json)
    throw new Error('the JSON has "signatures": only the form with one signature can be read');
  for (const name of ['protected', 'signature', 'payload'])
    if (typeof json[name] !== 'string' && !(name === 'payload' && !(name in json)))
      throw new Error(`the JSON has no text "${name}"`);
  return json;
}

function decoded(what, text) {
  try {
    return fromBase64url(text);
  } catch {
    throw new Error(`the ${what} is not base64url without padding`);
  }
}

/** Whether a payload is its own bytes, as its header says (RFC 7797). */
function isPlain(header) {
  try {
    return parseJson(header).b64 === false;
  } catch {
    return false;
  }
}

/** {header, payload, signature, unsigned}: bytes, and the JSON value that is not signed, if any. */
export function splitSeal(text) {
  const texts = textsIn(text);
  const header = decoded('protected header', texts.protected);
  const payload = isPlain(header)
    ? utf8(texts.payload ?? '')
    : decoded('payload', texts.payload ?? '');
  const signature = decoded('signature', texts.signature);
  return { header, payload, signature, unsigned: texts.header };
}
