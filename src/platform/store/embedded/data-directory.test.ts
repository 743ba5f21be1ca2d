import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { prepareDataDirectory } from './data-directory.ts';

const stranger = { name: 'postgres', uid: 54_321, gid: 54_321 };

async function closedParent(t: TestContext, base: string): Promise<string> {
  const parent = await mkdtemp(join(base, 'headrace-data-'));
  t.after(() => rm(parent, { recursive: true }));
  await chmod(parent, 0o700);
  return parent;
}

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

test('an ordinary user’s data directory is closed to others', async (t) => {
  const dataDir = join(await closedParent(t, tmpdir()), 'data');
  await prepareDataDirectory(dataDir, null);
  assert.equal(await modeOf(dataDir), 0o700);
});

test('the server’s user may pass through the data directory and temporary ones above it, no more', async (t) => {
  const parent = await closedParent(t, tmpdir());
  const dataDir = join(parent, 'data');
  await mkdir(dataDir, { mode: 0o700 });
  await prepareDataDirectory(dataDir, stranger);
  assert.equal(await modeOf(dataDir), 0o701);
  assert.equal(await modeOf(parent), 0o701);
});

test('a closed directory that is not ours to open is named', async (t) => {
  const parent = await closedParent(t, tmpdir());
  const attempt = prepareDataDirectory(join(parent, 'data'), stranger, '/elsewhere');
  await assert.rejects(attempt, {
    code: 'store_unavailable',
    fix: new RegExp(`chmod o\\+x ${parent}`),
  });
  assert.equal(await modeOf(parent), 0o700);
});
