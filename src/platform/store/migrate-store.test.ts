import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';
import { createEmptyDatabase } from '../../../test/database.ts';
import { silentLog } from '../log.ts';
import { migrateStore, readMigrations } from './migrate-store.ts';

const first = 'CREATE TABLE one (id int); INSERT INTO one VALUES (1);';
const second = 'ALTER TABLE one ADD COLUMN name text;';

async function folderOf(t: TestContext, files: Record<string, string>): Promise<URL> {
  const directory = await mkdtemp(join(tmpdir(), 'headrace-migrations-'));
  t.after(() => rm(directory, { recursive: true }));
  for (const [name, sql] of Object.entries(files)) await writeFile(join(directory, name), sql);
  return pathToFileURL(`${directory}/`);
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const applied = 'SELECT number, name FROM headrace.migrations ORDER BY number';

test('an empty database gets every migration once, however often and by however many it is asked', async (t) => {
  const url = await createEmptyDatabase(t);
  const directory = await folderOf(t, { '0001_one.sql': first, '0002_name.sql': second });
  const migrate = () => migrateStore({ url, log: silentLog, directory });
  await Promise.all([migrate(), migrate(), migrate()]);
  await migrate();
  assert.deepEqual(await ask(url, applied), [
    { number: 1, name: '0001_one.sql' },
    { number: 2, name: '0002_name.sql' },
  ]);
  assert.deepEqual(await ask(url, 'SELECT * FROM headrace.one'), [{ id: 1, name: null }]);
});

test('a new migration is added to what is there', async (t) => {
  const url = await createEmptyDatabase(t);
  const before = await folderOf(t, { '0001_one.sql': first });
  const after = await folderOf(t, { '0001_one.sql': first, '0002_name.sql': second });
  await migrateStore({ url, log: silentLog, directory: before });
  await migrateStore({ url, log: silentLog, directory: after });
  assert.deepEqual(await ask(url, 'SELECT * FROM headrace.one'), [{ id: 1, name: null }]);
});

test('a database that a newer Headrace migrated is refused and left as it is', async (t) => {
  const url = await createEmptyDatabase(t);
  const newer = await folderOf(t, { '0001_one.sql': first, '0002_name.sql': second });
  const older = await folderOf(t, { '0001_one.sql': first });
  await migrateStore({ url, log: silentLog, directory: newer });
  const attempt = migrateStore({ url, log: silentLog, directory: older });
  await assert.rejects(attempt, { code: 'store_schema_newer' });
  assert.equal((await ask(url, applied)).length, 2);
});

test('a database whose migration differs from ours is refused by its name', async (t) => {
  const url = await createEmptyDatabase(t);
  const theirs = await folderOf(t, { '0001_one.sql': `${first} -- edited` });
  const ours = await folderOf(t, { '0001_one.sql': first });
  await migrateStore({ url, log: silentLog, directory: theirs });
  const attempt = migrateStore({ url, log: silentLog, directory: ours });
  await assert.rejects(attempt, { code: 'store_schema_changed', where: '0001_one.sql' });
});

test('a migration that fails leaves nothing of itself and all before it', async (t) => {
  const url = await createEmptyDatabase(t);
  const broken = 'CREATE TABLE two (id int); SELECT 1 / 0;';
  const directory = await folderOf(t, { '0001_one.sql': first, '0002_two.sql': broken });
  await assert.rejects(migrateStore({ url, log: silentLog, directory }), { code: '22012' });
  assert.deepEqual(await ask(url, applied), [{ number: 1, name: '0001_one.sql' }]);
  assert.deepEqual(await ask(url, `SELECT to_regclass('headrace.two') AS two`), [{ two: null }]);
});

test('a gap in the numbers is refused before anything is touched', async (t) => {
  const url = await createEmptyDatabase(t);
  const directory = await folderOf(t, { '0001_one.sql': first, '0003_three.sql': second });
  await assert.rejects(migrateStore({ url, log: silentLog, directory }), { code: 'internal' });
  assert.deepEqual(await ask(url, `SELECT to_regnamespace('headrace') AS schema`), [
    { schema: null },
  ]);
});

test('a database that does not answer is store_unavailable', async () => {
  const url = 'postgresql://someone@127.0.0.1:1/nothing';
  await assert.rejects(migrateStore({ url, log: silentLog }), { code: 'store_unavailable' });
});

/** Of what has been landed, the first characters of its SHA-256; a new migration is added below. */
const released = [
  '0001_foundation.sql 6addeb05f321',
  '0002_outcomes_and_pools.sql 03f224d510e0',
  '0003_weights.sql 25c602f4abfe',
  '0004_admin_keys.sql 0d8727b576df',
  '0005_plan_reasons.sql 7238fd25370f',
  '0006_kept_answers.sql 9224844fac78',
];

test('no migration that a database may have applied is edited: a change is a new one', async () => {
  const migrations = await readMigrations();
  assert.deepEqual(
    migrations.map(({ name, checksum }) => `${name} ${checksum.slice(0, 12)}`),
    released,
  );
});
