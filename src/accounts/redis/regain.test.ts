import assert from 'node:assert/strict';
import { it } from 'node:test';
import { noRedis, startRedis } from '../../../test/redis-server.ts';
import { systemClock } from '../../platform/clock.ts';
import { silentLog } from '../../platform/log.ts';
import { createEmbeddedLimiter } from '../embedded/create-embedded-limiter.ts';
import { limited, seats } from '../limiter.contract.ts';
import { connectRedis } from './connect-redis.ts';
import { createRedisLimiter } from './create-redis-limiter.ts';

const calls = 80;

it('forgets no call that ends in the moment in which the server is back', {
  skip: noRedis,
}, async (t) => {
  const { url } = await startRedis(t);
  const clock = systemClock;
  const real = await connectRedis({ url, clock, log: silentLog, patienceMs: 60_000 });
  let isAway = false;
  let afterTell: (() => Promise<void>) | null = null;
  const limiter = createRedisLimiter({
    connection: {
      ...real,
      async run(key, input) {
        if (isAway) throw new Error('away');
        const reply = await real.run(key, input);
        if (afterTell && input.includes('"settle"')) void afterTell();
        return reply;
      },
    },
    clock,
    log: silentLog,
    fail: 'closed',
    openStandIn: () => createEmbeddedLimiter({ clock, mayAdmit: () => true }),
    knewMemory: false,
  });
  t.after(() => limiter.close());
  await limiter.configure([limited('a', { concurrency: calls + 1 })]);
  const reserve = () =>
    limiter.reserve({
      candidates: seats('a'),
      cost: { concurrency: 1 },
      expiresAt: clock.now() + 600_000,
    });
  const open: string[] = [];
  for (let call = 0; call <= calls; call += 1) {
    const outcome = await reserve();
    assert.equal(outcome.kind, 'granted');
    if (outcome.kind === 'granted') open.push(outcome.reservationId);
  }
  const end = () => void limiter.settle(open.pop() ?? '', { outcome: 'unsent' });
  // The second ends one step later each time, so that once it is in the moment in question.
  for (let steps = 0; open.length > 1; steps += 1) {
    isAway = true;
    await limiter.look();
    end();
    const told = Promise.withResolvers<void>();
    afterTell = async () => {
      afterTell = null;
      for (let step = 0; step < steps; step += 1) await Promise.resolve();
      end();
      told.resolve();
    };
    isAway = false;
    await Promise.all([limiter.look(), told.promise]);
    for (let look = 0; look < 2; look += 1) await limiter.look();
    const [slots] = limiter.gauges().filter(({ dimension }) => dimension === 'concurrency');
    assert.equal(slots?.used, open.length, `${steps} steps after the server was told`);
  }
});
