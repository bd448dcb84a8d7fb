// SPDX-License-Identifier: Apache-2.0
//
// A ledger client and auditor in JavaScript. Every operation with a key is done
// by the jose library or Node.js. This file uses nothing of chancery but the
// formats that crypto/README.md describes.

import { spawn, spawnSync } from 'node:child_process';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as jose from 'jose';

export const messageType = 'chancery-message+jws';

const text = new TextEncoder();

export const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Runs a subcommand and returns its JSON answer. */
export function run(chancery, data, ...args) {
  const ran = spawnSync(chancery, ['--data', data, ...args, '--json'], {
    encoding: 'utf8',
  });
  if (ran.status !== 0)
    throw new Error(`chancery ${args.join(' ')}: ${ran.stderr}`);
  return JSON.parse(ran.stdout);
}

/** `chancery node --stdin`, one answer for each line. */
export class NodeProcess {
  constructor(chancery, data, ...args) {
    this.child = spawn(chancery, ['--data', data, 'node', '--stdin', ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.lines = createInterface({ input: this.child.stdout })[
      Symbol.asyncIterator
    ]();
    this.ended = new Promise((resolve) => this.child.on('exit', resolve));
  }

  async ask(line) {
    this.child.stdin.write(line + '\n');
    const { value } = await this.lines.next();
    return JSON.parse(value);
  }

  async close() {
    this.child.stdin.end();
    return this.ended;
  }
}

/** Verifies the node's keys JWS and returns the keys. */
export async function nodeKeys(jws) {
  const claimed = JSON.parse(Buffer.from(jws.split('.')[1], 'base64url'));
  const [sig, enc] = claimed.keys;
  const key = await jose.importJWK(sig, 'ES256');
  const { payload, protectedHeader } = await jose.compactVerify(jws, key, {
    algorithms: ['ES256'],
  });
  const keys = JSON.parse(Buffer.from(payload));
  const id = await jose.calculateJwkThumbprint(sig);
  if (protectedHeader.typ !== 'chancery-keys+jws') throw new Error('typ');
  if (id !== keys.node || id !== protectedHeader.kid) throw new Error('id');
  if (sig.use !== 'sig' || enc.use !== 'enc') throw new Error('use');
  return {
    id,
    signing: key,
    signingJwk: sig,
    encryption: await jose.importJWK(enc, 'ECDH-ES'),
    encryptionId: await jose.calculateJwkThumbprint(enc),
    blockSize: keys.block_size,
  };
}

/** A client with a fresh identity. */
export class Client {
  static async create(node) {
    const client = new Client();
    const pair = await jose.generateKeyPair('ES256', { extractable: true });
    client.node = node;
    client.key = pair.privateKey;
    const { kty, crv, x, y } = await jose.exportJWK(pair.publicKey);
    client.jwk = { kty, crv, x, y };
    client.id = await jose.calculateJwkThumbprint(client.jwk);
    client.sequence = 0;
    return client;
  }

  sign(payload, header) {
    const bytes =
      typeof payload === 'string' ? payload : JSON.stringify(payload);
    return new jose.CompactSign(text.encode(bytes))
      .setProtectedHeader({ alg: 'ES256', kid: this.id, ...header })
      .sign(this.key);
  }

  registration() {
    return this.sign(
      { v: 1, client: this.id, node: this.node.id, time: now() },
      { typ: 'chancery-registration+jws', jwk: this.jwk },
    );
  }

  payload(body) {
    return {
      v: 1,
      client: this.id,
      seq: ++this.sequence,
      time: now(),
      node: this.node.id,
      body,
    };
  }

  message(payload) {
    return this.sign(payload, { typ: messageType });
  }

  encrypt(jws, parameters = {}) {
    return new jose.CompactEncrypt(text.encode(jws))
      .setProtectedHeader({
        alg: 'ECDH-ES',
        enc: 'A256GCM',
        kid: this.node.encryptionId,
        cty: messageType,
      })
      .setKeyManagementParameters(parameters)
      .encrypt(this.node.encryption);
  }
}

const now = () => new Date().toISOString();

/** Verifies a receipt's signature and returns its payload. */
export async function receipt(jws, node) {
  const { payload, protectedHeader } = await jose.compactVerify(
    jws,
    node.signing,
    { algorithms: ['ES256'] },
  );
  if (protectedHeader.typ !== 'chancery-receipt+jws') throw new Error('typ');
  return JSON.parse(Buffer.from(payload));
}

/** RFC 9162 section 2.1.1, over leaf hashes. */
export function merkleRoot(leaves) {
  if (leaves.length === 1) return leaves[0];
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(
    Buffer.of(1),
    merkleRoot(leaves.slice(0, split)),
    merkleRoot(leaves.slice(split)),
  );
}

export const leafHash = (jws) => sha256(Buffer.of(0), jws);

/** RFC 9162 section 2.1.3.2. */
export function rootOfPath(leaf, index, size, path) {
  let fn = index;
  let sn = size - 1;
  let hash = leaf;
  for (const sibling of path) {
    if (sn === 0) throw new Error('the path is too long');
    if (fn % 2 === 1 || fn === sn) {
      hash = sha256(Buffer.of(1), sibling, hash);
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2);
        sn = Math.floor(sn / 2);
      }
    } else {
      hash = sha256(Buffer.of(1), hash, sibling);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  if (sn !== 0) throw new Error('the path is too short');
  return hash;
}

/** Verifies a block's signature and parses its header of 144 bytes. */
export function readBlock(block, node) {
  const bytes = Buffer.from(block.header, 'base64url');
  if (bytes.length !== 144) throw new Error('length');
  if (bytes.toString('latin1', 0, 16) !== '\x93chancery block\n')
    throw new Error('magic');
  const key = createPublicKey({ key: node.signingJwk, format: 'jwk' });
  const signed = verify(
    'sha256',
    bytes,
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(block.signature, 'base64url'),
  );
  if (!signed) throw new Error('signature');
  return {
    version: bytes.readUInt32BE(16),
    index: Number(bytes.readBigUInt64BE(20)),
    previous: bytes.subarray(28, 60),
    root: bytes.subarray(60, 92),
    firstMessage: Number(bytes.readBigUInt64BE(92)),
    count: bytes.readUInt32BE(100),
    time: Number(bytes.readBigUInt64BE(104)),
    node: bytes.subarray(112, 144).toString('base64url'),
    hash: sha256(bytes),
  };
}

/** Decrypts a keyring file of ours with jose and returns its private keys. */
export async function openKeyring(file, passphrase) {
  const { plaintext } = await jose.compactDecrypt(
    readFileSync(file, 'utf8').trim(),
    text.encode(passphrase),
    {
      keyManagementAlgorithms: ['PBES2-HS512+A256KW'],
      maxPBES2Count: 10_000_000,
    },
  );
  return JSON.parse(Buffer.from(plaintext)).keys;
}

export const storedPassphrase = (folder) =>
  readFileSync(join(folder, 'passphrase'), 'utf8').trimEnd();
