import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { Client } from 'pg';
import { eventually } from '../../../../test/eventually.ts';
import { silentLog } from '../../log.ts';
import { reachServer, readPostmasterFile } from './reach-server.ts';
import { startEmbeddedPostgres } from './start-embedded-postgres.ts';

async function startSmall(t: TestContext) {
  const dataDir = await mkdtemp(join(tmpdir(), 'headrace-reach-'));
  const databaseDir = join(dataDir, 'postgres');
  const settings = { max_connections: '4', superuser_reserved_connections: '0' };
  const server = await startEmbeddedPostgres({ dataDir, log: silentLog, settings });
  const file = await readPostmasterFile(databaseDir);
  assert.ok(file);
  t.after(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true });
  });
  return { ...file, url: server.url, databaseDir };
}

test('a server without a free connection is there, not absent', async (t) => {
  const { url, socketDirectory, databaseDir } = await startSmall(t);
  const clients = Array.from({ length: 4 }, () => new Client(url));
  await Promise.all(clients.map((client) => client.connect()));
  assert.equal(await reachServer(socketDirectory, databaseDir), 'busy');
  await Promise.all(clients.map((client) => client.end()));
});

test('a server that does not get to answer is there, not absent', async (t) => {
  const { pid, socketDirectory, databaseDir } = await startSmall(t);
  process.kill(pid, 'SIGSTOP');
  try {
    assert.equal(await reachServer(socketDirectory, databaseDir), 'busy');
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await eventually(async () =>
    assert.equal(await reachServer(socketDirectory, databaseDir), 'answers'),
  );
});

test('where no socket is, no server is', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'headrace-reach-'));
  t.after(() => rm(directory, { recursive: true }));
  assert.equal(await reachServer(directory, directory), 'absent');
});
