import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { Client, escapeIdentifier } from 'pg';
import { createTestDatabase } from '../../../test/database.ts';
import { seedTenant } from '../../../test/seed-tenant.ts';
import { silentLog } from '../log.ts';
import { openStore } from './postgres-store.ts';
import { runtimeRole } from './runtime-role.ts';
import { defineStoreContract } from './store.contract.ts';
import type { Store, Tx } from './store.ts';

defineStoreContract('postgres', async (t) => {
  const url = await createTestDatabase(t);
  return { open: () => openHere(t, url) };
});

async function openHere(t: TestContext, url: string): Promise<Store> {
  const store = await openStore({ url, log: silentLog, poolSize: 8 });
  t.after(() => store.close());
  return store;
}

async function connectDirectly(t: TestContext, url: string): Promise<Client> {
  const client = new Client(url);
  await client.connect();
  t.after(() => client.end());
  return client;
}

/** Ends connections of the store as a restart of the server would. */
async function cutConnections(client: Client, which: string): Promise<void> {
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND query ~ $1`,
    [which],
  );
}

/** A database that is slow here is not away. */
const patienceMs = 60_000;

const ownPid = (tx: Tx) => tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');

test('outside every scope not one row of a tenant is seen', async (t) => {
  const url = await createTestDatabase(t);
  await seedTenant(await openHere(t, url), 'acme');
  const client = await connectDirectly(t, url);
  const { rows } = await client.query<{ table: string; unbound: boolean }>(
    `SELECT relname AS table, (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) AS unbound
     FROM pg_class WHERE relnamespace = 'headrace'::regnamespace AND relrowsecurity AND relforcerowsecurity`,
  );
  assert.ok(rows.length >= 14);
  if (rows[0]!.unbound) await client.query(`SET ROLE ${escapeIdentifier(runtimeRole)}`);
  for (const { table } of rows) {
    const seen = await client.query(`SELECT FROM headrace.${escapeIdentifier(table)}`);
    assert.equal(seen.rowCount, 0, table);
  }
});

test('every table with a tenant_id is under forced row-level security', async (t) => {
  const client = await connectDirectly(t, await createTestDatabase(t));
  const { rows } = await client.query(
    `SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'headrace'::regnamespace AND c.relkind IN ('r', 'p') AND a.attname = 'tenant_id'
       AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`,
  );
  assert.deepEqual(rows, []);
});

test('transactions act as a role that is bound by row-level security, whoever connects', async (t) => {
  const store = await openHere(t, await createTestDatabase(t));
  const [row] = await store.transaction('system', (tx) =>
    tx.query(
      'SELECT rolsuper OR rolbypassrls AS unbound FROM pg_roles WHERE rolname = current_user',
    ),
  );
  assert.deepEqual(row, { unbound: false });
});

test('a database that does not answer is store_unavailable, without its password', async () => {
  const url = 'postgresql://someone:hunter2@127.0.0.1:1/nothing';
  await assert.rejects(openStore({ url, log: silentLog }), (error: Error & { code: string }) => {
    assert.equal(error.code, 'store_unavailable');
    assert.doesNotMatch(error.message, /hunter2/);
    return true;
  });
});

test('a connection that breaks in the middle of a transaction fails that one alone', async (t) => {
  const url = await createTestDatabase(t);
  const [store, client] = await Promise.all([openHere(t, url), connectDirectly(t, url)]);
  const cut = store.transaction('system', async (tx) => {
    await tx.query(`INSERT INTO tenants (id, name) VALUES ('acme', 'Acme')`);
    await cutConnections(client, '^INSERT INTO tenants');
    await tx.query('SELECT 1');
  });
  await assert.rejects(cut, { code: 'store_unavailable', retryable: true });
  const rows = await store.transaction('system', (tx) =>
    tx.query(`SELECT id FROM tenants WHERE id = 'acme'`),
  );
  assert.deepEqual(rows, []);
});

test('idle connections that the server closed are replaced without a word', async (t) => {
  const url = await createTestDatabase(t);
  const [store, client] = await Promise.all([openHere(t, url), connectDirectly(t, url)]);
  const all = () => Promise.all([1, 2, 3, 4].map(() => store.transaction('system', ownPid)));
  await all();
  await cutConnections(client, '^COMMIT');
  await all();
});

test('after a lost session hints are heard again, and the instance lock is known to be lost', async (t) => {
  const url = await createTestDatabase(t);
  const [store, other] = await Promise.all([openHere(t, url), openHere(t, url)]);
  const client = await connectDirectly(t, url);
  assert.equal(await store.takeInstanceLock(), true);
  const heard = new Promise<string>((resolve) => store.listen('run', resolve));
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  while (store.holdsInstanceLock()) await store.ping(patienceMs);
  // Hints may be lost while the session is away: sent until one is heard.
  let hearing = true;
  const done = heard.then(() => {
    hearing = false;
  });
  while (hearing) {
    other.notify('run', 'run_1');
    await store.ping(patienceMs);
  }
  await done;
  assert.equal(await heard, 'run_1');
  while (!(await store.takeInstanceLock())) await store.ping(patienceMs);
});

test('a hearing session records when its server was started', async (t) => {
  const store = await openHere(t, await createTestDatabase(t));
  const [row] = await store.transaction('system', (tx) =>
    tx.query(
      `SELECT postmaster_started_at = pg_postmaster_start_time() AS recorded FROM server_starts`,
    ),
  );
  assert.deepEqual(row, { recorded: true });
});

test('a closed store refuses work as unavailable', async (t) => {
  const store = await openHere(t, await createTestDatabase(t));
  await store.close();
  await assert.rejects(store.transaction('system', ownPid), { code: 'store_unavailable' });
  await assert.rejects(store.ping(), { code: 'store_unavailable' });
});

test('closing waits for the transactions under way', async (t) => {
  const url = await createTestDatabase(t);
  const [store, other] = await Promise.all([openHere(t, url), openHere(t, url)]);
  const started = Promise.withResolvers<void>();
  const writing = store.transaction('system', async (tx) => {
    await tx.query(`INSERT INTO tenants (id, name) VALUES ('acme', 'Acme')`);
    started.resolve();
    await tx.query('SELECT pg_sleep(0.05)');
  });
  await started.promise;
  await store.close();
  await writing;
  const rows = await other.transaction('system', (tx) =>
    tx.query(`SELECT id FROM tenants WHERE id = 'acme'`),
  );
  assert.deepEqual(rows, [{ id: 'acme' }]);
});
