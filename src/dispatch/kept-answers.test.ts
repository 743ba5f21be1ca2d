import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { answers, fails } from '../../test/fake-upstream.ts';
import { openFakeDispatch } from '../../test/open-fake-dispatch.ts';
import { assignAndClaim, newTask, seedRun } from '../../test/seed-run.ts';
import { forgetAnswers, readKeptCost } from './kept-answers.ts';

/** A claimed judge task, and a way to ask on its behalf under a name. */
async function open(t: TestContext) {
  const dispatch = await openFakeDispatch(t);
  const { store } = dispatch;
  const task = newTask({ kind: 'judge' });
  const { runId } = await seedRun(store, { tasks: [task] });
  const { fencingToken } = await assignAndClaim(store, task.id);
  const owner = { runId, taskId: task.id, fencingToken };
  const ask = (keepAs?: string) =>
    dispatch.call({ owner, ...(keepAs === undefined ? {} : { keepAs }) });
  return { ...dispatch, runId, taskId: task.id, ask };
}

it('gives a task that asks the same again its answer without a second call', async (t) => {
  const { upstream, ask, attempts, store, taskId } = await open(t);
  // Whatever a model writes is kept as it is.
  const said = 'met \u0000 \ud800 "yes"\n';
  upstream.script(answers(said), answers('another'));
  const first = await ask('order 1');
  const again = await ask('order 1');
  assert.deepEqual(again, { ...first, attempts: 0 });
  assert.equal(upstream.arrived(), 1);
  assert.equal((await ask('order 2')).answer.text, 'another');
  assert.equal((await attempts()).length, 2);
  const kept = await store.transaction('system', (tx) => readKeptCost(tx, taskId));
  assert.equal(kept.nanoUsd, 2 * (first.costNanoUsd ?? 0));
  assert.ok(kept.tokens > 0);
});

it('calls again for what has no name, or was not answered', async (t) => {
  const { upstream, ask } = await open(t);
  upstream.script(answers('one'), answers('two'), fails(400), answers('three'));
  assert.equal((await ask()).answer.text, 'one');
  assert.equal((await ask()).answer.text, 'two');
  await assert.rejects(ask('order 1'));
  assert.equal((await ask('order 1')).answer.text, 'three');
});

it('keeps nothing beyond the end of its run', async (t) => {
  const { upstream, ask, store, runId } = await open(t);
  upstream.script(answers('one'), answers('two'));
  await ask('order 1');
  await store.transaction('system', (tx) => forgetAnswers(tx, runId));
  assert.equal((await ask('order 1')).answer.text, 'two');
  await store.transaction('system', async (tx) => {
    await forgetAnswers(tx, runId);
    await tx.query(`UPDATE runs SET finished_at = headrace_now() WHERE id = $1`, [runId]);
  });
  await ask('order 1');
  const rows = await store.transaction('system', (tx) => tx.query('SELECT 1 FROM kept_answers'));
  assert.equal(rows.length, 0, 'an answer that came too late is not kept either');
});
