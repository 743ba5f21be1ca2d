import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { choicePolicies } from '../platform/config/config.ts';
import { type LimiterHarness, limited, seats } from './limiter.contract.ts';
import type { Ask, Candidate, Cost, LimitedAccount } from './limiter.ts';

const minute = 60_000;
const cellMs = 100;

/** How a call chooses among the accounts that have room, and what it leaves of them. */
export function defineLimiterChoices(
  name: string,
  open: (t: Pick<TestContext, 'after'>) => Promise<LimiterHarness>,
): void {
  async function start(t: Pick<TestContext, 'after'>, ...accounts: LimitedAccount[]) {
    const harness = await open(t);
    await harness.limiter.configure(accounts);
    const reserve = (candidates: readonly Candidate[], cost: Cost, more: Partial<Ask>) =>
      harness.limiter.reserve({
        candidates,
        cost,
        expiresAt: harness.now() + 10 * minute,
        ...more,
      });
    const grant = async (candidates: readonly Candidate[], cost: Cost, more: Partial<Ask> = {}) => {
      const outcome = await reserve(candidates, cost, more);
      assert.equal(outcome.kind, 'granted');
      return outcome.kind === 'granted' ? outcome.accountId : '';
    };
    return { ...harness, reserve, grant };
  }

  it(`on ${name} leaves the share of others free, but for a call that could never go so`, async (t) => {
    const { reserve, grant, advance } = await start(t, limited('a', { tpm: 1000 }));
    await grant(seats('a'), { tpm: 600 }, { leave: 0.3 });
    const refused = await reserve(seats('a'), { tpm: 200 }, { leave: 0.3 });
    assert.ok(refused.kind === 'wait' && refused.exact && refused.waitMs > minute - cellMs);
    await grant(seats('a'), { tpm: 400 });
    await advance(minute + cellMs);
    await grant(seats('a'), { tpm: 900 }, { leave: 0.3 });
  });

  it(`on ${name} fills one account after the other where it is asked to`, async (t) => {
    const { grant } = await start(t, ...['b', 'a'].map((id) => limited(id, { rpm: 2 })));
    const chosen: string[] = [];
    for (let call = 0; call < 4; call += 1) {
      chosen.push(await grant(seats('b', 'a'), { rpm: 1 }, { choice: 'fill_first' }));
    }
    assert.deepEqual(chosen, ['a', 'a', 'b', 'b']);
  });

  it(`on ${name} takes the account whose use leaves first where it is asked to, an unused one last`, async (t) => {
    const pool = seats('a', 'b', 'c');
    const { grant, advance } = await start(
      t,
      ...['a', 'b', 'c'].map((id) => limited(id, { rpm: 10 })),
    );
    const soonest = { choice: 'soonest_reset_first' as const };
    await grant(seats('b'), { rpm: 1 });
    await advance(20_000);
    await grant(seats('c'), { rpm: 1 });
    assert.equal(await grant(pool, { rpm: 1 }, soonest), 'b');
    // What it used first still leaves first, however much it used since.
    await advance(20_000);
    assert.equal(await grant(pool, { rpm: 1 }, soonest), 'b');
    await advance(20_000 + cellMs);
    // Both have use of the same moment now; the fuller one is left.
    assert.equal(await grant(pool, { rpm: 1 }, soonest), 'c');
  });

  it(`on ${name} explains the choice that it would make, in every order`, async (t) => {
    const pool = seats('a', 'b', 'c');
    const { limiter, grant, advance, look, now } = await start(
      t,
      ...['a', 'b', 'c'].map((id) => limited(id, { rpm: 10 })),
    );
    for (const [account, calls] of [
      ['b', 1],
      ['c', 4],
    ] as const) {
      for (let call = 0; call < calls; call += 1) await grant(seats(account), { rpm: 1 });
      await advance(10_000);
    }
    const chosen: string[] = [];
    for (const choice of choicePolicies) {
      await look?.();
      const ask = { candidates: pool, cost: { rpm: 1 }, choice, expiresAt: now() + minute };
      const explained = limiter.explain(ask).find((seat) => seat.chosen);
      chosen.push(await grant(pool, { rpm: 1 }, { choice }));
      assert.equal(explained?.accountId, chosen.at(-1), choice);
    }
    // Unused it has most headroom, and comes last where use is to leave first.
    assert.deepEqual(new Set(chosen), new Set(['a', 'b']));
  });

  it(`on ${name} keeps a conversation where it is, whatever else decides`, async (t) => {
    const pool = seats('a', 'b', 'c');
    const { grant } = await start(t, ...['a', 'b', 'c'].map((id) => limited(id, { rpm: 100 })));
    const homes = new Set<string>();
    for (const talk of ['x', 'y', 'z', 'u', 'v', 'w']) {
      const more = { affinity: talk, choice: 'fill_first' as const };
      const home = await grant(pool, { rpm: 1 }, more);
      assert.equal(await grant(pool, { rpm: 1 }, more), home);
      homes.add(home);
    }
    assert.ok(homes.size > 1);
  });

  const countOf = (chosen: readonly string[], id: string) =>
    chosen.filter((each) => each === id).length;

  it(`on ${name} shares the load by weight times limit while all have room, and uses all of them up`, async (t) => {
    const { grant, reserve } = await start(
      t,
      { ...limited('a', { rpm: 100 }), weight: 1 / 3 },
      { ...limited('b', { rpm: 100 }), weight: 1 },
      { ...limited('c', { rpm: 200 }), weight: 1 / 3 },
    );
    const pool = seats('a', 'b', 'c');
    const chosen: string[] = [];
    for (let call = 0; call < 120; call += 1) chosen.push(await grant(pool, { rpm: 1 }));
    // 100 × 1/3 : 100 × 1 : 200 × 1/3 is 1 : 3 : 2.
    for (const [id, part] of [
      ['a', 20],
      ['b', 60],
      ['c', 40],
    ] as const) {
      assert.ok(Math.abs(countOf(chosen, id) - part) <= 2, `${id} got ${countOf(chosen, id)}`);
    }
    for (let call = 120; call < 400; call += 1) chosen.push(await grant(pool, { rpm: 1 }));
    assert.deepEqual(
      ['a', 'b', 'c'].map((id) => countOf(chosen, id)),
      [100, 100, 200],
    );
    assert.equal((await reserve(pool, { rpm: 1 }, {})).kind, 'wait');
  });

  it(`on ${name} shares by weight what nobody limits`, async (t) => {
    const { grant } = await start(t, { ...limited('a'), weight: 0.25 }, limited('b'));
    const chosen: string[] = [];
    for (let call = 0; call < 10; call += 1) {
      chosen.push(await grant(seats('a', 'b'), { rpm: 1, concurrency: 1 }));
    }
    assert.deepEqual([countOf(chosen, 'a'), countOf(chosen, 'b')], [2, 8]);
  });

  it(`on ${name} takes the cheaper of two that are nearly equal, and the freer of two that are not`, async (t) => {
    const { grant } = await start(t, limited('a', { rpm: 100 }), {
      ...limited('b', { rpm: 100 }),
      price: 0.8,
    });
    const pool = seats('a', 'b');
    const chosen: string[] = [];
    for (let call = 0; call < 40; call += 1) chosen.push(await grant(pool, { rpm: 1 }));
    assert.deepEqual(new Set(chosen.slice(0, 4)), new Set(['b']));
    // It is ahead by a step of a twentieth, and this call.
    for (const end of chosen.keys()) {
      const ahead = countOf(chosen.slice(0, end), 'b') - countOf(chosen.slice(0, end), 'a');
      assert.ok(ahead >= -1 && ahead <= 6, `${ahead} after ${end}`);
    }
  });

  it(`on ${name} fills the heavier account first, and of two equal ones the cheaper`, async (t) => {
    const { grant } = await start(
      t,
      { ...limited('a', { rpm: 1 }), weight: 0.5 },
      limited('b', { rpm: 1 }),
      { ...limited('c', { rpm: 1 }), price: 0.5 },
    );
    const chosen: string[] = [];
    for (let call = 0; call < 3; call += 1) {
      chosen.push(await grant(seats('a', 'b', 'c'), { rpm: 1 }, { choice: 'fill_first' }));
    }
    assert.deepEqual(chosen, ['c', 'b', 'a']);
  });

  it(`on ${name} gives a heavier account more of the conversations`, async (t) => {
    const { grant } = await start(
      t,
      { ...limited('a', { rpm: 10_000 }), weight: 0.25 },
      limited('b', { rpm: 10_000 }),
    );
    const homes: string[] = [];
    for (let talk = 0; talk < 200; talk += 1) {
      homes.push(await grant(seats('a', 'b'), { rpm: 1 }, { affinity: `talk ${talk}` }));
    }
    const part = countOf(homes, 'b');
    assert.ok(part > 140 && part < 180, `${part} of 200 with four fifths of the weight`);
  });

  it(`on ${name} explains the choice that weights and prices make`, async (t) => {
    const { limiter, grant, now, look } = await start(
      t,
      { ...limited('a', { rpm: 100 }), weight: 0.5 },
      { ...limited('b', { rpm: 90 }), price: 2 },
      limited('c', { rpm: 110 }),
    );
    const ask = { candidates: seats('a', 'b', 'c'), cost: { rpm: 10 }, expiresAt: now() + minute };
    const chosen = () => limiter.explain(ask).find((view) => view.chosen)?.accountId;
    for (let call = 0; call < 4; call += 1) {
      await look?.();
      const expected = chosen();
      assert.equal(await grant(ask.candidates, ask.cost), expected);
    }
  });
}
