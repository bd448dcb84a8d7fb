// SPDX-License-Identifier: Apache-2.0
//
// Merkle trees as in RFC 9162 section 2.1, with SHA-256. No leaf is duplicated: a tree of n leaves
// splits at the largest power of two below n. A leaf is hashed behind a zero byte and an inner
// node behind a one, so that neither can pose as the other. Pure functions; hashes are
// Uint8Arrays of 32 bytes.

import { concat } from './encoding.mjs';

export const sha256 = async (...parts) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', concat(...parts)));

/** SHA-256(0x00 || data), section 2.1.1. */
export const leafHash = (data) => sha256(Uint8Array.of(0), data);

const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

/**
 * The tree level by level, leaves first: each node is {hash, from, to}, for the leaves from..to-1.
 * Two neighbours of a level make one of the next. A last node without a neighbour stands for
 * itself one level higher, with the same hash and leaves: it is not hashed again. This is the
 * tree of section 2.1.1, as a left half is always a full power of two.
 */
export async function merkleLevels(leaves) {
  let level = leaves.map((hash, i) => ({ hash, from: i, to: i + 1 }));
  const levels = [level];
  while (level.length > 1) {
    const next = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i], level[i + 1]];
      next.push(
        right
          ? { hash: await nodeHash(left.hash, right.hash), from: left.from, to: right.to }
          : left,
      );
    }
    levels.push(next);
    level = next;
  }
  return levels;
}

/** The root over leaf hashes; SHA-256 of no bytes for an empty tree. */
export async function merkleRoot(leaves) {
  if (leaves.length === 0) return sha256();
  return (await merkleLevels(leaves)).at(-1)[0].hash;
}

/** The audit path of a leaf, section 2.1.3.1, lowest sibling first. */
export async function merklePath(leaves, index) {
  if (!(index >= 0 && index < leaves.length)) throw new Error('the tree has no such leaf');
  const path = [];
  let at = index;
  for (const level of (await merkleLevels(leaves)).slice(0, -1)) {
    const sibling = level[at ^ 1];
    if (sibling) path.push(sibling.hash);
    at >>= 1;
  }
  return path;
}

/**
 * Section 2.1.3.2: the root that `path` leads to from the leaf hash at `index` of a tree of
 * `size` leaves (both at most 2^53 - 1). Throws when the path is too long or too short for it.
 */
export async function rootOfPath(leaf, index, size, path) {
  if (!(index < size)) throw new Error('the tree has no leaf with this number');
  let fn = BigInt(index);
  let sn = BigInt(size) - 1n;
  let hash = leaf;
  for (const sibling of path) {
    if (sn === 0n) throw new Error('the path has more hashes than the tree has levels');
    if (fn % 2n === 1n || fn === sn) {
      hash = await nodeHash(sibling, hash);
      while (fn % 2n === 0n && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else hash = await nodeHash(hash, sibling);
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  if (sn !== 0n) throw new Error('the path has fewer hashes than the tree has levels');
  return hash;
}
