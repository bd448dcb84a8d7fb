// SPDX-License-Identifier: Apache-2.0
//
// Puts items together: which receipt, proof, keys and neighbouring block belong to which message,
// by what they say about themselves. Nothing is verified here; the steps do that, so that a wrong
// match shows as a step that does not hold. All bytes that are verified are in `parts`, decoded,
// so that each of them can be flipped; `facts` are what the items claim beside. Pure functions.

import { keyOfJwk } from './ecdsa.mjs';
import { concat, hashOf } from './encoding.mjs';
import { readHeader } from './block_header.mjs';
import { recordEvidence } from './record_evidence.mjs';
import { sealEvidence } from './seal_evidence.mjs';

const valuesOf = (items, ...kinds) =>
  items.filter(({ kind }) => kinds.includes(kind)).map(({ value }) => value);

const part = (name, label, bytes, form = 'hex') => ({ name, label, bytes, form });

const jwsParts = (name, label, { header, payload, signature }) => [
  part(`${name}.header`, `${label}, header`, header, 'json'),
  part(`${name}.payload`, `${label}, payload`, payload, 'json'),
  part(`${name}.signature`, `${label}, signature`, signature),
];

function headerOf(bytes) {
  if (!bytes) return null;
  try {
    return readHeader(bytes);
  } catch {
    return null;
  }
}

const placeOf = (node, index) => `${node} ${index}`;

/** What other items give to a message, a receipt or a block. */
class Supports {
  constructor(items) {
    const firstOf = (pairs) => new Map([...pairs].reverse());
    this.nodeKeys = firstOf(valuesOf(items, 'node_keys').map(({ node, jws }) => [node, jws]));
    const named = valuesOf(items, 'client', 'registration').map(({ client, jwk }) => [client, jwk]);
    this.clients = firstOf(named);
    const keys = valuesOf(items, 'public_key', 'key_set').flat();
    this.keys = firstOf(keys.map(({ id, key }) => [id, key]));
    this.leaves = valuesOf(items, 'leaves');
    this.headers = new Map(); // by place; of several in one place the first
    const proven = valuesOf(items, 'proof').map(({ block }) => block);
    for (const { header } of [...valuesOf(items, 'block', 'header'), ...proven]) {
      const read = headerOf(header);
      const place = read && placeOf(read.node, read.index);
      if (read && !this.headers.has(place)) this.headers.set(place, header);
    }
  }

  /** Adds the parts of the node's keys, or says that they are missing. */
  addNode(evidence, node) {
    evidence.facts.node = node;
    const keys = this.nodeKeys.get(node);
    if (keys) evidence.parts.push(...jwsParts('keys', "the node's keys", keys));
    else evidence.missing.push({ kind: 'node_keys', why: 'the keys of the node: GET /v1/node' });
  }

  addClient(evidence, client) {
    let point = this.keys.get(client)?.point;
    try {
      point ??= keyOfJwk(this.clients.get(client)).point;
    } catch {
      // a damaged key is as good as none
    }
    if (point) evidence.parts.push(part('client.key', "the client's key, x and y", point));
    else
      evidence.missing.push({ kind: 'client', why: `the client's key: GET /v1/clients/${client}` });
  }

  /** The parts of a block, and of the one before it if that is here. */
  addBlock(evidence, { header, signature, claimed }) {
    const own = headerOf(header);
    const why = `the block's signature: GET /v1/blocks/${own?.index ?? 'N'}`;
    evidence.parts.push(part('block.header', "the block's header", header));
    if (signature)
      evidence.parts.push(part('block.signature', "the block's signature", signature));
    else evidence.missing.push({ kind: 'block', why });
    if (claimed) evidence.facts.claimed = claimed;
    if (own) evidence.facts.block = own.index;
    if (!own || own.index === 0) return;
    const previous = this.headers.get(placeOf(own.node, own.index - 1));
    if (previous)
      evidence.parts.push(part('previous.header', 'the header before it', previous));
    else
      evidence.missing.push({
        kind: 'block',
        why: `the block before it: GET /v1/blocks/${own.index - 1}`,
      });
  }

  /** All leaves of a block, from all pages that are here. */
  addLeaves(evidence, { header }) {
    const own = headerOf(header);
    const leaves = new Map();
    for (const value of this.leaves)
      if (value.block === own?.index)
        for (const { index, leaf } of value.leaves)
          if (index >= own.first_message && index < own.first_message + own.count)
            leaves.set(index, leaf);
    const sorted = [...leaves].sort(([a], [b]) => a - b).map(([, leaf]) => leaf);
    if (sorted.length > 0)
      evidence.parts.push(part('leaves', "the block's leaves", concat(...sorted)));
    else
      evidence.missing.push({
        kind: 'leaves',
        why: `the leaves of its tree: GET /v1/blocks/${own?.index ?? 'N'}/messages`,
      });
  }
}

/** Messages with the receipts and proofs that are about them. */
function groups(items) {
  const found = new Map(); // by leaf
  const bySender = new Map(); // by client and number
  const sender = ({ client, seq }) => (client && seq ? placeOf(client, seq) : null);
  const of = (message, leaf) => {
    if (!found.has(leaf)) found.set(leaf, { message, leaf });
    const group = found.get(leaf);
    group.message ??= message;
    const from = message && sender(message.payload);
    if (from && !bySender.has(from)) bySender.set(from, group);
    return group;
  };
  for (const message of valuesOf(items, 'message')) of(message, message.leaf);
  const receipts = valuesOf(items, 'receipt');
  for (const stored of valuesOf(items, 'stored_message')) {
    const group = of(stored.message, stored.message.leaf);
    group.index = stored.index;
    if (stored.receipt) group.receipt = stored.receipt;
  }
  for (const proof of valuesOf(items, 'proof'))
    of(proof.message, proof.message?.leaf ?? proof.leaf).proof = proof;
  for (const receipt of receipts) {
    const { leaf } = receipt.payload;
    const group = found.get(leaf) ?? bySender.get(sender(receipt.payload));
    if (group) group.receipt ??= receipt;
    else found.set(leaf ?? receipt, { leaf, receipt });
  }
  return [...found.values()];
}

function messageEvidence(group, supports) {
  const { message, receipt, proof } = group;
  const evidence = { kind: 'message', title: '', parts: [], facts: {}, missing: [] };
  const index = proof?.index ?? group.index ?? receipt?.payload.index ?? null;
  const { client, seq, node } = message?.payload ?? receipt?.payload ?? {};
  const path = `/v1/messages/${index ?? 'N'}`;
  if (index !== null) evidence.facts.index = index;
  if (client) Object.assign(evidence.facts, { client, seq });
  evidence.title = index === null ? `message ${seq} of client ${client}` : `message ${index}`;
  if (message) {
    evidence.parts.push(...jwsParts('message', 'the message', message.jws));
    supports.addClient(evidence, client);
  } else {
    evidence.parts.push(part('leaf', "the message's leaf", hashOf(proof.leaf)));
    evidence.missing.push({ kind: 'message', why: `the message itself: GET ${path}` });
  }
  if (receipt) evidence.parts.push(...jwsParts('receipt', 'the receipt', receipt.jws));
  if (proof) {
    const { leaf, leaf_index, tree_size } = proof;
    Object.assign(evidence.facts, { leaf, leaf_index, tree_size });
    evidence.parts.push(part('path', 'the path to the root', concat(...proof.path)));
    supports.addBlock(evidence, proof.block);
  } else
    evidence.missing.push({ kind: 'proof', why: `its place in a block: GET ${path}/proof` });
  supports.addNode(evidence, node ?? headerOf(proof?.block.header)?.node);
  return evidence;
}

function receiptEvidence({ receipt }, supports) {
  const { index, client, seq, node } = receipt.payload;
  const path = `/v1/messages/${index ?? 'N'}`;
  const evidence = {
    kind: 'receipt',
    title: `receipt of message ${index}`,
    parts: jwsParts('receipt', 'the receipt', receipt.jws),
    facts: { index, client, seq },
    missing: [{ kind: 'message', why: `the message that it is about: GET ${path}` }],
  };
  supports.addNode(evidence, node);
  return evidence;
}

function blockEvidence(block, supports) {
  const own = headerOf(block.header);
  const evidence = {
    kind: 'block',
    title: `block ${own?.index ?? '?'}`,
    parts: [],
    facts: {},
    missing: [],
  };
  supports.addBlock(evidence, block);
  supports.addLeaves(evidence, block);
  supports.addNode(evidence, own?.node);
  return evidence;
}

/** One for each message, receipt, block, record and seal: {kind, title, parts, facts, missing}. */
export function evidenceOf(items) {
  const supports = new Supports(items);
  return [
    ...groups(items).map((group) =>
      group.message || group.proof
        ? messageEvidence(group, supports)
        : receiptEvidence(group, supports),
    ),
    ...valuesOf(items, 'block', 'header').map((block) => blockEvidence(block, supports)),
    ...recordEvidence(items),
    ...sealEvidence(items),
  ];
}

/** A copy in which one bit of a part is another. */
export function withFlippedBit(evidence, partName, offset, bit = 0) {
  const parts = evidence.parts.map((old) =>
    old.name === partName ? { ...old, bytes: old.bytes.slice() } : old,
  );
  const changed = parts.find(({ name }) => name === partName)?.bytes;
  if (!(offset >= 0 && offset < changed?.length))
    throw new RangeError(`there is no byte ${offset} of ${partName}`);
  changed[offset] ^= 1 << (bit & 7);
  return { ...evidence, parts };
}
