import assert from 'node:assert/strict';
import { it } from 'node:test';
import { drive } from '../../../test/drive.ts';
import { eventually } from '../../../test/eventually.ts';
import { answers, fails, hangs } from '../../../test/fake-upstream.ts';
import { openFakeDispatch } from '../../../test/open-fake-dispatch.ts';
import { createManualClock } from '../../platform/manual-clock.ts';

const overloaded = fails(503, { code: 'overloaded' });

it('stops asking a provider that only fails, says when it will, and takes it back after trials', async (t) => {
  const clock = createManualClock(Date.now());
  const { upstream, call, dispatch, store } = await openFakeDispatch(t, { clock });
  upstream.script(overloaded);
  const order = () => ({ deadlineAt: clock.now() + 600_000 });
  await assert.rejects(drive(clock, call(order())));
  await assert.rejects(drive(clock, call({ ...order(), maxWaitMs: 50 })));
  const [gate] = dispatch.providers.list();
  assert.equal(gate?.breaker, 'open');
  const { held } = await dispatch.accounts.explain({ model: 'fake/m', input: 1, output: 1 });
  assert.match(held?.reason ?? '', /fails too often to be asked now; it is tried again in \d/);
  const arrived = upstream.arrived();
  await assert.rejects(drive(clock, call({ ...order(), maxWaitMs: 50 })), { code: 'no_capacity' });
  assert.equal(upstream.arrived(), arrived, 'nothing was sent');
  assert.equal(dispatch.headroom(['fake/m'], { input: 1, output: 1 })[0]?.callsNow, 0);

  upstream.script(answers());
  await clock.advance(60_000);
  assert.equal(dispatch.providers.list()[0]?.breaker, 'half_open');
  await call({ deadlineAt: clock.now() + 30_000 });
  await call({ deadlineAt: clock.now() + 30_000 });
  assert.equal(dispatch.providers.list()[0]?.breaker, 'closed');
  await eventually(async () => {
    const rows = await store.transaction('system', (tx) =>
      tx.query<{ type: string }>(
        "SELECT type FROM pool_events WHERE type LIKE 'breaker%' ORDER BY id",
      ),
    );
    assert.deepEqual([rows[0]?.type, rows.at(-1)?.type], ['breaker.opened', 'breaker.closed']);
  });
});

it('does not break for limits, and leaves a broken model at once for another', async (t) => {
  const { upstream, call, dispatch } = await openFakeDispatch(t);
  upstream.script(fails(429, {}, { 'retry-after': '1' }));
  for (let calls = 0; calls < 6; calls += 1) await assert.rejects(call({ maxWaitMs: 1 }));
  assert.equal(dispatch.providers.list()[0]?.breaker, 'closed');
  await dispatch.accounts.setState('a', 'active');
  await dispatch.accounts.setState('b', 'active');
  upstream.script((response, asked) =>
    asked.body['model'] === 'm' ? overloaded(response, asked) : answers()(response, asked),
  );
  for (let calls = 0; calls < 2; calls += 1) await assert.rejects(call());
  const before = upstream.arrived();
  const outcome = await call({ models: ['fake/m', 'fake/other'] });
  assert.equal(outcome.model, 'other');
  assert.equal(upstream.arrived(), before + 1);
});

it('drains a model and a provider by hand, over a restart, and resumes them', async (t) => {
  const { call, dispatch } = await openFakeDispatch(t);
  await assert.rejects(dispatch.providers.drain({ provider: 'fake', model: 'mm' }), {
    code: 'not_found',
  });
  await dispatch.providers.drain({ provider: 'fake', model: 'm' });
  await assert.rejects(call(), { code: 'no_capacity', message: /operator has taken fake\/m out/ });
  await assert.rejects(call(), { fix: /ask the operator to take it back/ });
  const explained = await dispatch.accounts.explain({ model: 'fake/m', input: 10, output: 10 });
  assert.deepEqual(
    [explained.chosen, explained.held],
    [null, { by: 'drain', waitMs: null, reason: 'An operator has taken fake/m out.' }],
  );
  assert.deepEqual(
    explained.accounts.map(({ verdict }) => verdict),
    ['fits', 'fits'],
  );
  const other = await dispatch.accounts.explain({ model: 'fake/other', input: 10, output: 10 });
  assert.equal(other.held, null);
  assert.equal((await call({ models: ['fake/m', 'fake/other'] })).model, 'other');
  await dispatch.reload();
  assert.deepEqual(
    dispatch.providers.list().map(({ pool, drained }) => [pool, drained]),
    [
      ['fake/m', true],
      ['fake/other', false],
    ],
  );
  await dispatch.providers.drain({ provider: 'fake', model: null });
  assert.ok(dispatch.providers.list().every(({ drained }) => drained));
  await dispatch.providers.resume({ provider: 'fake', model: null });
  assert.equal((await call()).model, 'm');
});

it('lets fewer calls out after time-outs, and gives every place free', async (t) => {
  const clock = createManualClock(Date.now());
  const timeOuts = { replyMs: 600 };
  const { upstream, call, dispatch } = await openFakeDispatch(t, { clock, timeOuts });
  upstream.script(hangs);
  const calls = Array.from({ length: 8 }, () => call({ deadlineAt: clock.now() + 1500 }));
  await eventually(() => assert.equal(upstream.arrived(), 8));
  await drive(clock, Promise.allSettled(calls), 50);
  const gate = dispatch.providers.list().find(({ pool }) => pool === 'fake/m');
  assert.ok((gate?.concurrency ?? 99) < 8, JSON.stringify(gate));
  assert.equal(gate?.inFlight, 0);
});
