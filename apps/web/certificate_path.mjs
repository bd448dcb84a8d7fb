// SPDX-License-Identifier: Apache-2.0
//
// Whether a certificate leads to a root that the caller gave (RFC 5280 section 6.1): each one
// signed by the next, which is an authority and may sign certificates; names equal as DER; path
// lengths and critical extensions respected; the root signed by itself. Not judged: revocation,
// policies, and what name constraints allow, so that a path under them is left open. What may be
// tried is limited, so that a foreign file cannot make it last. Pure functions.

import { allows, isSignedBy } from './certificate.mjs';
import { same } from './encoding.mjs';

const lengthMax = 10; // certificates, leaf and root among them
const stepsMax = 200; // signatures and candidates that are tried

const sameKeyAndName = (a, b) => same(a.subject, b.subject) && same(a.spki, b.spki);

/** Why this one must not be in a path, whatever is beside it; empty when it may. */
function faultOf(certificate, issuers) {
  if (certificate.unknown) return 'has a critical extension that is not known here';
  if (issuers === null) {
    const signs = certificate.usage !== null && allows(certificate, 'keyCertSign');
    return signs && !certificate.ca ? "may sign certificates, but is no authority's" : '';
  }
  if (!certificate.ca) return "issued one, but is not an authority's";
  if (!allows(certificate, 'keyCertSign')) return 'issued one, but may not sign certificates';
  return issuers > certificate.pathLength ? 'does not allow as many authorities below it' : '';
}

/** {ok, why} for a whole path, from the leaf to a root. */
async function judge(path) {
  let below = 0; // authorities that others issued
  let open = '';
  for (const [i, certificate] of path.entries()) {
    const fault = faultOf(certificate, i === 0 ? null : below);
    if (fault) return { ok: false, why: `${certificate.name} ${fault}` };
    if (i > 0 && !same(certificate.subject, certificate.issuer)) below += 1;
    const signed = await isSignedBy(certificate, path[i + 1] ?? certificate);
    if (signed === false)
      return { ok: false, why: `${certificate.name} is not signed by the key of its issuer` };
    if (signed === null) open = `${certificate.name} is signed in a way that is not known here`;
    if (certificate.namesConstrained)
      open = `${certificate.name} has name constraints, which are not judged here`;
  }
  const root = path.at(-1);
  if (!same(root.subject, root.issuer))
    return { ok: false, why: `${root.name} is named as a root, but did not sign itself` };
  return open ? { ok: null, why: open } : { ok: true, why: '' };
}

class Search {
  constructor(issuers, roots, at) {
    Object.assign(this, { issuers, roots, at, steps: 0, best: null });
  }

  isDone() {
    return this.steps > stepsMax || this.best?.score === 3;
  }

  above(path, from) {
    const last = path.at(-1);
    return from.filter(
      (other) =>
        same(last.issuer, other.subject) && !path.some((passed) => sameKeyAndName(passed, other)),
    );
  }

  async extend(path) {
    if (path.length >= lengthMax) return;
    for (const root of this.above(path, this.roots)) await this.finish([...path, root]);
    for (const issuer of this.above(path, this.issuers)) {
      this.steps += 1;
      if (this.isDone()) return;
      await this.extend([...path, issuer]);
    }
  }

  /** Keeps the best path: one that holds, and of these one whose dates fit. */
  async finish(path) {
    this.steps += path.length;
    if (this.isDone()) return;
    const { ok, why } = await judge(path);
    const dated = this.at === null || dateFault(path, this.at) === '';
    const score = ok === false ? 0 : ok === null ? 1 : dated ? 3 : 2;
    if (!this.best || score > this.best.score) this.best = { ok, why, path, score };
  }
}

/** {ok, why, path}: the path, leaf first, when there is one. `at` in milliseconds, or null. */
export async function findPath(leaf, issuers, roots, at) {
  const search = new Search(issuers, roots, at);
  await search.extend([leaf]);
  if (search.best) return search.best;
  const lost = `no chain leads from ${leaf.name} to a root that you gave`;
  const why =
    search.steps > stepsMax
      ? 'too many certificates have the same names to find out which of them lead to a root'
      : `${lost}: its issuer is ${leaf.issuerName}`;
  return { ok: false, why, path: null };
}

/** The first certificate of a path that is not valid at this time, in a sentence; or empty. */
export function dateFault(path, at) {
  for (const { name, from, to } of path) {
    if (at > to) return `${name} expired at ${new Date(to).toISOString()}`;
    if (at < from) return `${name} is not valid before ${new Date(from).toISOString()}`;
  }
  return '';
}
