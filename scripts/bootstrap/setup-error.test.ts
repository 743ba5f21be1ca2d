import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { catalogue } from '../../src/platform/errors/catalogue.ts';
import { SetupError, setupErrorOf } from './setup-error.mjs';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

test('every code of the set-up is in the catalogue, and the catalogue names no other', () => {
  const sources = ['headrace', ...globSync('scripts/**/*.mjs', { cwd: checkout })];
  const text = sources.map((file) => readFileSync(`${checkout}/${file}`, 'utf8')).join();
  const used = new Set(text.match(/\bsetup_[a-z_]+/g));
  const known = Object.keys(catalogue).filter((code) => code.startsWith('setup_'));
  assert.deepEqual([...used].sort(), known.sort());
});

test('a failure of the file system is told in one sentence with what to do', () => {
  const failure = (code: string) =>
    setupErrorOf(Object.assign(new Error('x'), { code }), '/srv/headrace');
  assert.equal(failure('EROFS').code, 'setup_read_only');
  assert.equal(failure('EACCES').code, 'setup_read_only');
  assert.equal(failure('ENOSPC').code, 'setup_disk_full');
  assert.match(failure('EACCES').message, /^This user may not write to \/srv\/headrace, .*\.$/);
  const other = setupErrorOf(new Error('odd\n    at stack'), '/srv');
  assert.deepEqual([other.code, other.message], ['setup_failed', 'The set-up in /srv failed: odd']);
  const own = new SetupError('setup_no_network', 'm');
  assert.equal(setupErrorOf(own, '/srv'), own);
});
