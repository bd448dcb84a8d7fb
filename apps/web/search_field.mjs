// SPDX-License-Identifier: Apache-2.0
//
// The one field that finds everything: a name of a thing leads to its view;
// bytes to verify, typed, pasted or dropped, lead to the verify view.

import { button, element } from './dom.mjs';
import { addFiles, addText } from './inbox.mjs';
import { isEvidence } from './search.mjs';

export function searchField(value = '') {
  const input = element('input', {
    type: 'search',
    id: 'search',
    value,
    autocomplete: 'off',
    spellcheck: false,
    placeholder: 'INV-00042, 42, a hash …',
    'aria-describedby': 'search-help',
  });
  const file = element('input', {
    type: 'file',
    multiple: true,
    className: 'unseen',
    tabIndex: -1,
    'aria-label': 'Files to verify',
  });
  file.addEventListener('change', async () => {
    await addFiles(file.files);
    location.hash = '#/verify';
  });
  const form = element(
    'form',
    { className: 'search drop', role: 'search' },
    element('label', { htmlFor: 'search', className: 'unseen' }, 'Find or verify'),
    input,
    element('button', { className: 'first' }, 'Find'),
    button('Choose files to verify', () => file.click()),
    file,
    element(
      'p',
      { id: 'search-help', className: 'soft small' },
      'A record’s id or name, a message’s number, a block, a hash — or drop a receipt, proof, signature or seal here.',
    ),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    go(input.value);
  });
  input.addEventListener('paste', (event) => {
    const text = event.clipboardData.getData('text');
    if (!isEvidence(text)) return;
    event.preventDefault();
    go(text);
  });
  takeDrops(form, () => (location.hash = '#/verify'));
  return form;
}

async function go(text) {
  if (text.trim() === '') return;
  if (isEvidence(text)) {
    await addText(text);
    location.hash = '#/verify';
  } else location.hash = `#/search/${encodeURIComponent(text.trim().toWellFormed())}`;
}

/** Takes files and texts that are dropped on an element. */
export function takeDrops(place, then) {
  const over = (event) => {
    event.preventDefault();
    place.classList.add('over');
  };
  place.addEventListener('dragenter', over);
  place.addEventListener('dragover', over);
  place.addEventListener('dragleave', () => place.classList.remove('over'));
  place.addEventListener('drop', async (event) => {
    event.preventDefault();
    place.classList.remove('over');
    const { files } = event.dataTransfer;
    if (files.length) await addFiles(files);
    else await addText(event.dataTransfer.getData('text'));
    then();
  });
}
