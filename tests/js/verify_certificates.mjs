// SPDX-License-Identifier: Apache-2.0
//
// Seals under odd certificates that OpenSSL makes: verify.mjs breaks the step that is there for
// each, and `chancery check` says what it is expected to say beside.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { recognise, utf8, verify } from '../../apps/web/verify.mjs';
import { expect, membersOf, onlyValue, tags, valuesOf } from '../../apps/web/der.mjs';
import { readCertificate } from '../../apps/web/certificate.mjs';
import { brokenStep, only } from './verify_world.mjs';

const folder = mkdtempSync(join(tmpdir(), 'chancery-certificates-'));
after(() => rmSync(folder, { recursive: true }));
const at = (name) => join(folder, name);
const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });

const ca = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];
const leaf = ['basicConstraints=critical,CA:FALSE', 'keyUsage=critical,nonRepudiation'];
const ec = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
let count = 0;

/** A certificate by an issuer, or by itself: {pem, der, key file}. */
function issue(issuer, extensions, { key = ec, more = [], name = `C${count}`, old } = {}) {
  const own = `c${count++}`;
  const subject = ['-subj', `/O=Tests AS/CN=${name}`, '-out', `${own}.csr`];
  const made = ['-newkey', ...key, '-nodes', '-keyout', `${own}.key`];
  openssl('req', '-new', ...(old ? ['-key', old] : made), ...subject);
  writeFileSync(at(`${own}.ext`), extensions.join('\n'));
  const by = issuer
    ? ['-CA', issuer.pem, '-CAkey', issuer.key, '-set_serial', String(1000 + count)]
    : ['-signkey', `${own}.key`];
  openssl('x509', '-req', '-in', `${own}.csr`, ...by, '-days', '9', '-extfile', `${own}.ext`,
    '-out', `${own}.pem`, ...more);
  const pem = readFileSync(at(`${own}.pem`), 'utf8').replace(/-----[^-]+-----|\s/g, '');
  return { pem: `${own}.pem`, key: old ?? `${own}.key`, name, der: Buffer.from(pem, 'base64') };
}

/** A seal by the first certificate, with these inside. */
function seal(chain, more = {}) {
  const [signer] = chain;
  const header = {
    alg: 'ES256',
    'x5t#S256': createHash('sha256').update(signer.der).digest('base64url'),
    x5c: chain.map(({ der }) => der.toString('base64')),
    iat: Math.floor(Date.now() / 1000),
    ...more,
  };
  const input = [JSON.stringify(header), 'a record']
    .map((text) => Buffer.from(text).toString('base64url')).join('.');
  const key = createPrivateKey(readFileSync(at(signer.key)));
  const signature = sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

function cases() {
  const root = issue(null, ca);
  const issuing = issue(root, ca);
  const good = issue(issuing, leaf);
  const plain = issue(root, leaf);
  const noAuthority = issue(root, [leaf[0]]);
  const both = issue(root, [ca[0], 'keyUsage=critical,keyCertSign,nonRepudiation']);
  const noSigning = issue(root, [ca[0], 'keyUsage=critical,cRLSign']);
  const narrow = issue(null, ['basicConstraints=critical,CA:TRUE,pathlen:0', ca[1]]);
  const tooDeep = issue(narrow, ca);
  const sameName = issue(null, ca, { name: issuing.name });
  const weak = issue(null, ca, { key: ['rsa:1024'] });
  const rsa = issue(null, ca, { key: ['rsa:2048'] });
  const padded = ['-sigopt', 'rsa_padding_mode:pss'];
  const under = issue(root, [...ca, 'nameConstraints=critical,permitted;DNS:example.org']);
  const now = Math.floor(Date.now() / 1000);
  const strange = '1.2.3.4=critical,ASN1:NULL';
  return { roots: [root, narrow, weak, rsa], list: [
    // what, the seal, the step that breaks or the verdict, what the program says
    ['a chain', seal([good, issuing]), 'verified', 'valid'],
    ['RSA', seal([issue(rsa, leaf)]), 'verified', 'valid'],
    ['a signature by another', seal([{ ...good, key: plain.key }, issuing]), 'seal.signature',
      'invalid'],
    ['an authority as signer', seal([both]), 'seal.profile', 'invalid'],
    ['no usage for signatures', seal([issue(root, [leaf[0], 'keyUsage=critical,keyEncipherment'])]),
      'seal.profile', 'invalid'],
    ['an issuer that is no authority', seal([issue(noAuthority, leaf), noAuthority]),
      'seal.anchor', 'invalid'],
    ['an issuer that may not sign', seal([issue(noSigning, leaf), noSigning]),
      'seal.anchor', 'invalid'],
    ['a path that is too long', seal([issue(tooDeep, leaf), tooDeep]), 'seal.anchor', 'invalid'],
    ['an unknown critical extension', seal([issue(root, [...leaf, strange])]),
      'seal.anchor', 'invalid'],
    ['an unknown extension', seal([issue(root, [...leaf, strange.replace('critical,', '')])]),
      'verified', 'valid'],
    ['an issuer of the same name', seal([issue(sameName, leaf), issuing]), 'seal.order', 'invalid'],
    ['a chain in another order', seal([plain, issuing]), 'seal.order', 'invalid'],
    ['a weak RSA key', seal([issue(weak, leaf)]), 'seal.anchor', 'invalid'],
    ['a time before the certificate', seal([plain], { iat: now - 9999 }), 'seal.time', 'invalid'],
    ['a time after the certificate', seal([plain], { iat: now + 9999999 }), 'seal.time', 'invalid'],
    // Not judged here, so that nothing vouches for them.
    ['RSA-PSS', seal([issue(rsa, leaf, { more: padded })]), 'unanchored', 'valid'],
    ['name constraints', seal([issue(under, leaf), under]), 'unanchored', 'valid'],
  ] };
}

test('odd certificates break the step that is there for them', async () => {
  const { roots, list } = cases();
  const given = { roots: roots.map(({ der }) => new Uint8Array(der)), at: new Date() };
  for (const [what, text, expected] of list) {
    const report = await verify(only([await recognise(utf8(text))], 'seal'), given);
    assert.equal(brokenStep(report) ?? report.verdict, expected, what);
  }
  list.forEach(([, text], i) => writeFileSync(at(`seal-${i}`), text));
  const files = list.map((_, i) => at(`seal-${i}`));
  const trusted = roots.flatMap(({ pem }) => ['--ca', at(pem)]);
  const args = ['--json', 'check', ...files, ...trusted];
  const ran = spawnSync(process.env.CHANCERY, args, { encoding: 'utf8' });
  const said = ran.stdout.trim().split('\n').map((line) => JSON.parse(line).verdict);
  assert.deepEqual(said, list.map(([, , , verdict]) => verdict));
});

test('a root has to have signed itself, and a path to go on above the leaf', async () => {
  const root = issue(null, ca);
  const issuing = issue(root, ca);
  const own = issue(issuing, leaf);
  const alone = issue(null, leaf);
  const renamed = issue(root, ca, { old: root.key }); // signed by its own key, under two names
  const pairs = [
    [seal([own, issuing]), issuing],
    [seal([alone]), alone],
    [seal([issue(renamed, leaf)]), renamed],
  ];
  for (const [text, trusted] of pairs) {
    const given = { roots: [new Uint8Array(trusted.der)], at: new Date() };
    const report = await verify(only([await recognise(utf8(text))], 'seal'), given);
    assert.equal(brokenStep(report), 'seal.anchor');
  }
});

test('roots given twice, damaged or without a time vouch for no more', async () => {
  const [root, other] = [issue(null, ca), issue(null, ca)];
  const [der, theirs] = [root, other].map((each) => new Uint8Array(each.der));
  const evidence = only([await recognise(utf8(seal([issue(root, leaf)])))], 'seal');
  const verdict = async (roots, at) => (await verify(evidence, { roots, at })).verdict;
  assert.equal(await verdict([der.subarray(1), der, der, theirs], new Date()), 'verified');
  assert.equal(await verdict([der.subarray(1), theirs, theirs], new Date()), 'broken');
  assert.equal(await verdict([der.subarray(1)], new Date()), 'unanchored');
  for (const at of [null, new Date(NaN)]) assert.equal(await verdict([der], at), 'incomplete');
  for (const at of [new Date(0), new Date(8e15)]) assert.equal(await verdict([der], at), 'broken');
});

/** A value in DER. */
function der(tag, ...contents) {
  const content = Buffer.concat(contents);
  const long = content.length > 0xff ? [0x82, content.length >> 8] : [0x81];
  const size = content.length < 0x80 ? [] : long;
  return Buffer.concat([Buffer.from([tag, ...size, content.length & 0xff]), content]);
}

test('a damaged certificate is none', () => {
  const good = issue(null, ca).der;
  assert.doesNotThrow(() => readCertificate(good));
  const [tbs, algorithm, signature] = membersOf(onlyValue(good, tags.sequence));
  const values = membersOf(tbs);
  const list = onlyValue(expect(values.at(-1), 0xa3).content, tags.sequence);
  const whole = (each) => Buffer.from(each.whole);
  const rebuilt = (fields) =>
    der(0x30, der(0x30, ...fields), whole(algorithm), whole(signature));
  const fields = values.slice(0, -1).map(whole);
  const extensions = (...all) => der(0xa3, der(0x30, ...all));
  const all = valuesOf(list.content).map(whole);
  assert.deepEqual(rebuilt([...fields, extensions(...all)]), good);
  const sha384 = der(0x30, Buffer.concat([fields[2].subarray(2, 11), Buffer.of(3)]));
  const other = fields.with(2, sha384);
  const faults = {
    'an extension twice': rebuilt([...fields, extensions(...all, all[0])]),
    'an extension in version 1': rebuilt([...fields.slice(1), extensions(...all)]),
    'two algorithms': rebuilt([...other, extensions(...all)]),
    'a byte behind it': Buffer.concat([good, Buffer.of(0)]),
    'a byte less': good.subarray(0, -1),
  };
  for (const [what, bytes] of Object.entries(faults))
    assert.throws(() => readCertificate(new Uint8Array(bytes)), what);
});
