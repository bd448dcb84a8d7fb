// SPDX-License-Identifier: Apache-2.0
//
// What the user trusts: a node's id, ids of record keys, root certificates. Only
// the user fills this in.

import { readCertificate } from './certificate.mjs';
import { button, element, fault, paragraph, sheet } from './dom.mjs';
import { pemBlocks } from './ecdsa.mjs';
import { fromUtf8, utf8 } from './encoding.mjs';
import { plural } from './figures.mjs';
import { trust } from './inbox.mjs';

const root_max = 1024 * 1024;

export const idPattern = /^[A-Za-z0-9_-]{43}$/;

const idsIn = (text) => text.split(/\s+/).filter(Boolean);

/** The form; `changed` is called when something else is trusted. */
export function trustForm(changed) {
  const problem = element('div');
  const rootsPlace = element('p', { className: 'soft small' });
  const showRoots = () =>
    rootsPlace.replaceChildren(
      trust.roots.length
        ? `${plural(trust.roots.length, 'root certificate')}: ${trust.roots.map((r) => r.name).join(', ')} `
        : 'None given.',
      trust.roots.length
        ? button(
            'Drop them',
            () => {
              trust.roots = [];
              showRoots();
              changed();
            },
            'plain',
          )
        : '',
    );
  const node = field(
    'input',
    'The node’s id (ledger)',
    trust.node,
    '43 characters, from the operator',
    (text) => {
      const [id = '', ...more] = idsIn(text);
      const good = more.length === 0 && (id === '' || idPattern.test(id));
      trust.node = good ? id : '';
      return good ? '' : 'A node’s id has 43 characters of base64url.';
    },
  );
  const keys = field(
    'textarea',
    'Ids of record keys, one a line (raw signatures)',
    trust.keys.join('\n'),
    '43 characters each',
    (text) => {
      const ids = idsIn(text);
      const good = ids.every((id) => idPattern.test(id));
      trust.keys = good ? ids : [];
      return good ? '' : 'A key’s id has 43 characters of base64url.';
    },
  );
  const takeRoots = (bytes, name) => {
    problem.replaceChildren();
    try {
      trustRoots(bytes, name);
    } catch (error) {
      problem.replaceChildren(fault(error));
    }
    showRoots();
    changed();
  };
  const file = element('input', { type: 'file', accept: '.pem,.crt,.cer,.der' });
  file.addEventListener('change', async () => {
    for (const one of file.files) {
      const bytes = await one
        .slice(0, root_max + 1)
        .arrayBuffer()
        .catch(() => new ArrayBuffer());
      takeRoots(new Uint8Array(bytes), one.name);
    }
  });
  const pasted = element('textarea', {
    rows: 2,
    spellcheck: false,
    placeholder: '-----BEGIN CERTIFICATE-----',
  });
  pasted.addEventListener('input', () => {
    if (!pasted.value.includes('-----END')) return;
    takeRoots(utf8(pasted.value), 'pasted');
    pasted.value = '';
  });
  showRoots();

  function field(kind, name, value, placeholder, take) {
    const input = element(kind, { value, placeholder, autocomplete: 'off', spellcheck: false });
    if (kind === 'textarea') input.rows = 2;
    const said = element('span', { className: 'small', role: 'alert' });
    input.addEventListener('input', () => {
      said.textContent = take(input.value);
      input.setAttribute('aria-invalid', String(said.textContent !== ''));
      changed();
    });
    return element('label', {}, name, input, said);
  }

  const made = sheet(
    'What you trust',
    paragraph(
      'Give what you know by other means: from the operator, a contract, an earlier receipt. Nothing here is filled in from the server or the address, and nothing is kept. On the server’s own host, chancery serve prints the node’s id when it starts, and chancery keys list the ids of keys.',
      'soft small',
    ),
    node,
    keys,
    element('label', {}, 'Root certificates of an authority (seals): a file', file),
    element('label', {}, 'or pasted', pasted),
    rootsPlace,
    problem,
  );
  made.classList.add('trust');
  return made;
}

/** Takes the root certificates of a PEM or DER file. */
function trustRoots(bytes, name) {
  if (bytes.length > root_max) throw new Error(`${name} is larger than 1 MB.`);
  const text = bytes[0] === 0x30 ? null : fromUtf8(bytes);
  const found = text === null ? [bytes] : pemBlocks(text, 'CERTIFICATE');
  if (found.length === 0) throw new Error(`${name} has no certificate: give PEM or DER.`);
  for (const der of found) readCertificate(der);
  for (const der of found) trust.roots.push({ name, bytes: der });
}
