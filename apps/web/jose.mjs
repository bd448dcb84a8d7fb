// SPDX-License-Identifier: Apache-2.0
//
// JWS (RFC 7515) as the ledger signs it: compact, ES256, a header with exactly alg, kid and typ.
// Reading is strict, and `alg` is fixed before anything is verified, so that no header can choose
// how it is verified. A JWS is {header, payload, signature}, its three decoded parts: each text
// has one spelling, so that the parts give back the text. Pure functions.

import { base64url, fromBase64url, hashOf, utf8 } from './encoding.mjs';
import { parseJson, requireMembers } from './json.mjs';

/** The decoded parts of a compact JWS. Throws for another text. */
export function splitJws(text) {
  const parts = text.split('.');
  if (parts.length !== 3) throw new Error('it is not three parts with dots between them');
  const [header, payload, signature] = parts.map(fromBase64url);
  return { header, payload, signature };
}

export const compactJws = ({ header, payload, signature }) =>
  [header, payload, signature].map(base64url).join('.');

/** The bytes that are signed (RFC 7515 5.1): header, dot, payload, each in base64url. */
export const signingInput = ({ header, payload }) =>
  utf8(`${base64url(header)}.${base64url(payload)}`);

/**
 * Header and payload of one of the ledger's objects. Throws, with a sentence, unless its header has
 * exactly the members, algorithm and type, its signature 64 bytes, and its payload strict JSON.
 */
export function readSigned(jws, typ, ...more) {
  if (jws.header.length > 1024) throw new Error('its header is longer than 1,024 bytes');
  const header = within('its header', () => parseJson(jws.header));
  requireMembers('its header', header, ['alg', 'kid', 'typ', ...more]);
  if (header.alg !== 'ES256') throw new Error('its algorithm is not ES256');
  if (header.typ !== typ) throw new Error(`its type is not ${typ}`);
  if (!hashOf(header.kid)) throw new Error('its kid is not the thumbprint of a key');
  if (jws.signature.length !== 64) throw new Error('its signature does not have 64 bytes');
  return { header, payload: within('its payload', () => parseJson(jws.payload)) };
}

function within(what, read) {
  try {
    return read();
  } catch (error) {
    throw new Error(`${what}: ${error.message}`);
  }
}
