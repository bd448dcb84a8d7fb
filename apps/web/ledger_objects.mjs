// SPDX-License-Identifier: Apache-2.0
//
// Reads what the ledger's clients and node sign, by the rules of crypto/README.md ("The ledger's
// formats"): exactly these members, whole numbers from 0 to 2^53 - 1, times in RFC 3339. Each
// function throws with a sentence. Pure functions.

import { fromRfc3339, hashOf } from './encoding.mjs';
import { importKey, keyId, keyOfJwk, verifies } from './ecdsa.mjs';
import { isCount, requireMembers } from './json.mjs';
import { readSigned, signingInput } from './jose.mjs';

function require(holds, sentence) {
  if (!holds) throw new Error(sentence);
}

function readPayload(jws, typ, members) {
  const { header, payload } = readSigned(jws, typ);
  requireMembers('its payload', payload, ['v', ...members]);
  require(payload.v === 1, 'its version is not 1');
  for (const name of ['node', 'client', 'leaf'])
    if (members.includes(name))
      require(hashOf(payload[name]), `its ${name} is not base64url of 32 bytes`);
  if (members.includes('time'))
    require(fromRfc3339(payload.time) !== null, 'its time is not RFC 3339 in UTC');
  if (members.includes('seq')) require(isCount(payload.seq, 1), 'its seq is not a whole number');
  return { header, payload };
}

export function readMessage(jws) {
  require(jws.payload.length <= 65_536, 'its payload is longer than 65,536 bytes');
  const members = ['client', 'seq', 'time', 'node', 'body'];
  const { header, payload } = readPayload(jws, 'chancery-message+jws', members);
  require(header.kid === payload.client, 'its kid is not the client that it names');
  return payload;
}

export function readReceipt(jws) {
  const members = ['node', 'client', 'seq', 'index', 'leaf', 'time', 'block'];
  const { header, payload } = readPayload(jws, 'chancery-receipt+jws', members);
  require(header.kid === payload.node, 'its kid is not the node that it names');
  require(isCount(payload.index), 'its index is not a whole number');
  if (payload.block !== null) {
    requireMembers('its block', payload.block, ['index', 'hash']);
    const { index, hash } = payload.block;
    require(isCount(index) && hashOf(hash), 'its block is not a number and a hash');
  }
  return payload;
}

async function readNodeKey(jwk, use, alg) {
  requireMembers('a key', jwk, ['kty', 'crv', 'x', 'y', 'kid', 'use', 'alg']);
  require(jwk.use === use && jwk.alg === alg, `a key is not for use ${use} with ${alg}`);
  const key = keyOfJwk(jwk, use);
  require(key.curve.name === 'P-256', 'a key is not on P-256');
  await importKey(key);
  require((await keyId(key)) === jwk.kid, 'the kid of a key is not its thumbprint');
  return key;
}

/** The same, when the node signed them; throws else. */
export async function verifiedNodeKeys(jws) {
  const read = await readNodeKeys(jws);
  require(await verifies(read.key, jws.signature, signingInput(jws)), 'it did not sign its keys');
  return read;
}

/** {id, key} of the node: its id is the thumbprint of the key that signs. */
export async function readNodeKeys(jws) {
  const members = ['node', 'keys', 'block_size'];
  const { header, payload } = readPayload(jws, 'chancery-keys+jws', members);
  const { keys, node, block_size: size } = payload;
  require(Array.isArray(keys) && keys.length === 2, 'its keys are not exactly two');
  require(isCount(size, 1) && size <= 65_536, 'its block_size is not from 1 to 65,536');
  const key = await readNodeKey(keys[0], 'sig', 'ES256');
  await readNodeKey(keys[1], 'enc', 'ECDH-ES');
  const id = keys[0].kid;
  require(id !== keys[1].kid, 'its two keys are the same');
  const named = node === id && header.kid === id;
  require(named, 'the node that it names is not the thumbprint of its key');
  return { id, key };
}
