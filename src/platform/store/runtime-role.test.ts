import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test, { type TestContext } from 'node:test';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { createEmptyDatabase } from '../../../test/database.ts';
import { seedTenant } from '../../../test/seed-tenant.ts';
import { silentLog } from '../log.ts';
import { migrateStore } from './migrate-store.ts';
import { openStore } from './postgres-store.ts';

/** An empty database and the address at which an own role with these attributes connects to it. */
async function databaseOf(t: TestContext, attributes: string): Promise<string> {
  const adminUrl = await createEmptyDatabase(t);
  const role = `headrace_test_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  const admin = new Client(adminUrl);
  await admin.connect();
  const name = escapeIdentifier(role);
  await admin.query(`CREATE ROLE ${name} LOGIN ${attributes} PASSWORD ${escapeLiteral(password)}`);
  const { rows } = await admin.query<{ name: string }>('SELECT current_database() AS name');
  await admin.query(`ALTER DATABASE ${escapeIdentifier(rows[0]!.name)} OWNER TO ${name}`);
  t.after(async () => {
    await admin.query(`REASSIGN OWNED BY ${name} TO CURRENT_USER; DROP OWNED BY ${name}`);
    await admin.query(`DROP ROLE ${name}`);
    await admin.end();
  });
  const url = new URL(adminUrl);
  url.username = role;
  url.password = password;
  return url.href;
}

test('an ordinary role that owns the database is itself bound by row-level security', async (t) => {
  const url = await databaseOf(t, 'NOSUPERUSER NOBYPASSRLS');
  await migrateStore({ url, log: silentLog });
  const store = await openStore({ url, log: silentLog });
  t.after(() => store.close());
  await seedTenant(store, 'acme');
  await seedTenant(store, 'umbrella');
  const seen = await store.transaction({ tenantId: 'acme' }, (tx) =>
    tx.query('SELECT tenant_id, current_user AS actor FROM runs'),
  );
  assert.deepEqual(seen, [{ tenant_id: 'acme', actor: new URL(url).username }]);
});

test('a role above row-level security that may not make a lesser one is told what to use', async (t) => {
  const url = await databaseOf(t, 'NOSUPERUSER BYPASSRLS');
  const migrated = await migrateStore({ url, log: silentLog }).then(
    () => undefined,
    (error: unknown) => error as { code: string; fix: string; where: string },
  );
  assert.ok(migrated, 'refused: the lesser role is not granted to it');
  assert.equal(migrated.code, 'store_unavailable');
  assert.equal(migrated.where, 'DATABASE_URL');
  assert.match(migrated.fix, /without SUPERUSER and BYPASSRLS/);
});
