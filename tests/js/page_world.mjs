// SPDX-License-Identifier: Apache-2.0
//
// What the tests of the page look at: servers with blocks and records, with
// nothing, with seals, with tokens; and hosts of copies of the page.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import * as ledger from './ledger.mjs';
import { Service } from './service.mjs';

export const blockSize = 100;
export const blocks = 2;
export const pending = 34;
export const named = 300;
export const unnamed = 12;
export const unsigned = 8;

const subject = 'C=EE,O=Trial AS,organizationIdentifier=VATEE-123456789,CN=Seal {n}';
const nameOf = (i) => `INV-${String(i).padStart(5, '0')}`;
const rows = (count, first = 0) =>
  Array.from({ length: count }, (_, i) => JSON.stringify({ invoice: nameOf(first + i), total: i }));

async function post(service, path, type, body) {
  const headers = { 'Content-Type': type };
  const answer = await fetch(service.url + path, { method: 'POST', headers, body });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.text();
}

export const get = async (service, path) => (await fetch(service.url + path)).json();

/** Registers clients, and lets them send messages by turns, in one request. */
export async function sendMessages(service, clients, count, event = 'reading') {
  const { keys } = await get(service, '/v1/node');
  const node = await ledger.nodeKeys(keys);
  const senders = [];
  for (let i = 0; i < clients; ++i) {
    senders.push(await ledger.Client.create(node));
    await post(service, '/v1/clients', 'application/jose', await senders[i].registration());
  }
  const lines = [];
  for (let i = 0; i < count; ++i) {
    const from = senders[i % clients];
    const payload = from.payload({ event, number: i });
    lines.push(await from.encrypt(await from.message(payload)));
  }
  await post(service, '/v1/messages', 'application/x-ndjson', lines.join('\n'));
  return senders;
}

/** Two blocks and some messages; records with and without names, the last unsigned. */
export async function startFull() {
  const service = Service.prepare(process.env.CHANCERY);
  service.run('init', '--keys', '100');
  service.import(rows(named));
  service.import(rows(unnamed).map((row) => row.replace('invoice', 'bill')), null);
  service.run('sign', '--batch-size', '10');
  service.import(rows(unsigned, named));
  await service.serve('--no-signing');
  service.clients = await sendMessages(service, 3, blocks * blockSize + pending);
  service.node = (await get(service, '/v1/node')).node;
  return service;
}

export async function startEmpty(...options) {
  const service = Service.prepare(process.env.CHANCERY);
  await service.serve(...options);
  return service;
}

/** Asks for tokens; `token` may read, `sender` only submit. */
export async function startGuarded(...options) {
  const service = Service.prepare(process.env.CHANCERY);
  service.run('init', '--keys', '2');
  const make = (name, scope) => service.run('token', 'make', name, '--scope', scope).trim();
  service.token = make('reader', 'read');
  service.sender = make('sender', 'submit');
  await service.serve(...options);
  return service;
}

/** Sealed records; `root` is the authority's certificate, PEM. */
export async function startSealed() {
  const service = Service.prepare(process.env.CHANCERY);
  service.run('init', '--purpose', 'seal', '--keys', '2');
  service.run('keys', 'ca', 'init', '--name', 'O=Trial AS,CN=Tests trial CA');
  service.run('keys', 'ca', 'issue', '--all', '--subject', subject);
  service.import(rows(3));
  service.run('sign', '--content-type', 'application/json');
  await service.serve('--no-ledger');
  service.root = readFileSync(join(service.data, 'ca.pem'), 'utf8');
  return service;
}

const types = {
  '.html': 'text/html',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** A host of a folder's files, which sends no policy. */
export class StaticHost {
  static async start(folder) {
    const host = new StaticHost();
    host.server = createServer((request, answer) => {
      const path = normalize(new URL(request.url, 'http://host').pathname);
      try {
        const file = join(folder, path === '/' ? 'index.html' : path);
        const contents = readFileSync(file);
        answer.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream');
        answer.end(contents);
      } catch {
        answer.writeHead(404).end();
      }
    });
    await new Promise((resolve) => host.server.listen(0, '127.0.0.1', resolve));
    host.url = `http://127.0.0.1:${host.server.address().port}`;
    return host;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
