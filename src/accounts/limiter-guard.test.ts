import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { noRedis } from '../../test/redis-server.ts';
import { createManualClock, type ManualClock } from '../platform/manual-clock.ts';
import { createEmbeddedLimiter } from './embedded/create-embedded-limiter.ts';
import { limited, seats } from './limiter.contract.ts';
import type { Limiter } from './limiter.ts';
import { shareRedis } from './redis/share-redis.contract.ts';

// How late a call may have come to its vendor, and for how long that is remembered.

const openPinned = shareRedis();
const minute = 60_000;
const cellMs = 100;
const quickMs = 20;
/** What one call took to its vendor on a machine that stalled, and from there back. */
const lateMs = 330;
const rpm = 60;

type Open = (clock: ManualClock) => Promise<Limiter & { look?(): Promise<void> }>;

async function start(t: TestContext, open: Open) {
  const clock = createManualClock();
  const limiter = await open(clock);
  t.after(() => limiter.close());
  await limiter.configure([limited('a', { rpm })]);
  const ask = () => ({
    candidates: seats('a'),
    cost: { rpm: 1 },
    expiresAt: clock.now() + 10 * minute,
  });
  const call = async (firstByteMs: number) => {
    const outcome = await limiter.reserve(ask());
    assert.equal(outcome.kind, 'granted');
    if (outcome.kind !== 'granted') return;
    await clock.advance(firstByteMs);
    await limiter.settle(outcome.reservationId, { outcome: 'used', succeeded: true, firstByteMs });
    await limiter.look?.();
  };
  const waitForRoom = async () => {
    const refused = await limiter.reserve(ask());
    assert.ok(refused.kind === 'wait' && refused.exact, JSON.stringify(refused));
    return refused.waitMs;
  };
  return { clock, call, waitForRoom };
}

function defineGuard(name: string, open: Open, skip: string | false): void {
  it(`${name} keeps apart by a minute, as the vendor sees them, a call that came late and the one in its place`, {
    skip,
  }, async (t) => {
    const { clock, call, waitForRoom } = await start(t, open);
    for (let calls = 0; calls < 20; calls += 1) await call(quickMs);
    await clock.advance(5000);
    // The first of the next 40 reaches the vendor late; those after it are as quick as ever.
    const sentAt = clock.now();
    await call(lateMs);
    const seenAt = sentAt + lateMs - quickMs;
    for (let calls = 0; calls < 39; calls += 1) await call(quickMs);
    // Twenty leave before it; then its own place is asked for.
    await clock.advance(await waitForRoom());
    for (let calls = 0; calls < 20; calls += 1) await call(quickMs);
    await clock.advance(await waitForRoom());
    assert.ok(clock.now() >= seenAt + minute, `${clock.now() - seenAt}`);
    assert.ok(clock.now() <= seenAt + minute + 2 * cellMs, `${clock.now() - seenAt}`);
  });

  it(`${name} forgets a late call when it has left`, { skip }, async (t) => {
    const { clock, call, waitForRoom } = await start(t, open);
    for (let calls = 0; calls < 20; calls += 1) await call(calls === 3 ? lateMs : quickMs);
    for (let turns = 0; turns < 3; turns += 1) {
      await clock.advance(minute + 1000);
      await call(quickMs);
    }
    await clock.advance(minute + 1000);
    const sentAt = clock.now();
    for (let calls = 0; calls < rpm; calls += 1) await call(0);
    const waitMs = await waitForRoom();
    assert.ok(clock.now() + waitMs <= sentAt + minute + 2 * cellMs);
  });
}

defineGuard(
  'The limiter in process',
  async (clock) => createEmbeddedLimiter({ clock, mayAdmit: () => true }),
  false,
);
defineGuard('The limiter in Redis', (clock) => openPinned(clock), noRedis);
