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
}
