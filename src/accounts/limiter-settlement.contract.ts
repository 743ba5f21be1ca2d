import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { type LimitDimension, limitDimensions } from '../platform/config/config.ts';
import { createRandom, type Random } from '../platform/random.ts';
import { type LimiterHarness, limited, seats } from './limiter.contract.ts';
import type { Cost, LimitedAccount, Settlement } from './limiter.ts';

/** Every way in which a call can end, as dispatch tells it; `null`: its process died, and nobody tells. */
const endings: Record<string, (cost: Required<Cost>, random: Random) => Settlement | null> = {
  answered: (cost, random) => ({
    outcome: 'used',
    actual: { ...cost, tpm: random.integer(900), otpm: random.integer(400) },
    succeeded: true,
    firstByteMs: random.integer(3000),
  }),
  'answered without usage': () => ({ outcome: 'used', succeeded: true, firstByteMs: 100 }),
  'used more than reserved': (cost) => ({
    outcome: 'used',
    actual: { ...cost, tpm: 2000, otpm: 900 },
    succeeded: true,
  }),
  'error before the first token': (cost) => ({ outcome: 'used', actual: { ...cost, otpm: 0 } }),
  'error after the first token': () => ({ outcome: 'unknown', firstByteMs: 200 }),
  refused: (cost) => ({
    outcome: 'used',
    actual: { ...cost, otpm: 0 },
    refused: { dimension: 'rpm', limit: null },
  }),
  'client gone before sending': () => ({ outcome: 'unsent' }),
  'client gone while it streams': () => ({ outcome: 'unknown' }),
  'timed out': () => ({ outcome: 'unknown', succeeded: false }),
  'process killed': () => null,
};
const names = Object.keys(endings);
const day = 86_400_000;

/** All dimensions are bound, one account by the second and one by growth as well. */
const accounts: readonly LimitedAccount[] = ['a', 'b', 'c'].map((id, index) => ({
  ...limited(id, {
    rpm: 3000,
    rpd: 10 ** 7,
    tpm: 900_000,
    itpm: 900_000,
    otpm: 600_000,
    concurrency: 40,
  }),
  policy: {
    dayZone: index === 0 ? null : 'America/Los_Angeles',
    perSecondShares: index === 1,
    ramp: index === 2 ? { above: 300_000, growth: 1.5, perMs: 900_000 } : null,
  },
}));

/** Plays so many granted calls to their ends; answers which endings came. */
async function play(harness: LimiterHarness, calls: number): Promise<Set<string>> {
  const { limiter, now, advance } = harness;
  const random = createRandom('settlements');
  const pool = seats('a', 'b', 'c');
  const out: { id: string; cost: Required<Cost> }[] = [];
  const seen = new Set<string>();

  async function endOne(): Promise<void> {
    const [one] = out.splice(random.integer(out.length), 1);
    const how = names[random.integer(names.length)] ?? '';
    if (!one) return;
    seen.add(how);
    const settlement = endings[how]?.(one.cost, random) ?? null;
    if (settlement) await limiter.settle(one.id, settlement);
  }

  async function beginOne(): Promise<boolean> {
    const cost = drawCost(random);
    const call = await limiter.reserve({ candidates: pool, cost, expiresAt: now() + 20_000 });
    if (call.kind !== 'granted') return false;
    out.push({ id: call.reservationId, cost });
    if (random.integer(4) > 0) await limiter.sent(call.reservationId);
    return true;
  }

  for (let granted = 0; granted < calls; ) {
    const began = await beginOne();
    if (began) granted += 1;
    while (out.length > 60 || (out.length > 0 && random.integer(2) === 0)) await endOne();
    await advance(began ? random.integer(20) : 500);
  }
  while (out.length > 0) await endOne();
  return seen;
}

function drawCost(random: Random): Required<Cost> {
  return {
    rpm: 1,
    rpd: 1,
    tpm: 1 + random.integer(1000),
    itpm: random.integer(500),
    otpm: random.integer(500),
    concurrency: 1,
  };
}

/** Whatever becomes of calls, in the end nothing of them is left. `withDay`: their day passes as well. */
export function defineLimiterSettlements(
  name: string,
  open: (t: Pick<TestContext, 'after'>) => Promise<LimiterHarness>,
  { calls, withDay }: { calls: number; withDay: boolean },
): void {
  it(`on ${name} ${calls} calls that end in every way leave all gauges at zero`, async (t) => {
    const harness = await open(t);
    const { limiter, advance } = harness;
    await limiter.configure(accounts);
    const used = async (...dimensions: LimitDimension[]) => {
      await harness.look?.();
      const shown = limiter.gauges().filter(({ dimension }) => dimensions.includes(dimension));
      return new Set(shown.map((gauge) => gauge.used));
    };
    const seen = await play(harness, calls);
    assert.deepEqual([...seen].sort(), [...names].sort());
    // Those that nobody settled lapse; then their minutes pass.
    await advance(60_000);
    assert.deepEqual(await used('concurrency'), new Set([0]));
    await advance(61_000);
    assert.deepEqual(await used('rpm', 'tpm', 'itpm', 'otpm'), new Set([0]));
    if (!withDay) return;
    await advance(day + 3_600_000);
    assert.deepEqual(await used(...limitDimensions), new Set([0]));
  });
}
