// SPDX-License-Identifier: Apache-2.0
//
// Verifies seals (JAdES B-B) with npm's jose and Node.js alone, at the time that
// the signer claims.
//
//   node seals.mjs --ca ca.pem FILE…
//
// A FILE is a seal in compact or flattened JSON serialization, or has lines of
// an export, such as {"record":7,"jws":"…"}; - is the standard input. Says how
// many are good, and why others are not; exits with 1 then.

import { X509Certificate, createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compactVerify, flattenedVerify, importX509 } from 'jose';

/** The certificates of a PEM file. */
export function certificatesIn(pem) {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  return (blocks ?? []).map((block) => new X509Certificate(block));
}

function require(holds, why) {
  if (!holds) throw new Error(why);
}

const hasIssued = (issuer, certificate) =>
  issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

/** Throws unless the chain, the signer's first, leads to a root at `time`, in seconds. */
function requireTrust(chain, roots, time) {
  for (let i = 0; i + 1 < chain.length; ++i)
    require(hasIssued(chain[i + 1], chain[i]), `x5c[${i + 1}] has not issued x5c[${i}]`);
  const last = chain.at(-1);
  const root = roots.find(
    (each) => each.fingerprint256 === last.fingerprint256 || hasIssued(each, last),
  );
  require(root, 'no root has issued the last certificate');
  for (const each of [...chain, root]) {
    require(new Date(each.validFrom).getTime() <= time * 1000, 'a certificate is not valid yet');
    require(new Date(each.validTo).getTime() >= time * 1000, 'a certificate has expired');
  }
}

/** The signer's key, for jose, once its certificate has been checked. */
function keyUnder(roots) {
  return async ({ alg, iat, x5c, 'x5t#S256': thumbprint }) => {
    require(Array.isArray(x5c) && x5c.length > 0, 'x5c is missing');
    require(Number.isInteger(iat), 'iat is not a whole number');
    const chain = x5c.map((text) => new X509Certificate(Buffer.from(text, 'base64')));
    chain.forEach(({ raw }, i) =>
      require(raw.toString('base64') === x5c[i], `x5c[${i}] is not standard base64`),
    );
    const digest = createHash('sha256').update(chain[0].raw).digest('base64url');
    require(digest === thumbprint, 'x5t#S256 is not that of x5c[0]');
    requireTrust(chain, roots, iat);
    return importX509(chain[0].toString(), alg);
  };
}

/**
 * `seal` is a compact serialization, or an object of the flattened one. Gives
 * { payload, protectedHeader }; throws an Error that says what is wrong.
 */
export function verifySeal(seal, roots) {
  const verify = typeof seal === 'string' ? compactVerify : flattenedVerify;
  return verify(seal, keyUnder(roots), { algorithms: ['ES256', 'ES384'] });
}

/** The seals of a file, as [name, seal] pairs. */
export function* sealsIn(name, text) {
  if (!text.trimStart().startsWith('{')) return yield [name, text];
  for (const line of text.includes('\n{') ? text.trimEnd().split('\n') : [text]) {
    const value = JSON.parse(line);
    if (value.protected) yield [name, value];
    else yield [`${name}, record ${value.record}`, value.jws];
  }
}

async function main(given) {
  const files = given.filter((_, i) => given[i] !== '--ca' && given[i - 1] !== '--ca');
  const roots = given
    .filter((_, i) => given[i - 1] === '--ca')
    .flatMap((file) => certificatesIn(readFileSync(file, 'utf8')));
  const counts = { good: 0, wrong: 0 };
  for (const file of files)
    for (const [name, seal] of sealsIn(file, readFileSync(file === '-' ? 0 : file, 'utf8')))
      try {
        await verifySeal(seal, roots);
        ++counts.good;
      } catch (e) {
        ++counts.wrong;
        console.error(`${name}: ${e.message}`);
      }
  console.log(`${counts.good} seals are good, ${counts.wrong} are not`);
  process.exitCode = counts.wrong > 0 || counts.good === 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
