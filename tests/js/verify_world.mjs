// SPDX-License-Identifier: Apache-2.0
//
// A ledger and signed records of a real `chancery serve`, and its answers as items for verify.mjs.

import assert from 'node:assert/strict';
import * as ledger from './ledger.mjs';
import { evidenceOf, fromUtf8, recognise, utf8 } from '../../apps/web/verify.mjs';
import { Service } from './service.mjs';

export const blockSize = 13; // no power of two: trees with right edges
export const messageCount = 255; // 19 blocks, and 8 messages in none yet

export const itemOf = (json, name = '') => recognise(utf8(JSON.stringify(json)), name);

/** The one evidence that some items make. */
export function only(items, kind) {
  const found = evidenceOf(items).filter((each) => each.kind === kind);
  assert.equal(found.length, 1, `${found.length} of kind ${kind}`);
  return found[0];
}

export const stepOf = (report, id) => report.steps.find((step) => step.id === id);
export const brokenStep = (report) => report.steps[report.broken]?.id;

export class World {
  static async make() {
    const world = new World();
    world.service = await Service.start(process.env.CHANCERY, '--block-size', String(blockSize));
    world.node = await ledger.nodeKeys((await world.json('/v1/node')).keys);
    await world.fill();
    world.nodeItem = await world.item('/v1/node');
    world.clientItems = await Promise.all(
      world.clients.map(({ id }) => world.item(`/v1/clients/${id}`)),
    );
    return world;
  }

  /** Two clients that send messages in turn. */
  async fill() {
    this.clients = [await ledger.Client.create(this.node), await ledger.Client.create(this.node)];
    for (const client of this.clients)
      await this.post('/v1/clients', 'application/jose', await client.registration());
    const lines = [];
    for (let i = 0; i < messageCount; ++i) {
      const client = this.clients[i % 2];
      const jws = await client.message(client.payload({ number: i, text: 'Grüße', list: [1.5] }));
      lines.push(await client.encrypt(jws));
    }
    await this.post('/v1/messages', 'application/x-ndjson', lines.join('\n'));
    assert.equal((await this.json('/v1/node')).messages, messageCount);
  }

  async post(path, type, body) {
    const headers = { 'Content-Type': type };
    const answer = await fetch(this.service.url + path, { method: 'POST', headers, body });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.text();
  }

  async bytes(path) {
    const answer = await fetch(this.service.url + path);
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  }

  json = async (path) => JSON.parse(fromUtf8(await this.bytes(path)));

  item = async (path) => recognise(await this.bytes(path), path);

  isInBlock = (index) => index < messageCount - (messageCount % blockSize);

  /** Everything about a message. */
  async messageItems(index) {
    const items = [this.nodeItem, ...this.clientItems, await this.item(`/v1/messages/${index}`)];
    const block = Math.floor(index / blockSize);
    if (this.isInBlock(index)) items.push(await this.item(`/v1/messages/${index}/proof`));
    if (this.isInBlock(index) && block > 0) items.push(await this.header(block - 1));
    return items;
  }

  /** A block's 144 bytes alone, so that it is no evidence of its own signature. */
  async header(index) {
    this.headers ??= new Map();
    if (!this.headers.has(index)) {
      const { header } = await this.json(`/v1/blocks/${index}`);
      this.headers.set(index, await recognise(new Uint8Array(Buffer.from(header, 'base64url'))));
    }
    return this.headers.get(index);
  }

  async blockItems(index) {
    const paths = [`/v1/blocks/${index}`, `/v1/blocks/${index}/messages?limit=8`];
    paths.push(`/v1/blocks/${index}/messages?limit=8&after=${index * blockSize + 7}`);
    const items = await Promise.all(paths.map(this.item));
    return [this.nodeItem, ...items, await this.header(index - 1)];
  }

  stop = () => this.service.stop();
}
