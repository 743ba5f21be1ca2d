import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { type LimiterHarness, limited, seats } from './limiter.contract.ts';
import type { LimitedAccount } from './limiter.ts';

const minute = 60_000;

/** A vendor that refuses without saying why beyond the dimension: no headers, no value, no hint when to come again. */
interface SilentVendor {
  /** Requests per minute that it lets through, by the minute since the start. */
  limit(minutes: number): number;
}

interface Outcome {
  sent: number;
  refused: number;
  /** Admitted by the vendor per minute since the start. */
  perMinute: number[];
  refusedPerMinute: number[];
}

interface Load {
  minutes: number;
  /** Calls that are tried per second; more than any limit here. */
  perSecond: number;
  latencyMs: number;
}

/** Offers more than the vendor takes; holds back after refusals as dispatch does. */
async function saturate(
  { limiter, now, advance }: LimiterHarness,
  vendor: SilentVendor,
  { minutes, perSecond, latencyMs }: Load,
): Promise<Outcome> {
  const start = now();
  const [candidate] = seats('a');
  assert.ok(candidate);
  const admitted: number[] = [];
  const outcome: Outcome = { sent: 0, refused: 0, perMinute: [], refusedPerMinute: [] };
  let inARow = 0;
  let ends: { at: number; id: string }[] = [];
  const count = (list: number[]) => {
    const at = Math.floor((now() - start) / minute);
    list[at] = (list[at] ?? 0) + 1;
  };

  async function callOnce(): Promise<boolean> {
    const ask = { candidates: seats('a'), cost: { rpm: 1 }, expiresAt: now() + 10 * minute };
    const granted = await limiter.reserve(ask);
    if (granted.kind !== 'granted') return false;
    outcome.sent += 1;
    while ((admitted[0] ?? Number.POSITIVE_INFINITY) <= now() - minute) admitted.shift();
    if (admitted.length < vendor.limit((now() - start) / minute)) {
      admitted.push(now());
      count(outcome.perMinute);
      ends.push({ at: now() + latencyMs, id: granted.reservationId });
      return true;
    }
    outcome.refused += 1;
    count(outcome.refusedPerMinute);
    inARow += 1;
    await limiter.pause({
      ...candidate,
      dimension: 'rpm',
      until: now() + Math.min(minute, 1000 * 2 ** (inARow - 1)),
      provenance: 'guessed',
      reason: 'rate_limited',
    } as Parameters<typeof limiter.pause>[0]);
    await limiter.settle(granted.reservationId, {
      outcome: 'used',
      actual: { rpm: 1 },
      refused: { dimension: 'rpm', limit: null },
    });
    return true;
  }

  const stepMs = 1000 / perSecond;
  while (now() - start < minutes * minute) {
    await advance(stepMs);
    const due = ends.filter(({ at }) => at <= now());
    ends = ends.filter(({ at }) => at > now());
    for (const { id } of due) {
      inARow = 0;
      await limiter.settle(id, { outcome: 'used', actual: { rpm: 1 }, succeeded: true });
    }
    await callOnce();
  }
  return outcome;
}

const sum = (list: readonly (number | undefined)[]) =>
  list.reduce<number>((total, each) => total + (each ?? 0), 0);

/** What a limiter learns where a vendor says little. */
export function defineLimiterLearning(
  name: string,
  open: (t: Pick<TestContext, 'after'>) => Promise<LimiterHarness>,
): void {
  async function start(t: Pick<TestContext, 'after'>, account: LimitedAccount) {
    const harness = await open(t);
    await harness.limiter.configure([account]);
    return harness;
  }

  it(`on ${name} finds a limit that nobody states, asking in vain at most once in 200 calls`, async (t) => {
    const harness = await start(t, limited('a'));
    const load = { minutes: 30, perSecond: 4, latencyMs: 800 };
    const outcome = await saturate(harness, { limit: () => 100 }, load);
    assert.ok(outcome.refused <= outcome.sent * 0.005, `${outcome.refused} of ${outcome.sent}`);
    const steady = sum(outcome.perMinute.slice(5)) / (100 * (load.minutes - 5));
    assert.ok(steady >= 0.9, `${steady}`);
  });

  it(`on ${name} follows a limit that is halved without a word, within one window`, async (t) => {
    const harness = await start(t, limited('a', { rpm: 120 }));
    const load = { minutes: 20, perSecond: 4, latencyMs: 800 };
    const limit = (minutes: number) => (minutes < 8 ? 120 : 60);
    const outcome = await saturate(harness, { limit }, load);
    assert.ok(outcome.refused <= outcome.sent * 0.005, `${outcome.refused} of ${outcome.sent}`);
    // The minute in which it happens, and the one in which the old window runs out; then hardly any.
    const later = sum(outcome.refusedPerMinute.slice(10));
    assert.ok(later <= 3, `${later}`);
    const steady = sum(outcome.perMinute.slice(10)) / (60 * (load.minutes - 10));
    assert.ok(steady >= 0.85, `${steady}`);
  });

  it(`on ${name} takes up a limit that the vendor gives back`, async (t) => {
    const harness = await start(t, limited('a', { rpm: 120 }));
    const limit = (minutes: number) => (minutes < 5 ? 60 : 120);
    const load = { minutes: 40, perSecond: 4, latencyMs: 800 };
    const outcome = await saturate(harness, { limit }, load);
    const last = sum(outcome.perMinute.slice(-5)) / 5;
    assert.ok(last >= 110, `${last}`);
  });

  it(`on ${name} forgets what it inferred where a person clears the account`, async (t) => {
    const { limiter, now } = await start(t, limited('a'));
    const ask = () => ({ candidates: seats('a'), cost: { rpm: 1 }, expiresAt: now() + minute });
    const refused = { dimension: 'rpm', limit: null } as const;
    const granted = await limiter.reserve(ask());
    assert.ok(granted.kind === 'granted');
    await limiter.settle(granted.reservationId, { outcome: 'used', succeeded: false, refused });
    assert.equal((await limiter.reserve(ask())).kind, 'wait');
    await limiter.clear('a');
    assert.equal((await limiter.reserve(ask())).kind, 'granted');
  });

  it(`on ${name} takes a limit that a refusal states at once`, async (t) => {
    const { limiter, now } = await start(t, limited('a'));
    const ask = () => ({ candidates: seats('a'), cost: { rpm: 1 }, expiresAt: now() + minute });
    const first = await limiter.reserve(ask());
    assert.ok(first.kind === 'granted');
    const refused = { dimension: 'rpm' as const, limit: 3 };
    await limiter.settle(first.reservationId, { outcome: 'used', actual: { rpm: 1 }, refused });
    let granted = 0;
    while ((await limiter.reserve(ask())).kind === 'granted') granted += 1;
    assert.ok(granted <= 2, `${granted}`);
    assert.equal((await limiter.reserve({ ...ask(), cost: { rpm: 4 } })).kind, 'never_fits');
  });

  it(`on ${name} never takes a call for too large because of what it only inferred`, async (t) => {
    const { limiter, now } = await start(t, limited('a'));
    const ask = (tpm: number) => ({
      candidates: seats('a'),
      cost: { tpm },
      expiresAt: now() + minute,
    });
    const first = await limiter.reserve(ask(50));
    assert.ok(first.kind === 'granted');
    const refused = { dimension: 'tpm' as const, limit: null };
    await limiter.settle(first.reservationId, { outcome: 'used', actual: { tpm: 0 }, refused });
    assert.equal((await limiter.reserve(ask(5000))).kind, 'granted');
    assert.equal((await limiter.reserve(ask(5000))).kind, 'wait');
  });

  it(`on ${name} learns nothing about the minute from a refusal for a second's share`, async (t) => {
    const policy = { dayZone: null, perSecondShares: true };
    const { limiter, now, advance } = await start(t, { ...limited('a', { rpm: 600 }), policy });
    const ask = () => ({ candidates: seats('a'), cost: { rpm: 1 }, expiresAt: now() + minute });
    const one = await limiter.reserve(ask());
    assert.ok(one.kind === 'granted');
    const refused = { dimension: 'rpm' as const, limit: null };
    await limiter.settle(one.reservationId, { outcome: 'used', actual: { rpm: 1 }, refused });
    await advance(5000);
    let granted = 0;
    while ((await limiter.reserve(ask())).kind === 'granted') granted += 1;
    assert.equal(granted, 10);
  });

  it(`on ${name} lets use grow as steeply as the vendor accepts, and no more`, async (t) => {
    const ramp = { above: 1000, growth: 1.5, perMs: 15 * minute };
    const policy = { dayZone: null, perSecondShares: false, ramp };
    const { limiter, now, advance } = await start(t, { ...limited('a'), policy });
    const perMinute: number[] = [];
    const spendAll = async (): Promise<number> => {
      const cost = { itpm: 50 };
      const call = await limiter.reserve({
        candidates: seats('a'),
        cost,
        expiresAt: now() + minute,
      });
      if (call.kind !== 'granted') return 0;
      await limiter.settle(call.reservationId, { outcome: 'used', actual: cost, succeeded: true });
      return cost.itpm + (await spendAll());
    };
    for (let at = 0; at < 60; at += 1) {
      let granted = 0;
      for (let second = 0; second < 60; second += 2) {
        granted += await spendAll();
        await advance(2000);
      }
      perMinute.push(granted);
    }
    for (const [at, used] of perMinute.entries()) {
      // Minutes are cut elsewhere than the windows, so that some hold the spends of two, and some of none.
      const about = perMinute.slice(Math.max(0, at - 16), Math.max(0, at - 13));
      const before = Math.max(ramp.above, ...about);
      assert.ok(used <= before * 1.5 * 1.1, `${used} after ${before}`);
    }
    assert.ok((perMinute.at(-1) ?? 0) >= 2.5 * ramp.above, `${perMinute}`);
  });
}
