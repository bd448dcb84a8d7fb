// SPDX-License-Identifier: Apache-2.0
//
// One record: its way from arrival to signature, its bytes, and what to take
// along to verify it elsewhere.

import * as api from './api.mjs';
import {
  again,
  command,
  cut,
  element,
  facts,
  hash,
  link,
  mark,
  paragraph,
  saveButton,
  sheet,
  title,
} from './dom.mjs';
import { number, plural, size, time } from './figures.mjs';
import { live } from './live.mjs';
import { preview } from './bytes_view.mjs';
import { way } from './way.mjs';

export async function show(main, place) {
  const id = Number(place.words[0]);
  const path = `/v1/records/${id}`;
  const record = await api.get(path, place.signal);
  const { signature } = record;
  if (!record.signed) watch(main, place, id);
  const batch = signature
    ? await api.get(`/v1/batches/${signature.batch.first}`, place.signal).catch(() => null)
    : null;
  main.replaceChildren(
    title(
      cut(record.name ?? `Record ${number(id)}`),
      null,
      record.signed
        ? mark('good', signature.format === 'jades' ? 'sealed' : 'signed')
        : mark('warn', 'not signed yet'),
      record.signed
        ? element('a', { className: 'button first push', href: `#/verify/record/${id}` }, 'Verify')
        : null,
    ),
    sheet('Its way', theWay(record, batch)),
    element(
      'div',
      { className: 'columns' },
      sheet(
        'The record',
        facts([
          ['Id', number(id)],
          ['Name', record.name === null ? null : cut(record.name, 5_000)],
          ['Size', size(record.size)],
          ['Received', time(record.received)],
        ]),
        record.name === null
          ? null
          : paragraph('A signature covers the bytes, not the name.', 'soft small'),
        await bytesOf(record, path, place.signal),
      ),
      signature ? signatureSheet(record, batch) : waiting(),
    ),
    sheet('The same with curl', ...curls(record, path)),
  );
}

/** Shows the view again once the record is signed. */
function watch(main, place, id) {
  const look = ({ detail }) => {
    if (id < detail.first || id >= detail.first + detail.count) return;
    live.removeEventListener('batch', look);
    again(main, () => show(main, place));
  };
  live.addEventListener('batch', look, { signal: place.signal });
}

function theWay(record, batch) {
  const { signature } = record;
  const count = batch?.count ?? signature?.batch.count;
  return way([
    { name: 'Received', done: true, about: time(record.received) ?? 'the time is not known' },
    {
      name: 'In a batch',
      done: record.signed,
      about: signature
        ? `${plural(count, 'record')} from ${number(signature.batch.first)} on, all by one key`
        : 'when it is full, or its oldest record has waited long enough',
    },
    {
      name: signature?.format === 'jades' ? 'Sealed' : 'Signed',
      done: record.signed,
      about: signature
        ? element(
            'span',
            {},
            link(`#/keys/${signature.key}`, 'by key ', hash(signature.key)),
            batch?.worker ? ` at worker ${batch.worker}` : '',
          )
        : 'by the key that was used least recently',
    },
    {
      name: 'On disk',
      done: record.signed,
      about: signature ? time(signature.time) : 'with the entry of its lease, in one transaction',
    },
  ]);
}

const waiting = () =>
  sheet(
    'The signature',
    paragraph('This record waits for its batch. This view changes when it is signed.', 'soft'),
  );

function signatureSheet(record, batch) {
  const { signature, id } = record;
  const sealed = signature.format === 'jades';
  const base = `/v1/records/${id}`;
  const get = (path) => () => api.getBytes(path);
  const reasons = {
    full: 'it was full',
    gap: 'signed records follow it',
    end: 'the table ended',
    waited: 'its oldest record had waited long enough',
    withdrawn: 'a signature was withdrawn from it',
  };
  return sheet(
    sealed ? 'The seal' : 'The signature',
    facts([
      ['Key', hash(signature.key, false)],
      ['Algorithm', `${signature.alg}${sealed ? ', JAdES B-B' : ', over the record’s bytes'}`],
      ['Value', hash(signature.value, false)],
      ['Lease', signature.batch.lease],
      ['Batch', batch ? `closed because ${reasons[batch.reason] ?? batch.reason}` : null],
      ['Time', time(signature.time)],
    ]),
    element(
      'div',
      { className: 'row' },
      sealed
        ? saveButton('Download the seal', `record-${id}.jws`, get(`${base}/signature`))
        : saveButton('Signature for OpenSSL', `record-${id}.sig`, get(`${base}/signature.der`)),
      sealed
        ? null
        : saveButton('Signature as JSON', `record-${id}.json`, get(`${base}/signature`)),
      saveButton('Key', `${signature.key}.pem`, get(`/v1/keys/${signature.key}.pem`)),
    ),
  );
}

async function bytesOf(record, path, signal) {
  const get = () => api.getBytes(`${path}/data`);
  const download = saveButton('Download the record', record.name ?? `record-${record.id}`, get);
  if (record.size > 65_536)
    return element(
      'div',
      { className: 'stack' },
      paragraph('It is too large to be shown here.', 'soft'),
      download,
    );
  const bytes = await api.getBytes(`${path}/data`, signal);
  return element('div', { className: 'stack' }, preview(bytes, 'The record’s bytes'), download);
}

function curls({ signature, id }, path) {
  const lines = [command(api.curl(path)), command(api.curl(`${path}/data`, '-o record'))];
  if (signature?.format === 'jades')
    lines.push(
      command(api.curl(`${path}/signature`, `-o record-${id}.jws`)),
      command(`chancery check record-${id}.jws`),
    );
  else if (signature)
    lines.push(
      command(
        [
          api.curl(`${path}/signature.der`, '-o record.sig'),
          api.curl(`/v1/keys/${signature.key}.pem`, '-o key.pem'),
          `openssl dgst -${signature.alg === 'ES384' ? 'sha384' : 'sha256'} -verify key.pem -signature record.sig record`,
        ].join('\n'),
      ),
    );
  return lines;
}
