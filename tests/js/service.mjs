// SPDX-License-Identifier: Apache-2.0
//
// `chancery serve` for tests: a data folder, as a test makes it or with a few
// records, most of them signed, and the server on a free port.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const signedRecords = ['{"invoice":17}', '{"invoice":18}', '{"invoice":19}'];

export class Service {
  /** Where it listens: a free port, unless a test wants the one that it had. */
  place = '127.0.0.1:0';

  /** A place for a data folder. Nothing is made, and nothing started. */
  static prepare(chancery) {
    assert.ok(chancery, 'CHANCERY is not set to the path of the program');
    const service = new Service();
    service.chancery = chancery;
    service.folder = mkdtempSync(join(tmpdir(), 'chancery-serve-'));
    service.data = join(service.folder, 'data');
    return service;
  }

  /** Makes the folder, and starts `chancery serve` with these options. */
  static async start(chancery, ...options) {
    const service = Service.prepare(chancery);
    service.run('init', '--keys', '2');
    service.import(signedRecords);
    service.run('sign', '--batch-size', '2');
    service.import(['{"invoice":20}']);
    await service.serve(...options);
    return service;
  }

  /** Runs a command on the folder; its standard output. */
  run(...args) {
    const ran = spawnSync(this.chancery, ['--data', this.data, ...args], {
      encoding: 'utf8',
    });
    assert.equal(ran.status, 0, `chancery ${args.join(' ')}: ${ran.stderr}`);
    return ran.stdout;
  }

  /** Imports records, which are named by their member `field`, if it is one. */
  import(lines, field = 'invoice') {
    const file = join(this.folder, 'records.jsonl');
    writeFileSync(file, lines.map((line) => line + '\n').join(''));
    const naming = field ? ['--name-field', field] : [];
    this.run('records', 'import', file, '--format', 'jsonl', ...naming);
  }

  /** Starts the server and waits for its first line, which has its address. */
  async serve(...options) {
    this.child = spawn(
      this.chancery,
      ['--data', this.data, '--json', 'serve', '--http', this.place, ...options],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    process.once('exit', () => this.child.kill('SIGKILL'));
    this.log = '';
    this.child.stderr.on('data', (some) => (this.log += some));
    this.ended = new Promise((resolve) => this.child.on('exit', resolve));
    const lines = createInterface({ input: this.child.stdout });
    const line = await Promise.race([
      new Promise((resolve) => lines.once('line', resolve)),
      this.ended.then(() => assert.fail(`serve has ended: ${this.log}`)),
    ]);
    this.url = JSON.parse(line).url;
    assert.ok(this.url, `serve says ${line} ${this.log}`);
  }

  /** Ends the server as a person would; it must end well. */
  async end() {
    this.child.kill('SIGTERM');
    assert.equal(await this.ended, 0, this.log);
  }

  async stop() {
    try {
      if (this.child?.exitCode === null) await this.end();
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}
