// SPDX-License-Identifier: Apache-2.0
//
// A message that this browser has sent: verified with its receipt, and with the
// proof of its block once the server says that it is in one.

import * as api from './api.mjs';
import { element, paragraph } from './dom.mjs';
import { anchors } from './inbox.mjs';
import { evidenceOf, fromBase64url, fromUtf8, recognise, utf8, verify } from './verify.mjs';

/**
 * {evidence, report, said, block}: `said` is the block that it is in as the server says, `block`
 * the same when its signed header and the path to its root show it; each null for none.
 */
export async function checkSent(sent, mine, signal) {
  const path = `/v1/messages/${sent.index}`;
  const stored = await api.get(path, signal).catch(() => null);
  const said = stored?.jws === sent.jws ? stored.block : null;
  const client = JSON.stringify({ client: mine.id, key: mine.jwk, last_sequence: sent.seq });
  const things = [mine.keys, client, sent.jws, sent.receipt].map(utf8);
  if (said !== null) things.push(await api.getBytes(`${path}/proof`, signal));
  const items = await Promise.all(things.map((bytes) => recognise(bytes)));
  const [evidence] = evidenceOf(items).filter((each) => each.kind === 'message');
  const report = await verify(evidence, anchors());
  const holds = (id) => report.steps.some((step) => step.id === id && step.ok === true);
  const isProven = report.verdict !== 'broken' && holds('block.signature') && holds('path');
  return { evidence, report, said, block: isProven ? said : null };
}

/** What went over the wire, part by part. */
export function whatWasSent({ jws, jwe }) {
  const [header, payload] = jws.split('.');
  const decoded = (part) => fromUtf8(fromBase64url(part));
  return element(
    'details',
    {},
    element('summary', {}, 'What was signed, and what was sent'),
    element(
      'div',
      { className: 'stack' },
      paragraph('Signed, as a JWS: header and payload'),
      element('pre', { tabIndex: 0 }, `${decoded(header)}\n${decoded(payload)}`),
      paragraph('Encrypted to the node, as a JWE: its header; what follows only the node can read'),
      element('pre', { tabIndex: 0 }, decoded(jwe.split('.')[0])),
      element('pre', { tabIndex: 0 }, jwe),
    ),
  );
}
