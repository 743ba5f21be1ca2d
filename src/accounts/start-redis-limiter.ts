import { errorFields } from '../platform/log.ts';
import { repeat } from '../platform/repeat.ts';
import type { Store } from '../platform/store/store.ts';
import { createEmbeddedLimiter } from './embedded/create-embedded-limiter.ts';
import type { LimitedAccount, Limiter } from './limiter.ts';
import { connectRedis } from './redis/connect-redis.ts';
import { createRedisLimiter } from './redis/create-redis-limiter.ts';
import type { LimiterDeps } from './start-embedded-limiter.ts';

export interface RedisStartDeps extends LimiterDeps {
  url: string;
  fail: 'closed' | 'open';
}

/** Row of `limiter_snapshots` that says until when some process admitted through Redis. */
const markPool = '*redis';
const markEveryMs = 30_000;

/**
 * The limiter in Redis. It needs no instance lock; the store only remembers that it was used of late, so
 * that a Redis found empty at the start is known to have been flushed, not new.
 */
export async function startRedisLimiter(
  deps: RedisStartDeps,
  accounts: readonly LimitedAccount[],
): Promise<Limiter> {
  const { store, clock, log, fail } = deps;
  const connection = await connectRedis(deps);
  const limiter = createRedisLimiter({
    connection,
    clock,
    log,
    fail,
    openStandIn: () => createEmbeddedLimiter({ clock, mayAdmit: () => true }),
    knewMemory: await wasUsed(store),
  });
  await limiter.configure(accounts);
  await markUsed(store);
  const stop = repeat(clock, markEveryMs, {
    work: () => markUsed(store),
    failed: (error) => log.warn('limiter.snapshot_failed', errorFields(error)),
  });
  return {
    ...limiter,
    async close() {
      stop();
      await limiter.close();
    },
  };
}

/** Within two minutes: what was spent before has left every minute. */
async function wasUsed(store: Store): Promise<boolean> {
  const rows = await store.transaction('system', (tx) =>
    tx.query(
      `SELECT 1 FROM limiter_snapshots
       WHERE pool = $1 AND taken_at > headrace_now() - interval '2 minutes'`,
      [markPool],
    ),
  );
  return rows.length > 0;
}

async function markUsed(store: Store): Promise<void> {
  await store.transaction('system', (tx) =>
    tx.query(
      `INSERT INTO limiter_snapshots (pool, taken_at, windows) VALUES ($1, headrace_now(), '{}')
       ON CONFLICT (pool) DO UPDATE SET taken_at = excluded.taken_at`,
      [markPool],
    ),
  );
}
