import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { eventually } from '../../../test/eventually.ts';
import { answers, fails } from '../../../test/fake-upstream.ts';
import { openFakeDispatch } from '../../../test/open-fake-dispatch.ts';
import { createManualClock } from '../../platform/manual-clock.ts';
import type { Store } from '../../platform/store/store.ts';

const badKey = fails(401, { code: 'invalid_api_key' });

/** A dispatch whose time, the database's too, moves only when it is told to. */
async function open(t: TestContext) {
  const clock = createManualClock(Date.UTC(2026, 5, 1));
  const opened = await openFakeDispatch(t, { clock, allow: ['127.0.0.0/8'] });
  await setTime(opened.store, clock.now());
  const account = async (id: string) => opened.dispatch.accounts.read(id);
  return {
    ...opened,
    account,
    call: () => opened.call({ deadlineAt: clock.now() + 30_000 }),
    async wait(ms: number) {
      await setTime(opened.store, clock.now() + ms);
      await clock.advance(ms);
    },
  };
}

async function setTime(store: Store, now: number): Promise<void> {
  await store.transaction('system', async (tx) => {
    await tx.query('DELETE FROM simulated_clock');
    await tx.query('INSERT INTO simulated_clock VALUES ($1)', [new Date(now)]);
  });
}

it('quarantines an account whose key is refused, asks again at growing intervals, and takes it back', async (t) => {
  const { upstream, account, call, wait, dispatch } = await open(t);
  upstream.script(badKey, answers());
  assert.equal((await call()).accountId, 'b');
  const held = await account('a');
  assert.equal(held.state, 'quarantined');
  const [pause] = held.pauses;
  assert.deepEqual(
    [pause?.kind, pause?.provenance, pause?.modelClass],
    ['credential', 'guessed', null],
  );
  const [key] = held.credentials;
  assert.equal(key?.probeAt, (key?.refusedAt ?? 0) + 30_000);

  // Time goes on while the probe is under way, for its next turn begins when it has ended.
  const passing = (check: () => Promise<void>) =>
    eventually(async () => {
      await wait(2500);
      await check();
    });
  await passing(async () => {
    const again = await account('a');
    assert.equal(again.pauses[0]?.times, 2);
    const next = (again.credentials[0]?.probeAt ?? 0) - (key?.refusedAt ?? 0);
    assert.ok(next >= 90_000, `${next}`);
  });

  upstream.accept('secret-of-a');
  await passing(async () => {
    const back = await account('a');
    assert.deepEqual(
      [back.state, back.pauses, back.credentials[0]?.refusedAt],
      ['active', [], null],
    );
  });
  const told = (await dispatch.accounts.events('a')).map(({ type }) => type);
  assert.deepEqual(told.toSorted(), [
    'account.held_back',
    'account.took_back',
    'credential.accepted',
    'credential.refused',
  ]);
  upstream.script(answers());
  // The store has it back a moment before calls do.
  await eventually(async () =>
    assert.deepEqual(
      (await Promise.all([call(), call()])).map(({ accountId }) => accountId).toSorted(),
      ['a', 'b'],
    ),
  );
});

it('waits with an unpaid account for a call that works, and does not ask for its models', async (t) => {
  const { upstream, account, call, wait } = await open(t);
  upstream.script(fails(402, { code: 'insufficient_quota' }), answers());
  upstream.accept('secret-of-a');
  await call();
  const [pause] = (await account('a')).pauses;
  assert.deepEqual([pause?.kind, pause?.state], ['billing', 'quarantined']);
  await wait(599_000);
  assert.equal((await call()).accountId, 'b');
  await wait(2000);
  const chosen = new Set<string>();
  for (let calls = 0; calls < 4; calls += 1) chosen.add((await call()).accountId);
  assert.ok(chosen.has('a'), 'the first call after the guess is its trial');
  await eventually(async () => assert.equal((await account('a')).state, 'active'));
});

it('honours a stated pause over a restart of dispatch, and ends it by hand', async (t) => {
  const { upstream, account, call, wait, dispatch } = await open(t);
  upstream.script(fails(429, {}, { 'retry-after': '120' }), answers());
  await call();
  const held = await account('a');
  assert.deepEqual([held.state, held.pauses[0]?.provenance], ['cooling', 'stated']);
  await dispatch.reload();
  assert.equal((await call()).accountId, 'b');
  const verdicts = async () => {
    const question = { model: 'fake/m', input: 10, output: 10 };
    const { accounts } = await dispatch.accounts.explain(question);
    return new Map(accounts.map(({ id, verdict }) => [id, verdict]));
  };
  assert.equal((await verdicts()).get('a'), 'waits');
  const enabled = await dispatch.accounts.setState('a', 'active');
  assert.deepEqual([enabled.state, enabled.pauses], ['active', []]);
  // What the refusal taught of the limit stays for its minute; the pause would have lasted two.
  await wait(61_000);
  assert.match((await verdicts()).get('a') ?? '', /^(fits|chosen)$/);
});

it('drains an account: its calls end, none begins, whatever they answer', async (t) => {
  const { upstream, account, call, dispatch } = await open(t);
  const release = Promise.withResolvers<void>();
  upstream.script(async (response, asked) => {
    await release.promise;
    await answers()(response, asked);
  }, answers());
  const first = call();
  await eventually(async () => assert.equal(upstream.arrived(), 1));
  await dispatch.accounts.setState('a', 'draining');
  release.resolve();
  assert.equal((await first).accountId, 'a');
  assert.equal((await account('a')).state, 'draining');
  for (let calls = 0; calls < 3; calls += 1) assert.equal((await call()).accountId, 'b');
});

it('uses a new key at once, the rotated one only where the new one fails, and retires it in time', async (t) => {
  const { dispatch, store, upstream, call, account, wait } = await open(t);
  await store.transaction('system', (tx) => tx.query("UPDATE accounts SET managed_by = 'api'"));
  await dispatch.accounts.setState('b', 'disabled');
  const keys: string[] = [];
  const note =
    (reply: ReturnType<typeof answers>): ReturnType<typeof answers> =>
    (response, asked) => {
      keys.push(asked.key);
      return reply(response, asked);
    };
  upstream.script(note(answers()), note(badKey), note(answers()));
  await dispatch.accounts.rotateCredential('a', {
    old: 'k1',
    credential: { id: 'k2', secret: 'new-secret' },
    overlapMs: 3_600_000,
  });
  await call();
  await call();
  assert.deepEqual(keys, ['new-secret', 'new-secret', 'secret-of-a']);
  await wait(3_600_000);
  await eventually(async () => {
    await wait(2500);
    assert.deepEqual(
      (await account('a')).credentials.map(({ id }) => id),
      ['k2'],
    );
  });
});
