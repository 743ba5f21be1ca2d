import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { TenantTerms } from '../../platform/config/config.ts';
import { createManualClock } from '../../platform/manual-clock.ts';
import { createEmbeddedLimiter } from '../embedded/create-embedded-limiter.ts';
import { limited, seats } from '../limiter.contract.ts';
import type { LimitedAccount } from '../limiter.ts';
import type { AdmissionAsk } from './waiter.ts';
import { createWaitingRoom } from './waiting-room.ts';

const open = (...accounts: LimitedAccount[]) => openFor({}, accounts);

async function openFor(tenants: Record<string, TenantTerms>, accounts: LimitedAccount[]) {
  const clock = createManualClock();
  const createGuard = () => ({ ms: () => 0, observe: () => undefined });
  const limiter = createEmbeddedLimiter({ clock, mayAdmit: () => true, createGuard });
  await limiter.configure(accounts);
  const room = createWaitingRoom({ limiter, clock, tenants });
  const pool = seats(...accounts.map(({ id }) => id));
  const served: string[] = [];
  const admit = (name: string, tpm: number, more: Partial<AdmissionAsk> = {}) => {
    const admitted = room.admit({
      ask: {
        candidates: pool,
        cost: { rpm: 1, tpm, concurrency: 1 },
        expiresAt: clock.now() + 600_000,
      },
      pool: 'p',
      tenantId: 'default',
      lane: 'standard',
      admitBy: clock.now() + 300_000,
      refusals: 0,
      signal: new AbortController().signal,
      ...more,
    });
    admitted.then(
      () => served.push(name),
      () => undefined,
    );
    return admitted;
  };
  return { clock, limiter, room, admit, served };
}

it('admits at once where there is room, and leaves no timer behind', async () => {
  const { clock, admit } = await open(limited('a', { tpm: 100 }));
  const grant = await admit('first', 50);
  assert.equal(grant.accountId, 'a');
  // What is left is the limiter's own look for reservations that nobody settles.
  assert.equal(clock.nextTimerAt(), clock.now() + 1000);
});

it('serves in the order of arrival, at the exact refill', async () => {
  const { clock, admit, served } = await open(limited('a', { tpm: 100 }));
  await admit('filler', 100);
  for (const name of ['one', 'two', 'three']) void admit(name, 100);
  await clock.advance(60_000);
  assert.deepEqual(served, ['filler']);
  await clock.advance(100);
  assert.deepEqual(served, ['filler', 'one']);
  await clock.advance(60_100);
  assert.deepEqual(served, ['filler', 'one', 'two']);
});

it('lets a small call pass one that does not fit yet, but not for ever', async () => {
  const { clock, admit, served } = await open(limited('a', { tpm: 100 }));
  await admit('filler', 60);
  const large = admit('large', 90);
  await clock.advance(900);
  await admit('small', 10);
  await clock.advance(1200);
  // Refused often enough by now: what frees up is kept for the large call.
  void admit('another small', 10);
  void admit('a third', 5);
  await clock.advance(1000);
  assert.ok(!served.includes('a third'));
  await clock.advance(60_000);
  await large;
  assert.equal(
    served.indexOf('large') < served.indexOf('a third') || !served.includes('a third'),
    true,
  );
});

it('keeps capacity from the start for a call that was refused elsewhere', async () => {
  const { clock, admit, served } = await open(limited('a', { tpm: 100 }));
  await admit('filler', 60);
  void admit('large', 90, { refusals: 3 });
  void admit('small', 10);
  await clock.advance(1000);
  assert.deepEqual(served, ['filler']);
});

it('wakes whoever waits when a call ends', async () => {
  const { clock, limiter, admit, served } = await open(limited('a', { concurrency: 1 }));
  const first = await admit('first', 1);
  void admit('second', 1);
  await clock.advance(5);
  assert.deepEqual(served, ['first']);
  await limiter.settle(first.reservationId, { outcome: 'used' });
  await clock.advance(0);
  assert.deepEqual(served, ['first', 'second']);
});

it('sheds on arrival a call that cannot be admitted in time, with the time to come back', async () => {
  const { clock, admit } = await open(limited('a', { tpm: 100 }));
  await admit('filler', 100);
  await assert.rejects(admit('late', 50, { admitBy: clock.now() + 10_000 }), {
    code: 'no_capacity',
    retryAfterMs: 60_100,
  });
});

it('gives what is free to a call that may not wait, though it comes a moment late', async () => {
  const { clock, admit } = await open(limited('a', { tpm: 100 }));
  await admit('punctual', 50, { admitBy: clock.now() - 1 });
  await admit('another', 50, { admitBy: clock.now() - 30 });
});

it('tells a call whose time ran out behind others when there is room for it', async () => {
  const { clock, admit } = await open(limited('a', { tpm: 100 }));
  await admit('filler', 100);
  void admit('head', 50, { expectedTokens: 1 });
  const behind = admit('behind', 90, { admitBy: clock.now() + 10_000, expectedTokens: 1 });
  const refused = assert.rejects(behind, { code: 'no_capacity', retryAfterMs: 50_100 });
  await clock.advance(10_000);
  await refused;
});

it('lets a call go at its own deadline though those before it hold the line', async () => {
  const { clock, room, admit } = await open(limited('a', { concurrency: 1 }));
  await admit('first', 1);
  void admit('holding', 1, { refusals: 3 });
  const behind = admit('behind', 1, { admitBy: clock.now() + 2000 });
  const refused = assert.rejects(behind, { code: 'no_capacity' });
  await clock.advance(2000);
  await refused;
  assert.equal(room.waiting('p'), 1);
});

it('forgets a call that went away, and takes nothing for it', async () => {
  const { clock, limiter, room, admit, served } = await open(limited('a', { tpm: 100 }));
  await admit('filler', 100);
  const leaving = new AbortController();
  const left = assert.rejects(admit('gone', 100, { signal: leaving.signal }), /went home/);
  void admit('next', 100);
  await clock.advance(10);
  leaving.abort(new Error('it went home'));
  await left;
  assert.equal(room.waiting('p'), 1);
  await clock.advance(60_100);
  assert.deepEqual(served, ['filler', 'next']);
  const used = limiter.gauges().find(({ dimension }) => dimension === 'tpm')?.used;
  assert.equal(used, 100);
});

it('gives back a grant that came while the call was leaving', async () => {
  const { clock, limiter, admit } = await open(limited('a', { tpm: 100 }));
  const leaving = new AbortController();
  const left = assert.rejects(admit('gone', 100, { signal: leaving.signal }));
  leaving.abort(new Error('gone'));
  await left;
  await clock.advance(0);
  assert.deepEqual(
    limiter.gauges().filter(({ used }) => used > 0),
    [],
  );
});

it('refuses at once where no key works, and where nothing is large enough', async () => {
  const { clock, limiter, admit } = await open(limited('a', { tpm: 100 }));
  await assert.rejects(admit('huge', 101), { code: 'never_fits' });
  await limiter.pause({
    accountId: 'a',
    until: clock.now() + 60_000,
    provenance: 'guessed',
    reason: 'credential',
  });
  await assert.rejects(admit('keyless', 1), { code: 'upstream_credentials_exhausted' });
});

it('lets small calls use the other accounts while one is kept for a large call', async () => {
  const { clock, admit, served } = await open(
    limited('a', { tpm: 100 }),
    limited('b', { tpm: 1000 }),
  );
  await admit('filler', 900);
  // Fits at `b` alone, whose last tenth the small calls would take, and what frees up after it.
  const large = admit('large', 600, { refusals: 3 });
  await admit('small', 10);
  for (let call = 0; call < 20; call += 1) void admit('later', 50);
  await clock.advance(60_100);
  await large;
  assert.deepEqual(served.slice(0, 4), ['filler', 'small', 'later', 'large']);
});

it('sheds on arrival whom those before it in line outlast', async () => {
  const { clock, admit, room } = await open(limited('a', { tpm: 100 }));
  await admit('filler', 100);
  for (let call = 0; call < 4; call += 1) void admit('before', 100);
  const late = { admitBy: clock.now() + 200_000 };
  await assert.rejects(
    admit('late', 100, late),
    (error: { code: string; retryAfterMs: number }) => {
      assert.equal(error.code, 'no_capacity');
      // Five minutes until its turn is through, of which it would wait 200 s.
      assert.ok(Math.abs(error.retryAfterMs - 101_000) < 1000, `${error.retryAfterMs}`);
      return true;
    },
  );
  assert.equal(room.waiting('p'), 4);
});

it('does not let tenants borrow past the reserve of another, who finds room at once', async () => {
  const terms = { owner: { weight: 1, reserve: 0.3 } };
  const { clock, admit, served } = await openFor(terms, [limited('a', { tpm: 1000 })]);
  for (let call = 0; call < 10; call += 1) void admit('borrower', 100);
  await clock.advance(1000);
  assert.equal(served.length, 7);
  await admit('owner', 300, { tenantId: 'owner' });
  await clock.advance(1000);
  assert.equal(served.length, 8);
  // What the owner uses itself is no longer kept for it.
  await clock.advance(60_000);
  assert.deepEqual(served.slice(8), ['borrower', 'borrower', 'borrower']);
});

it('spends a burst at once where nobody is in a hurry', async () => {
  const { clock, admit, served } = await open(limited('a', { tpm: 60_000 }));
  for (let call = 0; call < 90; call += 1) void admit('usual', 1000);
  await clock.advance(1000);
  assert.equal(served.length, 60);
});

it('spreads what is left until it comes back, from the start, where urgent calls come', async () => {
  const { clock, admit, served } = await open(limited('a', { tpm: 60_000 }));
  const longest: number[] = [];
  for (let at = 0; at < 120; at += 1) {
    for (let call = 0; call < 3; call += 1) void admit('usual', 1000).catch(() => undefined);
    const askedAt = clock.now();
    if (at % 5 === 0) {
      void admit('urgent', 1000, { lane: 'priority' }).then(() =>
        longest.push(clock.now() - askedAt),
      );
    }
    await clock.advance(1000);
  }
  assert.equal(longest.length, 24);
  assert.ok(Math.max(...longest) <= 2000, `${longest}`);
  // Nothing is lost for it: a minute's limit in the first minute, and another in the second.
  assert.ok(served.length >= 114, `${served.length}`);
});

it('keeps a sliver for urgent calls where some came lately', async () => {
  const { clock, admit, served } = await open(limited('a', { tpm: 10_000 }));
  await admit('urgent', 100, { lane: 'priority' });
  for (let call = 0; call < 1000; call += 1) void admit('usual', 10);
  await clock.advance(30_000);
  const before = served.length;
  await admit('urgent', 30, { lane: 'priority' });
  assert.equal(served.length, before + 1);
});
