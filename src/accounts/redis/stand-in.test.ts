import assert from 'node:assert/strict';
import { it } from 'node:test';
import { silentLog } from '../../platform/log.ts';
import { createManualClock } from '../../platform/manual-clock.ts';
import { createEmbeddedLimiter } from '../embedded/create-embedded-limiter.ts';
import { limited, seats } from '../limiter.contract.ts';
import { createRedisLimiter } from './create-redis-limiter.ts';
import { createPicture } from './picture.ts';
import { createReservationBook } from './reservation-book.ts';
import { createStandIn } from './stand-in.ts';

const accounts = [limited('a', { rpm: 10 })];

it('is closed also where it was still being opened', async () => {
  const clock = createManualClock();
  const standIn = createStandIn({
    clock,
    fail: 'open',
    open: () => createEmbeddedLimiter({ clock, mayAdmit: () => true }),
    picture: createPicture(clock),
    book: createReservationBook(clock.now),
    made: () => undefined,
  });
  const begun = standIn.begin(1, accounts);
  await standIn.end();
  await begun;
  assert.equal(standIn.limiter(), null);
  assert.equal(clock.nextTimerAt(), undefined, 'no timer is left behind');
});

it('stands in for nobody who has left, and leaves no timer behind', async () => {
  const clock = createManualClock();
  const answer = Promise.withResolvers<never>();
  const limiter = createRedisLimiter({
    clock,
    log: silentLog,
    connection: {
      ready: () => true,
      // It dies while it is asked.
      run: () => answer.promise,
      time: async () => clock.now(),
      subscribe: async () => undefined,
      onReady: () => undefined,
      trips: () => 0,
      close: async () => undefined,
    },
    fail: 'open',
    openStandIn: () => createEmbeddedLimiter({ clock, mayAdmit: () => true }),
    knewMemory: false,
  });
  const configuring = limiter.configure(accounts);
  const closing = limiter.close();
  answer.reject(new Error('The server is gone.'));
  await Promise.all([configuring, closing]);
  // A call that was on its way.
  const late = { candidates: seats('a'), cost: { rpm: 1 }, expiresAt: clock.now() + 60_000 };
  await assert.rejects(limiter.reserve(late), { code: 'limiter_unreachable' });
  await clock.advance(60_000);
  assert.equal(clock.nextTimerAt(), undefined);
});
