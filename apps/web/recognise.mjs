// SPDX-License-Identifier: Apache-2.0
//
// Finds out what some bytes are, by their form alone: nothing is verified here, and what an item
// says about itself is believed by nobody. Kinds and values:
//
//   node_keys      {jws, node}                     message        {text, jws, leaf, payload}
//   receipt        {jws, payload}                  stored_message {message, receipt, index, block}
//   registration   {jws, client, jwk}              client         {client, jwk}
//   proof          {index, leaf, leaf_index, tree_size, path, block, message}
//   block          {header, signature, claimed}    header         {header}
//   leaves         {block, leaves: [{index, leaf}]}
//   signature_line [{key, alg, signature, record, name}, ...]
//   der_signature  null   public_key, key_set  [{id, key}, ...]   certificates  [DER, ...]
//   seal           {text}  jws  {jws}   bytes  null

import { base64url, fromBase64url, fromUtf8, hashOf, same, utf8 } from './encoding.mjs';
import { headerMagic, headerSize, readHeader } from './block_header.mjs';
import { isCount, isObject, parseJson } from './json.mjs';
import { keyId, keyOfJwk, keyOfSpki, pemBlocks, rawOfDer } from './ecdsa.mjs';
import { leafHash } from './merkle.mjs';
import { readCertificate } from './certificate.mjs';
import { splitJws } from './jose.mjs';

const sizeMax = 64 * 1024 * 1024; // larger ones are bytes, unread
const linesMax = 1000;
const sealMembers = ['x5c', 'x5t', 'x5t#S256', 'x5t#o', 'sigX5ts', 'sigT', 'sigD'];

/** What `read` gives, or null when it throws. */
async function attempt(read) {
  try {
    return await read();
  } catch {
    return null;
  }
}

/** Members of a header or payload, as far as it is JSON; of damaged ones the type, by its text. */
function lookInto(bytes) {
  try {
    const json = parseJson(bytes);
    return isObject(json) ? json : {};
  } catch {
    const text = new TextDecoder().decode(bytes);
    return { typ: /"typ"\s*:\s*"([^"]*)"/.exec(text)?.[1] };
  }
}

/** What a payload says about itself, as far as it has the type that it should have. */
function claimsIn(bytes) {
  const { client, node, leaf, seq, index } = lookInto(bytes);
  const id = (value) => (hashOf(value) ? value : undefined);
  const count = (value) => (isCount(value) ? value : undefined);
  const ids = { client: id(client), node: id(node), leaf: id(leaf) };
  return { ...ids, seq: count(seq), index: count(index) };
}

const isSealHeader = (header) =>
  header.typ === 'chancery-record+jws' || sealMembers.some((name) => name in header);

async function readMessage(text) {
  const jws = splitJws(text);
  const leaf = base64url(await leafHash(utf8(text)));
  return { text, jws, leaf, payload: claimsIn(jws.payload) };
}

/** A compact JWS: by its type. */
async function recogniseJws(text) {
  const jws = await attempt(() => splitJws(text));
  if (!jws) return null;
  const [header, payload] = [lookInto(jws.header), claimsIn(jws.payload)];
  switch (header.typ) {
    case 'chancery-message+jws': {
      const value = await readMessage(text);
      return ['message', `message ${payload.seq ?? '?'} of a client`, value];
    }
    case 'chancery-receipt+jws':
      return ['receipt', `receipt of message ${payload.index ?? '?'}`, { jws, payload }];
    case 'chancery-keys+jws':
      return ['node_keys', 'keys of a node', { jws, node: payload.node }];
    case 'chancery-registration+jws':
      return [
        'registration',
        'registration of a client',
        { jws, client: payload.client, jwk: header.jwk },
      ];
    default:
      return isSealHeader(header)
        ? ['seal', 'seal', { text }]
        : ['jws', 'a JWS that is not of chancery', { jws }];
  }
}

/** Not by an expression, which would look again from each of many signs. */
function withoutPadding(text) {
  let end = text.length;
  while (text[end - 1] === '=') end -= 1;
  return text.slice(0, end);
}

/** A compact JWS that is damaged, but whose header is a seal's: its steps say what is wrong. */
function damagedSeal(text) {
  const parts = text.trimEnd().split('.');
  if (parts.length !== 3 || !parts.every((part) => /^[\w=+/-]*$/.test(part))) return null;
  const standard = withoutPadding(parts[0]).replaceAll('-', '+').replaceAll('_', '/');
  const header = Uint8Array.from(atob(standard), (c) => c.charCodeAt(0));
  return isSealHeader(lookInto(header)) ? ['seal', 'seal', { text }] : null;
}

/** Header, signature and what the readable members claim. */
function readBlock(json) {
  const header = fromBase64url(json.header);
  const signature = fromBase64url(json.signature);
  if (header.length !== headerSize) throw new Error('a header has 144 bytes');
  const { header: _, signature: __, ...claimed } = json;
  return { header, signature, claimed };
}

async function readProof(json) {
  const path = json.path.map(hashOf);
  if (path.length > 64 || path.includes(null)) throw new Error('its path is not hashes');
  const numbers = [json.index, json.leaf_index, json.tree_size];
  if (!numbers.every((number) => isCount(number)) || !hashOf(json.leaf))
    throw new Error('its numbers or its leaf are missing');
  const message = json.jws === undefined ? null : await readMessage(json.jws);
  const { index, leaf, leaf_index, tree_size } = json;
  return { index, leaf, leaf_index, tree_size, path, block: readBlock(json.block), message };
}

async function readStored(json) {
  const receipt = json.receipt && (await recogniseJws(json.receipt));
  return {
    message: await readMessage(json.jws),
    receipt: receipt?.[0] === 'receipt' ? receipt[2] : null,
    index: isCount(json.index) ? json.index : null,
    block: isCount(json.block) ? json.block : null,
  };
}

/** Raw signatures: a line of an export, a record, or a record's `signature`. */
function readSignature(json) {
  const of = isObject(json.signature) ? json.signature : json;
  const text = of.value ?? of.signature;
  const raw = of.format === undefined || of.format === 'raw';
  if (!raw || typeof of.alg !== 'string' || !hashOf(of.key)) return null;
  const record = json.record ?? json.id;
  return {
    key: of.key,
    alg: of.alg,
    signature: fromBase64url(text),
    record: isCount(record) ? record : null,
    name: typeof json.name === 'string' ? json.name : null,
  };
}

async function readKeys(jwks) {
  const keys = [];
  for (const jwk of jwks) {
    const key = await attempt(() => keyOfJwk(jwk));
    if (key) keys.push({ id: await keyId(key), key });
  }
  if (keys.length === 0) throw new Error('no key is for verifying');
  return keys;
}

/** [kind, title, value] of a JSON object, by its members; null for another. */
async function recogniseObject(json) {
  if ('tree_size' in json)
    return ['proof', `proof of message ${json.index}`, await readProof(json)];
  if (typeof json.jws === 'string') {
    const inside = await recogniseJws(json.jws); // a message, or the seal of an export
    if (inside?.[0] !== 'message') return inside;
    return ['stored_message', `message ${json.index}`, await readStored(json)];
  }
  if (typeof json.receipt === 'string') return recogniseJws(json.receipt);
  if (typeof json.keys === 'string') return recogniseJws(json.keys);
  if ('header' in json && 'root' in json)
    return ['block', `block ${json.index}`, readBlock(json)];
  if (Array.isArray(json.leaves)) {
    const leaves = json.leaves.map(({ index, leaf }) => ({ index, leaf: hashOf(leaf) }));
    if (!isCount(json.block) || leaves.some(({ index, leaf }) => !isCount(index) || !leaf))
      return null;
    return ['leaves', `leaves of block ${json.block}`, { block: json.block, leaves }];
  }
  if (typeof json.client === 'string' && isObject(json.key))
    return ['client', 'key of a client', { client: json.client, jwk: json.key }];
  if (Array.isArray(json.keys)) return ['key_set', 'public keys', await readKeys(json.keys)];
  if (json.kty === 'EC') return ['public_key', 'public key', await readKeys([json])];
  if ('protected' in json || 'signatures' in json) {
    const text = json.protected ?? json.signatures?.[0]?.protected;
    return isSealHeader(lookInto(fromBase64url(text))) ? ['seal', 'seal', {}] : null;
  }
  const line = readSignature(json);
  return line && ['signature_line', 'signature of a record', [line]];
}

/** Many lines of signatures, as an export has them. */
function recogniseLines(text) {
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length < 2 || lines.length > linesMax) return null;
  const signatures = lines.map((line) => readSignature(parseJson(line)));
  if (signatures.includes(null)) return null;
  return ['signature_line', `signatures of ${lines.length} records`, signatures];
}

async function recogniseText(bytes) {
  const whole = fromUtf8(bytes);
  const text = whole.replace(/\r?\n$/, '');
  if (/^[\w-]*\.[\w-]*\.[\w-]*$/.test(text)) {
    const found = await recogniseJws(text);
    return found?.[0] === 'seal' ? ['seal', 'seal', { text: whole }] : found;
  }
  if (/^\s*-----BEGIN/.test(text)) {
    const certificates = pemBlocks(text, 'CERTIFICATE');
    if (certificates.length > 0) return ['certificates', 'certificates', certificates];
    const [spki] = pemBlocks(text, 'PUBLIC KEY');
    if (!spki) return null;
    const key = keyOfSpki(spki);
    return ['public_key', 'public key', [{ id: await keyId(key), key }]];
  }
  if (!/^\s*\{/.test(text)) return damagedSeal(whole);
  const json = await attempt(() => parseJson(text));
  if (!json) return recogniseLines(text);
  const found = await recogniseObject(json);
  return found?.[0] === 'seal' ? ['seal', 'seal', { text, ...found[2] }] : found;
}

async function recogniseBinary(bytes) {
  if (bytes.length === headerSize && same(bytes.subarray(0, 16), headerMagic)) {
    const index = await attempt(() => readHeader(bytes).index);
    return ['header', `header of block ${index ?? '?'}`, { header: bytes }];
  }
  if (bytes[0] !== 0x30) return null;
  if (await attempt(() => rawOfDer(bytes, 48))) return ['der_signature', 'signature in DER', null];
  const certificate = await attempt(() => readCertificate(bytes));
  return certificate && ['certificates', 'certificate', [bytes]];
}

/** {kind, title, name, bytes, value}. Never throws: what is nothing else is `bytes`. */
export async function recognise(bytes, name = '') {
  const some = bytes.length <= sizeMax;
  const found =
    (some && (await attempt(() => recogniseBinary(bytes)))) ||
    (some && (await attempt(() => recogniseText(bytes)))) ||
    null;
  const [kind, title, value] = found ?? ['bytes', `${bytes.length} bytes`, null];
  return { kind, title, name, bytes, value };
}
