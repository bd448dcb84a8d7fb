// SPDX-License-Identifier: Apache-2.0
//
// Seals that npm's jose signs under certificates of the openssl command line:
// `chancery check`, jose, and a script with OpenSSL alone say the same of them.
// With CHANCERY_VECTORS, of those that others made, too.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate, createHash, createPrivateKey, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CompactSign, FlattenedSign } from 'jose';
import { certificatesIn, sealsIn, verifySeal } from './seals.mjs';
import { Service } from './service.mjs';

const folder = mkdtempSync(join(tmpdir(), 'chancery-seals-'));
after(() => rmSync(folder, { recursive: true }));
const at = (name) => join(folder, name);

/** Makes root, issuing and signer certificates on a curve: root -> (issuing ->) signer. */
function makeCertificates(curve, length) {
  const name = (role) => `${curve}-${length}-${role}`;
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${curve}`, '-nodes'];
  const authority = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n';
  const ids = 'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n';
  const files = (role) => ['-keyout', `${name(role)}.key`];
  openssl('req', '-x509', ...key, ...files('0'), '-out', `${name('0')}.pem`, '-days', '9',
    '-subj', `/C=EE/O=Tests AS/CN=${name('0')}`,
    ...authority.trim().split('\n').flatMap((line) => ['-addext', line]));
  for (let i = 1; i <= length; ++i) {
    const [above, own] = [name(String(i - 1)), name(String(i))];
    const profile = i < length ? authority
      : 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,nonRepudiation\n'
        + 'authorityInfoAccess=caIssuers;URI:http://127.0.0.1/a.cer\n'
        + 'crlDistributionPoints=URI:http://127.0.0.1/a.crl\n';
    writeFileSync(at(`${own}.ext`), ids + profile);
    openssl('req', '-new', ...key, ...files(String(i)), '-out', `${own}.csr`,
      '-subj', `/C=EE/O=Tests AS/CN=${own}`);
    openssl('x509', '-req', '-in', `${own}.csr`, '-CA', `${above}.pem`, '-CAkey', `${above}.key`,
      '-days', '8', '-extfile', `${own}.ext`, '-out', `${own}.pem`);
  }
  const pem = (i) => readFileSync(at(`${name(String(i))}.pem`), 'utf8');
  return {
    alg: curve === 'P-256' ? 'ES256' : 'ES384',
    ca: at(`${name('0')}.pem`),
    roots: certificatesIn(pem(0)),
    // without the root
    chain: Array.from({ length }, (_, i) => new X509Certificate(pem(length - i))),
    key: createPrivateKey(readFileSync(at(`${name(String(length))}.key`))),
  };
}

function headerOf({ alg, chain }) {
  return {
    alg,
    typ: 'chancery-record+jws',
    'x5t#S256': createHash('sha256').update(chain[0].raw).digest('base64url'),
    x5c: chain.map(({ raw }) => raw.toString('base64')),
    iat: Math.floor(Date.now() / 1000),
  };
}

/** What `chancery check` says, as JSON. */
function check(seal, ca, ...options) {
  const input = typeof seal === 'string' ? seal : JSON.stringify(seal);
  const run = spawnSync(process.env.CHANCERY, ['check', '-', '--ca', ca, '--json', ...options], {
    input,
    encoding: 'utf8',
  });
  const report = JSON.parse(run.stdout);
  const codes = { valid: 0, invalid: 1, indeterminate: 3 };
  assert.equal(run.status, codes[report.verdict], run.stderr);
  return report;
}

/** Whether OpenSSL alone takes it. */
function opensslTakes(seal, ca) {
  writeFileSync(at('seal.jws'), seal);
  const run = spawnSync('sh', ['verify_seal.sh', ca, at('seal.jws')]);
  return run.status === 0 ? run.stdout : null;
}

const joseTakes = (seal, roots) =>
  verifySeal(seal, roots).then(
    ({ payload }) => Buffer.from(payload),
    () => null,
  );

for (const curve of ['P-256', 'P-384'])
  for (const length of [1, 2, 3])
    test(`seals on ${curve} under ${length} certificates are good for all`, async () => {
      const certificates = makeCertificates(curve, length);
      const { ca, roots, key } = certificates;
      for (const size of [1, 2, 3, 31, 1000, 10000]) {
        const record = randomBytes(size);
        const seal = await new CompactSign(record)
          .setProtectedHeader(headerOf(certificates))
          .sign(key);
        const report = check(seal, ca);
        assert.deepEqual(
          [report.verdict, report.level, report.certificate, report.record_size],
          ['valid', 'B-B', 'valid', size],
        );
        assert.deepEqual(await joseTakes(seal, roots), record);
        assert.deepEqual(opensslTakes(seal, ca), record);
        const place = Math.floor(Math.random() * seal.length);
        const other = seal[place] === 'A' ? 'B' : 'A';
        const changed = seal.slice(0, place) + other + seal.slice(place + 1);
        assert.notEqual(check(changed, ca).verdict, 'valid', `byte ${place} changed`);
        assert.equal(await joseTakes(changed, roots), null);
        assert.equal(opensslTakes(changed, ca), null);
      }
      const flattened = await new FlattenedSign(Buffer.from('a record'))
        .setProtectedHeader(headerOf(certificates))
        .sign(key);
      assert.equal(check(flattened, ca).verdict, 'valid');
      assert.deepEqual(await joseTakes(flattened, roots), Buffer.from('a record'));
    });

test('a service judges seals under its own roots', async () => {
  const [own, other] = [makeCertificates('P-256', 2), makeCertificates('P-384', 1)];
  const service = await Service.start(
    process.env.CHANCERY,
    '--no-signing',
    '--trust-ca',
    own.ca,
  );
  try {
    const verdict = async (certificates) => {
      const seal = await new CompactSign(Buffer.from('a record'))
        .setProtectedHeader(headerOf(certificates))
        .sign(certificates.key);
      const answer = await fetch(service.url + '/v1/check', {
        method: 'POST',
        headers: { 'Content-Type': 'application/jose' },
        body: seal,
      });
      assert.equal(answer.status, 200);
      const { verdict, certificate } = await answer.json();
      return [verdict, certificate];
    };
    assert.deepEqual(await verdict(own), ['valid', 'valid']);
    assert.deepEqual(await verdict(other), ['invalid', 'untrusted']);
  } finally {
    await service.stop();
  }
});

test('lines of an export are read', () => {
  const lines = '{"record":7,"jws":"a.b.c"}\n{"record":8,"jws":"d.e.f"}\n';
  assert.deepEqual([...sealsIn('x', lines)], [
    ['x, record 7', 'a.b.c'],
    ['x, record 8', 'd.e.f'],
  ]);
  const flattened = { payload: 'a', protected: 'b', signature: 'c' };
  assert.deepEqual([...sealsIn('x', JSON.stringify(flattened))], [['x', flattened]]);
  assert.deepEqual([...sealsIn('x', 'a.b.c')], [['x', 'a.b.c']]);
});

const vectors = process.env.CHANCERY_VECTORS && join(process.env.CHANCERY_VECTORS, 'jades');
const skip = vectors ? false : 'CHANCERY_VECTORS is not set';

test('seals of others are good and bad for all', { skip }, async () => {
  const { cases } = JSON.parse(readFileSync(join(vectors, 'compact.json'), 'utf8'));
  for (const { name, jws, jose, level, certificate, ca } of cases) {
    const root = join(vectors, 'pki', ca);
    const taken = (await joseTakes(jws, certificatesIn(readFileSync(root, 'utf8')))) !== null;
    const trusted = certificate === 'valid' || certificate === 'warning';
    if (jose === 'valid' && level === 'B-B' && trusted) {
      assert.ok(taken, name);
      assert.ok(opensslTakes(jws, root), name);
      assert.equal(check(jws, root, '--at', 'iat').verdict, 'valid', name);
    } else if (jose === 'invalid' || !trusted) {
      assert.ok(!taken, name);
      assert.ok(!opensslTakes(jws, root), name);
      assert.notEqual(check(jws, root, '--at', 'iat').verdict, 'valid', name);
    } else {
      assert.notEqual(check(jws, root, '--at', 'iat').verdict, 'valid', name);
    }
  }
});

test('flattened seals of others are good for jose, whatever is not signed', { skip }, async () => {
  const { cases } = JSON.parse(readFileSync(join(vectors, 'flattened.json'), 'utf8'));
  const root = join(vectors, 'pki/ca.pem');
  const roots = certificatesIn(readFileSync(root, 'utf8'));
  for (const { name, jws, level } of cases) {
    assert.ok(await joseTakes(jws, roots), name);
    if (level !== 'any') assert.equal(check(jws, root, '--at', 'iat').level, level, name);
  }
});
