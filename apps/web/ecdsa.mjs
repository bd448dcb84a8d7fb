// SPDX-License-Identifier: Apache-2.0
//
// Public keys on P-256 and P-384, and ECDSA (FIPS 186-4 6.4) with the hash of the curve, by
// WebCrypto. A key is {curve, point}: its point is x and y, 64 or 96 bytes, and is the same bytes
// in a JWK (RFC 7518 6.2) and in a SubjectPublicKeyInfo (RFC 5480). A raw signature is r and s,
// of the same size. Pure functions.

import { base64url, concat, fromBase64, fromBase64url, utf8 } from './encoding.mjs';
import { membersOf, oidOf, onlyValue, positiveInteger, tags, wholeBits } from './der.mjs';
import { isObject } from './json.mjs';
import { sha256 } from './merkle.mjs';

export const curves = {
  'P-256': { name: 'P-256', size: 32, hash: 'SHA-256', alg: 'ES256', oid: '1.2.840.10045.3.1.7' },
  'P-384': { name: 'P-384', size: 48, hash: 'SHA-384', alg: 'ES384', oid: '1.3.132.0.34' },
};
const ecPublicKey = '1.2.840.10045.2.1';

/** The curve whose keys have points of this many bytes, if any. */
export const curveOfSize = (size) => Object.values(curves).find((curve) => curve.size * 2 === size);

/** Of a JWK for verifying. `use` and `key_ops` have to permit it; a private key is refused. */
export function keyOfJwk(jwk, use = 'sig') {
  const isEc = isObject(jwk) && jwk.kty === 'EC' && Object.hasOwn(curves, jwk.crv);
  const curve = isEc && curves[jwk.crv];
  if (!curve) throw new Error('the JWK is not a key on P-256 or P-384');
  if ('d' in jwk) throw new Error('the JWK holds a private key');
  if ('use' in jwk && jwk.use !== use) throw new Error('the JWK is for another use');
  if ('key_ops' in jwk && use === 'sig') {
    const names = jwk.key_ops;
    const distinct = Array.isArray(names) && new Set(names).size === names.length;
    if (!distinct || !names.includes('verify'))
      throw new Error('the JWK is for other operations');
  }
  const [x, y] = [fromBase64url(jwk.x), fromBase64url(jwk.y)];
  if (x.length !== curve.size || y.length !== curve.size)
    throw new Error(`x and y of the JWK are not numbers of ${curve.name}`);
  return { curve, point: concat(x, y) };
}

/** Of a SubjectPublicKeyInfo in DER, with the curve by its name and the point uncompressed. */
export function keyOfSpki(der) {
  const [algorithm, bits, ...more] = membersOf(onlyValue(der, tags.sequence));
  const [id, parameters, ...others] = membersOf(algorithm);
  const name = oidOf(id) === ecPublicKey && parameters?.tag === tags.oid && oidOf(parameters);
  const curve = Object.values(curves).find(({ oid }) => oid === name);
  if (!curve || more.length > 0 || others.length > 0)
    throw new Error('the public key is not on P-256 or P-384');
  const point = wholeBits(bits);
  if (point.length !== 1 + 2 * curve.size || point[0] !== 4)
    throw new Error('the public key is not an uncompressed point');
  return { curve, point: point.subarray(1) };
}

/** Of x and y, whose size tells the curve. */
export function keyOfPoint(point) {
  const curve = curveOfSize(point.length);
  if (!curve) throw new Error('the key is not x and y of 64 or 96 bytes');
  return { curve, point };
}

/** The DER in a text of PEM with this label, each of them (RFC 7468). */
export function pemBlocks(text, label) {
  const form = new RegExp(`-----BEGIN ${label}-----([^-]*)-----END ${label}-----`, 'g');
  return [...text.matchAll(form)].map(([, body]) => fromBase64(body.replace(/[\t\n\r ]/g, '')));
}

/** RFC 7638: SHA-256 of the required members, in their order. 43 characters. */
export async function keyId({ curve, point }) {
  const [x, y] = [point.subarray(0, curve.size), point.subarray(curve.size)].map(base64url);
  const members = `{"crv":"${curve.name}","kty":"EC","x":"${x}","y":"${y}"}`;
  return base64url(await sha256(utf8(members)));
}

/** The id of a JWK. */
export const thumbprint = async (jwk) => keyId(keyOfJwk(jwk, jwk?.use ?? 'sig'));

/** The hash that is signed with a key of this curve. */
export const digestOf = async (curve, bytes) =>
  new Uint8Array(await crypto.subtle.digest(curve.hash, bytes));

/** Throws where a browser has no WebCrypto: at addresses without TLS, but for the loopback. */
export function requireCryptography() {
  if (!globalThis.crypto?.subtle)
    throw new Error('There is no cryptography here: use https, or http://127.0.0.1 on the host.');
}

/** For WebCrypto. Throws when the point is not on the curve. */
export async function importKey({ curve, point }) {
  const algorithm = { name: 'ECDSA', namedCurve: curve.name };
  const uncompressed = concat(Uint8Array.of(4), point);
  try {
    return await crypto.subtle.importKey('raw', uncompressed, algorithm, false, ['verify']);
  } catch {
    throw new Error(`the key is not a point of ${curve.name}`);
  }
}

/** Whether r and s sign the bytes. A signature of another size, or a key that is none, does not. */
export async function verifies(key, signature, bytes, hash = key.curve.hash) {
  if (signature.length !== 2 * key.curve.size) return false;
  const imported = await importKey(key).catch(() => null);
  if (!imported) return false;
  return crypto.subtle.verify({ name: 'ECDSA', hash }, imported, signature, bytes);
}

/** r and s of a signature in DER (RFC 3279 2.2.3), for numbers of `size` bytes. */
export function rawOfDer(der, size) {
  const [r, s, ...more] = membersOf(onlyValue(der, tags.sequence));
  if (more.length > 0) throw new Error('a signature in DER is two numbers');
  const raw = new Uint8Array(2 * size);
  [r, s].map(positiveInteger).forEach((number, i) => {
    if (number.length > size) throw new Error('a number of the signature is too large');
    raw.set(number, (i + 1) * size - number.length);
  });
  return raw;
}
