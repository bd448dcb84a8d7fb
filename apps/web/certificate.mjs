// SPDX-License-Identifier: Apache-2.0
//
// X.509 certificates (RFC 5280 section 4): reading, and whether one signed another. Read are the
// dates, the names as their DER, the key, and the extensions that decide who may sign what. The
// encoding has to be DER to the last byte, with no extension twice. Signatures: ECDSA on P-256 and
// P-384, RSA with PKCS #1 v1.5 from 2048 bits on, each with SHA-256, SHA-384 or SHA-512. Pure.

import {
  booleanOf, expect, membersOf, oidOf, onlyValue, positiveInteger, tags, valuesOf, wholeBits,
} from './der.mjs';
import { bigEndian, fromRfc3339, fromUtf8, same } from './encoding.mjs';
import { keyOfSpki, rawOfDer, verifies } from './ecdsa.mjs';

const ids = { basicConstraints: '2.5.29.19', keyUsage: '2.5.29.15', nameConstraints: '2.5.29.30' };

/** Extensions that may be critical: those above, key ids, names, purposes, policies, addresses. */
const known = new Set([
  ...Object.values(ids), '2.5.29.14', '2.5.29.35', '2.5.29.17', '2.5.29.18', '2.5.29.37',
  '2.5.29.32', '2.5.29.31', '1.3.6.1.5.5.7.1.1',
]);

const signatureKinds = {
  '1.2.840.10045.4.3.2': ['ECDSA', 'SHA-256'],
  '1.2.840.10045.4.3.3': ['ECDSA', 'SHA-384'],
  '1.2.840.10045.4.3.4': ['ECDSA', 'SHA-512'],
  '1.2.840.113549.1.1.11': ['RSASSA-PKCS1-v1_5', 'SHA-256'],
  '1.2.840.113549.1.1.12': ['RSASSA-PKCS1-v1_5', 'SHA-384'],
  '1.2.840.113549.1.1.13': ['RSASSA-PKCS1-v1_5', 'SHA-512'],
};

const usageBits = { digitalSignature: 0x80, nonRepudiation: 0x40, keyCertSign: 0x04 };

/** Milliseconds since 1970 (4.1.2.5): in UTC, with seconds, years of two digits from 1950 on. */
function timeOf({ tag, content }) {
  const text = fromUtf8(content);
  const short = tag === tags.utcTime && /^\d{12}Z$/.test(text);
  if (!short && !(tag === tags.generalizedTime && /^\d{14}Z$/.test(text)))
    throw new Error('a date of the certificate is not one');
  const full = short ? (text < '50' ? '20' : '19') + text : text;
  const time = fromRfc3339(
    full.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
  if (time === null) throw new Error('a date of the certificate is not on a day that exists');
  return time;
}

/** The readable parts of a name, in order: "CN=Invoice seal 1" and so on. */
function nameText(name) {
  const labels = { '2.5.4.3': 'CN', '2.5.4.6': 'C', '2.5.4.10': 'O', '2.5.4.11': 'OU' };
  const parts = membersOf(name).flatMap((set) => valuesOf(expect(set, tags.set).content));
  return parts
    .map(membersOf)
    .map(([id, value]) => [labels[oidOf(id)] ?? oidOf(id), value.content])
    .map(([label, text]) => `${label}=${new TextDecoder().decode(text)}`)
    .join(', ');
}

/** {critical, value} of each extension by its id. */
function extensionsOf(list) {
  const found = new Map();
  for (const extension of membersOf(list)) {
    const [id, ...rest] = membersOf(extension);
    const critical = rest.length === 2 && booleanOf(rest.shift());
    if (rest.length !== 1 || found.has(oidOf(id)))
      throw new Error('the certificate has an extension twice, or a damaged one');
    found.set(oidOf(id), { critical, value: expect(rest[0], tags.octets).content });
  }
  return found;
}

function basicConstraints(extensions) {
  const found = extensions.get(ids.basicConstraints);
  if (!found) return { ca: false, pathLength: Infinity };
  const values = membersOf(onlyValue(found.value, tags.sequence));
  const ca = values[0]?.tag === tags.boolean && booleanOf(values.shift());
  const length = values.length > 0 ? Number(bigEndian(positiveInteger(values.shift()))) : Infinity;
  if (values.length > 0) throw new Error("the certificate's basic constraints are damaged");
  return { ca, pathLength: length };
}

/** The bits of its key usage, or null when it states none. */
function keyUsage(extensions) {
  const found = extensions.get(ids.keyUsage);
  return found ? (onlyValue(found.value, tags.bits).content[1] ?? 0) : null;
}

function keyOf(spki) {
  try {
    return keyOfSpki(spki.whole);
  } catch {
    return null; // of another kind, such as RSA
  }
}

/** Reads a certificate. Throws unless the bytes are one. */
export function readCertificate(der) {
  const [tbs, algorithm, signature, ...more] = membersOf(onlyValue(der, tags.sequence));
  const values = membersOf(tbs);
  const version = values[0]?.tag === 0xa0 ? values.shift().content[2] : 0;
  const [, inner, issuer, validity, subject, spki, ...rest] = values;
  const [from, to] = membersOf(validity).map(timeOf);
  const list = rest.find(({ tag }) => tag === 0xa3);
  if (more.length > 0 || (list && version !== 2) || !same(inner.whole, algorithm.whole))
    throw new Error('the certificate is damaged');
  const extensions = list ? extensionsOf(onlyValue(list.content, tags.sequence)) : new Map();
  return {
    der,
    tbs: tbs.whole,
    signature: wholeBits(signature),
    signedWith: signatureKinds[oidOf(membersOf(algorithm)[0])] ?? null,
    issuer: issuer.whole,
    subject: subject.whole,
    name: nameText(subject),
    issuerName: nameText(issuer),
    from,
    to,
    spki: spki.whole,
    key: keyOf(spki),
    ...basicConstraints(extensions),
    usage: keyUsage(extensions),
    unknown: [...extensions].filter(([id, { critical }]) => critical && !known.has(id)).length > 0,
    namesConstrained: extensions.has(ids.nameConstraints),
  };
}

/** Whether its key may be used for this; without a statement, for everything (4.2.1.3). */
export const allows = ({ usage }, name) => usage === null || (usage & usageBits[name]) !== 0;

async function rsaVerifies(issuer, hash, { signature, tbs }) {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash };
  const key = await crypto.subtle.importKey('spki', issuer.spki, algorithm, false, ['verify']);
  if (key.algorithm.modulusLength < 2048) return false;
  return crypto.subtle.verify(algorithm, key, signature, tbs);
}

/** Whether the issuer's key signed it; null for an algorithm that is not known here. */
export async function isSignedBy(certificate, issuer) {
  if (!certificate.signedWith) return null;
  const [kind, hash] = certificate.signedWith;
  try {
    if (kind !== 'ECDSA') return await rsaVerifies(issuer, hash, certificate);
    if (!issuer.key) return null;
    const raw = rawOfDer(certificate.signature, issuer.key.curve.size);
    return await verifies(issuer.key, raw, certificate.tbs, hash);
  } catch {
    return false;
  }
}
