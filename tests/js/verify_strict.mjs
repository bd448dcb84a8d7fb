// SPDX-License-Identifier: Apache-2.0
//
// What is damaged, strange or spelt otherwise never verifies, and never makes verify.mjs throw.

import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { test } from 'node:test';
import {
  evidenceOf, fromUtf8, headerFields, recognise, thumbprint, utf8, verify,
} from '../../apps/web/verify.mjs';
import {
  bigEndian, fromBase64, fromBase64url, fromHex, fromRfc3339,
} from '../../apps/web/encoding.mjs';
import { membersOf, onlyValue, valuesOf } from '../../apps/web/der.mjs';
import { rawOfDer } from '../../apps/web/ecdsa.mjs';
import { parseJson } from '../../apps/web/json.mjs';
import { below } from './verify_random.mjs';
import { itemOf, stepOf } from './verify_world.mjs';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = publicKey.export({ format: 'jwk' });
const id = await thumbprint(jwk);
const node = 'A'.repeat(43);

const b64 = (text) => Buffer.from(text).toString('base64url');
const ieee = { key: privateKey, dsaEncoding: 'ieee-p1363' };

/** A message in which texts, algorithm or signature may be others. */
function message({ header, payload, signature, key = ieee } = {}) {
  const own = { alg: 'ES256', kid: id, typ: 'chancery-message+jws' };
  const body = { v: 1, client: id, seq: 1, time: '2026-01-01T00:00:00Z', node, body: {} };
  const input = `${b64(header ?? JSON.stringify(own))}.${b64(payload ?? JSON.stringify(body))}`;
  return `${input}.${signature ?? sign('sha256', input, key).toString('base64url')}`;
}

const header = (more) =>
  JSON.stringify({ alg: 'ES256', kid: id, typ: 'chancery-message+jws', ...more });
const payload = (more) =>
  JSON.stringify({
    v: 1, client: id, seq: 1, time: '2026-01-01T00:00:00Z', node, body: {}, ...more,
  });

/** The report on a message with its client's key; null when it is no message. */
async function reportOf(text) {
  const items = [await recognise(utf8(text)), await itemOf({ client: id, key: jwk })];
  const [evidence] = evidenceOf(items);
  return evidence ? verify(evidence, { node }) : null;
}

test('one spelling of a message is accepted, and no other', async () => {
  const good = message();
  assert.equal(stepOf(await reportOf(good), 'message.form').ok, true);
  assert.equal(stepOf(await reportOf(good), 'message.signature').ok, true);
  const last = good.at(-1);
  const stray = String.fromCharCode(last.charCodeAt(0) + 1); // Q, g, w or A, and stray bits
  const nested = '['.repeat(31) + ']'.repeat(31);
  const others = {
    padding: good + '==',
    'stray bits': good.slice(0, -1) + stray,
    'another line': good + '\n\n',
    'four parts': good + '.AA',
    'a member twice': message({ header: header().replace('{', '{"alg":"none",') }),
    none: message({ header: header({ alg: 'none' }), signature: '' }),
    HS256: message({ header: header({ alg: 'HS256' }) }),
    'another case': message({ header: header({ alg: 'es256' }) }),
    crit: message({ header: header({ crit: ['exp'], exp: 1 }) }),
    'its own key': message({ header: header({ jwk }) }),
    'another type': message({ header: header({ typ: 'chancery-receipt+jws' }) }),
    'application/': message({ header: header({ typ: 'application/chancery-message+jws' }) }),
    'another kid': message({ header: header({ kid: node }) }),
    DER: message({ key: privateKey }),
    'a byte less': message({ signature: randomBytes(63).toString('base64url') }),
    'no signature': message({ signature: '' }),
    'version 2': message({ payload: payload({ v: 2 }) }),
    'another member': message({ payload: payload({ more: 1 }) }),
    'no body': message({ payload: payload({ body: undefined }) }),
    'a client twice': message({ payload: payload().replace('{', `{"client":"${node}",`) }),
    'a fraction': message({ payload: payload().replace('"seq":1', '"seq":1.0') }),
    'an exponent': message({ payload: payload().replace('"seq":1', '"seq":1e0') }),
    zero: message({ payload: payload({ seq: 0 }) }),
    'a large seq': message({ payload: payload({ seq: 2 ** 53 }) }),
    'no such day': message({ payload: payload({ time: '2026-02-29T00:00:00Z' }) }),
    'another zone': message({ payload: payload({ time: '2026-01-01T00:00:00+00:00' }) }),
    'a byte order mark': message({ payload: '\ufeff' + payload() }),
    'a zero byte': message({ payload: payload() + '\0' }),
    'no UTF-8': message({ payload: Buffer.from([...Buffer.from(payload()), 0xff]) }),
    'half a character': message({ payload: payload().replace('{}', '"\\ud800"') }),
    deep: message({ payload: payload().replace('{}', `[${nested}]`) }),
    long: message({ payload: payload({ body: 'x'.repeat(65_536) }) }),
    'a long header': message({ header: header().replace('{', '{' + ' '.repeat(1024)) }),
  };
  for (const [what, text] of Object.entries(others)) {
    const report = await reportOf(text);
    const form = report && stepOf(report, 'message.form'); // none when it is no message at all
    assert.ok(!form || form.ok === false, what);
    assert.notEqual(report?.verdict, 'verified', what);
  }
  const deepest = message({ payload: payload().replace('{}', nested) });
  assert.equal(stepOf(await reportOf(deepest), 'message.form').ok, true);
});

test('encodings have one spelling', () => {
  for (const text of ['A', 'AB', 'AAB', 'AA==', 'A A', 'AA\n', 'A+', 'A/', 'ÄÄ', 7, null])
    assert.throws(() => fromBase64url(text), String(text));
  for (const text of ['AA', 'AB==', 'AA=', 'AA===', '-_==', 'AA==\n', '=', undefined])
    assert.throws(() => fromBase64(text), String(text));
  for (const text of ['0', '0g', ' 00']) assert.throws(() => fromHex(text), text);
  assert.deepEqual([...fromBase64url('_-8')], [255, 239]);
  assert.equal(fromRfc3339('2016-12-31T23:59:60Z'), Date.UTC(2017, 0));
  for (const text of ['2026-01-01T24:00:00Z', '2026-13-01T00:00:00Z', '1969-12-31T00:00:00Z'])
    assert.equal(fromRfc3339(text), null, text);
  assert.equal(bigEndian(Uint8Array.of(1, 0)), 256n);
});

test('JSON is strict', () => {
  const bad = [
    '', ' ', '{', '}', '[1,]', '{"a":1,}', '{"a":1,"a":1}', '{"a":1,"\\u0061":1}', '01', '+1', '1.',
    '.5', '1e', '1e999', 'NaN', "'a'", '"\t"', '"\\x"', '"\\ud800"', '1 2', 'nul', '\ufeff1', '1\0',
    '['.repeat(33) + ']'.repeat(33), '['.repeat(100_000), '{"a":'.repeat(100_000), '"'.repeat(3),
  ];
  for (const text of bad) assert.throws(() => parseJson(text), text.slice(0, 20));
  assert.deepEqual(parseJson(' [1 , "\\u00e9\\n", null, true] '), [1, 'é\n', null, true]);
  assert.equal('__proto__' in parseJson('{"__proto__":1}'), true);
  assert.doesNotThrow(() => parseJson('['.repeat(32) + ']'.repeat(32)));
});

test('DER with more values than a certificate can have is not read', () => {
  const nulls = (count) => new Uint8Array(2 * count).map((_, i) => (i % 2 ? 0 : 5));
  assert.equal(valuesOf(nulls(1_000)).length, 1_000);
  assert.throws(() => valuesOf(nulls(1_001)), /too many/);
});

test('many items are put together at once', async () => {
  const texts = Array.from({ length: 5_000 }, (_, i) =>
    ['message', 'receipt'].map((what) => {
      const parts = [{ typ: `chancery-${what}+jws` }, { client: id, seq: i + 1 }];
      return `${parts.map((part) => b64(JSON.stringify(part))).join('.')}.AA`;
    }),
  );
  const items = await Promise.all(texts.flat().map((text) => recognise(utf8(text))));
  const all = evidenceOf(items);
  assert.equal(all.length, 5_000);
  assert.ok(all.every(({ parts }) => parts.some(({ name }) => name === 'receipt.payload')));
});

test('DER has one spelling', () => {
  const bad = ['', '30', '3080', '30810100', '3082000100', '3001', '300100', '3f0100', '3085ff'];
  for (const text of bad) assert.throws(() => membersOf(onlyValue(fromHex(text), 0x30)), text);
  const signatures = [
    '3006020101020101', // as it should be
    '30070201010202' + '0001', '3006020181020101', '3005020002' + '0101', '300602010102010100',
    '3009020101020101020101', '3081060201010201' + '01', '30270221' + '01'.repeat(33) + '020101',
  ];
  for (const [i, text] of signatures.entries())
    if (i === 0) assert.equal(rawOfDer(fromHex(text), 32)[63], 1);
    else assert.throws(() => rawOfDer(fromHex(text), 32), text);
});

/** Whether nothing of it verifies, whatever the anchors; it must not throw. */
async function refuses(bytes, what) {
  const anchors = { node, keys: [id], roots: [bytes], at: new Date(0) };
  const items = [await recognise(bytes), await itemOf({ client: id, key: jwk })];
  for (const evidence of evidenceOf(items)) {
    const { verdict } = await verify(evidence, anchors);
    assert.notEqual(verdict, 'verified', what);
  }
}

test('garbage never verifies and never throws', async () => {
  const texts = [
    '', '.', '..', '...', '{}', '[]', 'null', '7', '{"jws":"..","receipt":".."}', '{"keys":[]}',
    '{"keys":"a.b.c"}', '{"tree_size":1}', '{"tree_size":1,"path":[],"block":{}}',
    '{"header":"","root":""}', '{"client":"x","key":{}}', '{"client":"x","key":{"kty":"EC"}}',
    '{"kty":"EC","crv":"constructor","x":"","y":""}', '{"protected":"e30","signature":""}',
    '{"signatures":[]}', '{"signature":{},"key":7}', '{"leaves":[{}],"block":0}',
    '{"record":0,"key":"' + node + '","alg":"ES256","signature":""}', '-----BEGIN CERTIFICATE-----',
    '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', '['.repeat(200_000),
    '{"a":'.repeat(200_000), `${b64('['.repeat(100_000))}.e30.e30`, 'A'.repeat(4_000_000),
    `${b64('{"x5c":[{}],"alg":"ES256"}')}..`, `${b64('{"typ":"chancery-keys+jws"}')}..`,
    `${b64('{"typ":"chancery-receipt+jws"}')}.${b64('{"seq":{},"index":[],"client":7}')}.AA`,
    `${b64('{"typ":"chancery-message+jws"}')}.${b64('{"seq":{},"client":null}')}.AA`,
    `${'='.repeat(1_000_000)}A.A.A`, `${b64(`"typ"${' '.repeat(1_000_000)}`)}.e30.e30`,
  ];
  for (const text of texts) await refuses(utf8(text), text.slice(0, 40));
  const magic = Buffer.concat([Buffer.of(0x93), Buffer.from('chancery block\n')]);
  await refuses(new Uint8Array(Buffer.concat([magic, Buffer.alloc(128)])), 'an empty header');
  await refuses(new Uint8Array(Buffer.concat([magic, Buffer.alloc(128, 255)])), 'a full header');
  for (let i = 0; i < 100; ++i) {
    const bytes = new Uint8Array(randomBytes(below(300)));
    bytes[0] = [0x30, 0x93, 0x7b, 0x2d][i % 4];
    await refuses(bytes, 'random bytes');
  }
});

/** Cuts a text and changes bytes of it, many times; calls `judge` with what is left. */
async function mangled(text, times, judge) {
  for (let i = 0; i < times; ++i) {
    const bytes = utf8(text).slice(0, i % 2 ? undefined : below(text.length));
    if (i % 2) bytes[below(bytes.length)] ^= 1 << below(8);
    await judge(bytes);
  }
}

test('a message that is cut or changed never verifies and never throws', async () => {
  await mangled(message(), 200, async (bytes) => {
    const text = new TextDecoder().decode(bytes);
    const report = await reportOf(text);
    const holds = report && stepOf(report, 'message.signature')?.ok;
    assert.ok(!holds, text);
  });
});

test('the fields of a header cover each of its bytes once', () => {
  const fields = headerFields(new Uint8Array(144));
  let end = 0;
  for (const { offset, size, label, text } of fields) {
    assert.equal(offset, end);
    assert.ok(label && text);
    end += size;
  }
  assert.equal(end, 144);
});

test('what is read back is what was written', () => {
  const text = 'Grüße ﬀ \u{1f600}';
  assert.equal(fromUtf8(utf8(text)), text);
});
