// SPDX-License-Identifier: Apache-2.0
//
// What the API answers of seals, for openapi.test.mjs.

import assert from 'node:assert/strict';

const compactType = 'application/jose';
const flattenedType = 'application/jose+json';

/** The seal that the description shows. */
export const exampleSeal = (contract, type = compactType) =>
  contract.operations.get('checkSeal').operation.requestBody.content[type].example;

/** Both forms, a broken one, and texts that are none. */
export async function judgesSeals(call, contract) {
  const judged = async (type, body) => {
    const answer = await call('checkSeal', { type, body });
    assert.equal(answer.status, 200);
    return { ...answer.body, judged_at: '' };
  };
  const compact = await judged(compactType, exampleSeal(contract));
  assert.equal(compact.signature, 'valid');
  assert.equal(compact.verdict, 'indeterminate'); // the server trusts nobody
  const flattened = JSON.stringify(exampleSeal(contract, flattenedType));
  assert.deepEqual(await judged(flattenedType, flattened), compact);
  const broken = await judged(compactType, exampleSeal(contract).replace(/.$/, 'A'));
  assert.equal(broken.verdict, 'invalid');
  assert.equal(broken.level, 'none');
  const none = await judged(compactType, 'a.b.c');
  assert.equal(none.verdict, 'invalid');
  assert.equal(none.signer, null);
}
