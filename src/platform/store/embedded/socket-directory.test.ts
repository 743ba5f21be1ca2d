import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { fits, makeSocketDirectory } from './socket-directory.ts';

const owner = { uid: process.getuid!(), user: null };

async function dataDirectory(t: TestContext, below: string): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'headrace-socket-'));
  t.after(() => rm(parent, { recursive: true }));
  const dataDir = join(parent, below);
  await mkdir(dataDir, { recursive: true });
  return dataDir;
}

async function make(t: TestContext, dataDir: string): Promise<string> {
  const directory = await makeSocketDirectory(dataDir, owner);
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

test('the socket of the longest data directory has a path that the system can bind', async (t) => {
  const dataDir = await dataDirectory(t, `with spaces ${'and length '.repeat(15)}`);
  const directory = await make(t, dataDir);
  assert.ok(fits(directory), directory);
  assert.equal((await stat(directory)).mode & 0o777, 0o700);
  assert.equal(fits(dataDir), false);
});

test('one data directory has one socket directory, by whatever path it is named', async (t) => {
  const dataDir = await dataDirectory(t, 'data');
  const alias = join(dataDir, '..', 'alias');
  await symlink(dataDir, alias);
  assert.equal(await make(t, alias), await make(t, dataDir));
  const other = await dataDirectory(t, 'data');
  assert.notEqual(await make(t, other), await make(t, dataDir));
});

test('a folder that others may enter, or a link in its place, is not trusted', async (t) => {
  const dataDir = await dataDirectory(t, 'data');
  const directory = await make(t, dataDir);
  await chmod(directory, 0o777);
  await assert.rejects(make(t, dataDir), { code: 'store_unavailable', where: directory });
  await rm(directory, { recursive: true });
  await symlink(dataDir, directory);
  await assert.rejects(make(t, dataDir), { code: 'store_unavailable', where: directory });
});
