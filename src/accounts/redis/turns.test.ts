import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { eventually } from '../../../test/eventually.ts';
import { noRedis } from '../../../test/redis-server.ts';
import type { LimitRule } from '../../platform/config/config.ts';
import { createManualClock } from '../../platform/manual-clock.ts';
import { limited, seats } from '../limiter.contract.ts';
import { createWaitingRoom } from '../waiting/waiting-room.ts';
import { shareRedis } from './share-redis.contract.ts';

// How processes that share a full pool ask for what frees, each seldom and one after the other.

const openPinned = shareRedis();
const skip = noRedis;
const pool = seats('a');
const minute = 60_000;
const cellMs = 100;

async function openProcesses(t: TestContext, count: number, limits: Partial<LimitRule>) {
  const clock = createManualClock();
  const open = async () => {
    const limiter = await openPinned(clock, { namespace: t.name, guardMs: 0 });
    t.after(() => limiter.close());
    await limiter.configure([limited('a', { itpm: 1_000_000, ...limits })]);
    return limiter;
  };
  const limiters = await Promise.all(Array.from({ length: count }, open));
  const ask = (calls = 1, itpm = 10) => ({
    candidates: pool,
    cost: { rpm: calls, itpm },
    expiresAt: clock.now() + 10 * minute,
  });
  return { clock, limiters, ask };
}

it('tells processes that find no room one time each, a call’s worth apart', { skip }, async (t) => {
  const { clock, limiters, ask } = await openProcesses(t, 3, { rpm: 60 });
  const [first] = limiters;
  assert.equal((await first!.reserve(ask(60))).kind, 'granted');
  const waits: number[] = [];
  for (const limiter of limiters) {
    const outcome = await limiter.reserve(ask());
    assert.ok(outcome.kind === 'wait' && outcome.exact);
    waits.push(outcome.waitMs);
  }
  const [soonest = 0] = waits;
  assert.ok(soonest >= minute && soonest <= minute + cellMs, `${soonest}`);
  assert.deepEqual(waits, [soonest, soonest + 1000, soonest + 2000]);
  // Asked again before its turn, it keeps its place; another that gave up leaves a gap.
  const again = await limiters[1]!.reserve(ask());
  assert.ok(again.kind === 'wait' && again.waitMs === soonest + 1000);
  await clock.advance(soonest + 1000);
  const late = await limiters[0]!.reserve(ask(60));
  assert.equal(late.kind, 'granted');
});

it('takes for all that wait what one question may bring', { skip }, async (t) => {
  const { clock, limiters, ask } = await openProcesses(t, 1, { rpm: 6 });
  const [limiter] = limiters;
  const room = createWaitingRoom({ limiter: limiter!, clock });
  t.after(() => room.close());
  assert.equal((await limiter!.reserve(ask(6))).kind, 'granted');
  const admit = (itpm: number) =>
    room.admit({
      ask: ask(1, itpm),
      pool: 'p',
      tenantId: 'default',
      lane: 'standard',
      admitBy: clock.now() + 5 * minute,
      refusals: 0,
      signal: new AbortController().signal,
    });
  const before = limiter!.asked();
  // The first finds no room, and the others need not ask: they differ in what is not scarce only.
  const waiting = [60, 50, 40, 30, 20, 10].map(admit);
  await eventually(async () => assert.ok(limiter!.asked() > before));
  await limiter!.look();
  await clock.advance(minute + cellMs);
  await Promise.all(waiting);
  assert.equal(limiter!.asked() - before, 2);
});

it('wakes another process only for what it was refused, whatever pause there once was', {
  skip,
}, async (t) => {
  const { clock, limiters } = await openProcesses(t, 2, { concurrency: 1 });
  const [here, there] = limiters;
  const ask = () => ({
    candidates: pool,
    cost: { concurrency: 1 },
    expiresAt: clock.now() + minute,
  });
  const callAndEnd = async (meanwhile: () => Promise<unknown>) => {
    const call = await here!.reserve(ask());
    assert.ok(call.kind === 'granted');
    await meanwhile();
    await here!.settle(call.reservationId, { outcome: 'used' });
    await here!.look();
  };
  const until = clock.now() + 1000;
  await here!.pause({ accountId: 'a', until, provenance: 'stated', reason: 'rate_limited' });
  await clock.advance(2000);
  let heard = 0;
  there!.watch(() => {
    heard += 1;
  });
  await callAndEnd(async () => undefined);
  await callAndEnd(async () => assert.equal((await there!.reserve(ask())).kind, 'wait'));
  // What is published comes in order: the second waking would be the first one's.
  await eventually(async () => assert.ok(heard > 0));
  assert.equal(heard, 1);
  assert.equal((await there!.reserve(ask())).kind, 'granted');
});
