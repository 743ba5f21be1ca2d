import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { type LimiterHarness, limited, seats } from './limiter.contract.ts';
import type { Candidate, Cost } from './limiter.ts';

const minute = 60_000;

/** Traces drawn at random: what no example shows. fast-check prints the seed of a failure. */
export function defineLimiterTraces(
  name: string,
  open: (t: Pick<TestContext, 'after'>) => Promise<LimiterHarness>,
): void {
  it(`on ${name} never spends more than the limit in any minute, and forgets everything in the end`, async (t) => {
    const limits = { rpm: 8, tpm: 500, itpm: 300 };
    await fc.assert(
      fc.asyncProperty(trace(), async (steps) => {
        const harness = await open(t);
        await harness.limiter.configure([
          limited('a', limits),
          limited('b', { ...limits, concurrency: 3 }),
        ]);
        const spent = await play(harness, steps);
        for (const dimension of ['rpm', 'tpm', 'itpm'] as const) {
          for (const account of ['a', 'b']) {
            const most = mostInAMinute(spent, account, dimension);
            assert.ok(most <= limits[dimension], `${account} ${dimension} ${most}`);
          }
        }
        await harness.advance(2 * minute);
        await harness.look?.();
        assert.deepEqual(
          harness.limiter.gauges().filter(({ used }) => used !== 0),
          [],
        );
      }),
      { numRuns: 100 },
    );
  });

  it(`on ${name} keeps its word: a call fits after the exact wait, and not one cell before`, async (t) => {
    await fc.assert(
      fc.asyncProperty(trace(), async (steps) => {
        const harness = await open(t);
        const { limiter, advance, now } = harness;
        await limiter.configure([limited('a', { rpm: 5, tpm: 400 })]);
        const reserve = (cost: Cost) =>
          limiter.reserve({ candidates: seats('a'), cost, expiresAt: now() + 60 * minute });
        for (const { waitMs, cost } of steps) {
          await advance(waitMs);
          const { rpm, tpm } = cost;
          const first = await reserve({ rpm, tpm });
          if (first.kind !== 'wait') continue;
          assert.ok(first.exact);
          if (first.waitMs > cellMs) {
            await advance(first.waitMs - cellMs);
            const early = await reserve({ rpm, tpm });
            assert.equal(early.kind, 'wait');
            await advance(cellMs);
          } else await advance(first.waitMs);
          const then = await reserve({ rpm, tpm });
          assert.equal(then.kind, 'granted');
        }
      }),
      { numRuns: 40 },
    );
  });
}

/** Cells of 100 ms: a spend leaves its window at most this much later than a minute, in ms. */
const cellMs = 100;

interface Step {
  waitMs: number;
  cost: { rpm: number; tpm: number; itpm: number; concurrency: number };
  /** Share of the reserved tokens that the call used; `null`: unknown. */
  usedShare: number | null;
  /** From being granted to being sent, ms. */
  recordedMs: number;
  /** After how many further steps it is settled. */
  lasts: number;
}

interface Spend {
  account: string;
  at: number;
  cost: Step['cost'];
}

function trace(): fc.Arbitrary<Step[]> {
  const step = fc.record({
    waitMs: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 0, max: 25_000 }),
    ),
    cost: fc.record({
      rpm: fc.constant(1),
      tpm: fc.integer({ min: 1, max: 300 }),
      itpm: fc.integer({ min: 0, max: 200 }),
      concurrency: fc.constant(1),
    }),
    usedShare: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    recordedMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2000 })),
    lasts: fc.integer({ min: 0, max: 6 }),
  });
  return fc.array(step, { minLength: 20, maxLength: 120 });
}

/** Plays the trace; what is spent is what the calls truly used, at the time at which they were sent. */
async function play(harness: LimiterHarness, steps: readonly Step[]): Promise<Spend[]> {
  const spent: Spend[] = [];
  const pool: readonly Candidate[] = seats('a', 'b');
  const open: { id: string; dueAt: number; spend: Spend; step: Step }[] = [];
  const settle = async (entry: (typeof open)[number]) => {
    const { step, spend, id } = entry;
    if (step.usedShare === null) {
      await harness.limiter.settle(id, { outcome: 'unknown' });
      return;
    }
    const actual = {
      ...step.cost,
      tpm: Math.ceil(step.cost.tpm * step.usedShare),
      itpm: Math.ceil(step.cost.itpm * step.usedShare),
    };
    spend.cost = actual;
    await harness.limiter.settle(id, { outcome: 'used', actual });
  };
  for (const [index, step] of steps.entries()) {
    await harness.advance(step.waitMs);
    for (const entry of open.splice(0)) {
      if (entry.dueAt <= index) await settle(entry);
      else open.push(entry);
    }
    const outcome = await harness.limiter.reserve({
      candidates: pool,
      cost: step.cost,
      expiresAt: harness.now() + 60 * minute,
    });
    if (outcome.kind !== 'granted') continue;
    await harness.advance(step.recordedMs);
    await harness.limiter.sent(outcome.reservationId);
    const spend = { account: outcome.accountId, at: harness.now(), cost: step.cost };
    spent.push(spend);
    open.push({ id: outcome.reservationId, dueAt: index + step.lasts, spend, step });
  }
  for (const entry of open) await settle(entry);
  return spent;
}

function mostInAMinute(
  spent: readonly Spend[],
  account: string,
  dimension: 'rpm' | 'tpm' | 'itpm',
): number {
  const mine = spent.filter((spend) => spend.account === account);
  return Math.max(
    0,
    ...mine.map((last) =>
      mine
        .filter(({ at }) => at > last.at - minute && at <= last.at)
        .reduce((sum, { cost }) => sum + cost[dimension], 0),
    ),
  );
}
