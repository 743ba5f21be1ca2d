import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import {
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { Client } from 'pg';
import { eventually } from '../../../../test/eventually.ts';
import { runEmbeddedHost } from '../../../../test/run-embedded-host.ts';
import { silentLog } from '../../log.ts';
import { reachServer, readPostmasterFile } from './reach-server.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start-embedded-postgres.ts';

const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65_534, gid: 65_534 };

/** A data directory of the test's own, whose server is stopped and whose files are removed at the end. */
async function freshDirectory(t: TestContext, below = 'data'): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'headrace-embedded-'));
  const dataDir = join(parent, below);
  t.after(async () => {
    const file = await readPostmasterFile(join(dataDir, 'postgres'));
    if (file && (await reachServer(file.socketDirectory, join(dataDir, 'postgres'))) !== 'absent') {
      await startEmbeddedPostgres({ dataDir, log: silentLog }).then((server) => server.stop());
    }
    await rm(parent, { recursive: true, force: true });
  });
  return dataDir;
}

const start = (dataDir: string): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({ dataDir, log: silentLog });

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function pidOf(dataDir: string): Promise<number> {
  const file = await readPostmasterFile(join(dataDir, 'postgres'));
  assert.ok(file, 'the server runs');
  return file.pid;
}

const names = 'SELECT id FROM headrace.tenants ORDER BY id';

test('the first start makes a durable database that listens on a Unix socket alone', async (t) => {
  const dataDir = await freshDirectory(t);
  const server = await start(dataDir);
  assert.equal(server.joined, false);
  const settings = await ask(
    server.url,
    `SELECT name, setting FROM pg_settings WHERE name IN
       ('fsync', 'full_page_writes', 'listen_addresses', 'server_encoding', 'synchronous_commit') ORDER BY name`,
  );
  assert.deepEqual(
    settings.map((row) => row['setting']),
    ['on', 'on', '', 'UTF8', 'on'],
  );
  assert.equal(await server.stop(), true);
});

test('a restart keeps the rows', async (t) => {
  const dataDir = await freshDirectory(t);
  const first = await start(dataDir);
  await ask(first.url, 'CREATE TABLE kept AS SELECT 1 AS n');
  assert.equal(await first.stop(), true);
  const second = await start(dataDir);
  assert.equal(second.joined, false);
  assert.deepEqual(await ask(second.url, 'SELECT n FROM kept'), [{ n: 1 }]);
  await second.stop();
});

test('a path of more than 120 characters with spaces in it serves as data directory', async (t) => {
  const dataDir = await freshDirectory(t, `a long path/${'with spaces '.repeat(10)}/data`);
  assert.ok(dataDir.length > 120);
  const server = await start(dataDir);
  assert.deepEqual(await ask(server.url, 'SELECT 1 AS n'), [{ n: 1 }]);
  assert.equal(await server.stop(), true);
});

test('started by root it runs as another user, who owns its files', {
  skip: !isRoot && 'needs root',
}, async (t) => {
  const dataDir = await freshDirectory(t);
  const server = await start(dataDir);
  const [process_, files] = await Promise.all([
    stat(`/proc/${await pidOf(dataDir)}`),
    stat(join(dataDir, 'postgres')),
  ]);
  assert.notEqual(process_.uid, 0);
  assert.equal(files.uid, process_.uid);
  assert.equal(files.mode & 0o777, 0o700);
  await server.stop();
});

test('started by an ordinary user it runs as that user', {
  skip: !isRoot && 'the other tests run so',
}, async (t) => {
  const dataDir = await freshDirectory(t);
  await mkdir(dataDir);
  await chown(dataDir, nobody.uid, nobody.gid);
  await chown(join(dataDir, '..'), nobody.uid, nobody.gid);
  const host = runEmbeddedHost(t, dataDir, nobody);
  const { joined, locked, message } = await host.next();
  assert.deepEqual([joined, locked], [false, true], String(message));
  assert.equal((await stat(`/proc/${await pidOf(dataDir)}`)).uid, nobody.uid);
  assert.deepEqual(await host.ask('acme'), { added: 'acme' });
  assert.deepEqual(await host.ask('stop'), { stopped: true });
});

test('after a killed process the next one joins its server, and every row is there', async (t) => {
  const dataDir = await freshDirectory(t);
  const killed = runEmbeddedHost(t, dataDir);
  assert.equal((await killed.next())['joined'], false);
  await killed.ask('acme');
  killed.process.kill('SIGKILL');
  await killed.exited;
  const next = await start(dataDir);
  assert.equal(next.joined, true);
  assert.deepEqual(await ask(next.url, names), [{ id: 'acme' }, { id: 'default' }]);
  assert.equal(await next.stop(), true);
  assert.equal(await readPostmasterFile(join(dataDir, 'postgres')), undefined);
});

test('two processes that start at once share one server, and the last one out stops it', async (t) => {
  const dataDir = await freshDirectory(t);
  const hosts = [runEmbeddedHost(t, dataDir), runEmbeddedHost(t, dataDir)] as const;
  const begun = await Promise.all(hosts.map((host) => host.next()));
  assert.deepEqual(begun.map(({ joined }) => joined).sort(), [false, true], JSON.stringify(begun));
  assert.deepEqual(begun.map(({ locked }) => locked).sort(), [false, true]);
  assert.equal(begun[0]!['url'], begun[1]!['url']);
  await hosts[0].ask('acme');
  assert.deepEqual(await hosts[0].ask('stop'), { stopped: false });
  assert.deepEqual(await hosts[1].ask('umbrella'), { added: 'umbrella' });
  assert.deepEqual(await hosts[1].ask('stop'), { stopped: true });
  const again = await start(dataDir);
  assert.deepEqual(
    (await ask(again.url, names)).map((row) => row['id']),
    ['acme', 'default', 'umbrella'],
  );
  await again.stop();
});

test('Ctrl-C reaches the process, which can still write before it stops the database', async (t) => {
  const dataDir = await freshDirectory(t);
  const host = runEmbeddedHost(t, dataDir);
  await host.next();
  // What a terminal does: the signal goes to every process of the group.
  process.kill(-host.process.pid!, 'SIGINT');
  assert.deepEqual(await host.next(), { stopped: true });
  assert.equal(await host.exited, 0);
  const again = await start(dataDir);
  assert.deepEqual(await ask(again.url, names), [
    { id: 'default' },
    { id: 'written-after-interrupt' },
  ]);
  await again.stop();
});

test('a server that dies is started again by the process that needs it', async (t) => {
  const dataDir = await freshDirectory(t);
  const server = await start(dataDir);
  await ask(server.url, 'CREATE TABLE kept AS SELECT 1 AS n');
  const before = await pidOf(dataDir);
  process.kill(before, 'SIGKILL');
  const rows = await eventually(() => ask(server.url, 'SELECT n FROM kept'));
  assert.deepEqual(rows, [{ n: 1 }]);
  assert.notEqual(await pidOf(dataDir), before);
  assert.equal(await server.stop(), true);
});

test('after a crash a process that got the server’s old id does not keep it from starting', async (t) => {
  const dataDir = await freshDirectory(t);
  const first = await start(dataDir);
  const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
  const [content, owner] = await Promise.all([readFile(pidFile, 'utf8'), stat(pidFile)]);
  await first.stop();
  // As the same user: PostgreSQL itself passes over the processes of others.
  const stranger = spawn('sleep', ['60'], { uid: owner.uid, gid: owner.gid });
  t.after(() => stranger.kill());
  await once(stranger, 'spawn');
  await writeFile(pidFile, content.replace(/^\d+/, String(stranger.pid)), { mode: 0o600 });
  const socketDirectory = content.split('\n')[4]!;
  const socketLock = join(socketDirectory, '.s.PGSQL.5432.lock');
  await mkdir(socketDirectory, { mode: 0o700 });
  await writeFile(socketLock, content.replace(/^\d+/, String(stranger.pid)), { mode: 0o600 });
  for (const path of [pidFile, socketDirectory, socketLock]) {
    await chown(path, owner.uid, owner.gid);
  }
  const second = await start(dataDir);
  assert.equal(second.joined, false);
  assert.deepEqual(await ask(second.url, 'SELECT 1 AS n'), [{ n: 1 }]);
  await second.stop();
});

test('a copied data directory gets a server of its own, not the one of the original', async (t) => {
  const [original, copy] = [await freshDirectory(t), await freshDirectory(t)];
  await (await start(original)).stop();
  await cp(original, copy, { recursive: true, preserveTimestamps: true });
  const owner = await stat(join(original, 'postgres'));
  await chownAll(join(copy, 'postgres'), owner);
  const running = await start(original);
  const pidFile = join('postgres', 'postmaster.pid');
  await cp(join(original, pidFile), join(copy, pidFile));
  await chown(join(copy, pidFile), owner.uid, owner.gid);
  const other = await start(copy);
  assert.equal(other.joined, false);
  assert.deepEqual(await ask(other.url, 'SHOW data_directory'), [
    { data_directory: join(copy, 'postgres') },
  ]);
  assert.equal(await other.stop(), true);
  assert.deepEqual(await ask(running.url, 'SELECT 1 AS n'), [{ n: 1 }]);
  await running.stop();
});

test('an interrupted first start leaves nothing that the next one stumbles over', async (t) => {
  const dataDir = await freshDirectory(t);
  await mkdir(dataDir);
  const isDraft = (name: string | null) => name?.includes('.draft-') === true;
  const drafts = async () => (await readdir(dataDir)).filter(isDraft);
  // Watched: whoever looks now and then may never see what is there for half a second.
  const drafting = new Promise<void>((resolve) => {
    const watcher = watch(dataDir, (_, name) => isDraft(name) && resolve());
    t.after(() => watcher.close());
  });
  const interrupted = runEmbeddedHost(t, dataDir);
  await drafting;
  interrupted.process.kill('SIGKILL');
  await interrupted.exited;
  const server = await start(dataDir);
  assert.deepEqual(await ask(server.url, 'SELECT 1 AS n'), [{ n: 1 }]);
  assert.deepEqual(await drafts(), []);
  await server.stop();
});

test('the files of another major version are refused and left alone', async (t) => {
  const dataDir = await freshDirectory(t);
  const databaseDir = join(dataDir, 'postgres');
  await mkdir(databaseDir, { recursive: true });
  await writeFile(join(databaseDir, 'PG_VERSION'), '17\n');
  await assert.rejects(start(dataDir), { code: 'store_version_mismatch', where: databaseDir });
  assert.deepEqual(await readdir(databaseDir), ['PG_VERSION']);
});

test('a directory full of something else is refused and left alone', async (t) => {
  const dataDir = await freshDirectory(t);
  const databaseDir = join(dataDir, 'postgres');
  await mkdir(databaseDir, { recursive: true });
  await writeFile(join(databaseDir, 'thesis.txt'), 'years of work');
  await assert.rejects(start(dataDir), { code: 'store_unavailable', where: databaseDir });
  assert.deepEqual(await readdir(databaseDir), ['thesis.txt']);
});

test('a data directory that is another user’s is named, with the way out', {
  skip: !isRoot && 'needs root',
}, async (t) => {
  const dataDir = await freshDirectory(t);
  await (await start(dataDir)).stop();
  const host = runEmbeddedHost(t, dataDir, nobody);
  const { code, message } = await host.next();
  assert.equal(code, 'store_unavailable');
  assert.match(String(message), /may not use the data directory|can be copied nowhere/);
});

async function chownAll(directory: string, owner: { uid: number; gid: number }): Promise<void> {
  for (const name of ['', ...(await readdir(directory, { recursive: true }))]) {
    await chown(join(directory, name), owner.uid, owner.gid);
  }
}

test('an empty file that a crash left behind does not keep the server from starting', async (t) => {
  const dataDir = await freshDirectory(t);
  await (await start(dataDir)).stop();
  const path = join(dataDir, 'postgres', 'postmaster.pid');
  await writeFile(path, '');
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(path, longAgo, longAgo);
  const again = await start(dataDir);
  assert.equal(again.joined, false);
  await again.stop();
});
