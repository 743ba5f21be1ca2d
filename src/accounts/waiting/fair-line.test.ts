import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { createManualClock } from '../../platform/manual-clock.ts';
import { createFairLine } from './fair-line.ts';
import { createWaiter, type Waiter } from './waiter.ts';
import type { WaitingLine } from './waiting-line.ts';

interface Described {
  tenantId?: string;
  lane?: Waiter['asked']['lane'];
  tokens?: number;
}

function open(weights: Record<string, number> = {}) {
  const clock = createManualClock();
  const line = createFairLine({ now: clock.now, weightOf: (id) => weights[id] ?? 1 });
  const enter = ({ tenantId = 'one', lane = 'standard', tokens = 100 }: Described = {}) => {
    const asked: Waiter['asked'] = {
      ask: { candidates: [], cost: { rpm: 1, tpm: tokens }, expiresAt: 0 },
      pool: 'p',
      tenantId,
      lane,
      admitBy: Number.POSITIVE_INFINITY,
      refusals: 0,
      signal: new AbortController().signal,
    };
    const waiter = createWaiter(asked, clock.now(), () => line.leave(waiter));
    line.enter(waiter);
    return waiter;
  };
  return { clock, line, enter };
}

function serveNext(line: WaitingLine): Waiter {
  const [next] = line.inOrder();
  assert.ok(next);
  line.served(next);
  line.leave(next);
  return next;
}

const names = (line: WaitingLine) => [...line.inOrder()].map(({ asked }) => asked.tenantId);
const cost = fc.integer({ min: 1, max: 30_000 });

it('serves tenants that always ask in proportion to their weights, however unlike their calls are', () => {
  const weights = { a: 1, b: 2, c: 5 };
  const tenants = Object.keys(weights) as (keyof typeof weights)[];
  fc.assert(
    fc.property(fc.array(cost, { minLength: 400, maxLength: 400 }), (tokens) => {
      const { line, enter } = open(weights);
      const served = { a: 0, b: 0, c: 0 };
      let drawn = 0;
      const nextCost = () => tokens[drawn++ % tokens.length] ?? 1;
      for (const tenantId of tenants) {
        for (let call = 0; call < 2; call += 1) enter({ tenantId, tokens: nextCost() });
      }
      for (let call = 0; call < 300; call += 1) {
        const { asked, tokens: taken } = serveNext(line);
        served[asked.tenantId as 'a'] += taken;
        enter({ tenantId: asked.tenantId, tokens: nextCost() });
      }
      // Goyal, Vin & Cheng 1996, theorem 1: no further apart than one largest call each.
      for (const one of tenants) {
        for (const other of tenants) {
          const apart = served[one] / weights[one] - served[other] / weights[other];
          assert.ok(Math.abs(apart) <= 30_000 / weights[one] + 30_000 / weights[other] + 1e-6);
        }
      }
    }),
    { numRuns: 50 },
  );
});

it('gives what one tenant does not ask for to those who ask, and keeps no credit for idle time', () => {
  const { line, enter } = open({ a: 1, b: 1 });
  for (let call = 0; call < 50; call += 1) enter({ tenantId: 'a' });
  for (let call = 0; call < 20; call += 1) assert.equal(serveNext(line).asked.tenantId, 'a');
  for (let call = 0; call < 10; call += 1) enter({ tenantId: 'b' });
  const next = names(line).slice(0, 8);
  assert.ok(next.filter((tenantId) => tenantId === 'b').length <= 5, next.join());
  assert.ok(next.filter((tenantId) => tenantId === 'b').length >= 4, next.join());
});

it('shares a tenant’s part between its lanes as 6 : 3 : 1, so that batch keeps its tenth', () => {
  const { line, enter } = open();
  for (const lane of ['priority', 'standard', 'batch'] as const) {
    for (let call = 0; call < 2000; call += 1) enter({ lane, tokens: 1000 });
  }
  const served = { priority: 0, standard: 0, batch: 0 };
  // What urgent calls may take ahead of their share is taken once.
  for (let call = 0; call < 400; call += 1) serveNext(line);
  for (let call = 0; call < 1500; call += 1) served[serveNext(line).asked.lane] += 1;
  assert.deepEqual(served, { priority: 900, standard: 450, batch: 150 });
});

it('counts a batch call that waited half a minute as a standard one', async () => {
  const shareOfBatch = async (waitedMs: number) => {
    const { clock, line, enter } = open();
    for (let call = 0; call < 400; call += 1) enter({ lane: 'batch' });
    await clock.advance(waitedMs);
    for (let call = 0; call < 400; call += 1) enter({ lane: 'standard' });
    let batch = 0;
    for (let call = 0; call < 400; call += 1) {
      if (serveNext(line).asked.lane === 'batch') batch += 1;
    }
    return batch / 400;
  };
  assert.equal(await shareOfBatch(0), 0.25);
  assert.equal(await shareOfBatch(30_000), 0.5);
});

it('puts an urgent call first while its lane keeps to its share, and not when it asks for everything', () => {
  const { line, enter } = open();
  for (let call = 0; call < 2000; call += 1) enter({ lane: 'standard', tokens: 2000 });
  for (let round = 0; round < 20; round += 1) {
    enter({ lane: 'priority', tokens: 30_000 });
    enter({ lane: 'priority', tokens: 100 });
    assert.equal(serveNext(line).asked.lane, 'priority');
    assert.equal(serveNext(line).asked.lane, 'priority');
    for (let call = 0; call < 20; call += 1) serveNext(line);
  }
  for (let call = 0; call < 500; call += 1) enter({ lane: 'priority', tokens: 2000 });
  let urgent = 0;
  for (let call = 0; call < 600; call += 1) {
    if (serveNext(line).asked.lane === 'priority') urgent += 1;
  }
  assert.ok(urgent >= 395 && urgent <= 465, `${urgent}`);
});

it('is walked without being changed, and forgets who leaves', () => {
  const described = fc.record({
    tenantId: fc.constantFrom('a', 'b', 'c'),
    lane: fc.constantFrom('priority' as const, 'standard' as const, 'batch' as const),
    tokens: cost,
  });
  fc.assert(
    fc.property(fc.array(described, { minLength: 1, maxLength: 60 }), fc.nat(), (calls, seed) => {
      const { line, enter } = open({ a: 3 });
      const waiters = calls.map(enter);
      const first = [...line.inOrder()];
      assert.equal(first.length, waiters.length);
      assert.deepEqual([...line.inOrder()], first);
      const kept = waiters.filter((_, index) => (index + seed) % 2 === 0);
      for (const waiter of waiters) if (!kept.includes(waiter)) line.leave(waiter);
      assert.equal(line.size(), kept.length);
      assert.deepEqual(new Set(line.inOrder()), new Set(kept));
      for (const waiter of kept) {
        assert.ok(line.ahead(waiter) >= waiter.tokens);
        line.leave(waiter);
        line.leave(waiter);
      }
      assert.equal(line.size(), 0);
      assert.equal(line.ahead(enter({ tokens: 7 })), 7);
    }),
  );
});
