import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  answers,
  beginStream,
  chunkOf,
  cuts,
  fails,
  fakeAccounts,
  streams,
} from '../../test/fake-upstream.ts';
import { failureOf, listener, openFakeDispatch } from '../../test/open-fake-dispatch.ts';
import { newOrder } from '../../test/start-dispatch.ts';
import { isHeadraceError } from '../platform/errors/headrace-error.ts';

it('answers, prices the call and names who answered before the first event', async (t) => {
  const { upstream, call, attempts } = await openFakeDispatch(t);
  upstream.script(streams(['A ', 'mill.']));
  const { onEvent, heard } = listener();
  const order: string[] = [];
  const outcome = await call({
    onEvent: (event) => {
      order.push(event.type);
      onEvent(event);
    },
    onAnswering: ({ accountId, attempts: number }) => order.push(`${accountId} ${number}`),
  });
  assert.equal(heard(), 'A mill.|');
  assert.deepEqual(order, ['a 1', 'text', 'text', 'end']);
  assert.equal(outcome.answer.text, 'A mill.');
  const cost = 12 * 1000 + 5 * 10_000;
  assert.equal(outcome.costNanoUsd, cost);
  assert.deepEqual(await attempts(), [
    {
      account_id: 'a',
      outcome: 'succeeded',
      code: null,
      input_tokens: 12,
      output_tokens: 5,
      cost_nano_usd: cost,
    },
  ]);
});

it('goes to another account when one is rate-limited, and honours the stated wait', async (t) => {
  const { upstream, call, attempts, store } = await openFakeDispatch(t);
  upstream.script(fails(429, {}, { 'retry-after': '30' }), answers());
  const before = Date.now();
  const outcome = await call();
  assert.equal(outcome.accountId, 'b');
  assert.equal(outcome.attempts, 2);
  assert.deepEqual(
    (await attempts()).map((row) => [row.account_id, row.outcome, row.cost_nano_usd]),
    [
      ['a', 'failed', 0],
      ['b', 'succeeded', outcome.costNanoUsd],
    ],
  );
  const [row] = await store.transaction('system', (tx) =>
    tx.query<{ state: string; state_until: Date }>("SELECT * FROM accounts WHERE id = 'a'"),
  );
  assert.equal(row?.state, 'cooling');
  const until = row?.state_until.getTime() ?? 0;
  assert.ok(until >= before + 30_000 && until <= Date.now() + 30_000, `${until} after ${before}`);
  assert.equal((await call()).accountId, 'b');
});

it('says when to come back where every account is rate-limited beyond the deadline', async (t) => {
  const { upstream, call } = await openFakeDispatch(t);
  upstream.script(fails(429, {}, { 'retry-after': '90' }));
  await assert.rejects(call(), (error: unknown) => {
    assert.ok(isHeadraceError(error) && error.code === 'no_capacity');
    assert.ok((error.retryAfterMs ?? 0) > 80_000);
    return true;
  });
  assert.equal(upstream.arrived(), 2);
});

it('puts a refused key aside, tries the other accounts, and says so when none works', async (t) => {
  const { upstream, call, store, attempts } = await openFakeDispatch(t);
  upstream.script(fails(401, { code: 'invalid_api_key' }));
  await assert.rejects(call(), { code: 'upstream_credentials_exhausted' });
  const states = await store.transaction('system', (tx) =>
    tx.query('SELECT id, state FROM accounts ORDER BY id'),
  );
  assert.deepEqual(states, [
    { id: 'a', state: 'quarantined' },
    { id: 'b', state: 'quarantined' },
  ]);
  assert.deepEqual(
    (await attempts()).map(({ account_id, input_tokens }) => [account_id, input_tokens]),
    [
      ['a', 0],
      ['b', 0],
    ],
  );
});

it('uses the second key of an account whose first one was revoked', async (t) => {
  const { upstream, call } = await openFakeDispatch(t, {
    accounts: ({ url }) =>
      fakeAccounts(url, 'a').map((account) => ({
        ...account,
        credentials: [
          { id: 'k1', secret: 'revoked' },
          { id: 'k2', secret: 'good' },
        ],
      })),
  });
  upstream.script((response, asked) =>
    (asked.key === 'good' ? answers() : fails(401))(response, asked),
  );
  assert.equal((await call()).attempts, 2);
  assert.equal((await call()).attempts, 1);
});

it('tries again after trouble, three times in all, then the next model', async (t) => {
  const { upstream, call } = await openFakeDispatch(t);
  upstream.script(fails(500), fails(503), answers());
  assert.equal((await call()).attempts, 3);
  upstream.script(fails(500), fails(500), fails(500), answers());
  const outcome = await call({ models: ['fake/m', 'fake/other'] });
  assert.equal(outcome.model, 'other');
  assert.equal(outcome.attempts, 4);
});

it('says what failed where no model is left', async (t) => {
  const { upstream, call } = await openFakeDispatch(t);
  upstream.script(fails(500));
  assert.equal((await failureOf(call())).code, 'upstream_failed');
  assert.equal(upstream.arrived(), 3);
});

it('does not repeat what the provider rejects, nor ask another model', async (t) => {
  const { upstream, call } = await openFakeDispatch(t);
  upstream.script(fails(400, { message: 'messages[0] is odd' }));
  const error = await failureOf(call({ models: ['fake/m', 'fake/other'] }));
  assert.equal(error.code, 'upstream_rejected');
  assert.match(error.message, /messages\[0\] is odd/);
  assert.equal(upstream.arrived(), 1);
});

it('repeats a blank answer', async (t) => {
  const { upstream, call } = await openFakeDispatch(t);
  upstream.script(answers('  \n'), streams([' ', '\n']), answers('{"a":1}'));
  const { onEvent, heard } = listener();
  const outcome = await call({
    onEvent,
    request: { ...newOrder().request, output: { type: 'json' } },
  });
  assert.equal(outcome.answer.text, '{"a":1}');
  assert.equal(outcome.attempts, 3);
  assert.equal(heard(), '{"a":1}|');
});

it('repeats a stream that was cut before its first text, and never one that was cut later', async (t) => {
  const { upstream, call, attempts } = await openFakeDispatch(t);
  upstream.script(cuts([]), streams(['whole']));
  const first = listener();
  assert.equal((await call({ onEvent: first.onEvent })).attempts, 2);
  assert.equal(first.heard(), 'whole|');

  upstream.script(cuts(['half a ', 'sentence']), streams(['another']));
  const second = listener();
  const error = await failureOf(
    call({ models: ['fake/m', 'fake/other'], onEvent: second.onEvent }),
  );
  assert.equal(error.code, 'upstream_failed');
  assert.equal(error.partialText, 'half a sentence');
  assert.equal(second.heard(), 'half a sentence');
  assert.equal(upstream.arrived(), 1);
  // Nobody knows what the cut ones cost: they stand as reserved.
  const cut = (await attempts()).filter(({ outcome }) => outcome === 'failed');
  assert.equal(cut.length, 2);
  assert.ok(cut.every((row) => row.output_tokens === 400 && (row.cost_nano_usd ?? 0) > 0));
});

it('keeps what a model without usage numbers may have cost', async (t) => {
  const { upstream, call } = await openFakeDispatch(t);
  upstream.script(answers('fine', null));
  const outcome = await call();
  assert.equal(outcome.answer.usage, null);
  // The bound: all bytes as input tokens, the whole output cap.
  assert.ok((outcome.costNanoUsd ?? 0) > 400 * 10_000);
});

it('leaves an account out that may not use the model', async (t) => {
  const { upstream, call } = await openFakeDispatch(t);
  upstream.script((response, asked) =>
    (asked.key === 'secret-of-a'
      ? fails(404, { code: 'model_not_found', message: 'no such model' })
      : answers())(response, asked),
  );
  assert.equal((await call()).accountId, 'b');
  assert.equal((await call()).attempts, 1);
});

it('cuts off what runs when it closes, and settles it', async (t) => {
  const { upstream, dispatch, call, attempts } = await openFakeDispatch(t);
  upstream.script((response) => {
    beginStream(response);
    response.write(chunkOf({ content: 'one' }));
  });
  const heard = Promise.withResolvers<void>();
  const stopped = assert.rejects(call({ onEvent: () => heard.resolve() }), { code: 'no_capacity' });
  await heard.promise;
  await dispatch.close();
  await stopped;
  assert.equal((await attempts())[0]?.outcome, 'cancelled');
});

/** Nothing listens there: the port was free a moment ago, and is below those that are given out. */
const nobody = 'http://127.0.0.1:9/v1';

it('gives a host that never answered two tries, for all its models, and says what to look at', async (t) => {
  const { call, attempts } = await openFakeDispatch(t, {
    accounts: () => fakeAccounts(nobody, 'a'),
  });
  await assert.rejects(call({ models: ['fake/m', 'fake/other'] }), (error: unknown) => {
    assert.ok(isHeadraceError(error) && error.code === 'upstream_unreachable');
    assert.match(error.message, /\(a\).*ECONNREFUSED/);
    assert.equal(error.where, 'account a');
    assert.match(error.fix, /base_url/);
    assert.ok(!error.retryable);
    return true;
  });
  assert.equal((await attempts()).length, 2);
});

it('tries each of several hosts that never answered once, and takes one that does', async (t) => {
  const { upstream, call, attempts } = await openFakeDispatch(t, {
    accounts: ({ url }) => [...fakeAccounts(nobody, 'a', 'b'), ...fakeAccounts(url, 'c')],
  });
  upstream.script(answers());
  assert.equal((await call()).accountId, 'c');
  const missed = (await attempts()).filter(({ code }) => code === 'ECONNREFUSED');
  assert.ok(missed.length <= 2);
});

it('is as patient as ever with a host that answered before', async (t) => {
  const { upstream, call, attempts } = await openFakeDispatch(t, {
    accounts: ({ url }) => fakeAccounts(url, 'a'),
  });
  upstream.script(answers());
  await call();
  await upstream.stop();
  await assert.rejects(call(), { code: 'upstream_failed' });
  assert.equal((await attempts()).length, 4, 'one answered, three tried');
});
