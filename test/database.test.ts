import assert from 'node:assert/strict';
import test from 'node:test';
import { Client } from 'pg';
import { createTestDatabase, createTestStore, testServerUrl } from './database.ts';

test('each test has a migrated database of its own', async (t) => {
  const [one, other] = [await createTestStore(t), await createTestStore(t)];
  await one.transaction('system', (tx) =>
    tx.query(`INSERT INTO tenants (id, name) VALUES ('acme', 'Acme')`),
  );
  const seen = await other.transaction('system', (tx) => tx.query('SELECT id FROM tenants'));
  assert.deepEqual(seen, [{ id: 'default' }]);
});

test('the databases of tests that ended are dropped', async (t) => {
  let first = '';
  await t.test('a test that leaves a connection open', async (inner) => {
    first = await createTestDatabase(inner);
    const forgotten = new Client(first);
    forgotten.on('error', () => undefined);
    await forgotten.connect();
  });
  // Making the next one drops it.
  await createTestDatabase(t);
  const admin = new Client(await testServerUrl());
  await admin.connect();
  t.after(() => admin.end());
  const name = new URL(first).pathname.slice(1);
  const { rows } = await admin.query('SELECT datname FROM pg_database WHERE datname = $1', [name]);
  assert.deepEqual(rows, []);
});
