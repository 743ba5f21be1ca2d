import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { noRedis, startRedis } from '../../test/redis-server.ts';
import { systemClock } from '../platform/clock.ts';
import { silentLog } from '../platform/log.ts';
import { limited, seats } from './limiter.contract.ts';
import { startLimiter } from './start-limiter.ts';

it('admits in every process without the instance lock, and knows a flushed Redis from a new one', {
  skip: noRedis,
}, async (t) => {
  const server = await startRedis(t);
  const store = await createTestStore(t);
  const open = () =>
    startLimiter({ store, clock: systemClock, log: silentLog }, [limited('a', { rpm: 3 })], {
      url: server.url,
      fail: 'closed',
    });
  const [first, second] = [await open(), await open()];
  const ask = { candidates: seats('a'), cost: { rpm: 1 }, expiresAt: systemClock.now() + 60_000 };
  assert.equal((await first.reserve(ask)).kind, 'granted');
  assert.equal((await second.reserve({ ...ask, cost: { rpm: 2 } })).kind, 'granted');
  assert.equal((await first.reserve(ask)).kind, 'wait');
  assert.equal(store.holdsInstanceLock(), false);
  await Promise.all([first.close(), second.close()]);
  await server.restart();
  const later = await open();
  t.after(() => later.close());
  const refused = await later.reserve(ask);
  assert.ok(refused.kind === 'wait' && refused.waitMs > 20_000);
});
