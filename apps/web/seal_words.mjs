// SPDX-License-Identifier: Apache-2.0
//
// A seal's steps in words: what each one shows, and why it matters.

export const sealWords = {
  'seal.form': [
    'The seal is a JWS in one of its two forms',
    'A text with two readings could be one seal for you and another for somebody else.',
  ],
  'seal.header': [
    'The signed header is one of JAdES',
    'The header names the algorithm, the time and the certificate; a missing or doubtful one ' +
      'could be read in two ways.',
  ],
  'seal.critical': [
    'All that the header calls critical is understood',
    'A seal may ask its readers to refuse it when they do not know one of its members.',
  ],
  'seal.certificate': [
    'The certificates inside can be read',
    "They say who made the seal; the first is the signer's, and each was issued by the next.",
  ],
  'seal.reference': [
    "The signed header refers to the signer's certificate",
    'The reference is a hash of the certificate, so nobody can put another one in its place.',
  ],
  'seal.content': [
    'The record is the one that the seal is about',
    'A record outside of a seal has to be given, or the seal is about nothing that you can see.',
  ],
  'seal.signature': [
    "The certificate's key signed header and record",
    'Only the holder of the private key can make this signature, and only over exactly these ' +
      'bytes.',
  ],
  'seal.order': [
    'Each certificate inside was issued by the next',
    'A certificate that has no part in the chain could mislead its reader.',
  ],
  'seal.time': [
    'The certificate was valid at the time that the signer claims',
    'A seal that claims a time outside of its own certificate contradicts itself.',
  ],
  'seal.profile': [
    'The certificate is one for seals',
    "An authority's certificate, or one for other purposes, must not make seals.",
  ],
  'seal.anchor': [
    'The certificate leads to a root that you trust',
    'Anybody can issue a certificate in any name; only a root that you have from elsewhere ' +
      'vouches for it.',
  ],
  'seal.dates': [
    'All certificates were valid at the time that you gave',
    'An authority vouches for a certificate only between two dates.',
  ],
  'seal.unsigned': [
    'What is not signed has the form that JAdES gives it',
    'Anybody can add it, so it must not look like a part of the signed header.',
  ],
  'seal.stamps': [
    'Time stamps prove when the seal was made',
    'They are not checked here: run chancery check, or a validation service.',
  ],
  'seal.revocation': [
    'No certificate was revoked',
    'Lists of revocations are not read here: run chancery check --crl, or a validation service.',
  ],
};
