import { createHash, randomBytes } from 'node:crypto';
import { after, type TestContext } from 'node:test';
import { Client, escapeIdentifier } from 'pg';
import { silentLog } from '../src/platform/log.ts';
import { migrateStore, readMigrations } from '../src/platform/store/migrate-store.ts';
import { openStore } from '../src/platform/store/postgres-store.ts';
import type { Store } from '../src/platform/store/store.ts';
import { joinSharedServer } from './shared-server.ts';

/** Any constant: whoever makes the template holds it, and the others wait. */
const templateLock = 0x68656167;

let adminUrl: Promise<string> | undefined;
let template: Promise<string> | undefined;

/**
 * The address of a server on which this process may make databases: `HEADRACE_TEST_DATABASE_URL`
 * (a PostgreSQL 14 or newer), else a server that all test files of this checkout share.
 */
export function testServerUrl(): Promise<string> {
  const given = process.env['HEADRACE_TEST_DATABASE_URL'];
  adminUrl ??= given ? Promise.resolve(given) : joinSharedServer();
  return adminUrl;
}

/** Databases of tests that ended, still to be dropped. */
const done: { server: string; name: string }[] = [];
after(dropDone);

/** A migrated database that is this test's alone. Gives its address. */
export async function createTestDatabase(t: Pick<TestContext, 'after'>): Promise<string> {
  const server = await testServerUrl();
  template ??= ensureTemplate(server);
  return await createDatabase(t, server, await template);
}

/** An empty database that is this test's alone. Gives its address. */
export async function createEmptyDatabase(t: Pick<TestContext, 'after'>): Promise<string> {
  return await createDatabase(t, await testServerUrl(), 'template0');
}

/** A store on a migrated database of its own, closed when the test ends. */
export async function createTestStore(t: Pick<TestContext, 'after'>): Promise<Store> {
  const url = await createTestDatabase(t);
  const store = await openStore({ url, log: silentLog, poolSize: 8 });
  t.after(() => store.close());
  return store;
}

async function createDatabase(
  t: Pick<TestContext, 'after'>,
  server: string,
  from: string,
): Promise<string> {
  await dropDone();
  const name = `headrace_test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await administer(server, (client) => makeDatabase(client, name, from));
  // Not dropped at once: the hooks of a test run in the order of their setting, so this one comes before
  // those that close what the test opened on the database.
  t.after(() => done.push({ server, name }));
  return withDatabase(server, name);
}

async function dropDone(): Promise<void> {
  for (const { server, name } of done.splice(0)) {
    // By force: a test that failed may have left connections open.
    const drop = `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`;
    await administer(server, (client) => client.query(drop));
  }
}

/** Migrated once per server and set of migrations; copying it is ten times as fast as migrating anew. */
async function ensureTemplate(server: string): Promise<string> {
  const migrations = await readMigrations();
  const checksums = migrations.map(({ checksum }) => checksum).join();
  const hash = createHash('sha256').update(checksums).digest('hex').slice(0, 12);
  const name = `headrace_template_${hash}`;
  await administer(server, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [templateLock]);
    const made = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (made.rowCount !== 0) return;
    const draft = `${name}_draft`;
    await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(draft)} WITH (FORCE)`);
    await makeDatabase(client, draft, 'template0');
    await migrateStore({ url: withDatabase(server, draft), log: silentLog });
    // Under its name only when complete: a migration that failed leaves no half-made template.
    await client.query(
      `ALTER DATABASE ${escapeIdentifier(draft)} RENAME TO ${escapeIdentifier(name)}`,
    );
  });
  return name;
}

async function makeDatabase(client: Client, name: string, from: string): Promise<void> {
  const { rows } = await client.query<{ copies: boolean }>(
    `SELECT current_setting('fsync') = 'off' AND current_setting('server_version_num')::int >= 150000 AS copies`,
  );
  // Three times as fast as through the log, where nothing need reach the disk.
  const strategy = rows[0]?.copies ? 'STRATEGY FILE_COPY' : '';
  const locale = from === 'template0' ? `ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'` : '';
  await client.query(
    `CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(from)} ${locale} ${strategy}`,
  );
}

async function administer(server: string, work: (client: Client) => Promise<unknown>) {
  const client = new Client(server);
  client.on('error', () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
