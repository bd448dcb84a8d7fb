// SPDX-License-Identifier: Apache-2.0
//
// What a client of the ledger sends, made by WebCrypto alone: a registration and
// messages, signed as JWS (RFC 7515, ES256), messages encrypted to the node as
// JWE (RFC 7516, ECDH-ES with A256GCM; RFC 7518 4.6). Pure but for randomness;
// runs in Node.js, too.

import { thumbprint } from './ecdsa.mjs';
import { base64url, fromBase64url, fromUtf8, utf8 } from './encoding.mjs';

const curve = { name: 'ECDSA', namedCurve: 'P-256' };
const messageType = 'chancery-message+jws';

/** A pair of keys whose private one cannot be read, not even by this page. */
export async function makeIdentity() {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(curve, false, [
    'sign',
    'verify',
  ]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  const jwk = { kty, crv, x, y };
  return { id: await thumbprint(jwk), jwk, privateKey };
}

async function sign(identity, header, payload) {
  const input = [header, payload].map((part) => base64url(utf8(JSON.stringify(part)))).join('.');
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const value = await crypto.subtle.sign(algorithm, identity.privateKey, utf8(input));
  return `${input}.${base64url(new Uint8Array(value))}`;
}

/** Proves that the client has the key whose thumbprint is its id. */
export const registration = ({ id, jwk, privateKey }, node, time) =>
  sign(
    { privateKey },
    { alg: 'ES256', kid: id, typ: 'chancery-registration+jws', jwk },
    { v: 1, client: id, node, time },
  );

/** A message as the ledger keeps it. `body`: any JSON value. */
export const message = (identity, node, seq, time, body) =>
  sign(
    identity,
    { alg: 'ES256', kid: identity.id, typ: messageType },
    { v: 1, client: identity.id, seq, time, node, body },
  );

/** The node's encryption key out of its chancery-keys+jws. */
export function encryptionKey(keysJws) {
  const { keys } = JSON.parse(fromUtf8(fromBase64url(keysJws.split('.')[1])));
  const { kty, crv, x, y, kid } = keys.find((key) => key.use === 'enc');
  return { kty, crv, x, y, kid };
}

/** The same message for the node alone: only it can read what is on its way. */
export async function encrypt(jws, { kid, ...jwk }) {
  const ecdh = { name: 'ECDH', namedCurve: 'P-256' };
  const theirs = await crypto.subtle.importKey('jwk', jwk, ecdh, false, []);
  const ours = await crypto.subtle.generateKey(ecdh, false, ['deriveBits']);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', ours.publicKey);
  const shared = await crypto.subtle.deriveBits(
    { name: 'ECDH', public: theirs },
    ours.privateKey,
    256,
  );
  const content = await crypto.subtle.importKey('raw', await derived(shared), 'AES-GCM', false, [
    'encrypt',
  ]);
  const header = { alg: 'ECDH-ES', enc: 'A256GCM', epk: { kty, crv, x, y }, kid, cty: messageType };
  const aad = base64url(utf8(JSON.stringify(header)));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const algorithm = { name: 'AES-GCM', iv, additionalData: utf8(aad) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, content, utf8(jws)));
  const text = base64url(sealed.subarray(0, -16));
  return `${aad}..${base64url(iv)}.${text}.${base64url(sealed.subarray(-16))}`;
}

/** Concat KDF (RFC 7518 4.6.2) for A256GCM, without apu and apv: one hash. */
function derived(shared) {
  const name = utf8('A256GCM');
  const word = (value) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  const input = Uint8Array.of(
    ...word(1),
    ...new Uint8Array(shared),
    ...word(name.length),
    ...name,
    ...word(0),
    ...word(0),
    ...word(256),
  );
  return crypto.subtle.digest('SHA-256', input);
}
