import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planLine } from '../../../test/set-up-orchestration.ts';
import { type Accepted, type BookStart, openPlanBook } from './plan-book.ts';
import type { PlanItem, Repair } from './planned-task.ts';

const start: BookStart = {
  rules: {
    resolveModel: (name) => (name === 'gpt' ? 'openai/gpt' : null),
    mostTokens: 8_000,
  },
  accepted: [],
  criteria: [],
  mostTasks: 100,
};

function task(fields: Record<string, unknown>): PlanItem {
  return { type: 'task', fields: JSON.parse(planLine(fields)) as Record<string, unknown> };
}

function takeAll(items: readonly PlanItem[], given: Partial<BookStart> = {}) {
  const book = openPlanBook({ ...start, ...given });
  const taken: Accepted[] = items.map((item) => book.take(item));
  taken.push(book.close());
  return {
    book,
    tasks: taken.flatMap((each) => each.tasks),
    repairs: taken.flatMap((each) => each.repairs),
  };
}

const keysOf = (tasks: Accepted['tasks']) => tasks.map((each) => each.key);
const saysOf = (repairs: readonly Repair[]) => repairs.map(({ what, where }) => `${what} ${where}`);

test('a task that names a later one waits for it and keeps its dependency', () => {
  const { tasks, repairs } = takeAll([
    task({ id: 't1', deps: [{ id: 't2', uses: 'the table' }] }),
    task({ id: 't2' }),
  ]);
  assert.deepEqual(keysOf(tasks), ['t2', 't1']);
  assert.deepEqual(tasks[1]?.deps, [{ key: 't2', uses: 'the table' }]);
  assert.deepEqual(saysOf(repairs), ['forward_dependency t1.deps']);
});

test('an unknown dependency is left out by name, and its task stays', () => {
  const { tasks, repairs } = takeAll([task({ id: 't1', deps: ['t9'] })]);
  assert.deepEqual(keysOf(tasks), ['t1']);
  assert.deepEqual(tasks[0]?.deps, []);
  assert.deepEqual(saysOf(repairs), ['forward_dependency t1.deps', 'unknown_dependency t1.deps']);
});

test('a circle is opened where it begins, and no task is lost', () => {
  const { tasks, repairs } = takeAll([
    task({ id: 't1', deps: ['t3'] }),
    task({ id: 't2', deps: ['t1'] }),
    task({ id: 't3', deps: ['t2'] }),
    task({ id: 't4', deps: ['t4'] }),
  ]);
  assert.deepEqual(keysOf(tasks).toSorted(), ['t1', 't2', 't3', 't4']);
  assert.ok(saysOf(repairs).includes('cyclic_dependency t1.deps'));
  assert.ok(saysOf(repairs).includes('cyclic_dependency t4.deps'));
});

test('a duplicate id is renamed; a repeated line is one task', () => {
  const { tasks, repairs } = takeAll([
    task({ id: 't1' }),
    task({ id: 't1', title: 'Something else' }),
    task({ id: 't1' }),
  ]);
  assert.deepEqual(keysOf(tasks), ['t1', 't1-2']);
  assert.deepEqual(saysOf(repairs), ['duplicate_id t1', 'repeated t1']);
});

test('a task without an id gets one', () => {
  const { tasks, repairs } = takeAll([task({ id: undefined }), task({ id: 't1' })]);
  assert.equal(new Set(keysOf(tasks)).size, 2);
  assert.ok(saysOf(repairs).some((said) => said.startsWith('missing_id')));
});

test('unknown kinds and models, wild paths and numbers cost themselves only', () => {
  const { tasks, repairs } = takeAll([
    task({
      id: 't1',
      kind: 'poem',
      models: ['gpt', 'hal-9000'],
      max_tokens: 10 ** 9,
      deps: [{ uses: 'nothing' }],
    }),
    task({ id: 't2', kind: 'file', path: '../../etc/passwd' }),
    task({ id: 't3', kind: 'file', path: null }),
    task({ id: 't4', max_tokens: 'many' }),
  ]);
  assert.deepEqual(
    tasks.map(({ kind, path, models }) => ({ kind, path, models })),
    [
      { kind: 'section', path: null, models: ['openai/gpt'] },
      { kind: 'file', path: 'etc/passwd', models: [] },
      { kind: 'section', path: null, models: [] },
      { kind: 'section', path: null, models: [] },
    ],
  );
  assert.deepEqual(
    tasks.map((each) => each.maxTokens),
    [8_000, 400, 400, 1_500],
  );
  assert.deepEqual(
    saysOf(repairs).toSorted(),
    [
      'wrong_field t1.deps[0]',
      'out_of_range t1.max_tokens',
      'unknown_model t1.models[1]',
      'unknown_kind t1.kind',
      'unusable_path t2.path',
      'missing_field t3.path',
      'out_of_range t4.max_tokens',
    ].toSorted(),
  );
});

test('criteria in one text are told apart', () => {
  const acceptanceOf = (acceptance: unknown) =>
    takeAll([task({ acceptance })]).tasks[0]?.acceptance;
  assert.deepEqual(acceptanceOf('covers the dam; names its height'), [
    'covers the dam',
    'names its height',
  ]);
  assert.deepEqual(acceptanceOf('- covers the dam\n2. names its height\n'), [
    'covers the dam',
    'names its height',
  ]);
  assert.deepEqual(acceptanceOf(['one; and two']), ['one; and two']);
});

test('two tasks never write one file', () => {
  const { tasks } = takeAll([
    task({ id: 't1', kind: 'file', path: 'src/a.py' }),
    task({ id: 't2', kind: 'file', path: 'src/a.py' }),
  ]);
  assert.deepEqual(
    tasks.map((each) => each.path),
    ['src/a.py', 'src/a-2.py'],
  );
});

test('ten thousand tasks are a hundred, and the rest is counted', () => {
  const items = Array.from({ length: 10_000 }, (_, index) => task({ id: `t${index}` }));
  const { tasks, book } = takeAll(items);
  assert.equal(tasks.length, 100);
  assert.equal(book.refused, 9_900);
});

test('a planner in a loop gives each of its tasks once, and a series that ends is whole', () => {
  const looping = (index: number) =>
    task({
      id: `t${index}`,
      title: `${['Costs', 'Risks'][index % 2]} ${index}`,
      instruction: `${['Costs', 'Risks'][index % 2]}: ${index}.`,
    });
  const loop = takeAll(Array.from({ length: 300 }, (_, index) => looping(index)));
  assert.deepEqual(keysOf(loop.tasks), ['t0', 't1']);
  assert.deepEqual([loop.book.repeated, loop.book.refused], [98, 200]);
  const series = takeAll(Array.from({ length: 30 }, (_, index) => looping(index)));
  assert.equal(series.tasks.length, 30);
  assert.equal(series.book.repeated, 0);
  const days = Array.from({ length: 300 }, (_, index) =>
    task({
      id: `t${index}`,
      title: `Day ${index}`,
      instruction: `Plan the meals of day ${index}.`,
    }),
  );
  assert.equal(takeAll(days).tasks.length, 100, 'who says more than the title is no loop');
});

test('a plan that goes on after a crash knows what was accepted', () => {
  const { tasks, repairs } = takeAll(
    [task({ id: 't1', title: 'The wheel' }), task({ id: 't2', deps: ['t1'] })],
    { accepted: [{ key: 't1', title: 'The wheel', path: null }] },
  );
  assert.deepEqual(keysOf(tasks), ['t2']);
  assert.deepEqual(tasks[0]?.deps, [{ key: 't1', uses: '' }]);
  assert.deepEqual(saysOf(repairs), ['repeated t1']);
});

test('whatever ids and dependencies a planner makes up, every task is accepted once, after its own', () => {
  const line = fc.record({
    id: fc.integer({ min: 1, max: 12 }).map((number) => `t${number}`),
    title: fc.string({ minLength: 1 }),
    deps: fc.array(
      fc.integer({ min: 1, max: 14 }).map((number) => `t${number}`),
      {
        maxLength: 4,
      },
    ),
  });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
      const { tasks, repairs } = takeAll(lines.map(task));
      const seen = new Set<string>();
      for (const each of tasks) {
        assert.ok(each.deps.every((dep) => seen.has(dep.key)));
        assert.ok(!seen.has(each.key));
        seen.add(each.key);
      }
      const repeated = repairs.filter((repair) => repair.what === 'repeated').length;
      assert.equal(tasks.length + repeated, lines.length);
    }),
  );
});

test('sections are read as the planner wrote or numbered them, not as their lines could be accepted', () => {
  const readAs = (...items: PlanItem[]) => [...takeAll(items).book.readingOrder];
  const late = task({ id: 't1', deps: [{ id: 't2', uses: 'the table' }] });
  assert.deepEqual(readAs(late, task({ id: 't2' }), task({ id: 't3' })), ['t1', 't2', 't3']);
  assert.deepEqual(readAs(task({ id: 't3' }), task({ id: 't1' }), task({ id: 't2' })), [
    't1',
    't2',
    't3',
  ]);
  const end: PlanItem = { type: 'end', count: 2, single: null, order: ['t2', 't1'] };
  assert.deepEqual(readAs(task({ id: 't1' }), task({ id: 't2' }), end), ['t2', 't1']);
  assert.deepEqual(readAs(task({ id: 't1' }), task({ id: 't2' })), []);
});
