import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { type LimiterHarness, limited, seats } from './limiter.contract.ts';

const minute = 60_000;
/** Cells of 100 ms: a spend leaves its window at most this much later than a minute, in ms. */
const cellMs = 100;
const tpm = 5000;

interface Call {
  waitMs: number;
  tokens: number;
  /** Tokens that somebody else spends on the same account just before. */
  foreign: number;
  firstByteMs: number;
  /** From the first byte to the end. */
  lastsMs: number;
  /** The moment that the vendor's headers are about. */
  states: 'admission' | 'headers';
  /** The limiter hears of the headers only at the call's end. */
  toldLate: boolean;
}

function calls(longest: { waitMs: number; lastsMs: number; foreign: number }) {
  const call: fc.Arbitrary<Call> = fc.record({
    waitMs: fc.integer({ min: 0, max: longest.waitMs }),
    tokens: fc.integer({ min: 1, max: 400 }),
    foreign: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: longest.foreign })),
    firstByteMs: fc.integer({ min: 0, max: 3000 }),
    lastsMs: fc.integer({ min: 0, max: longest.lastsMs }),
    states: fc.constantFrom('admission', 'headers'),
    toldLate: fc.boolean(),
  });
  return fc.array(call, { minLength: 5, maxLength: 60 });
}

/** A vendor that counts what reaches it in a sliding minute, to the millisecond. */
function createVendor() {
  const spends: { at: number; tokens: number }[] = [];
  return {
    take: (at: number, tokens: number) => void spends.push({ at, tokens }),
    used: (now: number, life = minute) =>
      spends
        .filter(({ at }) => at > now - life && at <= now)
        .reduce((sum, { tokens }) => sum + tokens, 0),
  };
}

/** Plays the calls and what follows from them in the order of time; `heard` after every observation. */
async function play(
  harness: LimiterHarness,
  steps: readonly Call[],
  heard: (vendor: ReturnType<typeof createVendor>, call: Call) => Promise<void>,
): Promise<void> {
  const { limiter, now } = harness;
  const [candidate] = seats('a');
  assert.ok(candidate);
  const vendor = createVendor();
  let due: { at: number; happen(): Promise<void> }[] = [];
  const passTo = async (time: number) => {
    for (;;) {
      const next = due.toSorted((a, b) => a.at - b.at).find(({ at }) => at <= time);
      if (!next) break;
      due = due.filter((each) => each !== next);
      await harness.advance(next.at - now());
      await next.happen();
    }
    await harness.advance(time - now());
  };
  for (const call of steps) {
    await passTo(now() + call.waitMs);
    if (call.foreign > 0) vendor.take(now(), call.foreign);
    const outcome = await limiter.reserve({
      candidates: [candidate],
      cost: { tpm: call.tokens },
      expiresAt: now() + 60 * minute,
    });
    if (outcome.kind !== 'granted') continue;
    const sentAt = now();
    vendor.take(sentAt, call.tokens);
    const admitted = tpm - vendor.used(sentAt);
    const seenAt = sentAt + call.firstByteMs;
    let remaining = admitted;
    const tell = async () => {
      const seen = [{ dimension: 'tpm' as const, limit: tpm, remaining: Math.max(0, remaining) }];
      await limiter.correct({ ...candidate, sentAt, seenAt, seen });
      await heard(vendor, call);
    };
    due.push({
      at: seenAt,
      async happen() {
        if (call.states === 'headers') remaining = tpm - vendor.used(seenAt);
        if (!call.toldLate) await tell();
      },
    });
    due.push({
      at: seenAt + call.lastsMs,
      async happen() {
        if (call.toldLate) await tell();
        const actual = { tpm: call.tokens };
        await limiter.settle(outcome.reservationId, { outcome: 'used', actual });
      },
    });
  }
  await passTo(now() + 5 * minute);
}

async function usedTokens(harness: LimiterHarness): Promise<number> {
  await harness.look?.();
  const gauge = harness.limiter.gauges('a').find(({ dimension }) => dimension === 'tpm');
  return gauge?.used ?? 0;
}

/** What the limiter makes of a vendor's word, which is true at its own moment and heard at another. */
export function defineLimiterObservations(
  name: string,
  open: (t: Pick<TestContext, 'after'>) => Promise<LimiterHarness>,
): void {
  it(`on ${name} sees nobody else on the account, however long answers take`, async (t) => {
    const steps = calls({ waitMs: 8000, lastsMs: 120_000, foreign: 0 });
    await fc.assert(
      fc.asyncProperty(steps, async (drawn) => {
        const harness = await open(t);
        await harness.limiter.configure([limited('a', { tpm })]);
        await play(harness, drawn, async (vendor) => {
          const life = minute + (harness.now() % cellMs) + 1;
          assert.equal(await usedTokens(harness), vendor.used(harness.now(), life));
        });
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });

  it(`on ${name} counts all that others take as soon as an answer shows it, and no more`, async (t) => {
    // So short that nothing leaves a window meanwhile: what the vendor shows must be met exactly.
    const steps = calls({ waitMs: 900, lastsMs: 2000, foreign: 600 });
    await fc.assert(
      fc.asyncProperty(steps, async (drawn) => {
        const harness = await open(t);
        await harness.limiter.configure([limited('a', { tpm })]);
        await play(harness, drawn.slice(0, 40), async (vendor, call) => {
          const used = await usedTokens(harness);
          assert.ok(used <= vendor.used(harness.now()), `${used}`);
          if (call.states === 'headers' && !call.toldLate) {
            assert.equal(Math.min(tpm, used), Math.min(tpm, vendor.used(harness.now())));
          }
        });
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });

  it(`on ${name} shows for a minute what others use of it, and that of no day`, async (t) => {
    const { limiter, now, advance, look } = await open(t);
    await limiter.configure([limited('a', { rpm: 100, rpd: 1000, tpm })]);
    const [candidate] = seats('a');
    assert.ok(candidate);
    const shown = async () => {
      await look?.();
      return Object.fromEntries(
        limiter.gauges('a').flatMap((gauge) => {
          const { dimension, foreign, used } = gauge;
          return foreign > 0 ? [[dimension, [foreign, used]]] : [];
        }),
      );
    };
    const call = async (remaining: number) => {
      const ask = { candidates: [candidate], cost: { rpm: 1, rpd: 1, tpm: 500 } };
      const outcome = await limiter.reserve({ ...ask, expiresAt: now() + minute });
      assert.equal(outcome.kind, 'granted');
      const seen = [
        { dimension: 'rpm' as const, limit: 100, remaining },
        { dimension: 'rpd' as const, limit: 1000, remaining },
        { dimension: 'tpm' as const, limit: tpm, remaining: tpm - 500 },
      ];
      await limiter.correct({ ...candidate, sentAt: now(), seenAt: now(), seen });
    };
    await call(96);
    assert.deepEqual(await shown(), { rpm: [3, 4] });
    await advance(30_000);
    // Two more of somebody else's; our two and the first three are known.
    await call(93);
    assert.deepEqual(await shown(), { rpm: [5, 7] });
    await advance(35_000);
    assert.deepEqual(await shown(), { rpm: [2, 3] });
    await advance(35_000);
    assert.deepEqual(await shown(), {});
  });

  it(`on ${name} keeps what refusals taught where the same limit is stated again`, async (t) => {
    const { limiter, now, look } = await open(t);
    await limiter.configure([limited('a', { tpm: 1000 })]);
    const [candidate] = seats('a');
    assert.ok(candidate);
    const state = (limit: number) =>
      limiter.correct({
        ...candidate,
        sentAt: now(),
        seenAt: now(),
        seen: [{ dimension: 'tpm', limit, remaining: null }],
      });
    const bound = async () => {
      await look?.();
      return limiter.gauges('a').find(({ dimension }) => dimension === 'tpm')?.limit;
    };
    await state(1000);
    const ask = { candidates: [candidate], cost: { tpm: 200 }, expiresAt: now() + minute };
    const [first, second] = [await limiter.reserve(ask), await limiter.reserve(ask)];
    assert.ok(first.kind === 'granted' && second.kind === 'granted');
    const refused = { dimension: 'tpm' as const, limit: null };
    await limiter.settle(second.reservationId, { outcome: 'used', actual: { tpm: 0 }, refused });
    const inferred = await bound();
    assert.ok(typeof inferred === 'number' && inferred < 1000, `${inferred}`);
    await state(1000);
    assert.equal(await bound(), inferred);
    await state(800);
    assert.equal(await bound(), 800);
  });

  it(`on ${name} raises no limit by a list of limits that answers state themselves`, async (t) => {
    const { limiter, now, look } = await open(t);
    await limiter.configure([{ ...limited('a'), rules: [] }]);
    const candidate = { accountId: 'a', modelClass: 'model:m' };
    const bound = async () => {
      await look?.();
      return limiter.gauges('a').find(({ dimension }) => dimension === 'rpm')?.limit;
    };
    const state = async (limit: number, remaining: number | null) => {
      const seen = [{ dimension: 'rpm' as const, limit, remaining }];
      await limiter.correct({ ...candidate, sentAt: now(), seenAt: now(), seen });
      return await bound();
    };
    assert.equal(await state(100, null), 100);
    assert.equal(await state(200, null), 200);
    assert.equal(await state(150, 150), 150);
    assert.equal(await state(200, null), 150);
    assert.equal(await state(120, null), 120);
    assert.equal(await state(300, 300), 300);
  });
}
