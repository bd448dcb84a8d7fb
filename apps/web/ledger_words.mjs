// SPDX-License-Identifier: Apache-2.0
//
// The ledger's steps in words: what each one shows, and why it matters. Ids of steps are part of
// what pages and tests rely on.

export const ledgerWords = {
  'message.form': [
    'The message is written as the ledger writes messages',
    'A text with two readings could mean one thing to its client and another to you, so only ' +
      'one spelling is accepted.',
  ],
  'client.key': [
    "The client's id is the fingerprint of this key",
    'The id is a hash of the public key, so nobody can put another key in its place.',
  ],
  'message.signature': [
    'The client signed this message',
    'Only the holder of the private key can make this signature, and only over exactly these ' +
      'bytes.',
  ],
  'node.key': [
    "The node's id is the fingerprint of this key",
    'The id is a hash of the public key, so a node cannot use another key under the same id.',
  ],
  'node.keys': [
    'The node signed its own list of keys',
    'A node shows with this that it holds the private key, and which key is for what.',
  ],
  'message.node': [
    'The message is addressed to this node',
    'A message that was meant for another node says nothing about this one.',
  ],
  'node.took': [
    'The node took the message',
    'Only a receipt, or a proof that ends at a signed block, shows that a node has the message.',
  ],
  'receipt.form': [
    'The receipt is written as the ledger writes receipts',
    'A text with two readings could be shown to you as one and judged as the other.',
  ],
  'receipt.signature': [
    'The node signed this receipt',
    'With its signature the node cannot deny later that it took the message.',
  ],
  'receipt.about': [
    'The receipt is about this message',
    'A genuine receipt of another message would prove nothing about this one.',
  ],
  'receipt.block': [
    'Receipt and block agree on the block before',
    'A node that showed its clients different chains would give itself away here.',
  ],
  leaf: [
    'The leaf is the hash of this message',
    'The tree holds hashes in place of messages; any change of the message gives another hash.',
  ],
  path: [
    "The path leads from the leaf to the block's root",
    'Hashing the leaf with its neighbours, level by level, has to give the root that the ' +
      'node signed.',
  ],
  leaves: [
    "The leaves make the block's root",
    'The whole tree, computed anew, has to give the root that the node signed.',
  ],
  'block.form': [
    "The block's header has the form of one",
    'A header is 144 bytes with each number at its place, so it cannot be read in two ways.',
  ],
  'block.signature': [
    'The node signed this header',
    'The header has the root of all messages of the block and the hash of the block before.',
  ],
  'block.claims': [
    'The header says what is said about the block',
    'Only the header is signed; numbers that stand beside it count for nothing unless they agree.',
  ],
  link: [
    'The header continues the block before it',
    'Each header has the hash of the one before, so no earlier block can be changed unseen.',
  ],
  'node.anchor': [
    'This is the node that you trust',
    'Everything above holds for any node; only an id that you have from elsewhere says which ' +
      'one it has to be.',
  ],
};

const broken = (step) => `It is not true that ${step.what[0].toLowerCase()}${step.what.slice(1)}.`;

/** A sentence for each verdict. `verified` is the one for what holds. */
export const sentencesOf = (verified, anchor) => ({
  verified,
  broken,
  unanchored:
    'All that could be checked fits together, but nothing ties it to anything that you trust: ' +
    `give ${anchor}.`,
  incomplete:
    'Nothing is wrong, but something is missing: the steps that are open say what to add.',
});
