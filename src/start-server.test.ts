import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createTestDatabase } from '../test/database.ts';
import { loadConfig } from './platform/config/load-config.ts';
import { startServer } from './start-server.ts';

const request = {
  flags: {},
  simulate: 'never',
  behave: false,
  private: true,
} as const;

/** A configuration with a database of its own, and a data directory that nobody has made yet. */
async function configure(t: TestContext, dataDir: (home: string) => string) {
  const home = await mkdtemp(join(tmpdir(), 'headrace-test-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  const env = {
    ...{ DATABASE_URL: await createTestDatabase(t), HEADRACE_DATA_DIR: dataDir(home), HOME: home },
    ...{ HEADRACE_ADMIN_KEY: 'test-admin-key-0123456789', HEADRACE_PORT: '0' },
    HEADRACE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
  };
  return loadConfig({ env, cwd: home });
}

test('a server with a database elsewhere makes its data directory, and is found by it until it ends', async (t) => {
  const config = await configure(t, (home) => join(home, 'not', 'there'));
  const server = await startServer(config, { ...request, private: false });
  const path = join(config.dataDir, 'server.json');
  assert.deepEqual(JSON.parse(await readFile(path, 'utf8')), { url: server.url, pid: process.pid });
  await server.close();
  await assert.rejects(stat(path), { code: 'ENOENT' });
});
