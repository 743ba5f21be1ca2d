import assert from 'node:assert/strict';
import test from 'node:test';
import { seedTenant } from '../../../test/seed-tenant.ts';
import { defineEventContract } from './append-events.contract.ts';
import { readPayload, savePayload } from './payloads.ts';
import type { Channel, Store, Tx } from './store.ts';
import type { MakeStore } from './store-under-test.ts';

/** What every store must do, whatever server is behind it. */
export function defineStoreContract(name: string, make: MakeStore): void {
  defineTransactions(name, make);
  defineValues(name, make);
  defineTenancy(name, make);
  defineHints(name, make);
  defineInstanceLock(name, make);
  defineEventContract(name, make);
}

function defineTransactions(name: string, make: MakeStore): void {
  test(`${name}: what a transaction wrote is seen by others once it has committed, and not before`, async (t) => {
    const { open } = await make(t);
    const [writer, reader] = await Promise.all([open(), open()]);
    const count = () => reader.transaction('system', (tx) => countTenants(tx, 'acme'));
    await writer.transaction('system', async (tx) => {
      await addTenant(tx, 'acme');
      assert.equal(await count(), 0);
    });
    assert.equal(await count(), 1);
  });

  test(`${name}: a transaction whose work throws leaves nothing and passes the error on`, async (t) => {
    const store = await (await make(t)).open();
    const failure = new Error('changed my mind');
    const work = async (tx: Tx) => {
      await addTenant(tx, 'acme');
      throw failure;
    };
    await assert.rejects(store.transaction('system', work), failure);
    assert.equal(await store.transaction('system', (tx) => countTenants(tx, 'acme')), 0);
  });

  test(`${name}: a transaction in which a query failed cannot pass for committed`, async (t) => {
    const store = await (await make(t)).open();
    const work = async (tx: Tx) => {
      await addTenant(tx, 'acme');
      await tx.query('SELECT 1 / 0').catch(() => undefined);
    };
    await assert.rejects(store.transaction('system', work), { code: 'internal' });
    assert.equal(await store.transaction('system', (tx) => countTenants(tx, 'acme')), 0);
  });

  test(`${name}: a query sent after its transaction ended is refused`, async (t) => {
    const store = await (await make(t)).open();
    const leaked = await store.transaction('system', async (tx) => ({ tx }));
    await assert.rejects(leaked.tx.query('SELECT 1'), { code: 'internal' });
  });

  test(`${name}: queries of one transaction that start together run in their order`, async (t) => {
    const store = await (await make(t)).open();
    const numbers = await store.transaction('system', async (tx) => {
      await tx.query('CREATE TEMPORARY SEQUENCE counter');
      const asked = Array.from({ length: 20 }, () => tx.query(`SELECT nextval('counter') AS n`));
      return (await Promise.all(asked)).map(([row]) => row!['n']);
    });
    assert.deepEqual(
      numbers,
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  });

  test(`${name}: a serialization failure runs the work again, and it then takes effect once`, async (t) => {
    const store = await (await make(t)).open();
    let attempts = 0;
    const answer = await store.transaction('system', async (tx) => {
      attempts += 1;
      await addTenant(tx, 'acme');
      if (attempts < 3) await tx.query(raise('40001'));
      return 'done';
    });
    assert.equal(answer, 'done');
    assert.equal(attempts, 3);
  });

  test(`${name}: a conflict that does not go away is passed on in the end`, async (t) => {
    const store = await (await make(t)).open();
    let attempts = 0;
    const work = async (tx: Tx) => {
      attempts += 1;
      await tx.query(raise('40001'));
    };
    await assert.rejects(store.transaction('system', work), { code: '40001' });
    assert.equal(attempts, 6);
  });

  test(`${name}: two transactions that lock each other's rows both succeed`, async (t) => {
    const store = await (await make(t)).open();
    await store.transaction('system', async (tx) => {
      await addTenant(tx, 'a');
      await addTenant(tx, 'b');
    });
    const bothHoldOne = Promise.withResolvers<void>();
    let holding = 0;
    const rename = (order: string[], suffix: string) =>
      store.transaction('system', async (tx) => {
        await append(tx, order[0]!, suffix);
        // They meet once: the one that PostgreSQL chose as the victim tries again undisturbed.
        holding += 1;
        if (holding === 2) bothHoldOne.resolve();
        await bothHoldOne.promise;
        await append(tx, order[1]!, suffix);
      });
    await Promise.all([rename(['a', 'b'], '1'), rename(['b', 'a'], '2')]);
    const rows = await store.transaction('system', (tx) =>
      tx.query(`SELECT length(name) AS n FROM tenants WHERE id IN ('a', 'b')`),
    );
    assert.deepEqual(rows, [{ n: 3 }, { n: 3 }]);
  });
}

function defineValues(name: string, make: MakeStore): void {
  test(`${name}: int8 and numeric are numbers, timestamps are dates, jsonb is parsed`, async (t) => {
    const store = await (await make(t)).open();
    const [row] = await store.transaction('system', (tx) =>
      tx.query(
        `SELECT 9007199254740991::int8 AS int8, 1.5::numeric AS numeric,
                timestamptz '2026-11-21T08:00:00.123Z' AS at, '{"a": [1, null]}'::jsonb AS json`,
      ),
    );
    assert.deepEqual(row, {
      int8: Number.MAX_SAFE_INTEGER,
      numeric: 1.5,
      at: new Date('2026-11-21T08:00:00.123Z'),
      json: { a: [1, null] },
    });
  });

  test(`${name}: a payload comes back byte for byte, with its media type`, async (t) => {
    const store = await (await make(t)).open();
    const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 256));
    const [binary, text] = await store.transaction({ tenantId: 'default' }, async (tx) => [
      await savePayload(tx, 'default', { mediaType: 'image/png', content }),
      await savePayload(tx, 'default', { mediaType: 'text/plain', content: 'Chào bạn' }),
    ]);
    await store.transaction({ tenantId: 'default' }, async (tx) => {
      assert.deepEqual(await readPayload(tx, binary!), { mediaType: 'image/png', content });
      assert.equal((await readPayload(tx, text!)).content.toString('utf8'), 'Chào bạn');
    });
  });

  test(`${name}: a payload of another tenant is not found`, async (t) => {
    const store = await (await make(t)).open();
    const id = await store.transaction({ tenantId: 'default' }, (tx) =>
      savePayload(tx, 'default', { mediaType: 'text/plain', content: 'secret' }),
    );
    await seedTenant(store, 'acme');
    const peek = store.transaction({ tenantId: 'acme' }, (tx) => readPayload(tx, id));
    await assert.rejects(peek, { code: 'not_found' });
  });
}

function defineTenancy(name: string, make: MakeStore): void {
  test(`${name}: a tenant sees its own rows, and nobody else's, in every table that tenants own`, async (t) => {
    const store = await (await make(t)).open();
    await seedTenant(store, 'acme');
    await seedTenant(store, 'umbrella');
    const tables = await store.transaction('system', tenantTables);
    assert.ok(tables.length >= 13, `found only ${tables.join(', ')}`);
    for (const table of tables) {
      const owners = await store.transaction({ tenantId: 'acme' }, (tx) =>
        tx.query(`SELECT DISTINCT tenant_id FROM ${table}`),
      );
      assert.deepEqual(
        owners,
        [{ tenant_id: 'acme' }],
        `${table}, which test/seed-tenant.ts fills`,
      );
    }
    const tenants = await store.transaction({ tenantId: 'acme' }, (tx) =>
      tx.query('SELECT id FROM tenants'),
    );
    assert.deepEqual(tenants, [{ id: 'acme' }]);
  });

  test(`${name}: a tenant can neither change, delete nor give away rows across the border`, async (t) => {
    const store = await (await make(t)).open();
    await seedTenant(store, 'acme');
    await seedTenant(store, 'umbrella');
    const acme = { tenantId: 'acme' };
    for (const table of await store.transaction('system', tenantTables)) {
      await store.transaction(acme, async (tx) => {
        const others = `WHERE tenant_id = 'umbrella' RETURNING 1`;
        assert.deepEqual(await tx.query(`UPDATE ${table} SET tenant_id = 'acme' ${others}`), []);
        assert.deepEqual(await tx.query(`DELETE FROM ${table} ${others}`), []);
      });
      const giveAway = store.transaction(acme, (tx) =>
        tx.query(`UPDATE ${table} SET tenant_id = 'umbrella'`),
      );
      await assert.rejects(giveAway, { code: '42501' }, table);
    }
  });

  test(`${name}: the system's scope sees every tenant's rows`, async (t) => {
    const store = await (await make(t)).open();
    await seedTenant(store, 'acme');
    await seedTenant(store, 'umbrella');
    const rows = await store.transaction('system', (tx) =>
      tx.query('SELECT tenant_id FROM runs ORDER BY tenant_id'),
    );
    assert.deepEqual(rows, [{ tenant_id: 'acme' }, { tenant_id: 'umbrella' }]);
  });

  test(`${name}: no scope outlives its transaction`, async (t) => {
    const { open } = await make(t);
    const store = await open();
    await seedTenant(store, 'acme');
    await seedTenant(store, 'umbrella');
    const scopes = ['system', { tenantId: 'acme' }, { tenantId: 'umbrella' }] as const;
    const owners = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        store.transaction(scopes[index % 3]!, (tx) =>
          tx.query('SELECT tenant_id FROM runs ORDER BY tenant_id'),
        ),
      ),
    );
    const expected = [['acme', 'umbrella'], ['acme'], ['umbrella']];
    for (const [index, rows] of owners.entries()) {
      assert.deepEqual(
        rows.map((row) => row['tenant_id']),
        expected[index % 3],
      );
    }
  });

  test(`${name}: a tenant's id that is empty or hostile opens nothing`, async (t) => {
    const store = await (await make(t)).open();
    await seedTenant(store, 'acme');
    for (const tenantId of ['', 'a\0b']) {
      const attempt = store.transaction({ tenantId }, async () => undefined);
      await assert.rejects(attempt, { code: 'internal' });
    }
    for (const tenantId of [`x', true), set_config('headrace.scope', 'system`, "\\' OR 1=1 --"]) {
      const seen = await store.transaction({ tenantId }, (tx) => tx.query('SELECT id FROM runs'));
      assert.deepEqual(seen, []);
    }
  });
}

function defineHints(name: string, make: MakeStore): void {
  test(`${name}: a hint reaches every process on the database, its sender's own listeners too`, async (t) => {
    const { open } = await make(t);
    const [sender, receiver] = await Promise.all([open(), open()]);
    const heard = [sender, receiver].map((store) => nextHint(store, 'run'));
    sender.notify('run', 'run_1');
    assert.deepEqual(await Promise.all(heard), ['run_1', 'run_1']);
  });

  test(`${name}: channels are separate, and who stopped hearing hears nothing`, async (t) => {
    const store = await (await make(t)).open();
    const heard: string[] = [];
    store.listen('task', (payload) => heard.push(`task ${payload}`));
    store.listen('cancel', (payload) => heard.push(`stopped ${payload}`))();
    store.notify('cancel', 'run_1');
    store.notify('task', 'openai');
    const last = nextHint(store, 'advance');
    store.notify('advance', 'end');
    await last;
    assert.deepEqual(heard, ['task openai']);
  });

  test(`${name}: a burst of equal hints arrives as few`, async (t) => {
    const store = await (await make(t)).open();
    let heard = 0;
    store.listen('task', () => {
      heard += 1;
    });
    for (let index = 0; index < 1_000; index += 1) store.notify('task', 'openai');
    const last = nextHint(store, 'run');
    store.notify('run', 'end');
    await last;
    assert.ok(heard >= 1 && heard <= 2, `heard ${heard}`);
  });

  test(`${name}: a listener that throws does not silence the others`, async (t) => {
    const store = await (await make(t)).open();
    store.listen('run', () => {
      throw new Error('listener');
    });
    const heard = nextHint(store, 'run');
    store.notify('run', 'run_1');
    assert.equal(await heard, 'run_1');
  });

  test(`${name}: a hint too long to be one is refused`, async (t) => {
    const store = await (await make(t)).open();
    assert.throws(() => store.notify('run', 'x'.repeat(201)), RangeError);
  });
}

function defineInstanceLock(name: string, make: MakeStore): void {
  test(`${name}: of all processes one holds the instance lock, and its end frees it`, async (t) => {
    const { open } = await make(t);
    const stores = await Promise.all([open(), open(), open()]);
    assert.deepEqual(
      stores.map((store) => store.holdsInstanceLock()),
      [false, false, false],
    );
    const taken = await Promise.all(stores.map((store) => store.takeInstanceLock()));
    assert.equal(taken.filter(Boolean).length, 1);
    const holder = stores[taken.indexOf(true)]!;
    const other = stores[taken.indexOf(false)]!;
    assert.equal(holder.holdsInstanceLock(), true);
    assert.deepEqual(await Promise.all([holder.takeInstanceLock(), holder.takeInstanceLock()]), [
      true,
      true,
    ]);
    await holder.close();
    assert.equal(holder.holdsInstanceLock(), false);
    // The server frees it when it has noticed the connection's end.
    while (!(await other.takeInstanceLock()));
    assert.equal(other.holdsInstanceLock(), true);
  });
}

/** The next payload on a channel. */
function nextHint(store: Store, channel: Channel): Promise<string> {
  return new Promise((resolve) => {
    const stop = store.listen(channel, (payload) => {
      stop();
      resolve(payload);
    });
  });
}

async function tenantTables(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ table_name: string }>(
    `SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t
       USING (table_schema, table_name)
     WHERE c.table_schema = 'headrace' AND c.column_name = 'tenant_id' AND t.table_type = 'BASE TABLE'
     ORDER BY 1`,
  );
  return rows.map((row) => row.table_name);
}

const raise = (state: string) =>
  `DO $$ BEGIN RAISE EXCEPTION 'made up' USING ERRCODE = '${state}'; END $$`;

const addTenant = (tx: Tx, id: string) =>
  tx.query('INSERT INTO tenants (id, name) VALUES ($1, $1)', [id]);

const append = (tx: Tx, id: string, suffix: string) =>
  tx.query('UPDATE tenants SET name = name || $2 WHERE id = $1', [id, suffix]);

async function countTenants(tx: Tx, id: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>('SELECT count(*) AS n FROM tenants WHERE id = $1', [
    id,
  ]);
  return row!.n;
}
