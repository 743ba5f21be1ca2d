import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFolder } from './make-folder.ts';

test('a folder is made with those above it, and made twice is no error', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'headrace-out-'));
  t.after(() => rm(root, { recursive: true }));
  const path = join(root, 'a', 'b c');
  await makeFolder(path);
  await makeFolder(path);
  assert.ok((await stat(path)).isDirectory());
});

test('a place where no folder can be is refused at once, with what to do', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'headrace-out-'));
  t.after(() => rm(root, { recursive: true }));
  await writeFile(join(root, 'file'), '');
  for (const path of [join(root, 'file', 'below'), '/proc/headrace/out']) {
    await assert.rejects(makeFolder(path), { code: 'usage', fix: /--out/ });
  }
});
