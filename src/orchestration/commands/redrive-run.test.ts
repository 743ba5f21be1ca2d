import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  criteriaLine,
  endLine,
  planLine,
  principal,
  setUpOrchestration,
  tagOf,
} from '../../../test/set-up-orchestration.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';

test('a redriven task of a living run brings back what was cancelled for want of it', async (t) => {
  const gate = Promise.withResolvers<void>();
  t.after(() => gate.resolve());
  let broken = true;
  const on = (id: string) => [{ id, uses: 'all' }];
  const setting = await setUpOrchestration(t, {
    planner: () =>
      [
        criteriaLine,
        planLine({ id: 't1' }),
        planLine({ id: 't2', deps: on('t1') }),
        planLine({ id: 't3', deps: on('t2') }),
        planLine({ id: 't4' }),
        endLine(4),
      ].join('\n'),
    worker: async (prompt) => {
      const task = tagOf(prompt, 'task');
      if (broken && task.includes('about t1')) throw new HeadraceError('upstream_rejected');
      if (task.includes('about t4')) await gate.promise;
      return 'The wheel turns.';
    },
  });
  const runId = await setting.accept({ clarify: 'off' });
  const statusOf = (run: { tasks: { title: string; status: string }[] }, key: string) =>
    run.tasks.find((task) => task.title === `Title of ${key}`)?.status;
  await setting.until(runId, (run) => statusOf(run, 't3') === 'cancelled');
  await setting.store.transaction('system', (tx) =>
    tx.query(`UPDATE tasks SET failure = failure || '{"dead": true}' WHERE status = 'failed'`),
  );
  broken = false;
  const redriven = await setting.orchestration.redriveRun(principal, runId);
  assert.deepEqual(redriven, { redriven: 1, run_id: runId });
  await setting.until(runId, (run) => statusOf(run, 't3') === 'succeeded');
  gate.resolve();
  const run = await setting.until(runId);
  assert.equal(run.verdict?.decision, 'pass');
  assert.equal(statusOf(run, 't2'), 'succeeded');
});

test('a run whose answers are being merged takes no task back, whose answer nobody would read', async (t) => {
  const gate = Promise.withResolvers<string>();
  t.after(() => gate.resolve(''));
  const asked: string[] = [];
  const setting = await setUpOrchestration(t, {
    planner: () =>
      [
        criteriaLine,
        planLine({ id: 't1', required: false }),
        planLine({ id: 't2' }),
        planLine({ id: 't3' }),
        endLine(3),
      ].join('\n'),
    worker: (prompt) => {
      const task = tagOf(prompt, 'task');
      asked.push(task);
      if (task.includes('about t1')) throw new HeadraceError('upstream_rejected');
      return 'The wheel turns.';
    },
    merger: () => gate.promise,
  });
  const runId = await setting.accept({ clarify: 'off' });
  await setting.until(runId, (run) => run.status === 'merging');
  await assert.rejects(setting.orchestration.redriveRun(principal, runId), {
    code: 'conflict',
    where: runId,
  });
  gate.resolve('## Merged\n\nThe wheel turns.');
  const run = await setting.until(runId);
  assert.equal(run.status, 'succeeded');
  assert.equal(asked.filter((task) => task.includes('about t1')).length, 1);
  const redriven = await setting.orchestration.redriveRun(principal, runId);
  assert.notEqual(redriven.run_id, runId, 'once it has ended, a new run takes it up');
  await setting.until(redriven.run_id);
});

test('of an ended run the dead tasks of its plan live again, and no question or merge with them', async (t) => {
  const setting = await setUpOrchestration(t, {
    planner: () =>
      [
        criteriaLine,
        planLine({ id: 't1', required: false }),
        planLine({ id: 't2' }),
        endLine(2),
      ].join('\n'),
    worker: (prompt) => {
      if (tagOf(prompt, 'task').includes('about t1')) throw new HeadraceError('upstream_rejected');
      return 'The wheel turns.';
    },
  });
  const runId = await setting.accept({ clarify: 'auto' });
  await setting.until(runId);
  await setting.store.transaction('system', (tx) =>
    tx.query(
      `UPDATE tasks SET status = 'failed', failure = '{"code": "internal", "kind": null, "message": "Gone.", "dead": true}'
       WHERE kind = 'clarify'`,
    ),
  );
  const { redriven, run_id } = await setting.orchestration.redriveRun(principal, runId);
  assert.equal(redriven, 1);
  assert.notEqual(run_id, runId);
  await setting.until(run_id);
});
