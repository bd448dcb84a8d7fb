// SPDX-License-Identifier: Apache-2.0
//
// An auditor's verification of what chancery says, in a browser and in Node.js: no network, no
// page, no clock, and no cryptography but WebCrypto's. What some bytes are (recognise), what can be
// verified with them together (evidenceOf), and step by step whether it holds (verify). Nothing
// that is in the evidence counts as trusted: a verdict is `verified` only under an anchor that the
// caller gives. README.md describes modules and steps.

import { requireCryptography } from './ecdsa.mjs';
import { verifyBlock, verifyMessage, verifyReceipt } from './ledger_steps.mjs';
import { verifyRecord } from './record_steps.mjs';
import { verifySeal } from './seal_steps.mjs';

export { recognise } from './recognise.mjs';
export { evidenceOf, withFlippedBit } from './evidence.mjs';
export { headerFields } from './block_header.mjs';
export { leafHash, merkleLevels, merklePath, merkleRoot, rootOfPath } from './merkle.mjs';
export { keyId, requireCryptography, thumbprint } from './ecdsa.mjs';
export { parseJson } from './json.mjs';
export {
  base64, base64url, bigEndian, concat, fromBase64, fromBase64url, fromHex, fromRfc3339, fromUtf8,
  hashOf, hex, same, timeText, utf8,
} from './encoding.mjs';

const verifiers = {
  message: verifyMessage,
  receipt: verifyReceipt,
  block: verifyBlock,
  record: verifyRecord,
  seal: verifySeal,
};

const nothing = { node: null, keys: [], roots: [], at: null };

/**
 * {verdict, sentence, steps, broken}. The verdict is `broken` when a step does not hold (`broken`
 * is the first one's place, else -1), else `unanchored` when nothing that the caller gave vouches
 * for it, else `incomplete` when a step could not be checked, else `verified`. `anchors` are
 * {node: id or null, keys: ids, roots: certificates in DER, at: Date or null}. Rejects where there is
 * no WebCrypto, as nothing can be said then.
 */
export async function verify(evidence, anchors = {}) {
  requireCryptography();
  return verifiers[evidence.kind](evidence, { ...nothing, ...anchors });
}
