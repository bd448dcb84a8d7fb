// SPDX-License-Identifier: Apache-2.0
//
// Events as they come, the newest first.

import * as api from './api.mjs';
import { button, command, element, hash, link, redraw, sheet, title } from './dom.mjs';
import { number, plural } from './figures.mjs';
import { live, past } from './live.mjs';

const shown_max = 300;
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const names = {
  batch: 'Batches',
  block: 'Blocks',
  refused: 'Refusals',
  worker: 'Workers',
  skipped: 'Left out',
};

export async function show(main, { signal }) {
  await api.get('/v1/signing', signal); // asks for a token where one is needed
  const hidden = new Set();
  let paused = false;
  const list = element('ol', { className: 'events', 'aria-label': 'Events, the newest first' });
  const none = element(
    'p',
    { className: 'soft' },
    'Nothing has happened since this page was opened. Events appear here as they come.',
  );
  const draw = () => {
    const rows = past.log
      .filter((entry) => !hidden.has(entry.type))
      .slice(-shown_max)
      .reverse()
      .map(row);
    redraw(list, ...rows);
    none.hidden = rows.length > 0;
  };
  const filters = Object.entries(names).map(([type, name]) => {
    const box = element('input', { type: 'checkbox', checked: true });
    box.addEventListener('change', () => {
      box.checked ? hidden.delete(type) : hidden.add(type);
      draw();
    });
    return element('label', { className: 'check' }, box, name);
  });
  const pause = button('Pause', () => {
    paused = !paused;
    pause.textContent = paused ? 'Go on' : 'Pause';
    if (!paused) draw();
  });
  let due = false;
  for (const type of Object.keys(names))
    live.addEventListener(
      type,
      () => {
        if (paused || due) return;
        due = true;
        setTimeout(() => {
          due = false;
          if (!signal.aborted && !paused) draw();
        }, 200);
      },
      { signal },
    );
  draw();
  main.replaceChildren(
    title(
      'Activity',
      'What happens on the server, as it happens. The last thousand events since this page was opened are kept.',
    ),
    sheet(null, element('div', { className: 'row' }, filters, pause), none, list),
    sheet('The same with curl', command(api.curl('/v1/events', '-N'))),
  );
}

function row({ at, type, data }) {
  return element(
    'li',
    { className: Date.now() - at < 1_500 ? 'fresh' : '' },
    element(
      'time',
      {
        className: 'soft',
        dateTime: new Date(at).toISOString(),
        title: new Date(at).toISOString(),
      },
      clock.format(at),
    ),
    element('span', { className: `mark ${type === 'refused' ? 'warn' : ''}` }, type),
    element('span', { className: 'wrap' }, ...words(type, data)),
  );
}

function words(type, data) {
  switch (type) {
    case 'batch':
      return [
        link(
          `#/record/${data.first}`,
          plural(data.count, 'record'),
          ` from ${number(data.first)} on`,
        ),
        ' signed by key ',
        link(`#/keys/${data.key}`, hash(data.key)),
        data.worker ? ` at ${data.worker}` : '',
      ];
    case 'block':
      return [
        link(`#/block/${data.index}`, `Block ${number(data.index)}`),
        ` of ${plural(data.count, 'message')}, `,
        hash(data.hash),
      ];
    case 'refused':
      return [
        Object.entries(data.codes)
          .map(([code, count]) => `${number(count)} × ${code}`)
          .join(', '),
      ];
    case 'worker':
      return [`${data.worker} ${data.connected ? 'connected' : 'went away'}`];
    case 'skipped':
      return [`${number(data.count)} events “${data.event}” were left out, as there were too many`];
    default:
      return [JSON.stringify(data)];
  }
}
