import assert from 'node:assert/strict';
import test from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { assignAndClaim, newTask, seedRun, setDatabaseTime } from '../../test/seed-run.ts';
import { readTaskContext } from './read-task-contexts.ts';
import { recordAnswer } from './record-answers.ts';

const start = Date.UTC(2026, 0, 1);
const meta = { provider: 'openai', model: 'openai/model', account: 'acc', finish_reason: 'stop' };

test('a worker gets brief, clarifications, settings and the outputs that its task depends on', async (t) => {
  const store = await createTestStore(t);
  await setDatabaseTime(store, start);
  const [first, second] = [newTask({ key: 't1' }), newTask({ key: 't2' })];
  const third = newTask({
    key: 't3',
    dependsOn: [
      { id: second.id, uses: 'the costs' },
      { id: first.id, uses: 'the measures' },
    ],
    supersedes: first.id,
    rework: [{ criterion: 'Has a table', fix: 'Add one' }],
  });
  await seedRun(store, {
    brief: 'Mô tả cối xay.',
    settings: { temperature: 0.4 },
    clarifications: [
      { question: 'How large?', default: 'Small', answer: 'Large' },
      { question: 'Where?', default: 'At the river', answer: null },
    ],
    deadlineAt: new Date(start + 90_000),
    tasks: [first, second, third],
  });
  const answered = await assignAndClaim(store, first.id);
  await recordAnswer({ store }, answered, { output: 'Two metres.', meta });
  const context = await readTaskContext({ store }, await assignAndClaim(store, third.id));
  assert.equal(context.projectKind, 'brief');
  assert.equal(context.brief, 'Mô tả cối xay.');
  assert.deepEqual(context.clarifications, [
    { question: 'How large?', answer: 'Large' },
    { question: 'Where?', answer: 'At the river' },
  ]);
  assert.deepEqual(context.inputs, [
    { taskId: second.id, key: 't2', title: 'The wheel', uses: 'the costs', output: null },
    {
      taskId: first.id,
      key: 't1',
      title: 'The wheel',
      uses: 'the measures',
      output: 'Two metres.',
    },
  ]);
  assert.equal(context.superseded, 'Two metres.');
  assert.deepEqual(context.task.rework, third.rework);
  assert.deepEqual(context.settings, { temperature: 0.4 });
  assert.equal(context.remainingMs, 90_000);
});

test('text files are given up to the budget, cut between characters; binary ones are only named', async (t) => {
  const store = await createTestStore(t);
  const task = newTask();
  await seedRun(store, {
    files: [
      { name: 'a.md', mediaType: 'text/markdown', content: '12345' },
      { name: 'b.png', mediaType: 'image/png', content: Buffer.from([0x89, 0x50, 0, 1]) },
      { name: 'c.txt', mediaType: 'text/plain', content: 'ééééé' },
    ],
    tasks: [task],
  });
  const claim = await assignAndClaim(store, task.id);
  const { files } = await readTaskContext({ store }, claim, { fileBytes: 10 });
  assert.deepEqual(
    files.map(({ name, text, leftOutBytes }) => [name, text, leftOutBytes]),
    [
      ['a.md', '12345', 0],
      ['b.png', null, 0],
      ['c.txt', 'éé', 5],
    ],
  );
});
