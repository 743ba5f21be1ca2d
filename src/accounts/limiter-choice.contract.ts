import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
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
}
