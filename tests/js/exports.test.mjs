// SPDX-License-Identifier: Apache-2.0
//
// Seals that `chancery export` writes, for programs of others: npm's jose, and a
// script with OpenSSL alone. `chancery check` says the same of all.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { certificatesIn, sealsIn, verifySeal } from './seals.mjs';

const folder = mkdtempSync(join(tmpdir(), 'chancery-exports-'));
after(() => rmSync(folder, { recursive: true }));

const subject = 'C=EE,O=Trial Invoices AS,organizationIdentifier=VATEE-123456789,CN=Invoice seal {n}';

/** A data folder with sealed records of 1 to 10,000 random bytes. */
class Sealed {
  constructor(curve, batchSize, count) {
    this.data = join(folder, `${curve}-${batchSize}`);
    this.records = Array.from({ length: count }, () => randomBytes(randomInt(1, 10_001)));
    this.run('init', '--purpose', 'seal', '--curve', curve, '--keys', '3');
    this.run('keys', 'ca', 'init', '--name', 'O=Trial Invoices AS,CN=Tests trial CA');
    this.run('keys', 'ca', 'issue', '--all', '--subject', subject);
    const table = join(folder, 'records.csv');
    const rows = this.records.map((record, i) => `${i},${record.toString('hex')}\n`);
    writeFileSync(table, 'number,body\n' + rows.join(''));
    this.run('records', 'import', table, '--format', 'csv', '--name-column', 'number',
      '--record-column', 'body', '--record-encoding', 'hex');
    this.run('sign', '--batch-size', String(batchSize), '--content-type', 'application/octet-stream');
  }

  run(...args) {
    return execFileSync(process.env.CHANCERY, ['--data', this.data, ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}

/** Another character of base64url at a random place. */
function changed(text) {
  const place = randomInt(text.length);
  const other = text[place] === 'A' ? 'B' : 'A';
  return text.slice(0, place) + other + text.slice(place + 1);
}

const filesBelow = (path) =>
  readdirSync(path, { recursive: true })
    .filter((name) => name.endsWith('.jws'))
    .sort()
    .map((name) => join(path, name));

for (const [curve, batchSize] of [['p256', 1], ['p256', 7], ['p384', 7]])
  test(`seals on ${curve} in batches of ${batchSize} are good for others`, async () => {
    const sealed = new Sealed(curve, batchSize, 30);
    const out = `${sealed.data}-out`;
    sealed.run('export', '--out', out);
    const ca = join(out, 'ca.pem');
    const roots = certificatesIn(readFileSync(ca, 'utf8'));

    for (const more of [[], ['--flattened']]) {
      const lines = sealed.run('export', '--format', 'jades', ...more);
      const seals = [...sealsIn('export', lines)];
      assert.equal(seals.length, sealed.records.length);
      for (const [i, [name, seal]] of seals.entries()) {
        const { payload, protectedHeader } = await verifySeal(seal, roots);
        assert.deepEqual(Buffer.from(payload), sealed.records[i], name);
        assert.equal(protectedHeader.typ, 'chancery-record+jws');
        assert.equal(protectedHeader.cty, 'octet-stream');
      }
    }

    const files = filesBelow(out);
    assert.equal(files.length, sealed.records.length);
    sealed.run('check', ...files, '--ca', ca);
    for (const [i, file] of files.entries()) {
      const taken = (path) => spawnSync('sh', ['verify_seal.sh', ca, path]);
      if (i % 5 === 0) assert.deepEqual(taken(file).stdout, sealed.records[i], file);
      const wrong = changed(readFileSync(file, 'utf8'));
      await assert.rejects(async () => verifySeal(wrong, roots), file);
      const path = join(folder, 'wrong.jws');
      writeFileSync(path, wrong);
      if (i % 5 === 0) assert.notEqual(taken(path).status, 0, file);
      const judged = spawnSync(process.env.CHANCERY, ['check', path, '--ca', ca]);
      assert.ok([1, 3].includes(judged.status), file);
    }
  });
