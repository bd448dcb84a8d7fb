// SPDX-License-Identifier: Apache-2.0
//
// Seals that `chancery export` writes, for programs of others: npm's jose, and a
// script with OpenSSL alone. `chancery check` says the same of all.
//
//   CHANCERY_SEALS=10000   how many records are exported under chains of others

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
  constructor(curve, batchSize, count, authority) {
    this.data = join(folder, `${curve}-${batchSize}`);
    this.records = Array.from({ length: count }, () => randomBytes(randomInt(1, 10_001)));
    this.run('init', '--purpose', 'seal', '--curve', curve, '--keys', '3');
    if (authority) authority.certify(this);
    else this.certify();
    const table = join(folder, 'records.csv');
    const rows = this.records.map((record, i) => `${i},${record.toString('hex')}\n`);
    writeFileSync(table, 'number,body\n' + rows.join(''));
    this.run('records', 'import', table, '--format', 'csv', '--name-column', 'number',
      '--record-column', 'body', '--record-encoding', 'hex');
    this.run('sign', '--batch-size', String(batchSize), '--content-type', 'application/octet-stream');
  }

  certify() {
    this.run('keys', 'ca', 'init', '--name', 'O=Trial Invoices AS,CN=Tests trial CA');
    this.run('keys', 'ca', 'issue', '--all', '--subject', subject);
  }

  run(...args) {
    return execFileSync(process.env.CHANCERY, ['--data', this.data, ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}

/** An authority of the openssl command line, with `length` - 1 issuers below it. */
class Authority {
  constructor(folder, length) {
    this.folder = folder;
    this.names = Array.from({ length }, (_, i) => `ca${i}`); // the root first
    const common = 'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n';
    writeFileSync(join(folder, 'ca.ext'),
      common + 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n');
    writeFileSync(join(folder, 'leaf.ext'),
      common + 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,nonRepudiation\n');
    for (const [i, name] of this.names.entries()) {
      this.openssl('ecparam', '-genkey', '-name', 'prime256v1', '-noout', '-out', `${name}.key`);
      this.openssl('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`);
      this.sign(`${name}.csr`, i === 0 ? ['-signkey', 'ca0.key'] : this.issuer(i - 1), 'ca.ext',
        `${name}.pem`);
    }
  }

  openssl(...args) {
    return execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }

  issuer(i) {
    return ['-CA', `ca${i}.pem`, '-CAkey', `ca${i}.key`, '-CAcreateserial'];
  }

  sign(request, issuer, extensions, out) {
    this.openssl('x509', '-req', '-in', request, ...issuer, '-days', '9', '-extfile', extensions,
      '-out', out);
  }

  /** Certificates for all keys of the folder, by their requests. */
  certify(sealed) {
    sealed.run('keys', 'csr', '--all', '--subject', subject, '--out', join(this.folder, 'requests'));
    const requests = readdirSync(join(this.folder, 'requests')).filter((n) => n.endsWith('.csr'));
    for (const name of requests)
      this.sign(`requests/${name}`, this.issuer(this.names.length - 1), 'leaf.ext',
        `requests/${name}.pem`);
    sealed.run('keys', 'certificates', 'import', ...[
      ...requests.map((name) => `requests/${name}.pem`),
      ...this.names.slice(1).map((name) => `${name}.pem`),
    ].map((name) => join(this.folder, name)), '--ca', join(this.folder, 'ca0.pem'));
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

const all = Number(process.env.CHANCERY_SEALS ?? 1000);
for (const curve of ['p256', 'p384'])
  for (const length of [1, 2, 3])
    test(`chains of ${length} on ${curve}`, async () => {
      const place = mkdtempSync(join(folder, 'chain-'));
      const sealed = new Sealed(curve, 10 * length, Math.ceil(all / 6), new Authority(place, length));
      const ca = join(place, 'ca0.pem');
      const out = join(place, 'out');
      sealed.run('export', '--out', out);
      sealed.run('check', ...filesBelow(out), '--ca', ca);
      const roots = certificatesIn(readFileSync(ca, 'utf8'));
      const seals = [...sealsIn('export', sealed.run('export'))];
      assert.equal(seals.length, sealed.records.length);
      for (const [i, [name, seal]] of seals.entries()) {
        const { payload, protectedHeader } = await verifySeal(seal, roots);
        assert.deepEqual(Buffer.from(payload), sealed.records[i], name);
        assert.equal(protectedHeader.x5c.length, length);
      }
      const [first] = filesBelow(out);
      const taken = spawnSync('sh', ['verify_seal.sh', ca, first]);
      assert.deepEqual(taken.stdout, sealed.records[0]);
    });

test('VERIFY.txt tells a customer how jose checks the seal', () => {
  const sealed = new Sealed('p256', 2, 2);
  const out = `${sealed.data}-customer`;
  sealed.run('export', '--for-customer', '1', '--out', out);
  assert.deepEqual(readFileSync(join(out, 'record.bin')), sealed.records[1]);
  const text = readFileSync(join(out, 'VERIFY.txt'), 'utf8');
  const lines = text.split('\n').filter((line) => line.startsWith('#      '));
  const from = lines.findIndex((line) => line.includes("from 'node:fs'"));
  const program = lines.slice(from).map((line) => line.slice(7)).join('\n');
  const run = () =>
    spawnSync(process.execPath, ['--input-type=module', '-e', program.replaceAll("read('", `read('${out}/`)],
      { encoding: 'utf8' });
  assert.equal(run().stdout, 'the seal is good\n', run().stderr);
  writeFileSync(join(out, 'seal.jws'), changed(readFileSync(join(out, 'seal.jws'), 'utf8')));
  assert.notEqual(run().status, 0);
});
