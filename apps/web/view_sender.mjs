// SPDX-License-Identifier: Apache-2.0
//
// A client of the ledger, as the node knows it.

import * as api from './api.mjs';
import { command, facts, hash, saveButton, sheet, title } from './dom.mjs';
import { number } from './figures.mjs';

export async function show(main, { words, signal }) {
  const path = `/v1/clients/${encodeURIComponent(words[0] ?? '')}`;
  const client = await api.get(path, signal);
  main.replaceChildren(
    title(
      'A client of the ledger',
      'Its id is the thumbprint of its key (RFC 7638), so nobody can send in its name without that key.',
    ),
    sheet(
      null,
      facts([
        ['Id', hash(client.client, false)],
        [
          'Number of its last message',
          client.last_sequence === null ? 'none yet' : number(client.last_sequence),
        ],
        ['Key, x', hash(client.key.x, false)],
        ['Key, y', hash(client.key.y, false)],
      ]),
      saveButton('Download', `client-${client.client.slice(0, 8)}.json`, () => api.getBytes(path)),
    ),
    sheet('The same with curl', command(api.curl(path))),
  );
}
