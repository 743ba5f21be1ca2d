import assert from 'node:assert/strict';
import test from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { assignAndClaim, eventTypes, newTask, seedRun } from '../../test/seed-run.ts';
import { inlineLimitBytes } from '../platform/store/payloads.ts';
import type { Store } from '../platform/store/store.ts';
import { claimControlTask } from './claim-control-task.ts';
import { completeTask } from './complete-task.ts';
import { failTask } from './fail-task.ts';
import { readTask, readTasks } from './read-tasks.ts';
import { recordAnswer, recordAnswers } from './record-answers.ts';
import { settleTasks } from './settle-tasks.ts';
import type { Claim } from './task.ts';

const meta = { provider: 'openai', model: 'openai/model', account: 'acc', finish_reason: 'stop' };

const advances = (store: Store, runId: string) =>
  store.transaction('system', (tx) =>
    tx.query('SELECT 1 FROM advances WHERE run_id = $1', [runId]),
  );

test('a recorded answer ends the task, asks for an advance and is one event', async (t) => {
  const store = await createTestStore(t);
  const task = newTask();
  const run = await seedRun(store, { tasks: [task] });
  const claim = await assignAndClaim(store, task.id);
  const heard = new Promise<string>((resolve) => store.listen('advance', resolve));
  const written = await recordAnswer({ store }, claim, { output: '## The wheel', meta });
  assert.deepEqual(written, { accepted: true });
  const read = await store.transaction('system', (tx) => readTask(tx, task.id));
  assert.equal(read?.status, 'succeeded');
  assert.equal(read?.output, '## The wheel');
  assert.deepEqual(read?.outputMeta, meta);
  assert.equal((await advances(store, run.runId)).length, 1);
  assert.equal((await eventTypes(store, run.runId)).at(-1), 'answer.collected');
  assert.equal(await heard, run.runId);
});

test('a stale answer is refused and leaves no trace', async (t) => {
  const store = await createTestStore(t);
  const task = newTask();
  const run = await seedRun(store, { tasks: [task] });
  const claim = await assignAndClaim(store, task.id);
  const before = await eventTypes(store, run.runId);
  const large = { output: 'x'.repeat(inlineLimitBytes + 1), meta };
  const stale = { ...claim, fencingToken: claim.fencingToken - 1 };
  assert.deepEqual(await recordAnswer({ store }, stale, large), { accepted: false });
  assert.deepEqual(await eventTypes(store, run.runId), before);
  assert.equal((await advances(store, run.runId)).length, 0);
  const payloads = await store.transaction('system', (tx) => tx.query('SELECT 1 FROM payloads'));
  assert.equal(payloads.length, 1, 'only the brief');
});

test('a second answer under the same claim is refused', async (t) => {
  const store = await createTestStore(t);
  const task = newTask();
  await seedRun(store, { tasks: [task] });
  const claim = await assignAndClaim(store, task.id);
  await recordAnswer({ store }, claim, { output: 'first', meta });
  assert.deepEqual(await recordAnswer({ store }, claim, { output: 'second', meta }), {
    accepted: false,
  });
  const failure = { code: 'internal', kind: null, message: 'late', dead: true };
  assert.deepEqual(await failTask({ store }, claim, failure), { accepted: false });
  const read = await store.transaction('system', (tx) => readTask(tx, task.id));
  assert.equal(read?.output, 'first');
});

test('the answer to a cancelled task is refused', async (t) => {
  const store = await createTestStore(t);
  const task = newTask();
  await seedRun(store, { tasks: [task] });
  const claim = await assignAndClaim(store, task.id);
  await store.transaction('system', (tx) =>
    settleTasks(tx, [{ taskId: task.id, status: 'cancelled' }]),
  );
  assert.deepEqual(await recordAnswer({ store }, claim, { output: 'late', meta }), {
    accepted: false,
  });
});

test('an output beyond the inline limit lies in a payload and is read all the same', async (t) => {
  const store = await createTestStore(t);
  const tasks = [newTask({ key: 'a' }), newTask({ key: 'b' })];
  const run = await seedRun(store, { tasks });
  const outputs = ['é'.repeat(inlineLimitBytes / 2), `${'é'.repeat(inlineLimitBytes / 2)}.`];
  for (const [index, task] of tasks.entries()) {
    const claim = await assignAndClaim(store, task.id);
    await recordAnswer({ store }, claim, { output: outputs[index] ?? '', meta });
  }
  const rows = await store.transaction('system', (tx) =>
    tx.query<{ inline: boolean; off: boolean }>(
      `SELECT output IS NOT NULL AS inline, output_payload IS NOT NULL AS off FROM tasks ORDER BY ordinal`,
    ),
  );
  assert.deepEqual(rows, [
    { inline: true, off: false },
    { inline: false, off: true },
  ]);
  const read = await store.transaction('system', (tx) => readTasks(tx, run.runId));
  assert.deepEqual(
    read.map((task) => task.output),
    outputs,
  );
  const light = await store.transaction('system', (tx) =>
    readTasks(tx, run.runId, { outputs: false }),
  );
  assert.deepEqual(
    light.map((task) => task.output),
    [null, null],
  );
});

test('a control task ends inside the transaction of the orchestrator, without an answer event', async (t) => {
  const store = await createTestStore(t);
  const task = newTask({ kind: 'plan' });
  await seedRun(store, { tasks: [task] });
  const claim = await claimControlTask({ store }, 'orc_1');
  assert.ok(claim);
  const rolledBack = store.transaction('system', async (tx) => {
    const written = await completeTask(tx, claim, { output: '{}', meta });
    assert.deepEqual(written, { accepted: true, events: [] });
    throw new Error('the rest failed');
  });
  await assert.rejects(rolledBack, /the rest failed/);
  const read = await store.transaction('system', (tx) => readTask(tx, task.id));
  assert.equal(read?.status, 'running');
});

test('a failed task keeps its failure and asks for an advance', async (t) => {
  const store = await createTestStore(t);
  const task = newTask();
  const run = await seedRun(store, { tasks: [task] });
  const claim = await assignAndClaim(store, task.id);
  const failure = { code: 'never_fits', kind: null, message: 'Too large.', dead: true };
  assert.deepEqual(await failTask({ store }, claim, failure), { accepted: true });
  const read = await store.transaction('system', (tx) => readTask(tx, task.id));
  assert.equal(read?.status, 'failed');
  assert.deepEqual(read?.failure, failure);
  assert.equal((await advances(store, run.runId)).length, 1);
  assert.equal((await eventTypes(store, run.runId)).at(-1), 'task.failed');
});

test('answers of one moment are recorded together, the stale one among them refused', async (t) => {
  const store = await createTestStore(t);
  const tasks = ['a', 'b', 'c'].map((key) => newTask({ key }));
  const { runId } = await seedRun(store, { tasks });
  const claims: Claim[] = [];
  for (const task of tasks) claims.push(await assignAndClaim(store, task.id));
  const answered = claims.map((claim, index) => ({
    claim: index === 1 ? { ...claim, fencingToken: 0 } : claim,
    // Half a surrogate pair, as a model may break it off: jsonb would refuse it.
    answer: { output: `${claim.task.key} \ud83d`, meta },
  }));
  const recorded = await recordAnswers({ store }, answered.toReversed());
  assert.deepEqual(
    recorded.map(({ accepted }) => accepted),
    [true, false, true],
  );
  const read = await store.transaction('system', (tx) => readTasks(tx, runId));
  assert.deepEqual(
    read.map(({ status, output }) => [status, output]),
    [
      ['succeeded', 'a \ufffd'],
      ['running', null],
      ['succeeded', 'c \ufffd'],
    ],
  );
  assert.equal((await advances(store, runId)).length, 1);
  const types = await eventTypes(store, runId);
  assert.equal(types.filter((type) => type === 'answer.collected').length, 2);
});
