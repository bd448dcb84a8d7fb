// SPDX-License-Identifier: Apache-2.0
//
// Vectors of others: inclusion proofs of transparency-dev, ECDSA, JWS and JWK of Wycheproof. They
// are not part of this project: without CHANCERY_VECTORS the tests are skipped.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  curves, importKey, keyOfJwk, keyOfPoint, keyOfSpki, pemBlocks, verifies,
} from '../../apps/web/ecdsa.mjs';
import { readSigned, signingInput, splitJws } from '../../apps/web/jose.mjs';
import { fromBase64, fromHex, same } from '../../apps/web/encoding.mjs';
import {
  leafHash, merkleLevels, merklePath, merkleRoot, rootOfPath,
} from '../../apps/web/merkle.mjs';

export const vectors = process.env.CHANCERY_VECTORS;
const options = { skip: vectors ? false : 'CHANCERY_VECTORS is not set' };
const read = (...path) => JSON.parse(readFileSync(join(vectors, ...path), 'utf8'));

/** Whether a path leads to the root, as a proof's part has it: hashes of 32 bytes. */
async function proves({ leafIdx, treeSize, root, leafHash: leaf, proof }) {
  const hashes = (proof ?? []).map(fromBase64);
  const [from, to] = [leaf, root].map((text) => fromBase64(text ?? ''));
  if (leafIdx < 0 || [from, ...hashes].some(({ length }) => length !== 32)) return false;
  try {
    return same(await rootOfPath(from, leafIdx, treeSize, hashes), to);
  } catch {
    return false;
  }
}

test('inclusion proofs of others are judged as they say', options, async () => {
  const folder = join(vectors, 'merkle', 'inclusion');
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.json'));
  assert.ok(files.length > 90);
  for (const file of files) {
    const vector = read('merkle', 'inclusion', file);
    assert.equal(await proves(vector), !vector.wantErr, file);
  }
});

for (const [name, file] of [
  ['P-256', 'ecdsa_secp256r1_sha256_p1363_test.json'],
  ['P-384', 'ecdsa_secp384r1_sha384_p1363_test.json'],
])
  test(`ECDSA on ${name} is judged as Wycheproof says`, options, async () => {
    let checked = 0;
    for (const group of read('wycheproof', file).testGroups) {
      const key = keyOfPoint(fromHex(group.publicKey.uncompressed).subarray(1));
      const spki = keyOfSpki(pemBlocks(group.publicKeyPem, 'PUBLIC KEY')[0]);
      assert.equal(key.curve, curves[name]);
      assert.ok(same(spki.point, key.point));
      for (const { tcId, msg, sig, result } of group.tests) {
        const good = await verifies(key, fromHex(sig), fromHex(msg));
        if (result !== 'acceptable') assert.equal(good, result === 'valid', `vector ${tcId}`);
        checked += 1;
      }
    }
    assert.ok(checked > 250);
  });

async function verifiesText(jws, key) {
  try {
    const parts = splitJws(jws);
    return await verifies(key, parts.signature, signingInput(parts));
  } catch {
    return false;
  }
}

test('ES256 is judged as Wycheproof says', options, async () => {
  const counts = { valid: 0, invalid: 0 };
  const { testGroups } = read('wycheproof', 'json_web_signature_test.json');
  for (const { public: jwk, tests } of testGroups) {
    if (jwk?.alg !== 'ES256') continue;
    for (const { jws, result, tcId } of tests) {
      assert.equal(await verifiesText(jws, keyOfJwk(jwk)), result === 'valid', `vector ${tcId}`);
      assert.throws(() => readSigned(splitJws(jws), 'chancery-message+jws'));
      counts[result] += 1;
    }
  }
  assert.deepEqual(counts, { valid: 2, invalid: 37 });
});

test('keys that Wycheproof calls invalid are refused', options, async () => {
  let checked = 0;
  for (const group of read('wycheproof', 'json_web_key_test.json').testGroups)
    if (['invalid_point', 'wrong_kty'].includes(group.comment))
      for (const jwk of group.public.keys) {
        await assert.rejects(async () => importKey(keyOfJwk(jwk)));
        checked += 1;
      }
  assert.equal(checked, 2);
});

test('paths and levels of trees of every small size lead to the root', async () => {
  const data = Array.from({ length: 33 }, (_, i) => Uint8Array.of(i));
  const leaves = await Promise.all(data.map(leafHash));
  for (let size = 1; size <= leaves.length; ++size) {
    const some = leaves.slice(0, size);
    const root = await merkleRoot(some);
    const levels = await merkleLevels(some);
    assert.deepEqual(levels.at(-1), [{ hash: root, from: 0, to: size }]);
    for (const level of levels) {
      const begins = level.map(({ from }) => from);
      assert.deepEqual(level.map(({ to }) => to), [...begins.slice(1), size]);
    }
    for (const index of new Set([0, size >> 1, size - 1])) {
      const path = await merklePath(some, index);
      assert.ok(same(await rootOfPath(some[index], index, size, path), root));
      await assert.rejects(rootOfPath(some[index], index, size, [...path, root]));
      if (size > 1) await assert.rejects(rootOfPath(some[index], index, size, path.slice(1)));
    }
  }
});
