import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { createTestStore } from '../../../test/database.ts';
import { eventually } from '../../../test/eventually.ts';
import { silentLog } from '../../platform/log.ts';
import { createManualClock } from '../../platform/manual-clock.ts';
import type { Store, Tx } from '../../platform/store/store.ts';
import { type KeepingParts, keepAccounts } from './keep-accounts.ts';

/** The keeping of no accounts: all that it does is to hear of changes. */
async function open(t: TestContext, reload: () => Promise<void>) {
  const store = await createTestStore(t);
  const clock = createManualClock(Date.now());
  let turns = 0;
  const counted: Store = {
    ...store,
    transaction: async (scope, work) => {
      const result = await store.transaction(scope, work);
      turns += 1;
      return result;
    },
  };
  const parts: Partial<KeepingParts> = { store: counted, clock, log: silentLog, reload };
  t.after(keepAccounts(parts as KeepingParts));
  return {
    store,
    /** Three transactions are a turn: keys that retire, probes that are due, what changed. */
    async turn() {
      const before = turns;
      await clock.advance(5000);
      await eventually(() => assert.equal(turns, before + 3));
      await eventually(() => assert.ok(clock.nextTimerAt()));
    },
  };
}

async function change(tx: Tx): Promise<void> {
  await tx.query("INSERT INTO pool_events (type, provider) VALUES ('account.changed', 'fake')");
}

it('reads the accounts anew where the reading after a change failed', async (t) => {
  let readings = 0;
  let isAway = false;
  const { store, turn } = await open(t, async () => {
    readings += 1;
    if (isAway) throw new Error('away');
  });
  await turn();
  const before = readings;
  await store.transaction('system', change);
  isAway = true;
  await turn();
  isAway = false;
  assert.equal(readings, before + 1);
  await turn();
  assert.equal(readings, before + 2);
  await turn();
  assert.equal(readings, before + 2);
});

it('hears of a change that began before another and was committed after it', async (t) => {
  let readings = 0;
  const { store, turn } = await open(t, async () => {
    readings += 1;
  });
  await turn();
  await store.transaction('system', async (tx) => {
    await change(tx);
    await store.transaction('system', change);
    await turn();
  });
  const before = readings;
  await turn();
  assert.equal(readings, before + 1);
});

it('hears of a change between the reading at the start and its first look', async (t) => {
  let readings = 0;
  const { store, turn } = await open(t, async () => {
    readings += 1;
  });
  await store.transaction('system', change);
  await turn();
  assert.equal(readings, 1);
});
