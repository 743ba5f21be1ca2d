import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { createTestDatabase } from '../../test/database.ts';
import { eventually } from '../../test/eventually.ts';
import { silentLog } from '../platform/log.ts';
import { createManualClock } from '../platform/manual-clock.ts';
import { openStore } from '../platform/store/postgres-store.ts';
import { limited, seats } from './limiter.contract.ts';
import type { Cost, Limiter } from './limiter.ts';
import { startEmbeddedLimiter } from './start-embedded-limiter.ts';

const pool = seats('a');
const account = limited('a', { rpm: 10, rpd: 1000, tpm: 1000 });

async function openProcess(t: TestContext, url: string, clock = createManualClock()) {
  const store = await openStore({ url, log: silentLog, poolSize: 3 });
  t.after(() => store.close());
  const limiter = await startEmbeddedLimiter({ store, clock, log: silentLog }, [account]);
  t.after(() => limiter.close());
  const reserve = (cost: Cost) =>
    limiter.reserve({ candidates: pool, cost, expiresAt: clock.now() + 600_000 });
  return { store, clock, limiter, reserve };
}

function used(limiter: Limiter) {
  return Object.fromEntries(
    limiter
      .gauges()
      .filter((gauge) => gauge.used > 0)
      .map((gauge) => [gauge.dimension, gauge.used]),
  );
}

/** Lets the transactions of a snapshot pass, which take real time. */
function until(check: () => Promise<boolean>): Promise<void> {
  return eventually(async () => assert.ok(await check()));
}

it('goes on where the process before ended in order', async (t) => {
  const url = await createTestDatabase(t);
  const first = await openProcess(t, url);
  await first.reserve({ rpm: 1, rpd: 1, tpm: 300 });
  await first.limiter.pause({
    accountId: 'a',
    until: first.clock.now() + 90_000,
    provenance: 'stated',
    reason: 'rate_limited',
  });
  await first.limiter.close();
  await first.store.close();
  const second = await openProcess(t, url, first.clock);
  assert.deepEqual(used(second.limiter), { rpm: 1, rpd: 1, tpm: 300 });
  const refused = await second.reserve({ rpm: 1 });
  assert.ok(refused.kind === 'wait' && refused.pausedFor === 'rate_limited');
  // Snapshots are a second coarse, to the safe side.
  await second.clock.advance(61_100);
  assert.deepEqual(used(second.limiter), { rpd: 1 });
});

it('counts the time that nobody accounted for as spent', async (t) => {
  const url = await createTestDatabase(t);
  const first = await openProcess(t, url);
  await first.reserve({ rpm: 1, rpd: 1, tpm: 300 });
  await first.clock.advance(1000);
  await until(async () => {
    const rows = await first.store.transaction('system', (tx) =>
      tx.query("SELECT 1 FROM limiter_snapshots WHERE pool = 'a'"),
    );
    return rows.length > 0;
  });
  // It is killed: its connections close, nothing is written any more.
  await first.store.close();
  const later = createManualClock(first.clock.now() + 5000);
  const second = await openProcess(t, url, later);
  assert.deepEqual(used(second.limiter), { rpm: 10, rpd: 11, tpm: 1000 });
  assert.equal((await second.reserve({ rpm: 1 })).kind, 'wait');
  await later.advance(57_700);
  assert.equal((await second.reserve({ rpm: 1 })).kind, 'granted');
});

it('refuses to admit in a second process, until the first one ends', async (t) => {
  const url = await createTestDatabase(t);
  const clock = createManualClock();
  const first = await openProcess(t, url, clock);
  const second = await openProcess(t, url, clock);
  assert.equal((await first.reserve({ rpm: 4, tpm: 10 })).kind, 'granted');
  await assert.rejects(second.reserve({ rpm: 1 }), { code: 'limiter_not_shared' });
  await first.limiter.close();
  await first.store.close();
  await until(async () => {
    // In steps so small that what was used stays in its window until the lock is seen to be free.
    await clock.advance(100);
    return second.reserve({ rpm: 1 }).then(
      () => true,
      () => false,
    );
  });
  assert.equal(used(second.limiter)['rpm'], 5);
});
