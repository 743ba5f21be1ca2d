import { describe, type TestContext } from 'node:test';
import { noRedis } from '../../../test/redis-server.ts';
import { createManualClock } from '../../platform/manual-clock.ts';
import { defineLimiterContract } from '../limiter.contract.ts';
import { defineLimiterChoices } from '../limiter-choice.contract.ts';
import { defineLimiterLearning } from '../limiter-learning.contract.ts';
import { defineLimiterObservations } from '../limiter-observation.contract.ts';
import { defineLimiterSettlements } from '../limiter-settlement.contract.ts';
import { defineLimiterTraces } from '../limiter-trace.contract.ts';
import { shareRedis } from './share-redis.contract.ts';

const openPinned = shareRedis();

const open = async (t: Pick<TestContext, 'after'>) => {
  const clock = createManualClock();
  const limiter = await openPinned(clock, { guardMs: 0 });
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
