import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestDatabase } from '../../../test/database.ts';
import { silentLog } from '../../platform/log.ts';
import { createManualClock } from '../../platform/manual-clock.ts';
import { openStore } from '../../platform/store/postgres-store.ts';
import { createFakeStore, createTestGateway } from '../test-gateway.ts';

test('ready with a migrated store, not ready without it, alive in any case', async (t) => {
  const url = await createTestDatabase(t);
  // Its time stands still: a database that is slow here is not away.
  const clock = createManualClock();
  const store = await openStore({ url, log: silentLog, poolSize: 2, clock });
  t.after(() => store.close());
  let missing: string | null = null;
  const gateway = await createTestGateway(t, {
    store,
    deps: { readiness: [async () => missing] },
  });
  const ready = await gateway.inject('/readyz');
  assert.deepEqual(ready.json(), { status: 'ready', reasons: [] });
  assert.equal(ready.statusCode, 200);
  missing = 'No worker has been heard of.';
  const lacking = await gateway.inject('/readyz');
  assert.deepEqual(lacking.json(), { status: 'not_ready', reasons: [missing] });
  assert.equal(lacking.statusCode, 503);
  await store.close();
  const away = await gateway.inject('/readyz');
  assert.deepEqual(away.json().reasons[0], 'The store does not answer.');
  assert.equal((await gateway.inject('/healthz')).statusCode, 200);
});

test('not ready with a store that answers but whose schema cannot be used', async (t) => {
  const { store } = createFakeStore();
  const gateway = await createTestGateway(t, { store });
  const response = await gateway.inject('/readyz');
  assert.equal(response.statusCode, 503);
  assert.match(response.json().reasons[0], /migrate it/);
});
