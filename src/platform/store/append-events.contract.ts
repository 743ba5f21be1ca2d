import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { seedTenant } from '../../../test/seed-tenant.ts';
import { appendEvents } from './append-events.ts';
import type { NewEvent, Store } from './store.ts';
import type { MakeStore } from './store-under-test.ts';

/** How a run's events are numbered, whatever server is behind the store. */
export function defineEventContract(name: string, make: MakeStore): void {
  test(`${name}: whoever sees an event sees all that are numbered before it, whoever writes meanwhile`, async (t) => {
    const { open } = await make(t);
    const [writer, reader] = await Promise.all([open(), open()]);
    // Per writer, the transactions one after the other: how many events, and how long before them.
    const transaction = fc.record({ events: fc.integer({ min: 1, max: 4 }), ms: fc.nat(3) });
    const plans = fc.array(fc.array(transaction, { minLength: 1, maxLength: 6 }), {
      minLength: 2,
      maxLength: 5,
    });
    let tenants = 0;
    await fc.assert(
      fc.asyncProperty(plans, async (writers) => {
        tenants += 1;
        const { runId } = await seedTenant(writer, `tenant-${tenants}`);
        let writing = true;
        const written = Promise.all(
          writers.map(async (transactions) => {
            for (const { events, ms } of transactions) {
              await writer.transaction('system', async (tx) => {
                await tx.query('SELECT pg_sleep($1)', [ms / 1000]);
                await appendEvents(tx, runId, made(events));
              });
            }
          }),
        ).finally(() => {
          writing = false;
        });
        let seen = 0;
        while (writing) seen = await lookForGaps(reader, runId, seen);
        await written;
        const total = writers.flat().reduce((sum, { events }) => sum + events, 1);
        assert.equal(await lookForGaps(reader, runId, seen), total);
      }),
      { numRuns: 12 },
    );
  });

  test(`${name}: a transaction that is rolled back uses up no number`, async (t) => {
    const store = await (await make(t)).open();
    const { runId } = await seedTenant(store, 'acme');
    const failing = store.transaction('system', async (tx) => {
      await appendEvents(tx, runId, made(3));
      throw new Error('no');
    });
    await assert.rejects(failing, /no/);
    await store.transaction('system', (tx) => appendEvents(tx, runId, made(1)));
    assert.equal(await lookForGaps(store, runId, 0), 2);
  });

  test(`${name}: an event keeps its type, step, task, attempt and data, in the order given`, async (t) => {
    const store = await (await make(t)).open();
    const { runId, taskId } = await seedTenant(store, 'acme');
    await store.transaction({ tenantId: 'acme' }, (tx) =>
      appendEvents(tx, runId, [
        { type: 'call.sent', taskId, attemptId: 'att_1', data: { model: 'm', n: [1, null] } },
        { type: 'plan.completed' },
      ]),
    );
    const rows = await store.transaction({ tenantId: 'acme' }, (tx) =>
      tx.query(
        `SELECT number, type, step, task_id, attempt_id, data FROM run_events
         WHERE run_id = $1 AND number > 1 ORDER BY number`,
        [runId],
      ),
    );
    assert.deepEqual(rows, [
      {
        number: 2,
        type: 'call.sent',
        step: 15,
        task_id: taskId,
        attempt_id: 'att_1',
        data: { model: 'm', n: [1, null] },
      },
      { number: 3, type: 'plan.completed', step: null, task_id: null, attempt_id: null, data: {} },
    ]);
  });

  test(`${name}: a tenant cannot write into another's history`, async (t) => {
    const store = await (await make(t)).open();
    const { runId } = await seedTenant(store, 'acme');
    await seedTenant(store, 'umbrella');
    await store
      .transaction({ tenantId: 'umbrella' }, (tx) => appendEvents(tx, runId, made(1)))
      .catch(() => undefined);
    assert.equal(await lookForGaps(store, runId, 0), 1);
  });
}

const made = (count: number): NewEvent[] =>
  Array.from({ length: count }, () => ({ type: 'task.ready' }));

/** Reads all numbers and fails where one is missing or fewer are there than before; answers the last. */
async function lookForGaps(store: Store, runId: string, before: number): Promise<number> {
  const rows = await store.transaction('system', (tx) =>
    tx.query<{ number: number }>(
      'SELECT number FROM run_events WHERE run_id = $1 ORDER BY number',
      [runId],
    ),
  );
  for (const [index, { number }] of rows.entries()) assert.equal(number, index + 1);
  assert.ok(rows.length >= before);
  return rows.length;
}
