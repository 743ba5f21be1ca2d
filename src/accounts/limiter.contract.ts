import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { LimitRule } from '../platform/config/config.ts';
import type { Ask, Candidate, Cost, LimitedAccount, Limiter } from './limiter.ts';

/** One limiter on a clock that moves when it is told to; its windows have no guard. */
export interface LimiterHarness {
  limiter: Limiter;
  now(): number;
  advance(ms: number): Promise<void>;
  /** Where `flags.exactView` is false: takes a new picture. */
  look?(): Promise<void>;
}

const policy = { dayZone: 'America/Los_Angeles', perSecondShares: false };
const minute = 60_000;
/** Cells of 100 ms: a spend leaves its window at most this much later than a minute, in ms. */
const cellMs = 100;

export function limited(id: string, rule: Partial<LimitRule> = {}): LimitedAccount {
  return { id, rules: [{ models: ['*'], ...rule }], policy, usable: true };
}

export function seats(...ids: string[]): Candidate[] {
  return ids.map((accountId) => ({ accountId, modelClass: 'rule:*' }));
}

/** What every adapter of the limiter port keeps; each runs it on the real thing. */
export function defineLimiterContract(
  name: string,
  open: (t: Pick<TestContext, 'after'>) => Promise<LimiterHarness>,
): void {
  async function start(t: Pick<TestContext, 'after'>, ...accounts: LimitedAccount[]) {
    const harness = await open(t);
    await harness.limiter.configure(accounts);
    const ask = (candidates: readonly Candidate[], cost: Cost, more: Partial<Ask> = {}): Ask => ({
      candidates,
      cost,
      expiresAt: harness.now() + 10 * minute,
      ...more,
    });
    const reserve = (candidates: readonly Candidate[], cost: Cost, more: Partial<Ask> = {}) =>
      harness.limiter.reserve(ask(candidates, cost, more));
    const grant = async (candidates: readonly Candidate[], cost: Cost, more: Partial<Ask> = {}) => {
      const outcome = await reserve(candidates, cost, more);
      assert.equal(outcome.kind, 'granted');
      if (outcome.kind !== 'granted') throw new Error('unreachable');
      return outcome;
    };
    const used = async (accountId: string) => {
      await harness.look?.();
      return Object.fromEntries(
        harness.limiter
          .gauges(accountId)
          .filter((gauge) => gauge.used !== 0)
          .map((gauge) => [gauge.dimension, gauge.used]),
      );
    };
    return { ...harness, ask, reserve, grant, used };
  }

  describe(`the limiter port on ${name}`, () => {
    it('lets five calls at once through a limit of 100 tokens only as far as it reaches', async (t) => {
      const { reserve } = await start(t, limited('a', { tpm: 100 }));
      const outcomes = await Promise.all(
        Array.from({ length: 5 }, () => reserve(seats('a'), { tpm: 40 })),
      );
      assert.deepEqual(
        outcomes.map(({ kind }) => kind),
        ['granted', 'granted', 'wait', 'wait', 'wait'],
      );
    });

    it('takes all dimensions or none', async (t) => {
      const { reserve, used } = await start(t, limited('a', { rpm: 10, tpm: 100 }));
      await reserve(seats('a'), { rpm: 1, tpm: 90 });
      const refused = await reserve(seats('a'), { rpm: 1, tpm: 20 });
      assert.equal(refused.kind, 'wait');
      assert.deepEqual(await used('a'), { rpm: 1, tpm: 90 });
    });

    it('chooses the account with most headroom in its tightest dimension', async (t) => {
      const { grant } = await start(
        t,
        limited('a', { rpm: 10, tpm: 1000 }),
        limited('b', { rpm: 100, tpm: 1000 }),
      );
      const cost = { rpm: 1, tpm: 100 };
      const chosen: string[] = [];
      for (let call = 0; call < 4; call += 1) {
        chosen.push((await grant(seats('a', 'b'), cost)).accountId);
      }
      // Equal at first (a tenth of the tokens each), so the smaller id, then whoever has more left.
      assert.deepEqual(chosen, ['a', 'b', 'a', 'b']);
    });

    it('answers the exact wait: admissible then, and not one cell before', async (t) => {
      const { reserve, advance } = await start(t, limited('a', { tpm: 100 }));
      await reserve(seats('a'), { tpm: 60 });
      await advance(10_000);
      await reserve(seats('a'), { tpm: 40 });
      const refused = await reserve(seats('a'), { tpm: 50 });
      assert.equal(refused.kind, 'wait');
      assert.ok(refused.kind === 'wait' && refused.exact && refused.blockedBy === 'tpm');
      const waitMs = refused.kind === 'wait' ? refused.waitMs : 0;
      assert.ok(waitMs >= 50_000 && waitMs <= 50_000 + cellMs, `${waitMs}`);
      await advance(waitMs - cellMs);
      assert.equal((await reserve(seats('a'), { tpm: 50 })).kind, 'wait');
      await advance(cellMs);
      assert.equal((await reserve(seats('a'), { tpm: 50 })).kind, 'granted');
    });

    it('says never where a call is larger than every limit, and who has the largest', async (t) => {
      const { reserve } = await start(t, limited('a', { tpm: 100 }), limited('b', { tpm: 500 }));
      assert.deepEqual(await reserve(seats('a', 'b'), { tpm: 501 }), {
        kind: 'never_fits',
        dimension: 'tpm',
        limit: 500,
      });
    });

    it('counts calls at the same time, and tells who waits when one ends', async (t) => {
      const { limiter, reserve, grant } = await start(t, limited('a', { concurrency: 1 }));
      const first = await grant(seats('a'), { concurrency: 1 });
      const refused = await reserve(seats('a'), { concurrency: 1 });
      assert.ok(refused.kind === 'wait' && !refused.exact && refused.blockedBy === 'concurrency');
      let woken = 0;
      limiter.watch(() => {
        woken += 1;
      });
      await limiter.settle(first.reservationId, { outcome: 'used' });
      assert.ok(woken > 0);
      assert.equal((await reserve(seats('a'), { concurrency: 1 })).kind, 'granted');
    });

    it('gives back what a call did not use, and everything of one that was not sent', async (t) => {
      const { limiter, grant, used } = await start(t, limited('a', { rpm: 10, tpm: 1000 }));
      const cost = { rpm: 1, tpm: 500, concurrency: 1 };
      const short = await grant(seats('a'), cost);
      await limiter.settle(short.reservationId, { outcome: 'used', actual: { ...cost, tpm: 20 } });
      assert.deepEqual(await used('a'), { rpm: 1, tpm: 20 });
      const unsent = await grant(seats('a'), cost);
      await limiter.settle(unsent.reservationId, { outcome: 'unsent' });
      assert.deepEqual(await used('a'), { rpm: 1, tpm: 20 });
    });

    it('counts what a call used beyond its reservation', async (t) => {
      const { limiter, grant, used } = await start(t, limited('a', { itpm: 100, otpm: 100 }));
      const call = await grant(seats('a'), { itpm: 10, otpm: 10 });
      await limiter.settle(call.reservationId, { outcome: 'used', actual: { itpm: 30, otpm: 80 } });
      assert.deepEqual(await used('a'), { itpm: 30, otpm: 80 });
    });

    it('keeps the reservation of an unknown outcome until it leaves the window', async (t) => {
      const { limiter, grant, used, advance } = await start(t, limited('a', { tpm: 1000 }));
      const call = await grant(seats('a'), { tpm: 500, otpm: 100, concurrency: 1 });
      await limiter.settle(call.reservationId, { outcome: 'unknown' });
      assert.deepEqual(await used('a'), { tpm: 500, otpm: 100 });
      await advance(minute + cellMs);
      assert.deepEqual(await used('a'), {});
    });

    it('counts a call from when it is sent, not from when it was granted', async (t) => {
      const { limiter, grant, reserve, advance, used } = await start(t, limited('a', { tpm: 100 }));
      const call = await grant(seats('a'), { rpm: 1, tpm: 100, otpm: 10, concurrency: 1 });
      await advance(2000);
      await limiter.sent(call.reservationId);
      assert.deepEqual(await used('a'), { rpm: 1, tpm: 100, otpm: 10, concurrency: 1 });
      await advance(minute - cellMs);
      assert.equal((await reserve(seats('a'), { tpm: 1 })).kind, 'wait');
      await limiter.settle(call.reservationId, { outcome: 'used', actual: { rpm: 1, tpm: 40 } });
      assert.deepEqual(await used('a'), { rpm: 1, tpm: 40, otpm: 10 });
      await advance(2 * cellMs);
      assert.deepEqual(await used('a'), { otpm: 10 });
    });

    it('accepts one settlement per reservation', async (t) => {
      const { limiter, grant, used } = await start(t, limited('a', { tpm: 1000, concurrency: 5 }));
      const call = await grant(seats('a'), { tpm: 500, concurrency: 1 });
      await limiter.settle(call.reservationId, { outcome: 'used', actual: { tpm: 100 } });
      await limiter.settle(call.reservationId, { outcome: 'unsent' });
      assert.deepEqual(await used('a'), { tpm: 100 });
    });

    it('settles as unknown what nobody settled in time', async (t) => {
      const { grant, reserve, advance, now } = await start(
        t,
        limited('a', { tpm: 1000, concurrency: 1 }),
      );
      await grant(seats('a'), { tpm: 500, concurrency: 1 }, { expiresAt: now() + 5000 });
      await advance(4000);
      assert.equal((await reserve(seats('a'), { tpm: 500, concurrency: 1 })).kind, 'wait');
      await advance(3000);
      assert.equal((await reserve(seats('a'), { tpm: 500, concurrency: 1 })).kind, 'granted');
      assert.equal((await reserve(seats('a'), { tpm: 500 })).kind, 'wait');
    });

    it('holds output back while it is produced, however long the call takes', async (t) => {
      const { limiter, grant, reserve, advance, used } = await start(
        t,
        limited('a', { otpm: 100 }),
      );
      const call = await grant(seats('a'), { otpm: 80 });
      await advance(3 * minute);
      assert.equal((await reserve(seats('a'), { otpm: 30 })).kind, 'wait');
      await limiter.settle(call.reservationId, { outcome: 'used', actual: { otpm: 50 } });
      assert.deepEqual(await used('a'), { otpm: 50 });
      assert.equal((await reserve(seats('a'), { otpm: 30 })).kind, 'granted');
    });

    it('starts the day anew at midnight of the zone', async (t) => {
      const { reserve, advance, now } = await start(t, limited('a', { rpd: 2 }));
      await reserve(seats('a'), { rpd: 2 });
      const refused = await reserve(seats('a'), { rpd: 1 });
      assert.ok(refused.kind === 'wait' && refused.exact);
      const waitMs = refused.kind === 'wait' ? refused.waitMs : 0;
      const format = new Intl.DateTimeFormat('en-GB', {
        timeZone: 'America/Los_Angeles',
        timeStyle: 'medium',
      });
      assert.equal(format.format(now() + waitMs), '00:00:00');
      await advance(waitMs - 1);
      assert.equal((await reserve(seats('a'), { rpd: 1 })).kind, 'wait');
      await advance(1);
      assert.equal((await reserve(seats('a'), { rpd: 1 })).kind, 'granted');
    });

    it('takes a lower limit from the vendor at once, and never a higher one than configured', async (t) => {
      const { limiter, reserve, now } = await start(t, limited('a', { rpm: 100 }));
      const seen = (limit: number) => [{ dimension: 'rpm' as const, limit, remaining: null }];
      const [seat] = seats('a');
      await limiter.correct({ ...seat!, sentAt: now(), seenAt: now(), seen: seen(10) });
      assert.equal((await reserve(seats('a'), { rpm: 11 })).kind, 'never_fits');
      await limiter.correct({ ...seat!, sentAt: now(), seenAt: now(), seen: seen(1000) });
      assert.equal((await reserve(seats('a'), { rpm: 100 })).kind, 'granted');
      assert.equal((await reserve(seats('a'), { rpm: 101 })).kind, 'never_fits');
    });

    it('believes the vendor about what remains, but for what was sent since', async (t) => {
      const { limiter, grant, used, advance, now } = await start(t, limited('a', { tpm: 1000 }));
      const sentAt = now();
      await grant(seats('a'), { tpm: 100 });
      await advance(1000);
      await grant(seats('a'), { tpm: 200 });
      const [seat] = seats('a');
      // The vendor saw 400 used when it answered the first call: 300 of them are somebody else's.
      await limiter.correct({
        ...seat!,
        sentAt,
        seenAt: sentAt + 500,
        seen: [{ dimension: 'tpm', limit: 1000, remaining: 600 }],
      });
      assert.deepEqual(await used('a'), { tpm: 600 });
      // An answer that says more is left changes nothing, nor does an older answer.
      const more = { dimension: 'tpm' as const, limit: null, remaining: 990 };
      await limiter.correct({ ...seat!, sentAt: now(), seenAt: now(), seen: [more] });
      const old = { dimension: 'tpm' as const, limit: null, remaining: 0 };
      await limiter.correct({ ...seat!, sentAt: sentAt - 1, seenAt: sentAt - 1, seen: [old] });
      assert.deepEqual(await used('a'), { tpm: 600 });
    });

    it('learns a limit that nobody configured, and until then sends few calls at once', async (t) => {
      const account = { ...limited('a'), rules: [] };
      const { limiter, reserve, now } = await start(t, account);
      const pool = [{ accountId: 'a', modelClass: 'model:m' }];
      const cost = { rpm: 1, tpm: 10, concurrency: 1 };
      let admitted = 0;
      while ((await reserve(pool, cost)).kind === 'granted') admitted += 1;
      assert.ok(admitted >= 1 && admitted <= 16, `${admitted}`);
      const seen = [{ dimension: 'rpm' as const, limit: 40, remaining: 40 - admitted }];
      await limiter.correct({ ...pool[0]!, sentAt: now(), seenAt: now(), seen });
      while ((await reserve(pool, cost)).kind === 'granted') admitted += 1;
      assert.equal(admitted, 40);
    });

    it('keeps the later of two pauses, and a stated one to its end', async (t) => {
      const { limiter, reserve, grant, now, advance } = await start(t, limited('a', { rpm: 100 }));
      const pause = { accountId: 'a', provenance: 'stated' as const, reason: 'rate_limited' };
      await limiter.pause({ ...pause, until: now() + 30_000 });
      await limiter.pause({ ...pause, until: now() + 10_000 });
      const refused = await reserve(seats('a'), { rpm: 1 });
      assert.deepEqual(refused, {
        kind: 'wait',
        waitMs: 30_000,
        exact: true,
        blockedBy: 'pause',
        pausedFor: 'rate_limited',
      });
      await advance(30_000);
      await grant(seats('a'), { rpm: 1 });
    });

    it('pauses no more than the failure concerned', async (t) => {
      const { limiter, reserve, now } = await start(t, limited('a', { rpm: 100 }));
      await limiter.pause({
        accountId: 'a',
        modelClass: 'rule:*',
        dimension: 'tpm',
        until: now() + 30_000,
        provenance: 'stated',
        reason: 'rate_limited',
      });
      assert.equal((await reserve(seats('a'), { rpm: 1, tpm: 5 })).kind, 'wait');
      assert.equal((await reserve(seats('a'), { rpm: 1 })).kind, 'granted');
      const other = [{ accountId: 'a', modelClass: 'model:other' }];
      assert.equal((await reserve(other, { rpm: 1, tpm: 5 })).kind, 'granted');
    });

    it('tries a guessed pause with one call when it ran out, and ends it on success', async (t) => {
      const { limiter, reserve, grant, now, advance } = await start(t, limited('a', { rpm: 100 }));
      const before = await grant(seats('a'), { rpm: 1 });
      await advance(1);
      await limiter.pause({
        accountId: 'a',
        until: now() + 5000,
        provenance: 'guessed',
        reason: 'credential',
      });
      // A call sent before the pause proves nothing about it.
      await limiter.settle(before.reservationId, { outcome: 'used', succeeded: true });
      assert.equal((await reserve(seats('a'), { rpm: 1 })).kind, 'wait');
      await advance(5000);
      const probe = await grant(seats('a'), { rpm: 1 });
      assert.equal((await reserve(seats('a'), { rpm: 1 })).kind, 'wait');
      await limiter.settle(probe.reservationId, { outcome: 'used', succeeded: true });
      await grant(seats('a'), { rpm: 1 });
      await grant(seats('a'), { rpm: 1 });
    });

    it('never chooses an account that is unusable or paused without an end, until it is cleared', async (t) => {
      const { limiter, reserve } = await start(t, limited('a', { rpm: 100 }), {
        ...limited('b', { rpm: 100 }),
        usable: false,
      });
      const pause = { provenance: 'stated' as const, reason: 'credential' };
      await limiter.pause({ accountId: 'a', until: null, ...pause });
      assert.deepEqual(await reserve(seats('a', 'b'), { rpm: 1 }), { kind: 'unusable' });
      await limiter.clear('a');
      const outcome = await reserve(seats('a', 'b'), { rpm: 1 });
      assert.ok(outcome.kind === 'granted' && outcome.accountId === 'a');
    });

    it('keeps a conversation on its account while that has headroom', async (t) => {
      const pool = seats('a', 'b', 'c');
      const { grant } = await start(t, ...['a', 'b', 'c'].map((id) => limited(id, { tpm: 1000 })));
      const stay = new Set<string>();
      for (let call = 0; call < 8; call += 1) {
        stay.add((await grant(pool, { tpm: 100 }, { affinity: 'talk-1' })).accountId);
      }
      assert.equal(stay.size, 1);
      const [home] = stay;
      await grant(seats(home!), { tpm: 150 });
      const elsewhere = await grant(pool, { tpm: 100 }, { affinity: 'talk-1' });
      assert.notEqual(elsewhere.accountId, home);
    });

    it('keeps the windows of an account whose limits change', async (t) => {
      const { limiter, reserve, used } = await start(t, limited('a', { tpm: 1000 }));
      await reserve(seats('a'), { tpm: 400 });
      await limiter.configure([limited('a', { tpm: 500 })]);
      assert.deepEqual(await used('a'), { tpm: 400 });
      assert.equal((await reserve(seats('a'), { tpm: 200 })).kind, 'wait');
    });

    it('peeks without taking anything', async (t) => {
      const { limiter, ask, used } = await start(
        t,
        limited('a', { rpm: 10 }),
        limited('b', { rpm: 20 }),
      );
      const peek = limiter.peek(ask(seats('a', 'b'), { rpm: 1 }));
      assert.deepEqual(peek, { headroom: 0.95, callsNow: 30, waitMs: 0 });
      assert.deepEqual(await used('a'), {});
    });
  });
}
