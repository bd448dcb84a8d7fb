// SPDX-License-Identifier: Apache-2.0
//
// The steps for a message, a receipt and a block. What they show rests on what came before: keys
// before the signatures under them, a header's signature before what the header says, that before
// the path to its root. So the first step that does not hold names what was changed. A later step
// goes on with what is claimed, and is skipped where only a broken one could give it a key. The
// anchor comes last: it compares the node's id with the one that the user gave. README.md has the
// order with its reasons. Pure functions.

import { base64url, hashOf, hex, same, utf8, concat } from './encoding.mjs';
import { compactJws, signingInput } from './jose.mjs';
import { importKey, keyId, keyOfPoint, verifies } from './ecdsa.mjs';
import { leafHash, merkleRoot, rootOfPath, sha256 } from './merkle.mjs';
import { ledgerWords, sentencesOf } from './ledger_words.mjs';
import { readHeader } from './block_header.mjs';
import { readMessage, readNodeKeys, readReceipt } from './ledger_objects.mjs';
import { anchorResult, Parts, report, Steps } from './steps.mjs';

/** The hashes in a part that holds one behind the other. */
function hashesOf(bytes) {
  const hashes = [];
  for (let at = 0; at < bytes.length; at += 32) hashes.push(bytes.subarray(at, at + 32));
  return hashes;
}

class LedgerWalk {
  constructor(evidence, anchors) {
    this.parts = new Parts(evidence);
    this.facts = evidence.facts;
    this.anchors = anchors;
    this.steps = new Steps(ledgerWords);
    this.node = { id: null, key: null };
  }

  /** Form, key and signature of the client's message. */
  async message() {
    const reads = this.parts.names('message.');
    const jws = this.parts.jws('message');
    if (!jws) {
      for (const id of ['message.form', 'message.signature'])
        this.steps.skip(id, [], 'the message is not here: add GET /v1/messages/N');
      return null;
    }
    this.compact = utf8(compactJws(jws));
    const form = 'ES256, exactly its members';
    const content = await this.steps.hold('message.form', reads, form, jws.header, () => ({
      ...readMessage(jws),
      found: 'a message of version 1',
    }));
    const point = this.parts.get('client.key');
    const key = point && (await this.clientKey(point, content));
    const missing = point ? 'the key is not the one of the client' : 'the key is missing';
    await this.steps.signature(
      'message.signature',
      [...reads, 'client.key'],
      'the client',
      signingInput(jws),
      () => verifies(key, jws.signature, signingInput(jws)),
      key ? null : `not checked: ${missing}`,
    );
    return content;
  }

  /** The key, when it is the one that the client's id is made of. */
  async clientKey(point, content) {
    const expected = content?.client ?? this.facts.client ?? '';
    return this.steps.hold('client.key', ['client.key'], expected, point, async () => {
      const key = keyOfPoint(point);
      if (key.curve.name !== 'P-256') throw new Error('the key is not on P-256');
      await importKey(key);
      const id = await keyId(key);
      if (id !== expected) throw new Error(id);
      return { ...key, found: id };
    });
  }

  /** The node's key, bound to its id, and its own signature over its keys. */
  async nodeKeys(named) {
    const reads = this.parts.names('keys.');
    const jws = this.parts.jws('keys');
    this.node = { id: named ?? null, key: null };
    if (!jws) return this.steps.skip('node.key', [], 'the keys are not here: add GET /v1/node');
    const form = 'the fingerprint of the key';
    const read = await this.steps.hold('node.key', reads, form, jws.payload, async () => {
      const keys = await readNodeKeys(jws);
      return { ...keys, found: keys.id };
    });
    if (read) this.node = { id: read.id, key: read.key };
    await this.nodeSignature('node.keys', reads, jws.signature, signingInput(jws));
  }

  async nodeSignature(id, reads, signature, bytes) {
    const { key } = this.node;
    await this.steps.signature(
      id,
      reads,
      'the node',
      bytes,
      () => verifies(key, signature, bytes),
      key ? null : "not checked: the node's key is missing or wrong",
    );
  }

  async receipt() {
    const jws = this.parts.jws('receipt');
    if (!jws) return null;
    const reads = this.parts.names('receipt.');
    const form = 'ES256, exactly its members';
    const content = await this.steps.hold('receipt.form', reads, form, jws.header, () => {
      const read = readReceipt(jws);
      if (read.node !== this.node.id) throw new Error('it is the receipt of another node');
      return { ...read, found: 'a receipt of version 1' };
    });
    await this.nodeSignature('receipt.signature', reads, jws.signature, signingInput(jws));
    return content;
  }

  /** Whether client, number and leaf of the receipt are the message's. */
  async about(receipt, message) {
    const leaf = this.compact ? await leafHash(this.compact) : this.parts.get('leaf');
    const claim = ({ client, seq, node, index, leaf: of }) =>
      `client ${client}, seq ${seq}, node ${node}, message ${index}, leaf ${of}`;
    const index = this.facts.index ?? receipt.index;
    const { client, seq, node } = message ?? receipt;
    const own = { client, seq, node, index, leaf: base64url(leaf) };
    const reads = this.parts.names('receipt.');
    this.steps.compare('receipt.about', reads, claim(own), claim(receipt), this.compact ?? leaf);
  }

  /** The header, its signature, and what is said about it beside. */
  async block() {
    const bytes = this.parts.get('block.header');
    if (!bytes) return null;
    const reads = ['block.header'];
    const header = await this.steps.hold('block.form', reads, '144 bytes', bytes, () => {
      const read = readHeader(bytes);
      return { ...read, found: `block ${read.index} with ${read.count} messages` };
    });
    const signature = this.parts.get('block.signature');
    if (signature)
      await this.nodeSignature('block.signature', [...reads, 'block.signature'], signature, bytes);
    else this.steps.skip('block.signature', reads, 'its signature is not here: GET /v1/blocks/N');
    if (header) await this.claims(header, bytes);
    return header;
  }

  async claims(header, bytes) {
    const { index, leaf_index: at, tree_size: size, claimed } = this.facts;
    const { index: number, first_message, count, time, node } = header;
    const [previous, root] = [header.previous, header.root].map(base64url);
    const hash = base64url(await sha256(bytes));
    const signed = { index: number, hash, previous, root, first_message, count, time, node };
    const differing = Object.entries(signed)
      .filter(([name, value]) => claimed && claimed[name] !== value)
      .map(([name]) => name);
    if (node !== this.node.id) differing.push('node');
    if (size !== undefined) {
      if (size !== count) differing.push('tree_size');
      if (index - first_message !== at || at >= count) differing.push('leaf_index');
    }
    const names = [...new Set(differing)];
    this.steps.add('block.claims', ['block.header'], {
      ok: names.length === 0,
      expected: 'the same number, hash, place and node',
      found: names.length === 0 ? `hash ${hash}` : `it differs in ${names.join(', ')}`,
      bytes,
    });
  }

  /** The hash of the message against each claim; the leaf for the path. */
  async leaf(receipt) {
    const own = this.compact ? await leafHash(this.compact) : this.parts.get('leaf');
    const reads = this.compact ? this.parts.names('message.') : ['leaf'];
    const claimed = this.facts.leaf ?? receipt?.leaf;
    const bytes = this.compact ? concat(Uint8Array.of(0), this.compact) : own;
    if (!claimed) {
      this.steps.skip('leaf', reads, 'not checked: the receipt that names it is damaged');
      return own;
    }
    const ok = this.steps.compare('leaf', reads, claimed, base64url(own), bytes);
    return ok ? own : (hashOf(claimed) ?? own);
  }

  async path(leaf, header) {
    const bytes = this.parts.get('path');
    const expected = base64url(header.root);
    await this.steps.hold('path', ['path'], expected, bytes, async () => {
      const { leaf_index: at, tree_size: size } = this.facts;
      const found = base64url(await rootOfPath(leaf, at, size, hashesOf(bytes)));
      if (found !== expected) throw new Error(found);
      return { found };
    });
  }

  async leaves(header) {
    const bytes = this.parts.get('leaves');
    if (!bytes) return;
    const leaves = hashesOf(bytes);
    if (leaves.length < header.count) {
      const some = `${leaves.length} of ${header.count} leaves are here: add the other pages`;
      return this.steps.skip('leaves', ['leaves'], some);
    }
    const root = base64url(await merkleRoot(leaves));
    this.steps.compare('leaves', ['leaves'], base64url(header.root), root, bytes);
  }

  /** The hash of the header before, or zeros in the first block. */
  async link(header) {
    const bytes = this.parts.get('previous.header');
    const expected = hex(header.previous);
    if (header.index === 0)
      return this.steps.compare('link', ['block.header'], expected, '00'.repeat(32));
    if (!bytes) return;
    await this.steps.hold('link', ['previous.header'], expected, bytes, async () => {
      const found = await sha256(bytes);
      if (!same(found, header.previous)) throw new Error(hex(found));
      const before = readHeader(bytes);
      if (before.index + 1 !== header.index || before.node !== header.node)
        throw new Error('its number or its node is not the one before');
      if (before.first_message + before.count !== header.first_message)
        throw new Error('it leaves a gap between the messages');
      return { found: hex(found) };
    });
  }

  /** A receipt names the last block before the message; a block names the one before it. */
  receiptBlock(receipt, header) {
    const before = receipt?.block;
    if (!before || before.index < header.index - 1) return;
    const expected = `block ${header.index - 1}, ${base64url(header.previous)}`;
    const found = `block ${before.index}, ${before.hash}`;
    this.steps.compare('receipt.block', ['receipt.payload', 'block.header'], expected, found);
  }

  anchor() {
    const result = anchorResult(this.anchors.node, this.node.id, 'id of a node');
    this.steps.add('node.anchor', [], result);
  }

  report(verified) {
    return report(this.steps.all, sentencesOf(verified, 'the id of the node that you trust'));
  }
}

export async function verifyMessage(evidence, anchors) {
  const walk = new LedgerWalk(evidence, anchors);
  const { parts, facts, steps } = walk;
  const message = await walk.message();
  await walk.nodeKeys(facts.node);
  if (message) steps.compare('message.node', ['message.payload'], walk.node.id, message.node);
  const receipt = await walk.receipt();
  if (receipt) await walk.about(receipt, message);
  const header = await walk.block();
  if (parts.has('receipt.header') || parts.has('path')) {
    const leaf = await walk.leaf(receipt);
    if (header) await walk.path(leaf, header);
    else if (parts.has('path')) steps.skip('path', ['path'], 'not checked: the header is damaged');
  } else steps.skip('node.took', [], 'neither a receipt nor a proof is here');
  if (header) {
    await walk.link(header);
    walk.receiptBlock(receipt, header);
  }
  walk.anchor();
  const taken = `Node ${walk.node.id} has taken this message as number ${facts.index}`;
  return walk.report(
    header
      ? `${taken} and keeps it in block ${header.index}, whose header it signed.`
      : `${taken}, as its receipt says; no proof of its block is here.`,
  );
}

export async function verifyReceipt(evidence, anchors) {
  const walk = new LedgerWalk(evidence, anchors);
  await walk.nodeKeys(evidence.facts.node);
  const receipt = await walk.receipt();
  walk.anchor();
  return walk.report(
    `Node ${walk.node.id} signed that it has taken message ${receipt?.seq} of client ` +
      `${receipt?.client} as number ${receipt?.index}; the message itself is not here.`,
  );
}

export async function verifyBlock(evidence, anchors) {
  const walk = new LedgerWalk(evidence, anchors);
  await walk.nodeKeys(evidence.facts.node);
  const header = await walk.block();
  if (header) {
    await walk.leaves(header);
    await walk.link(header);
  }
  walk.anchor();
  const last = header ? header.first_message + header.count - 1 : '';
  return walk.report(
    `Node ${walk.node.id} signed block ${header?.index}, with the messages ` +
      `${header?.first_message} to ${last}.`,
  );
}
