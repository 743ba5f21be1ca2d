import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  hasEnded,
  principal,
  receipt,
  setUpOrchestration,
} from '../../../test/set-up-orchestration.ts';
import type { CallOrder } from '../../dispatch/index.ts';
import { isHeadraceError } from '../../platform/errors/headrace-error.ts';

const questions = JSON.stringify({
  questions: [
    { index: 0, question: 'Which mill?', default: 'A water mill', why: 'another plan' },
    { question: 'How long?', default: 'One page', why: 'fewer tasks' },
  ],
});

function untilAborted(order: CallOrder): Promise<never> {
  return new Promise((_, reject) => {
    order.signal.addEventListener('abort', () => reject(order.signal.reason), { once: true });
  });
}

test('questions wait for a person, and what is left out keeps its default', async (t) => {
  let told = '';
  const setting = await setUpOrchestration(t, {
    clarifier: () => questions,
    worker: (prompt) => {
      told = prompt;
      return 'The wheel turns.';
    },
  });
  const runId = await setting.accept({ clarify: 'ask' });
  await setting.until(runId, (run) => run.status === 'awaiting_input');
  const answers = [{ index: 0, answer: 'A windmill' }];
  await setting.orchestration.answerQuestions(principal, { runId, answers });
  const run = await setting.until(runId);
  assert.deepEqual(run.clarifications, [
    { index: 0, question: 'Which mill?', answer: 'A windmill', source: 'person' },
    { index: 1, question: 'How long?', answer: 'One page', source: 'default' },
  ]);
  assert.match(told, /Q: Which mill\?\nA: A windmill/);
});

test('defaults hold where nobody is asked, and when the time to answer is over', async (t) => {
  const setting = await setUpOrchestration(t, { clarifier: () => questions });
  const auto = await setting.until(await setting.accept({ clarify: 'auto' }));
  assert.deepEqual(
    auto.clarifications.map((each) => [each.answer, each.source]),
    [
      ['A water mill', 'default'],
      ['One page', 'default'],
    ],
  );
  const runId = await setting.accept({ clarify: 'ask' });
  await setting.until(runId, (run) => run.status === 'awaiting_input');
  await setting.store.transaction('system', (tx) =>
    tx.query('UPDATE runs SET answers_due_at = headrace_now() WHERE id = $1', [runId]),
  );
  assert.equal((await setting.until(runId)).status, 'succeeded');
});

test('a clarifier that cannot be read twice asks nothing', async (t) => {
  const roles: string[] = [];
  const setting = await setUpOrchestration(t, {
    clarifier: () => {
      roles.push('clarifier');
      return 'Which mill do you mean?';
    },
    repairer: () => {
      roles.push('repairer');
      return 'I mean: which mill?';
    },
  });
  const run = await setting.until(await setting.accept({ clarify: 'ask' }));
  assert.equal(run.status, 'succeeded');
  assert.deepEqual(run.clarifications, []);
  assert.deepEqual(roles, ['clarifier', 'repairer']);
});

test('cancelling ends the run at once, aborts its calls, and is no error twice', async (t) => {
  const working = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<void>();
  const setting = await setUpOrchestration(t, {
    worker: (_, order) => {
      working.resolve();
      order.signal.addEventListener('abort', () => aborted.resolve(), { once: true });
      return untilAborted(order);
    },
  });
  const runId = await setting.accept({ clarify: 'off' });
  await working.promise;
  const began = Date.now();
  const summary = await setting.orchestration.cancelRun(principal, runId);
  assert.equal(summary.status, 'cancelled');
  assert.notEqual(summary.finished_at, null);
  await aborted.promise;
  // Two seconds are promised; how near a loaded machine comes is for a person to read.
  t.diagnostic(`calls were aborted ${Date.now() - began} ms after the word`);
  assert.equal((await setting.orchestration.cancelRun(principal, runId)).status, 'cancelled');
  const run = await setting.read(runId);
  assert.ok(run.tasks.every((task) => ['succeeded', 'cancelled'].includes(task.status)));
  const events = await setting.events(runId);
  assert.equal(events.filter((event) => event.type === 'run.cancelled').length, 1);
});

test('cancelling stops a plan that streams', async (t) => {
  const planning = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<void>();
  const setting = await setUpOrchestration(t, {
    planner: (_, order) => {
      planning.resolve();
      order.signal.addEventListener('abort', () => aborted.resolve(), { once: true });
      return untilAborted(order);
    },
  });
  const runId = await setting.accept({ clarify: 'off' });
  await planning.promise;
  await setting.orchestration.cancelRun(principal, runId);
  await aborted.promise;
  assert.equal((await setting.read(runId)).status, 'cancelled');
});

test('a paused run lets what runs finish and begins nothing; resumed, it goes on and its deadline has moved', async (t) => {
  const working = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  let begun = 0;
  const setting = await setUpOrchestration(t, {
    worker: async () => {
      begun += 1;
      if (begun === 2) working.resolve();
      await release.promise;
      return 'The wheel turns.';
    },
  });
  const runId = await setting.accept({ clarify: 'off' });
  await working.promise;
  const deadline = () =>
    setting.store.transaction('system', (tx) =>
      tx.query<{ deadline_at: Date }>('SELECT deadline_at FROM runs WHERE id = $1', [runId]),
    );
  const [before] = await deadline();
  assert.equal((await setting.orchestration.pauseRun(principal, runId)).status, 'paused');
  release.resolve();
  const paused = await setting.until(
    runId,
    (run) => run.tasks.filter((task) => task.status === 'succeeded').length === 3,
  );
  assert.equal(paused.status, 'paused');
  assert.equal(begun, 2);
  await setting.orchestration.resumeRun(principal, runId);
  const run = await setting.until(runId);
  assert.equal(run.status, 'succeeded');
  assert.equal(begun, 3);
  const [after] = await deadline();
  assert.ok(after && before && after.deadline_at > before.deadline_at);
});

test('a plan that waits for approval waits beyond the time-out, and leaves the work its time', async (t) => {
  const setting = await setUpOrchestration(t);
  const runId = await setting.accept({ approve: 'ask', timeoutMs: 1_800_000 });
  await setting.until(runId, (run) => run.status === 'awaiting_approval');
  const ago = '5 hours';
  const deadlineIn = () =>
    setting.store.transaction('system', async (tx) => {
      const [row] = await tx.query<{ seconds: number }>(
        `SELECT extract(epoch FROM deadline_at - headrace_now())::float8 AS seconds FROM runs WHERE id = $1`,
        [runId],
      );
      return row?.seconds ?? 0;
    });
  // As if all of it had been five hours ago.
  await setting.store.transaction('system', async (tx) => {
    await tx.query(
      `UPDATE runs SET started_at = started_at - $2::interval, deadline_at = deadline_at - $2::interval
       WHERE id = $1`,
      [runId, ago],
    );
    await tx.query('UPDATE run_events SET at = at - $2::interval WHERE run_id = $1', [runId, ago]);
  });
  assert.ok((await deadlineIn()) < -4 * 3_600);
  await setting.orchestration.pauseRun(principal, runId);
  const resumed = await setting.orchestration.resumeRun(principal, runId);
  assert.equal(resumed.status, 'awaiting_approval');
  await setting.orchestration.approvePlan(principal, runId);
  const left = await deadlineIn();
  assert.ok(left > 1_200 && left <= 1_800, `${left} s`);
  assert.equal((await setting.until(runId)).status, 'succeeded');
});

test('commands that the state does not allow are refused, and foreign runs are unknown', async (t) => {
  const setting = await setUpOrchestration(t);
  const { orchestration } = setting;
  const runId = await setting.accept();
  await setting.until(runId);
  const refused = (code: string) => (error: unknown) =>
    isHeadraceError(error) && error.code === code;
  await assert.rejects(orchestration.cancelRun(principal, runId), refused('conflict'));
  await assert.rejects(orchestration.pauseRun(principal, runId), refused('conflict'));
  await assert.rejects(orchestration.resumeRun(principal, runId), refused('conflict'));
  await assert.rejects(orchestration.approvePlan(principal, runId), refused('conflict'));
  await assert.rejects(
    orchestration.answerQuestions(principal, { runId, answers: [] }),
    refused('conflict'),
  );
  const stranger = { ...principal, tenantId: 'stranger' };
  for (const ask of [
    () => orchestration.cancelRun(stranger, runId),
    () => orchestration.readRun(stranger, runId),
    () => orchestration.readResult(stranger, runId),
    () => orchestration.readEvents(stranger, { runId }),
    () => orchestration.drawDiagram(stranger, runId),
    () => orchestration.recordDelivery(stranger, runId),
    () => orchestration.redriveRun(stranger, runId),
    () => orchestration.readFanout(stranger, runId),
    () => orchestration.rerun(stranger, { projectId: 'prj_none', fromRun: runId }, receipt),
  ]) {
    await assert.rejects(ask, refused('not_found'));
  }
  assert.deepEqual((await orchestration.listRuns(stranger, {})).items, []);
  assert.ok(hasEnded(await setting.read(runId)));
});

test('a delivered result is recorded once, however often it is fetched', async (t) => {
  const setting = await setUpOrchestration(t);
  const runId = await setting.accept();
  await setting.orchestration.recordDelivery(principal, runId);
  await setting.until(runId);
  const fetched = [1, 2, 3].map(() => setting.orchestration.recordDelivery(principal, runId));
  await Promise.all(fetched);
  const events = await setting.events(runId);
  assert.equal(events.filter((event) => event.type === 'result.delivered').length, 1);
  assert.equal(events.at(-1)?.type, 'result.delivered');
});
