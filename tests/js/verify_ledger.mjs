// SPDX-License-Identifier: Apache-2.0
//
// Real messages, receipts, blocks and records: they verify under the right anchor alone, and each
// changed bit breaks the step that names it. The program says the same of proofs and signatures.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  base64url, evidenceOf, fromUtf8, recognise, utf8, verify, withFlippedBit,
} from '../../apps/web/verify.mjs';
import { anyBit, below } from './verify_random.mjs';
import {
  blockSize, brokenStep, itemOf, messageCount, only, stepOf, World,
} from './verify_world.mjs';

const flips = 1000;
const stranger = 'A'.repeat(43);
let world;
let anchors;
const messages = []; // evidence of each
let receipt;
let block;
let record;
let signed; // the answer of the record's signature

before(async () => {
  world = await World.make();
  for (let i = 0; i < messageCount; ++i)
    messages.push(only(await world.messageItems(i), 'message'));
  const stored = await world.json('/v1/messages/20');
  receipt = only([world.nodeItem, await recognise(utf8(stored.receipt + '\n'))], 'receipt');
  block = evidenceOf(await world.blockItems(3)).find(({ title }) => title === 'block 3');
  signed = await world.json('/v1/records/1/signature');
  const paths = ['signature', 'data'].map((what) => `/v1/records/1/${what}`);
  const items = [...paths, `/v1/keys/${signed.key}.pem`].map(world.item);
  record = only(await Promise.all(items), 'record');
  anchors = { node: world.node.id, keys: [signed.key] };
});

after(() => world?.stop());

/** The evidence of a message that these answers make, with the keys of node and clients. */
async function messageOf(...answers) {
  const items = await Promise.all(answers.map((answer) => itemOf(answer)));
  return only([world.nodeItem, ...world.clientItems, ...items], 'message');
}

const evidences = () => [...messages, receipt, block, record];

test('real ones verify under the right anchor alone', async () => {
  for (const evidence of evidences()) {
    const good = await verify(evidence, anchors);
    assert.equal(good.verdict, 'verified', `${evidence.title}: ${good.sentence}`);
    assert.equal(good.broken, -1);
    assert.ok(good.steps.every(({ ok }) => ok === true));
    const free = await verify(evidence, {});
    assert.equal(free.verdict, 'unanchored', evidence.title);
    assert.ok(free.steps.every(({ id, ok }) => ok === (id.endsWith('.anchor') ? null : true)));
    const other = await verify(evidence, { node: stranger, keys: [stranger] });
    assert.equal(other.verdict, 'broken', evidence.title);
    assert.match(brokenStep(other), /\.anchor$/);
  }
});

test('nothing that was dropped becomes an anchor', async () => {
  const items = [...(await world.messageItems(7)), ...(await world.blockItems(2))];
  items.push(await world.item('/v1/keys'), await world.item('/v1/records/0'));
  items.push(await world.item('/v1/records/0/data'));
  const all = evidenceOf(items);
  assert.deepEqual(new Set(all.map(({ kind }) => kind)), new Set(['message', 'block', 'record']));
  for (const evidence of all)
    assert.equal((await verify(evidence, {})).verdict, 'unanchored', evidence.title);
});

/** The steps at which a change of a part may show first. */
const expectedSteps = {
  'message.header': ['message.form'],
  'message.payload': ['message.form', 'message.signature'],
  'message.signature': ['message.signature'],
  'client.key': ['client.key'],
  'keys.header': ['node.key'],
  'keys.payload': ['node.key', 'node.keys'],
  'keys.signature': ['node.keys'],
  'receipt.header': ['receipt.form'],
  'receipt.payload': ['receipt.form', 'receipt.signature'],
  'receipt.signature': ['receipt.signature'],
  'block.header': ['block.form', 'block.signature'],
  'block.signature': ['block.signature'],
  path: ['path'],
  leaves: ['leaves'],
  'previous.header': ['link'],
  record: ['record.signature'],
  signature: ['record.signature'],
  key: ['record.key'],
};

async function breaks(evidence, { name, offset, bit }, steps) {
  const report = await verify(withFlippedBit(evidence, name, offset, bit), anchors);
  const where = `bit ${bit} of byte ${offset} of ${name} of ${evidence.title}`;
  assert.equal(report.verdict, 'broken', where);
  assert.ok(steps.includes(brokenStep(report)), `${where}: ${brokenStep(report)}`);
}

test('a changed bit breaks at the step that names it', async () => {
  const others = [receipt, block, record];
  const seen = new Set();
  for (let i = 0; i < flips; ++i) {
    const evidence = i % 10 < 7 ? messages[below(messageCount)] : others[below(3)];
    const bit = anyBit(evidence);
    seen.add(bit.name);
    await breaks(evidence, bit, expectedSteps[bit.name]);
  }
  assert.deepEqual([...seen].sort(), Object.keys(expectedSteps).sort());
});

/** [evidence, part, the text or the offset there, step]. */
const places = () => [
  [messages[40], 'message.header', 'ES256', 'message.form'],
  [messages[40], 'message.payload', 'number', 'message.signature'],
  [messages[40], 'message.payload', '"seq"', 'message.form'],
  [messages[40], 'message.signature', 0, 'message.signature'],
  [messages[40], 'client.key', 33, 'client.key'],
  [messages[40], 'receipt.payload', '"index":4', 'receipt.form'],
  [messages[40], 'receipt.signature', 63, 'receipt.signature'],
  [messages[40], 'keys.payload', '"block_size":1', 'node.key'],
  [messages[40], 'keys.signature', 20, 'node.keys'],
  [messages[40], 'path', 0, 'path'],
  [messages[40], 'path', 95, 'path'],
  [messages[40], 'block.header', 3, 'block.form'], // magic
  [messages[40], 'block.header', 19, 'block.form'], // version
  [messages[40], 'block.header', 27, 'block.signature'], // index
  [messages[40], 'block.header', 28, 'block.signature'], // previous
  [messages[40], 'block.header', 91, 'block.signature'], // root
  [messages[40], 'block.header', 103, 'block.signature'], // count
  [messages[40], 'block.header', 111, 'block.signature'], // time
  [messages[40], 'block.header', 143, 'block.signature'], // node
  [messages[40], 'previous.header', 60, 'link'],
  [block, 'leaves', 32 * blockSize - 1, 'leaves'],
  [record, 'record', 0, 'record.signature'],
  [record, 'signature', 32, 'record.signature'],
  [record, 'key', 0, 'record.key'],
];

test('a change at a named place breaks its step', async () => {
  for (const [evidence, name, at, step] of places()) {
    const { bytes } = evidence.parts.find((part) => part.name === name);
    const found = typeof at === 'number' ? at : Buffer.from(bytes).indexOf(at) + 1;
    assert.ok(typeof at === 'number' || found > 0, `${name} has no ${at}`);
    await breaks(evidence, { name, offset: found, bit: 0 }, [step]);
  }
});

test('what is missing is said, and never verified', async () => {
  const items = await world.messageItems(30);
  const without = async (...kinds) => {
    const evidence = only(items.filter(({ kind }) => !kinds.includes(kind)), 'message');
    const report = await verify(evidence, anchors);
    const open = report.steps.filter(({ ok }) => ok === null).map(({ id }) => id);
    const missing = evidence.missing.map(({ kind }) => kind);
    return { verdict: report.verdict, open, missing };
  };
  assert.deepEqual(await without('client'), {
    verdict: 'incomplete', open: ['message.signature'], missing: ['client'],
  });
  const noKeys = await without('node_keys');
  assert.equal(noKeys.verdict, 'incomplete');
  assert.deepEqual(noKeys.open, ['node.key', 'receipt.signature', 'block.signature']);
  const noProof = await without('proof');
  assert.equal(noProof.verdict, 'verified');
  assert.deepEqual(noProof.missing, ['proof']);
  const stored = await world.json('/v1/messages/30');
  const untaken = await verify(await messageOf({ jws: stored.jws }), anchors);
  assert.equal(untaken.verdict, 'incomplete');
  assert.equal(stepOf(untaken, 'node.took').ok, null);
});

test('a proof of a leaf alone shows what it can', async () => {
  const { jws, ...leafOnly } = await world.json('/v1/messages/30/proof');
  const report = await verify(only([world.nodeItem, await itemOf(leafOnly)], 'message'), anchors);
  assert.equal(report.verdict, 'incomplete');
  assert.equal(stepOf(report, 'path').ok, true);
  const joined = await verify(await messageOf(leafOnly, { jws }), anchors);
  assert.equal(joined.verdict, 'verified');
});

test('a receipt and a proof of another message are found out', async () => {
  const own = await world.json('/v1/messages/30');
  const other = await world.json('/v1/messages/32');
  const report = await verify(await messageOf({ ...own, receipt: other.receipt }), anchors);
  assert.equal(brokenStep(report), 'receipt.about');
  const proof = await world.json('/v1/messages/30/proof');
  const moved = { ...proof, index: 31, leaf_index: proof.leaf_index + 1 };
  const wrong = await verify(await messageOf(moved), anchors);
  assert.equal(brokenStep(wrong), 'path');
  const claimed = { ...proof, block: { ...proof.block, index: 5 } };
  const lie = await verify(await messageOf(claimed), anchors);
  assert.equal(brokenStep(lie), 'block.claims');
});

test('a block that does not follow the one before is found out', async () => {
  const blocks = await Promise.all([3, 4].map((i) => world.json(`/v1/blocks/${i}`)));
  const header = Buffer.from(blocks[0].header, 'base64url');
  header[111] ^= 1; // another block 3, which the node never signed
  const items = [world.nodeItem, await itemOf(blocks[1]), await recognise(new Uint8Array(header))];
  const report = await verify(evidenceOf(items)[0], anchors);
  assert.equal(brokenStep(report), 'link');
});

test('leaves of other numbers are none of a block', async () => {
  const page = await world.json('/v1/blocks/3/messages');
  const leaves = page.leaves.map(({ index, leaf }) => ({ index: index + 1, leaf }));
  const others = await itemOf({ ...page, leaves });
  const items = [world.nodeItem, await world.item('/v1/blocks/3'), others];
  const report = await verify(evidenceOf(items)[0], anchors);
  assert.equal(report.verdict, 'incomplete');
  assert.equal(stepOf(report, 'leaves').ok, null);
});

/** Changes one character of a text in a proof. */
function changed(proof, change) {
  const copy = structuredClone(proof);
  change(copy);
  return copy;
}
const other = (text) => text.slice(0, -2) + (text.at(-2) === 'A' ? 'B' : 'A') + text.at(-1);

test('the program says the same of proofs', async () => {
  const proof = await world.json('/v1/messages/30/proof');
  const proofs = [
    proof,
    JSON.parse(world.service.run('--json', 'chain', 'proof', '31')),
    changed(proof, (p) => (p.path[1] = other(p.path[1]))),
    changed(proof, (p) => (p.leaf = other(p.leaf))),
    changed(proof, (p) => (p.jws = other(p.jws))),
    changed(proof, (p) => (p.block.header = other(p.block.header))),
    changed(proof, (p) => (p.block.signature = other(p.block.signature))),
    changed(proof, (p) => (p.index += 1)),
    changed(proof, (p) => (p.tree_size -= 1)),
    changed(proof, (p) => p.path.pop()),
    changed(proof, (p) => (p.block.hash = other(p.block.hash))),
  ];
  const file = join(world.service.folder, 'proof.json');
  for (const [i, each] of proofs.entries()) {
    writeFileSync(file, JSON.stringify(each));
    const args = ['--data', world.service.data, '--json', 'chain', 'proof', '--check', file];
    const ran = spawnSync(process.env.CHANCERY, args, { encoding: 'utf8' });
    const { verdict } = await verify(await messageOf(each), anchors);
    assert.equal(verdict === 'verified', JSON.parse(ran.stdout).verified, `proof ${i}`);
    assert.equal(verdict === 'verified', i < 2, `proof ${i}`);
  }
});

test('the program says the same of signatures', async () => {
  const data = await world.bytes('/v1/records/1/data');
  const pem = await world.item(`/v1/keys/${signed.key}.pem`);
  for (let i = 0; i < 20; ++i) {
    const signature = Buffer.from(signed.signature, 'base64url');
    if (i > 0) signature[below(64)] ^= 1 << below(8);
    const line = { ...signed, signature: base64url(signature) };
    const question = { text: fromUtf8(data), signature: line.signature, key: signed.key };
    const answer = await world.post('/v1/verify', 'application/json', JSON.stringify(question));
    const items = [await itemOf(line), await recognise(data), pem];
    const { verdict } = await verify(only(items, 'record'), anchors);
    assert.equal(verdict === 'verified', JSON.parse(answer).valid, answer);
    assert.equal(verdict === 'verified', i === 0);
  }
});

test('a signature in DER verifies with the key beside it', async () => {
  const paths = ['/v1/records/1/signature.der', '/v1/records/1/data', `/v1/keys/${signed.key}.pem`];
  const evidence = only(await Promise.all(paths.map(world.item)), 'record');
  assert.equal((await verify(evidence, anchors)).verdict, 'verified');
  assert.equal((await verify(evidence, {})).verdict, 'unanchored');
});
