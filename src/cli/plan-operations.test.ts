import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlanDocument } from './plan-document.ts';
import { planOperations } from './plan-operations.ts';
import { readPlanFile } from './read-plan-file.ts';
import { writePlanFile } from './write-plan-file.ts';

const task = (key: string, deps: string[] = []): PlanDocument['tasks'][number] => ({
  key,
  title: `Title of ${key}`,
  instruction: 'Write.\nTwo lines. ',
  kind: 'section',
  deps: deps.map((id) => ({ id, uses: 'all' })),
  acceptance: ['It is there.'],
  max_tokens: 400,
  required: true,
  path: null,
  models: [],
  panel: 0,
  status: 'pending',
});
const plan: PlanDocument = {
  run_id: 'run_1',
  status: 'running',
  version: 1,
  tasks: [task('t1'), task('t2', ['t1']), task('t3', ['t2'])],
};

function operationsOf(change: (yaml: string) => string) {
  const read = readPlanFile(change(writePlanFile(plan)));
  assert.ok('tasks' in read);
  return planOperations(plan, read.tasks);
}

test('a plan that was only read asks for nothing', () => {
  assert.deepEqual(
    operationsOf((yaml) => yaml),
    [],
  );
});

test('a changed field changes that field alone, and knows where it was written', () => {
  assert.deepEqual(
    operationsOf((yaml) => yaml.replace('Title of t2', 'Another')),
    [
      {
        place: 'tasks[1]',
        operation: { op: 'change', id: 't2', set: { title: 'Another' } },
      },
    ],
  );
});

test('what is taken out is cancelled from the end on, and a new id is added', () => {
  const operations = operationsOf(
    (yaml) => `${yaml.slice(0, yaml.indexOf('  - id: t2'))}
  - { id: t9, title: New, instruction: Write. }\n`,
  );
  assert.deepEqual(
    operations.map(({ operation }) =>
      operation.op === 'add' ? `add ${operation.task.id}` : `${operation.op} ${operation.id}`,
    ),
    ['add t9', 'cancel t3', 'cancel t2'],
  );
});

test('a new task is added before one that stands above it is told to read it', () => {
  const operations = operationsOf(
    (yaml) => `${yaml.replace('{ id: t1,', '{ id: t9,')}
  - { id: t9, title: New, instruction: Write. }\n`,
  );
  assert.deepEqual(
    operations.map(({ operation, place }) => [operation.op, place]),
    [
      ['add', 'tasks[3]'],
      ['change', 'tasks[1]'],
    ],
  );
});
