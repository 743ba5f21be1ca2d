import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isInstalled } from './installed.mjs';

const here = { os: [process.platform], cpu: [process.arch] };
const wanted = {
  '': { version: '1.0.0' },
  'node_modules/fastify': { version: '5.0.0' },
  'node_modules/biome': { version: '2.0.0', dev: true },
  'node_modules/postgres-here': { version: '18.0.0', optional: true, ...here },
  'node_modules/postgres-there': { version: '18.0.0', optional: true, os: ['plan9'], cpu: ['vax'] },
};
const { '': _, 'node_modules/postgres-there': __, ...full } = wanted;
const { 'node_modules/biome': ___, ...withoutDev } = full;

function checkout(t: TestContext, present: Record<string, object> | string): string {
  const root = mkdtempSync(join(tmpdir(), 'headrace-installed-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: wanted }));
  mkdirSync(join(root, 'node_modules/fastify'), { recursive: true });
  writeFileSync(join(root, 'node_modules/fastify/package.json'), '{}');
  const record = typeof present === 'string' ? present : JSON.stringify({ packages: present });
  writeFileSync(join(root, 'node_modules/.package-lock.json'), record);
  return root;
}

test('a full install serves both modes, one without development packages only the run', (t) => {
  assert.ok(isInstalled(checkout(t, full), 'test'));
  assert.ok(isInstalled(checkout(t, full), 'run'));
  assert.ok(isInstalled(checkout(t, withoutDev), 'run'));
  assert.ok(!isInstalled(checkout(t, withoutDev), 'test'));
});

test('another version, a missing package and a missing binary of this platform are noticed', (t) => {
  assert.ok(
    !isInstalled(checkout(t, { ...full, 'node_modules/fastify': { version: '4.9.9' } }), 'run'),
  );
  const { 'node_modules/fastify': _gone, ...noFastify } = full;
  assert.ok(!isInstalled(checkout(t, noFastify), 'run'));
  const { 'node_modules/postgres-here': _missing, ...noPostgres } = full;
  assert.ok(!isInstalled(checkout(t, noPostgres), 'run'));
});

test('an install that broke off, or a folder removed by hand, does not count', (t) => {
  assert.ok(!isInstalled(checkout(t, '{ "packages": {'), 'run'));
  const removed = checkout(t, full);
  rmSync(join(removed, 'node_modules/fastify'), { recursive: true });
  assert.ok(!isInstalled(removed, 'run'));
  const nothing = checkout(t, full);
  rmSync(join(nothing, 'node_modules'), { recursive: true });
  assert.ok(!isInstalled(nothing, 'run'));
});
