import assert from 'node:assert/strict';
import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { findPackage, prepareBinaries } from './binaries.ts';

/** A package as npm unpacks it: files, no links. */
async function fakePackage(t: TestContext): Promise<{ packageDir: string; copies: string }> {
  const root = await mkdtemp(join(tmpdir(), 'headrace-binaries-'));
  t.after(() => rm(root, { recursive: true }));
  const packageDir = join(root, 'package');
  const copies = join(root, 'copies');
  for (const folder of ['native/bin', 'native/lib/pkgconfig', 'native/share']) {
    await mkdir(join(packageDir, folder), { recursive: true });
  }
  await mkdir(copies);
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
  const files = {
    'package.json': JSON.stringify({ version: '18.4.0-beta.17' }),
    'native/pg-symlinks.json': JSON.stringify(links),
    'native/bin/postgres': 'postgres',
    'native/bin/initdb': 'initdb',
    'native/lib/libpq.so.5.18': 'library',
    'native/lib/libpq.a': 'for compilers',
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(packageDir, name), content);
  }
  return { packageDir, copies };
}

test('where the package may be written its missing links are made in place, once', async (t) => {
  const { packageDir, copies } = await fakePackage(t);
  const prepare = () => prepareBinaries({ packageDir, copyTo: [copies], mustCopy: false });
  await Promise.all([prepare(), prepare()]);
  const binaries = await prepare();
  assert.deepEqual(binaries, {
    initdb: join(packageDir, 'native/bin/initdb'),
    postgres: join(packageDir, 'native/bin/postgres'),
    major: 18,
  });
  assert.equal(await readFile(join(packageDir, 'native/lib/libpq.so.5'), 'utf8'), 'library');
  assert.deepEqual(await readdir(copies), []);
});

test('another user gets a linked copy, without what only compilers need', async (t) => {
  const { packageDir, copies } = await fakePackage(t);
  const prepare = () => prepareBinaries({ packageDir, copyTo: [copies], mustCopy: true });
  const [binaries] = await Promise.all([prepare(), prepare(), prepare()]);
  const copy = join(copies, 'postgres-18.4.0-beta.17');
  assert.equal(binaries!.postgres, join(copy, 'bin/postgres'));
  assert.ok((await lstat(join(copy, 'lib/libpq.so.5'))).isSymbolicLink());
  assert.deepEqual((await readdir(join(copy, 'lib'))).sort(), ['libpq.so.5', 'libpq.so.5.18']);
  assert.deepEqual(await readdir(copies), ['postgres-18.4.0-beta.17']);
  assert.deepEqual(await readdir(join(packageDir, 'native/lib')), [
    'libpq.a',
    'libpq.so.5.18',
    'pkgconfig',
  ]);
});

test('a copy that a power cut left incomplete is made again', async (t) => {
  const { packageDir, copies } = await fakePackage(t);
  const prepare = () => prepareBinaries({ packageDir, copyTo: [copies], mustCopy: true });
  const { postgres } = await prepare();
  await truncate(postgres);
  await prepare();
  assert.equal(await readFile(postgres, 'utf8'), 'postgres');
});

test('the copy goes to the first folder that takes it', async (t) => {
  const { packageDir, copies } = await fakePackage(t);
  const blocked = join(packageDir, 'package.json');
  const binaries = await prepareBinaries({ packageDir, copyTo: [blocked, copies], mustCopy: true });
  assert.ok(binaries.postgres.startsWith(copies));
  const nowhere = prepareBinaries({ packageDir, copyTo: [blocked], mustCopy: true });
  await assert.rejects(nowhere, { code: 'store_unavailable', where: blocked });
});

test('missing programs are an unsupported platform, with DATABASE_URL as the way out', async (t) => {
  const { packageDir, copies } = await fakePackage(t);
  await rm(join(packageDir, 'native/bin/postgres'));
  const attempt = prepareBinaries({ packageDir, copyTo: [copies], mustCopy: false });
  await assert.rejects(attempt, { code: 'store_platform_unsupported', fix: /DATABASE_URL/ });
  for (const platform of ['sunos-x64', 'win32-x64', 'toString']) {
    assert.throws(() => findPackage(platform), { code: 'store_platform_unsupported' });
  }
});
