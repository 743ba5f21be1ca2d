import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  criteriaLine,
  endLine,
  type OrchestrationSetting,
  planLine,
  principal,
  setUpOrchestration,
} from '../../../test/set-up-orchestration.ts';
import { untilAwaited } from '../../../test/until-awaited.ts';
import type { Tx } from '../../platform/store/store.ts';

const meta = JSON.stringify({ provider: 'openai', model: 'large', finish_reason: 'stop' });

/** As a worker's transaction does it, up to its commit. */
async function answerTask(tx: Tx, runId: string): Promise<void> {
  const ended = await tx.query(
    `UPDATE tasks SET status = 'succeeded', output = 'The wheel turns.', output_meta = $2::jsonb,
       lease_until = NULL, finished_at = headrace_now()
     WHERE run_id = $1 AND kind = 'section' RETURNING id`,
    [runId, meta],
  );
  assert.equal(ended.length, 1);
  await tx.query(
    'INSERT INTO advances (run_id, tenant_id) SELECT id, tenant_id FROM runs WHERE id = $1',
    [runId],
  );
}

/** A run whose one task is being answered while `act` ends it. */
async function endWhileAnswering(
  t: Parameters<typeof setUpOrchestration>[0],
  act: (setting: OrchestrationSetting, runId: string) => Promise<unknown>,
) {
  let isAsked = false;
  const setting = await setUpOrchestration(t, {
    planner: () => [criteriaLine, planLine({ id: 't1' }), endLine(1)].join('\n'),
    worker: (_prompt, order) => {
      isAsked = true;
      return new Promise<string>((_, reject) => {
        order.signal.addEventListener('abort', () => reject(order.signal.reason), { once: true });
      });
    },
  });
  const runId = await setting.accept({ clarify: 'off' });
  await setting.until(runId, () => isAsked);
  const acting = await setting.store.transaction('system', async (tx) => {
    await answerTask(tx, runId);
    const begun = act(setting, runId);
    await untilAwaited(tx);
    return { begun };
  });
  await acting.begun;
  return { run: await setting.until(runId), events: await setting.events(runId) };
}

test('an answer that is stored in the moment in which time is over is delivered', async (t) => {
  const { run } = await endWhileAnswering(t, async ({ store }, runId) => {
    await store.transaction('system', async (tx) => {
      await tx.query('UPDATE runs SET deadline_at = headrace_now() WHERE id = $1', [runId]);
      await tx.query(
        'INSERT INTO advances (run_id, tenant_id) SELECT id, tenant_id FROM runs WHERE id = $1',
        [runId],
      );
    });
    store.notify('advance', runId);
  });
  assert.equal(run.status, 'succeeded', run.failure?.message);
  assert.match(run.result ?? '', /The wheel turns/);
  assert.doesNotMatch(run.failure?.message ?? '', /unfinished/);
});

test('a cancelled run says of no task that it was cancelled where its answer came first', async (t) => {
  const { run, events } = await endWhileAnswering(t, ({ orchestration }, runId) =>
    orchestration.cancelRun(principal, runId),
  );
  assert.equal(run.status, 'cancelled');
  const task = run.tasks.find(({ kind }) => kind === 'section');
  assert.equal(task?.status, 'succeeded');
  assert.ok(events.every(({ type, task_id }) => type !== 'task.cancelled' || task_id !== task?.id));
});
