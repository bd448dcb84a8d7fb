// SPDX-License-Identifier: Apache-2.0
//
// The signed header of a seal by the rules of JAdES B-B (ETSI TS 119 182-1 V1.2.1) that
// crypto/README.md lists under "Seals". Each function throws with a sentence. Pure functions.

import { base64url, fromBase64, fromBase64url, utf8 } from './encoding.mjs';
import { curves } from './ecdsa.mjs';
import { isCount, isObject, parseJson } from './json.mjs';
import { readCertificate } from './certificate.mjs';

const sizeMax = 64 * 1024;
const chainMax = 10;
const lastSecond = 253_402_300_799; // of the year 9999
const hashes = { S256: 'SHA-256', S384: 'SHA-384', S512: 'SHA-512' };

/** RFC 7515 4.1.11: names that `crit` may not list. */
const standard = [
  'alg', 'jku', 'jwk', 'kid', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'typ', 'cty', 'crit', 'enc', 'zip',
  'epk', 'apu', 'apv', 'iv', 'tag', 'p2s', 'p2c',
];
const understood = ['b64', 'iat', 'sigD', 'sigX5ts', 'x5t#o'];

function require(holds, sentence) {
  if (!holds) throw new Error(sentence);
}

/** Rules 1 to 3: {header, curve}. */
export function readSealHeader(bytes) {
  require(bytes.length <= sizeMax, 'it has more than 65,536 bytes');
  const header = parseJson(bytes);
  require(isObject(header), 'it is not a JSON object');
  const curve = Object.values(curves).find(({ alg }) => alg === header.alg);
  require(curve, 'alg is neither ES256 nor ES384');
  require(!('sigT' in header), 'the time is in sigT, not in iat');
  require('iat' in header, 'iat, the time of signing, is missing');
  const whole = isCount(header.iat) && header.iat <= lastSecond;
  require(whole, 'iat is not a whole number of seconds since 1970');
  const references = ['x5t#S256', 'x5t#o', 'sigX5ts'].filter((name) => name in header);
  require(references.length > 0, "the signer's certificate is not referred to");
  require(references.length === 1, 'more than one of x5t#S256, x5t#o and sigX5ts is there');
  require(!('x5t' in header), 'x5t, a SHA-1 reference, is there');
  return { header, curve };
}

/** Rules 5 and 6, for a seal with or without a payload. */
export function requireCritical(header, hasPayload) {
  const { crit } = header;
  if ('crit' in header) {
    require(Array.isArray(crit) && crit.length > 0, 'crit is not a list of at least one name');
    require(new Set(crit).size === crit.length, 'crit has a name twice');
    for (const name of crit) {
      require(typeof name === 'string', 'crit has an item that is not a text');
      require(!standard.includes(name), 'crit has a name that RFC 7515 or 7518 defines');
      require(name in header, 'crit has a name that is not in the header');
      require(understood.includes(name), 'crit has a name that is not understood here');
    }
  }
  for (const name of ['b64', 'sigD'])
    require(!(name in header) || crit?.includes(name), `${name} is not listed in crit`);
  if ('b64' in header) require(typeof header.b64 === 'boolean', 'b64 is neither true nor false');
  require(!('sigD' in header && hasPayload), 'sigD is there beside a payload');
}

/** Rule 4: the certificates of x5c, or null when there is none. */
export function readChain(header) {
  const { x5c } = header;
  if (!('x5c' in header)) return null;
  require(Array.isArray(x5c) && x5c.length > 0, 'x5c is not a list of at least one text');
  require(x5c.length <= chainMax, 'x5c has more than 10 certificates');
  return x5c.map((text, i) => {
    try {
      return readCertificate(fromBase64(text));
    } catch (error) {
      throw new Error(`x5c[${i}]: ${error.message}`);
    }
  });
}

/** Digest of some bytes, in base64url, under its name in JAdES; null for another name. */
export async function sealDigest(name, bytes) {
  const hash = Object.hasOwn(hashes, name) ? hashes[name] : null;
  return hash && base64url(new Uint8Array(await crypto.subtle.digest(hash, bytes)));
}

/** Rule 3: {expected, found}, the reference in the header and that of the certificate. */
export async function reference(header, { der }) {
  if ('x5t#S256' in header)
    return { expected: header['x5t#S256'], found: await sealDigest('S256', der) };
  const several = header.sigX5ts;
  const one = 'x5t#o' in header ? header['x5t#o'] : Array.isArray(several) ? several[0] : null;
  const { digAlg, digVal } = isObject(one) ? one : {};
  return { expected: digVal, found: await sealDigest(digAlg, der) };
}

/** What sigD says (5.2.8): {kind: 'by_uri' | 'by_uri_hash' | 'other', algorithm, digest}. */
export function readContent(sigD) {
  const one = (list) => Array.isArray(list) && list.length === 1;
  const other = { kind: 'other' };
  if (!isObject(sigD) || !one(sigD.pars)) return other;
  if (sigD.mId === 'http://uri.etsi.org/19182/ObjectIdByURI') return { kind: 'by_uri' };
  const hashed = sigD.mId === 'http://uri.etsi.org/19182/ObjectIdByURIHash';
  if (!hashed || typeof sigD.hashM !== 'string' || !one(sigD.hashV)) return other;
  try {
    fromBase64url(sigD.hashV[0]);
  } catch {
    return other;
  }
  return { kind: 'by_uri_hash', algorithm: sigD.hashM, digest: sigD.hashV[0] };
}

/** The bytes of a record as a signature covers them (RFC 7797). */
export const encodedRecord = (header, record) =>
  header.b64 === false ? record : utf8(base64url(record));

/** Rule 8, as far as it is about form: etsiU alone, of 1 to 32 texts or objects. */
export function requireUnsigned(unsigned) {
  const has = isObject(unsigned) ? Object.keys(unsigned) : [];
  require(has.length === 1 && has[0] === 'etsiU', 'it is not etsiU alone');
  const list = unsigned.etsiU;
  const counted = Array.isArray(list) && list.length > 0 && list.length <= 32;
  const alike = (is) => counted && list.every(is);
  require(
    alike((item) => typeof item === 'string') || alike(isObject),
    'etsiU is not 1 to 32 components that are all texts or all objects',
  );
}
