import assert from 'node:assert/strict';
import { after } from 'node:test';
import { noRedis, startRedis } from '../../../test/redis-server.ts';
import { systemClock } from '../../platform/clock.ts';
import { silentLog } from '../../platform/log.ts';
import type { ManualClock } from '../../platform/manual-clock.ts';
import { connectRedis, type RedisConnection } from './connect-redis.ts';
import { createRedisLimiter, type RedisLimiter } from './create-redis-limiter.ts';

export interface PinnedLimiter extends RedisLimiter {
  /** Round trips so far that asked for a reservation. */
  asked(): number;
}

export interface PinnedOptions {
  /** Limiters of one name are processes that share their accounts; else each has keys of its own. */
  namespace?: string;
  /** The guard of the windows, ms, instead of the learned one. */
  guardMs?: number;
}

/** One real Redis for a whole test file. The opened limiters believe the given clock instead of the server's. */
export function shareRedis(): (
  clock: ManualClock,
  options?: PinnedOptions,
) => Promise<PinnedLimiter> {
  // At the top of a file, for a hook that is set within a test belongs to that test.
  const connection = noRedis ? null : connect();
  let opened = 0;
  return async (clock, { namespace, ...options } = {}) => {
    const shared = await connection;
    assert.ok(shared);
    opened += 1;
    let asked = 0;
    const limiter = createRedisLimiter({
      connection: {
        ...shared,
        run(key, input) {
          if (input.includes('"op":"reserve"')) asked += 1;
          return shared.run(key, input);
        },
        close: async () => undefined,
      },
      clock,
      log: silentLog,
      fail: 'closed',
      openStandIn: () => assert.fail('the server is there'),
      knewMemory: false,
      namespace: namespace ?? `test-${opened}`,
      serverNow: clock.now,
      ...options,
    });
    return { ...limiter, asked: () => asked };
  };
}

async function connect(): Promise<RedisConnection> {
  const { url } = await startRedis({ after });
  // It always answers, if late: no stall of the machine is to pass for its end.
  const patienceMs = 60_000;
  const connected = await connectRedis({ url, clock: systemClock, log: silentLog, patienceMs });
  after(() => connected.close());
  return connected;
}
