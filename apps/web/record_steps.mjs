// SPDX-License-Identifier: Apache-2.0
//
// The steps for a raw signature over a record's bytes: ECDSA on P-256 with SHA-256 or on P-384
// with SHA-384. The key comes before the signature under it, and its id is compared with those
// that the user gave at last. A raw signature covers the record's bytes alone, not its name, its
// number or its time. Pure functions.

import { curveOfSize, digestOf, importKey, keyId, keyOfPoint, verifies } from './ecdsa.mjs';
import { hex } from './encoding.mjs';
import { sentencesOf } from './ledger_words.mjs';
import { anchorResult, Parts, report, Steps } from './steps.mjs';

const words = {
  'record.form': [
    'The signature has the form of one',
    'It is two numbers, r and s, whose size belongs to the algorithm that is named.',
  ],
  'record.key': [
    "The key's id is the fingerprint of this key",
    'The id is a hash of the public key, so nobody can put another key in its place.',
  ],
  'record.digest': [
    'The record has this hash',
    'The signature is over the hash: any other record has another one.',
  ],
  'record.signature': [
    'The key signed this record',
    'Only the holder of the private key can make this signature, and only over exactly these ' +
      'bytes.',
  ],
  'record.anchor': [
    'This is a key that you trust',
    'Anybody can make a key and sign with it; only an id that you have from elsewhere says ' +
      'whose it is.',
  ],
};

/** The key, when it is the one that is named. */
async function keyStep(steps, point, named) {
  if (!point) {
    steps.skip('record.key', [], 'the public key is not here: add GET /v1/keys/KEY.pem');
    return null;
  }
  const expected = named ?? 'a point on its curve';
  return steps.hold('record.key', ['key'], expected, point, async () => {
    const key = keyOfPoint(point);
    await importKey(key);
    const id = await keyId(key);
    if (named && id !== named) throw new Error(id);
    return { ...key, id, found: id };
  });
}

export async function verifyRecord(evidence, anchors) {
  const parts = new Parts(evidence);
  const steps = new Steps(words);
  const { key: named, alg } = evidence.facts;
  const [record, signature] = [parts.get('record'), parts.get('signature')];
  const curve = curveOfSize(signature.length);
  steps.add('record.form', ['signature'], {
    ok: curve !== undefined && (alg ?? curve.alg) === curve.alg,
    expected: alg ?? 'ES256 or ES384',
    found: curve ? `${curve.alg}, ${signature.length} bytes` : `${signature.length} bytes`,
    bytes: signature,
  });
  const key = await keyStep(steps, parts.get('key'), named);
  const missing = 'the record is not here: add GET /v1/records/ID/data';
  const used = key?.curve ?? curve;
  if (record && used) {
    const found = `${used.hash} ${hex(await digestOf(used, record))}`;
    steps.add('record.digest', ['record'], { ok: true, expected: found, found, bytes: record });
  } else steps.skip('record.digest', [], missing);
  await steps.signature(
    'record.signature',
    ['record', 'signature', 'key'],
    named ?? 'the key',
    record,
    () => verifies(key, signature, record),
    !record ? missing : key ? null : 'not checked: the key is missing or wrong',
  );
  const id = key?.id ?? named;
  steps.add('record.anchor', [], anchorResult(anchors.keys, id, 'id of a key'));
  const which = evidence.facts.name ?? evidence.facts.record;
  const given = which == null ? '' : `, given as record ${which}`;
  const verified = `Key ${id}, which you trust, signed exactly these bytes${given}.`;
  return report(steps.all, sentencesOf(verified, 'the id of the key that you trust'));
}
