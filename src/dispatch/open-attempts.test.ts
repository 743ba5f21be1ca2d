import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { eventually } from '../../test/eventually.ts';
import {
  answers,
  fakeAccounts,
  fakeProvider,
  startFakeUpstream,
} from '../../test/fake-upstream.ts';
import { assignAndClaim, newTask, seedRun } from '../../test/seed-run.ts';
import { newOrder, startDispatch } from '../../test/start-dispatch.ts';
import type { NewTask } from '../queue/index.ts';

async function open(t: TestContext, task: Partial<NewTask> = {}) {
  const store = await createTestStore(t);
  const upstream = await startFakeUpstream(t);
  const first = newTask(task);
  const { runId } = await seedRun(store, { tasks: [first] });
  const claim = await assignAndClaim(store, first.id);
  const owner = { runId, taskId: first.id, fencingToken: claim.fencingToken };
  const { dispatch } = await startDispatch(t, {
    store,
    accounts: fakeAccounts(upstream.url, 'a'),
    config: {
      providers: [fakeProvider],
      prices: { 'fake/m': { input: 1, output: 10, cachedInput: null } },
    },
  });
  const query = <R extends object>(text: string) =>
    store.transaction('system', (tx) => tx.query<R>(text));
  const call = (more = {}) => dispatch.call(newOrder({ models: ['fake/m'], owner, ...more }));
  return { store, upstream, owner, runId, query, call };
}

const eventsOf = 'SELECT type, task_id, attempt_id, data FROM run_events ORDER BY number';

it('records every step of a call with its account, in the order of the steps', async (t) => {
  const { query, call, owner } = await open(t);
  const outcome = await call();
  const events = await query<{ type: string; task_id: string; attempt_id: string; data: object }>(
    eventsOf,
  );
  const calls = events.filter(({ attempt_id }) => attempt_id !== null);
  assert.deepEqual(
    calls.map(({ type }) => type),
    ['account.chosen', 'credential.lent', 'call.admitted', 'call.sent', 'attempt.ended'],
  );
  for (const event of calls) {
    assert.equal(event.task_id, owner.taskId);
    assert.equal(event.attempt_id, outcome.attemptId);
  }
  assert.deepEqual(calls.at(-1)?.data, {
    outcome: 'succeeded',
    failure: null,
    input_tokens: 12,
    output_tokens: 5,
    cost_usd: 0.000062,
  });
});

it('says that the orchestrator is called where the task is one of its own', async (t) => {
  const { query, call } = await open(t, { kind: 'plan' });
  await call();
  const types = (await query<{ type: string }>(eventsOf)).map(({ type }) => type);
  assert.ok(types.includes('orchestrator.called'));
});

it('makes no call for a task that another worker holds', async (t) => {
  const { query, call, owner, upstream } = await open(t);
  await assert.rejects(call({ owner: { ...owner, fencingToken: owner.fencingToken - 1 } }), {
    code: 'conflict',
  });
  assert.equal(upstream.arrived(), 0);
  assert.deepEqual(await query('SELECT id FROM attempts'), []);
});

it('makes no call that the budget does not cover, and waits for what others hold of it', async (t) => {
  const { query, call, upstream } = await open(t);
  // A call reserves 400 output tokens at 10 USD per million, and its input: a little above 4,000,000.
  await query('UPDATE budgets SET limit_nano_usd = 5000000');
  const release = Promise.withResolvers<void>();
  upstream.script(async (response, asked) => {
    await release.promise;
    await answers()(response, asked);
  });
  const both = [call(), call()];
  await eventually(() => assert.equal(upstream.arrived(), 1));
  release.resolve();
  await Promise.all(both);
  assert.equal(upstream.arrived(), 2);
  const [budget] = await query<Record<string, number>>('SELECT * FROM budgets');
  assert.equal(budget?.['spent_nano_usd'], 2 * 62_000);
  assert.equal(budget?.['reserved_nano_usd'], 0);
  await query('UPDATE budgets SET limit_nano_usd = 200000');
  await assert.rejects(call(), { code: 'budget_exhausted' });
  await assert.rejects(call({ models: ['fake/other'] }), { code: 'model_unpriced' });
  assert.equal(upstream.arrived(), 2);
});
