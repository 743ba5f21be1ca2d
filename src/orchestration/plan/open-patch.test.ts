import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isHeadraceError } from '../../platform/errors/headrace-error.ts';
import type { NewTask, Task } from '../../queue/index.ts';
import type { PlanOperation } from '../orchestration.ts';
import { expandTask } from './expand-task.ts';
import { openPatch } from './open-patch.ts';

const fields = {
  ...{ kind: 'section', required: true, acceptance: [], rework: [], artifactPath: null },
  ...{ outputSchema: null, maxTokens: 400, models: [], memberOf: null, supersedes: null },
  ...{ lane: 'standard', criticalPath: 400, status: 'pending' },
} as const;

/** Tasks t1, t2, … as they are stored; `deps[n]` names the inputs of the n-th by their numbers. */
function store(deps: readonly (readonly number[])[], more: Partial<Task>[] = []): Task[] {
  return deps.map((inputs, index) => {
    const key = `t${index + 1}`;
    return {
      ...fields,
      ...{ id: `stored-${key}`, key, title: key, instruction: key, ordinal: index + 1 },
      dependsOn: inputs.map((input) => ({ id: `stored-t${input}`, uses: '' })),
      ...more[index],
    } as unknown as Task;
  });
}

function open(stored: readonly Task[]) {
  let count = 0;
  const models = ['one/a', 'two/b'].map((id) => ({ id, family: id, tier: 1 }));
  return openPatch(stored, {
    rules: { mostTokens: 8_000, resolveModel: (name) => name },
    expand: (planned, ids) =>
      expandTask(planned, {
        ids,
        panel: 0,
        models: models as never,
        lane: 'standard',
        newTaskId() {
          count += 1;
          return `added-${count}`;
        },
      }),
  });
}

const deps = (...keys: string[]) => keys.map((id) => ({ id, uses: '' }));
const change = (id: string, ...keys: string[]): PlanOperation => ({
  op: 'change',
  id,
  set: { deps: deps(...keys) },
});
const add = (key: string, keys: readonly string[], panel = 0): PlanOperation => ({
  op: 'add',
  task: { key, title: key, instruction: key, deps: deps(...keys), panel },
});

function refusal(work: () => void): readonly [string | null | undefined, string] {
  try {
    work();
  } catch (error) {
    assert.ok(isHeadraceError(error), String(error));
    return [error.where, error.message];
  }
  return assert.fail('it was taken');
}

function assertOrdered(tasks: readonly (Task | NewTask)[]): void {
  const seen = new Set<string>();
  for (const task of tasks) {
    for (const { id } of task.dependsOn) assert.ok(seen.has(id), `${task.key} before ${id}`);
    seen.add(task.id);
  }
}

test('an added task becomes the input of one that waits, which moves behind it with what waits for it', () => {
  const patch = open(store([[], [1], [1], [3], []]));
  patch.apply(add('new', ['t2']), 'operations[0]');
  patch.apply(change('t3', 't1', 'new'), 'operations[1]');
  assert.deepEqual(
    patch.current().map(({ key }) => key),
    ['t1', 't2', 't5', 'new', 't3', 't4'],
  );
  assertOrdered(patch.current());
  assert.deepEqual(
    patch.tail().map(({ added, moved }) => [added.map(({ key }) => key), moved]),
    [
      [['new'], []],
      [[], ['stored-t3', 'stored-t4']],
    ],
  );
});

test('a task reads one that stands behind it without moving that one', () => {
  const running = store([[], [], []], [{}, { status: 'running' }, { status: 'running' }]);
  const patch = open(running);
  patch.apply(change('t1', 't3'), 'operations[0]');
  assert.deepEqual(patch.tail(), [{ added: [], moved: ['stored-t1'] }]);
  assertOrdered(patch.current());
});

test('a circle is refused at the input that would close it, however long it is', () => {
  const patch = open(store([[], [1], [2]]));
  const [where, message] = refusal(() => patch.apply(change('t1', 't3'), 'operations[0]'));
  assert.equal(where, 'operations[0].set.deps[0].id');
  assert.match(message, /"t1" and "t3" wait for each other/);
  patch.apply(add('new', ['t3']), 'operations[1]');
  assert.match(refusal(() => patch.apply(change('t2', 'new'), 'o'))[1], /wait for each other/);
  assert.match(refusal(() => patch.apply(change('t2', 't2'), 'o'))[1], /depends on itself/);
  assert.match(refusal(() => patch.apply(change('t2', 't9'), 'o'))[1], /no task "t9"/);
});

test('a task that was begun keeps its inputs, and a successor its place', () => {
  const begun = open(store([[], []], [{ status: 'assigned' }]));
  assert.match(refusal(() => begun.apply(change('t1', 't2'), 'o'))[1], /nobody has begun/);
  const again = open(store([[], [1], []], [{}, { supersedes: 'stored-t0' }]));
  const [where, message] = refusal(() => again.apply(change('t2', 't3'), 'operations[0]'));
  assert.equal(where, 'operations[0].set.deps');
  assert.match(message, /is done again in its old place/);
});

test('the members of a panel read the new input, and the panel stays behind them', () => {
  const panel = store(
    [[], [], [2], [3]],
    [
      {},
      { key: 't2.1', kind: 'member', memberOf: 'stored-t3' },
      { key: 't2', kind: 'panel' },
      { key: 't4' },
    ],
  );
  const patch = open(panel);
  patch.apply(add('new', ['t1'], 2), 'operations[0]');
  patch.apply(change('t2', 'new'), 'operations[1]');
  assert.deepEqual(
    patch.current().map(({ key }) => key),
    ['t1', 'new.1', 'new.2', 'new', 't2.1', 't2', 't4'],
  );
  assertOrdered(patch.current());
});

const keyOf = fc.integer({ min: 1, max: 9 }).map((number) => `t${number}`);
const operationOf: fc.Arbitrary<PlanOperation> = fc.oneof(
  fc.tuple(keyOf, fc.array(keyOf, { maxLength: 3 })).map(([id, keys]) => change(id, ...keys)),
  fc
    .tuple(fc.integer({ min: 6, max: 9 }), fc.array(keyOf, { maxLength: 3 }), fc.boolean())
    .map(([key, keys, isPanel]) => add(`t${key}`, keys, isPanel ? 2 : 0)),
  keyOf.map((id): PlanOperation => ({ op: 'cancel', id })),
);

test('whatever is changed, each task stands behind its inputs and what was begun stays where it is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }), { maxLength: 5 }),
      fc.array(operationOf, { maxLength: 12 }),
      fc.integer({ min: 0, max: 2 }),
      (wanted, operations, begun) => {
        const stored = store(
          wanted.map((inputs, index) => [...new Set(inputs.filter((each) => each <= index))]),
          wanted.map((_, index) => (index < begun ? { status: 'running' } : {})),
        );
        const patch = open(stored);
        for (const operation of operations) {
          try {
            patch.apply(operation, 'o');
          } catch (error) {
            if (!isHeadraceError(error)) throw error;
          }
          assertOrdered(patch.current());
        }
        const tail = patch
          .tail()
          .flatMap(({ added, moved }) => [...added.map(({ id }) => id), ...moved]);
        const current = patch.current().map(({ id }) => id);
        assert.deepEqual(tail, current.slice(current.length - tail.length));
        const stay = current.slice(0, current.length - tail.length);
        const left = stored.map(({ id }) => id).filter((id) => stay.includes(id));
        assert.deepEqual(stay, left);
        for (const { id, status } of stored) if (status === 'running') assert.ok(stay.includes(id));
      },
    ),
    { numRuns: 500 },
  );
});
