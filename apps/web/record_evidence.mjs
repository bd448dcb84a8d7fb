// SPDX-License-Identifier: Apache-2.0
//
// Puts a record's signature, its bytes and its public key together, by the names of files and the
// ids of keys. Nothing is verified here. Pure functions.

import { curves, rawOfDer } from './ecdsa.mjs';

const supporting = [
  'signature_line', 'der_signature', 'public_key', 'key_set', 'certificates', 'seal',
];

const stem = (name) => name.replace(/^.*\//, '').replace(/\.[^.]*$/, '');

/**
 * The record that a signature is over: by its name, or the only one. A record may look like
 * anything, so that without plain bytes any file counts that is no signature and no key.
 */
export function recordOf(items, names) {
  const plain = items.filter(({ kind }) => kind === 'bytes');
  const others = items.filter(({ kind }) => !supporting.includes(kind));
  const records = plain.length > 0 ? plain : others;
  const named = records.filter(
    ({ name }) => name !== '' && (names.includes(name) || names.includes(stem(name))),
  );
  if (named.length === 1) return named[0];
  return records.length === 1 ? records[0] : null;
}

function evidence(title, claims, signature, record, key) {
  const parts = [];
  const missing = [];
  const [id, named] = [claims.record ?? 'ID', claims.key ?? 'KEY'];
  if (record)
    parts.push({ name: 'record', label: 'the record', bytes: record.bytes, form: 'text' });
  else missing.push({ kind: 'bytes', why: `the record's bytes: GET /v1/records/${id}/data` });
  parts.push({ name: 'signature', label: 'the signature, r and s', bytes: signature, form: 'hex' });
  if (key)
    parts.push({ name: 'key', label: 'the public key, x and y', bytes: key.point, form: 'hex' });
  else missing.push({ kind: 'public_key', why: `the public key: GET /v1/keys/${named}.pem` });
  return { kind: 'record', title, parts, facts: claims, missing };
}

function ofLine(line, items, keys) {
  const names = [line.name, line.record, `record-${line.record}`].map(String);
  const title = `signature of record ${line.name ?? line.record ?? ''}`.trimEnd();
  const key = keys.find(({ id }) => id === line.key)?.key;
  const { key: id, alg, record, name } = line;
  const bytes = recordOf(items, names);
  return evidence(title, { key: id, alg, record, name }, line.signature, bytes, key);
}

/** A signature in DER names no key: there has to be one key, whose curve it is for. */
function ofDer(item, items, keys) {
  const key = keys.length === 1 ? keys[0].key : null;
  const size = (key?.curve ?? curves['P-256']).size;
  const raw = [size, 48].reduce((found, bytes) => {
    try {
      return found ?? rawOfDer(item.bytes, bytes);
    } catch {
      return null;
    }
  }, null);
  const record = recordOf(items, [item.name, stem(item.name)]);
  return evidence('signature of a record', {}, raw, record, key);
}

export function recordEvidence(items) {
  const keys = items
    .filter(({ kind }) => kind === 'public_key' || kind === 'key_set')
    .flatMap(({ value }) => value);
  const lines = items.filter(({ kind }) => kind === 'signature_line');
  const ders = items.filter(({ kind }) => kind === 'der_signature');
  return [
    ...lines.flatMap(({ value }) => value.map((line) => ofLine(line, items, keys))),
    ...ders.map((item) => ofDer(item, items, keys)),
  ];
}
