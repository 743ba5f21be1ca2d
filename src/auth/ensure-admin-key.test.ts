import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { systemClock } from '../platform/clock.ts';
import { silentLog } from '../platform/log.ts';
import type { Auth } from './auth.ts';
import { createAuth } from './create-auth.ts';
import { makeKey } from './key-format.ts';

const admin = { tenantId: 'default', role: 'admin' } as const;
const given = 'correct-horse-battery';

/** A new installation: `start` is one start of one process of it. */
async function install(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), 'headrace-admin-'));
  t.after(() => rm(directory, { recursive: true }));
  const store = await createTestStore(t);
  const writeTo = join(directory, 'admin.key');
  const start = async (fromEnv: string | null = null) => {
    const auth = createAuth({
      store,
      clock: systemClock,
      log: silentLog,
      secretKey: Buffer.alloc(32, 7),
    });
    return { auth, ...(await auth.ensureAdminKey({ fromEnv, writeTo })) };
  };
  return { writeTo, start };
}

async function roleOf(auth: Auth, key: string): Promise<string> {
  return (await auth.authenticate({ authorization: `Bearer ${key}` })).role;
}

const refused = { code: 'unauthenticated' };

test('the first start writes a key that only its owner can read, and that opens every door', async (t) => {
  const { start, writeTo } = await install(t);
  const { auth, key, path, created } = await start();
  assert.deepEqual([path, created], [writeTo, true]);
  assert.equal((await readFile(writeTo, 'utf8')).trim(), key);
  assert.equal((await stat(writeTo)).mode & 0o777, 0o600);
  assert.equal(await roleOf(auth, key), 'admin');
});

test('later starts, and processes that start at once, have the same key', async (t) => {
  const { start } = await install(t);
  const first = await Promise.all([start(), start(), start()]);
  const later = await start();
  assert.equal(new Set([...first, later].map(({ key }) => key)).size, 1);
  assert.equal(first.filter(({ created }) => created).length, 1);
  assert.equal(later.created, false);
  assert.equal((await later.auth.listKeys(admin, {})).items.length, 1);
});

test('where the file was taken away, the key given back is good in that process only', async (t) => {
  const { start, writeTo } = await install(t);
  const { key: taken } = await start();
  await rm(writeTo);
  const { auth, key, path } = await start();
  assert.equal(path, null);
  assert.equal(await roleOf(auth, key), 'admin');
  assert.equal(await roleOf(auth, taken), 'admin');
  const other = await start();
  await assert.rejects(roleOf(other.auth, key), refused);
  assert.equal((await auth.listKeys(admin, {})).items.length, 1);
});

test('the environment’s key is accepted and written nowhere', async (t) => {
  const { start, writeTo } = await install(t);
  const { auth, key, path } = await start(given);
  assert.deepEqual([key, path], [given, null]);
  assert.equal(await roleOf(auth, given), 'admin');
  await assert.rejects(stat(writeTo), { code: 'ENOENT' });
});

test('another value in the environment replaces the one before', async (t) => {
  const { start } = await install(t);
  await start(given);
  await start(given);
  const { auth } = await start(`${given}-2`);
  assert.equal(await roleOf(auth, `${given}-2`), 'admin');
  await assert.rejects(roleOf(auth, given), refused);
  assert.equal((await auth.listKeys(admin, {})).items.length, 1);
});

test('a revoked key that the operator sets again opens again', async (t) => {
  const { start } = await install(t);
  const { auth } = await start(given);
  const [only] = (await auth.listKeys(admin, {})).items;
  await auth.revokeKey(admin, only!.id);
  await assert.rejects(roleOf(auth, given), refused);
  assert.equal(await roleOf((await start(given)).auth, given), 'admin');
});

test('a key in the environment that is too short to be secret stops the start', async (t) => {
  const { start } = await install(t);
  await assert.rejects(start('fifteen letters'), {
    code: 'config_invalid',
    where: 'HEADRACE_ADMIN_KEY',
  });
});

test('a start that was cut between file and store is completed by the next', async (t) => {
  const { start, writeTo } = await install(t);
  const written = makeKey();
  await writeFile(writeTo, `${written}\n`, { mode: 0o600 });
  const { auth, key, created } = await start();
  assert.deepEqual([key, created], [written, false]);
  assert.equal(await roleOf(auth, written), 'admin');
});

test('when the last administrator’s key was revoked, a start makes a new one', async (t) => {
  const { start, writeTo } = await install(t);
  const before = await start();
  const [only] = (await before.auth.listKeys(admin, {})).items;
  await before.auth.revokeKey(admin, only!.id);
  const after = await start();
  assert.deepEqual([after.created, after.path], [true, writeTo]);
  assert.notEqual(after.key, before.key);
  assert.equal(await roleOf(after.auth, after.key), 'admin');
  await assert.rejects(roleOf(after.auth, before.key), refused);
});

test('a key in the file that somebody else put there opens nothing', async (t) => {
  const { start, writeTo } = await install(t);
  await start();
  const planted = makeKey();
  await writeFile(writeTo, planted);
  const { auth, path } = await start();
  assert.equal(path, null);
  await assert.rejects(roleOf(auth, planted), refused);
});
