import assert from 'node:assert/strict';
import { after, describe, type TestContext } from 'node:test';
import { noRedis, startRedis } from '../../../test/redis-server.ts';
import { systemClock } from '../../platform/clock.ts';
import { silentLog } from '../../platform/log.ts';
import { createManualClock } from '../../platform/manual-clock.ts';
import { defineLimiterContract } from '../limiter.contract.ts';
import { defineLimiterChoices } from '../limiter-choice.contract.ts';
import { defineLimiterLearning } from '../limiter-learning.contract.ts';
import { defineLimiterObservations } from '../limiter-observation.contract.ts';
import { defineLimiterSettlements } from '../limiter-settlement.contract.ts';
import { defineLimiterTraces } from '../limiter-trace.contract.ts';
import { connectRedis, type RedisConnection } from './connect-redis.ts';
import { createRedisLimiter } from './create-redis-limiter.ts';

// At the top, for a hook that is set within a test belongs to that test.
const connection = noRedis ? null : connect();
let opened = 0;

async function connect(): Promise<RedisConnection> {
  const { url } = await startRedis({ after });
  const connected = await connectRedis({ url, clock: systemClock, log: silentLog });
  after(() => connected.close());
  return connected;
}

/** All limiters of this file share one server, each in keys of its own. */
const open = async (t: Pick<TestContext, 'after'>) => {
  const shared = await connection;
  assert.ok(shared);
  const clock = createManualClock();
  opened += 1;
  const limiter = createRedisLimiter({
    connection: { ...shared, close: async () => undefined },
    clock,
    log: silentLog,
    fail: 'closed',
    openStandIn: () => assert.fail('the server is there'),
    knewMemory: false,
    namespace: `test-${opened}`,
    serverNow: clock.now,
    guardMs: 0,
  });
  t.after(() => limiter.close());
  return { limiter, now: clock.now, advance: clock.advance, look: limiter.look };
};

describe('the limiter in Redis', { skip: noRedis }, () => {
  defineLimiterContract('Redis', open);
  defineLimiterTraces('Redis', open);
  defineLimiterChoices('Redis', open);
  defineLimiterObservations('Redis', open);
  defineLimiterLearning('Redis', open);
  defineLimiterSettlements('Redis', open, { calls: 3000, withDay: false });
});
