// SPDX-License-Identifier: Apache-2.0
//
// The steps for a seal: an advanced electronic signature in JAdES B-B, by the rules that
// crypto/README.md lists under "Seals". Form and header come first, then the certificate that the
// header refers to, the signature under it, and the certificate's path to a root that the caller
// gave, at the time that the caller gave. Time stamps and revocation are not checked here; steps
// say so without counting. Pure functions.

import { allows, isSignedBy, readCertificate } from './certificate.mjs';
import { base64url, concat, same, utf8 } from './encoding.mjs';
import { dateFault, findPath } from './certificate_path.mjs';
import {
  encodedRecord, readChain, readContent, readSealHeader, reference, requireCritical,
  requireUnsigned, sealDigest,
} from './seal_header.mjs';
import { Parts, report, Steps } from './steps.mjs';
import { sealWords } from './seal_words.mjs';
import { sentencesOf } from './ledger_words.mjs';
import { verifies } from './ecdsa.mjs';

const none = new Uint8Array(0);

/** The roots that can be read. */
function rootsOf(ders) {
  return ders.flatMap((der) => {
    try {
      return [readCertificate(der)];
    } catch {
      return [];
    }
  });
}

class SealWalk {
  constructor(evidence, anchors) {
    this.parts = new Parts(evidence);
    this.facts = evidence.facts;
    this.anchors = anchors;
    this.steps = new Steps(sealWords);
    this.chain = null;
    this.header = null;
  }

  /** Form and header; whether the rest can be read at all. */
  async head() {
    const [bytes, signature] = ['seal.header', 'seal.signature'].map((n) => this.parts.get(n));
    await this.steps.hold('seal.form', this.parts.names('seal.'), 'three parts', bytes, () => {
      if (this.facts.fault) throw new Error(this.facts.fault);
      return { found: 'header, payload and signature' };
    });
    if (this.facts.fault) return false;
    const reads = ['seal.header'];
    const form = 'strict JSON with alg, iat and one reference to the certificate';
    const read = await this.steps.hold('seal.header', reads, form, bytes, () => {
      const found = readSealHeader(bytes);
      const size = 2 * found.curve.size;
      if (signature?.length !== size)
        throw new Error(`the signature has ${signature?.length ?? 0} bytes in place of ${size}`);
      const time = new Date(found.header.iat * 1000).toISOString();
      return { ...found, found: `${found.curve.alg}, signed at ${time} as the signer claims` };
    });
    if (!read) return false;
    Object.assign(this, { header: read.header, curve: read.curve });
    const critical = 'b64, iat, sigD, sigX5ts and x5t#o at most';
    await this.steps.hold('seal.critical', reads, critical, bytes, () => {
      requireCritical(this.header, this.parts.has('seal.payload'));
      return { found: this.header.crit?.join(', ') ?? 'nothing is critical' };
    });
    return true;
  }

  async certificate() {
    const reads = ['seal.header'];
    const bytes = this.parts.get('seal.header');
    if (!('x5c' in this.header))
      return this.steps.skip('seal.certificate', reads, 'there is no certificate inside');
    const expected = '1 to 10 certificates in base64';
    const read = await this.steps.hold('seal.certificate', reads, expected, bytes, () => {
      const chain = readChain(this.header);
      return { chain, found: chain.map(({ name }) => name).join('; issued by ') };
    });
    if (!read) return;
    this.chain = read.chain;
    const { expected: stated, found } = await reference(this.header, this.signer);
    this.steps.add('seal.reference', reads, {
      ok: typeof stated === 'string' && stated === found,
      expected: String(typeof stated === 'string' ? stated : 'none'),
      found: found ?? 'a hash that is not known here',
      bytes: this.signer.der,
    });
  }

  get signer() {
    return this.chain?.[0] ?? null;
  }

  /** The bytes behind the dot that are signed, or null when they are not known. */
  async content() {
    const [inside, record] = ['seal.payload', 'record'].map((name) => this.parts.get(name));
    const { header } = this;
    const missing = 'the record is not inside: add it';
    if (inside) {
      if (record)
        this.steps.add('seal.content', ['seal.payload', 'record'], {
          ok: same(inside, record),
          expected: 'the record inside',
          found: same(inside, record) ? 'the same record' : 'another record was given beside it',
          bytes: record,
        });
      return encodedRecord(header, inside);
    }
    const content = 'sigD' in header ? readContent(header.sigD) : { kind: 'by_uri' };
    if (content.kind === 'other' || !record) {
      const other = 'sigD names content in a way that is not checked here';
      this.steps.skip('seal.content', [], record ? other : missing);
      return content.kind === 'by_uri_hash' ? none : null;
    }
    const encoded = encodedRecord(header, record);
    if (content.kind === 'by_uri') return encoded;
    const { algorithm, digest } = content;
    const found = (await sealDigest(algorithm, encoded)) ?? 'a hash that is not known here';
    this.steps.compare('seal.content', ['record'], digest, found, encoded);
    return none;
  }

  async signature(content) {
    const { curve, signer } = this;
    const reads = [...this.parts.names('seal.'), ...this.parts.names('record')];
    const dotted = utf8(`${base64url(this.parts.get('seal.header'))}.`);
    const input = concat(dotted, content ?? none);
    const signature = this.parts.get('seal.signature');
    const reason = !signer
      ? 'not checked: there is no certificate'
      : content === null
        ? 'not checked: the record is missing'
        : null;
    await this.steps.signature('seal.signature', reads, signer?.name, input, async () =>
      signer.key?.curve === curve && (await verifies(signer.key, signature, input)), reason);
  }

  /** What holds between the certificates inside, whoever is trusted. */
  async order() {
    const reads = ['seal.header'];
    if (this.chain.length > 1)
      await this.steps.hold('seal.order', reads, 'each issued by the next', null, async () => {
        for (let i = 1; i < this.chain.length; ++i) {
          const [below, above] = [this.chain[i - 1], this.chain[i]];
          const named = same(below.issuer, above.subject);
          if (!named || (await isSignedBy(below, above)) === false)
            throw new Error(`x5c[${i}] has not issued x5c[${i - 1}]`);
        }
        return { found: `a chain of ${this.chain.length}` };
      });
    const { from, to } = this.signer;
    const dates = [from, to].map((time) => new Date(time).toISOString());
    const time = this.header.iat * 1000;
    this.steps.add('seal.time', reads, {
      ok: from <= time && time <= to,
      expected: `from ${dates[0]} to ${dates[1]}`,
      found: new Date(time).toISOString(),
    });
    await this.steps.hold('seal.profile', reads, 'no authority; for signatures', null, () => {
      const { signer } = this;
      if (signer.ca) throw new Error("it is an authority's");
      const [strong, weak] = ['nonRepudiation', 'digitalSignature'].map((n) => allows(signer, n));
      if (!strong && !weak) throw new Error('its key usage is for no signatures');
      return { found: strong ? 'for non-repudiation' : 'for digital signatures alone' };
    });
  }

  async trust() {
    const { signer, anchors } = this;
    const time = anchors.at?.getTime();
    const at = Number.isFinite(time) ? time : null;
    const roots = rootsOf(anchors.roots);
    const reads = ['seal.header'];
    if (!signer || roots.length === 0) {
      const found = signer ? 'you gave no root certificate' : 'there is no certificate';
      this.steps.add('seal.anchor', reads, { ok: null, expected: 'a root', found });
      return;
    }
    const { ok, why, path } = await findPath(signer, this.chain.slice(1), roots, at);
    const names = path?.map(({ name }) => name).join(' < ');
    const expected = roots.map(({ name }) => name).join(' or ');
    this.steps.add('seal.anchor', reads, { ok, expected, found: why || names });
    if (!path) return;
    const found = at === null ? 'you gave no time to judge at' : dateFault(path, at);
    this.steps.add('seal.dates', reads, {
      ok: at === null ? null : found === '',
      expected: at === null ? '' : anchors.at.toISOString(),
      found: found || 'all are valid then',
    });
  }

  async unsigned() {
    const { unsigned } = this.facts;
    if (unsigned !== undefined) {
      await this.steps.hold('seal.unsigned', [], 'etsiU alone', null, () => {
        requireUnsigned(unsigned);
        return { found: `${unsigned.etsiU.length} components` };
      });
      this.steps.skip('seal.stamps', [], 'not checked here', true);
    }
    this.steps.skip('seal.revocation', [], 'not checked here', true);
  }
}

export async function verifySeal(evidence, anchors) {
  const walk = new SealWalk(evidence, anchors);
  if (await walk.head()) {
    await walk.certificate();
    await walk.signature(await walk.content());
    if (walk.signer) await walk.order();
  }
  await walk.unsigned();
  await walk.trust();
  const { header, signer } = walk;
  const time = header ? new Date(header.iat * 1000).toISOString() : '';
  const verified =
    `${signer?.name} made this seal, at ${time} as it says itself; its certificate leads to a ` +
    'root that you gave. Whether it was revoked was not checked.';
  const anchor = 'a root certificate, and a time to judge at';
  return report(walk.steps.all, sentencesOf(verified, anchor));
}
