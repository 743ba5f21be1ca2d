import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { isHeadraceError } from './errors/headrace-error.ts';
import { deriveKey, loadSecretKey } from './secret-key.ts';

async function emptyDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'headrace-key-'));
  t.after(() => rm(directory, { recursive: true }));
  return directory;
}

test('the first start makes a key of 32 bytes that only its owner can read', async (t) => {
  const dataDir = join(await emptyDirectory(t), 'data');
  const key = await loadSecretKey({ configured: null, dataDir, distributed: false });
  const path = join(dataDir, 'secret.key');
  assert.equal(key.length, 32);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal((await readFile(path, 'utf8')).trim(), key.toString('base64'));
});

test('every later start, and every process of one start, reads the same key', async (t) => {
  const dataDir = await emptyDirectory(t);
  const input = { configured: null, dataDir, distributed: false };
  const keys = await Promise.all(Array.from({ length: 8 }, () => loadSecretKey(input)));
  keys.push(await loadSecretKey(input));
  assert.equal(new Set(keys.map((key) => key.toString('hex'))).size, 1);
});

test('a configured key is used and none is written', async (t) => {
  const dataDir = await emptyDirectory(t);
  const configured = Buffer.alloc(32, 7);
  assert.equal(await loadSecretKey({ configured, dataDir, distributed: true }), configured);
  await assert.rejects(stat(join(dataDir, 'secret.key')), { code: 'ENOENT' });
});

test('a store that machines share demands a configured key', async (t) => {
  const dataDir = await emptyDirectory(t);
  await assert.rejects(loadSecretKey({ configured: null, dataDir, distributed: true }), {
    code: 'secret_key_required',
  });
});

test('a damaged key file is named, not shown, and never replaced', async (t) => {
  const dataDir = await emptyDirectory(t);
  const path = join(dataDir, 'secret.key');
  await writeFile(path, 'c2VjcmV0');
  await assert.rejects(
    loadSecretKey({ configured: null, dataDir, distributed: false }),
    (error) => {
      assert.ok(isHeadraceError(error));
      assert.equal(error.code, 'config_invalid');
      assert.equal(error.where, path);
      assert.doesNotMatch(`${error.message}${error.fix}`, /c2VjcmV0/);
      return true;
    },
  );
  assert.equal(await readFile(path, 'utf8'), 'c2VjcmV0');
});

test('keys for different purposes differ, and one purpose always has the same key', () => {
  const root = Buffer.alloc(32, 1);
  assert.deepEqual(deriveKey(root, 'vault'), deriveKey(root, 'vault'));
  assert.notDeepEqual(deriveKey(root, 'vault'), deriveKey(root, 'keys-pepper'));
  assert.notDeepEqual(deriveKey(root, 'vault'), deriveKey(Buffer.alloc(32, 2), 'vault'));
});

test('a data directory that cannot be written is named, with the way out', async (t) => {
  const file = join(await emptyDirectory(t), 'file');
  await writeFile(file, '');
  const attempt = loadSecretKey({
    configured: null,
    dataDir: join(file, 'data'),
    distributed: false,
  });
  await assert.rejects(attempt, {
    code: 'config_invalid',
    where: join(file, 'data', 'secret.key'),
    fix: /HEADRACE_DATA_DIR/,
  });
});
