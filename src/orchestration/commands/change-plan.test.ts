import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  criteriaLine,
  endLine,
  type OrchestrationSetting,
  planLine,
  principal,
  type Script,
  setUpOrchestration,
  tagOf,
} from '../../../test/set-up-orchestration.ts';
import { isHeadraceError } from '../../platform/errors/headrace-error.ts';
import type { PlanTaskDocument } from '../documents.ts';
import type { PlanLine, PlanOperation } from '../orchestration.ts';

function lineOf(task: PlanTaskDocument): PlanLine {
  const { id: _, depends_on: __, lane: ___, status: ____, max_tokens: maxTokens, ...line } = task;
  return { ...line, maxTokens };
}

async function refusal(work: Promise<unknown>) {
  const error = await work.then(
    () => assert.fail('it was accepted'),
    (reason: unknown) => reason,
  );
  assert.ok(isHeadraceError(error), String(error));
  return [error.code, error.where, error.message] as const;
}

async function awaitApproval(t: TestContext, script: Script = {}) {
  const setting = await setUpOrchestration(t, script);
  const runId = await setting.accept({ approve: 'ask' });
  await setting.until(runId, (run) => run.status === 'awaiting_approval');
  const plan = await setting.orchestration.readPlan(principal, runId);
  return { setting, runId, plan, lines: plan.tasks.map(lineOf) };
}

test('a plan that waits for approval is read whole, replaced, and carried out as it was written', async (t) => {
  const told: string[] = [];
  let asked: readonly string[] = [];
  const { setting, runId, plan, lines } = await awaitApproval(t, {
    worker: (prompt, order) => {
      told.push(tagOf(prompt, 'task'));
      if (prompt.includes('millstones')) asked = order.models;
      return 'The wheel turns.';
    },
  });
  assert.deepEqual(
    plan.tasks.map((task) => [task.key, task.max_tokens, task.deps.map((dep) => dep.id)]),
    [
      ['t1', 400, []],
      ['t2', 400, []],
      ['t3', 400, ['t1', 't2']],
    ],
  );
  const [first, , third] = lines as [PlanLine, PlanLine, PlanLine];
  const edited: PlanLine[] = [
    { key: 'intro', title: 'Introduction', instruction: 'Greet the reader.' },
    { ...first, instruction: 'Write about millstones.', models: ['anthropic/large'] },
    { ...third, deps: [{ id: 't1', uses: 'all' }] },
  ];
  const changed = await setting.orchestration.replacePlan(principal, { runId, tasks: edited });
  assert.equal(changed.version, 2);
  assert.deepEqual(
    changed.tasks.map((task) => [task.key, task.deps.map((dep) => dep.id)]),
    [
      ['intro', []],
      ['t1', []],
      ['t3', ['t1']],
    ],
  );
  await setting.orchestration.approvePlan(principal, runId);
  const run = await setting.until(runId);
  assert.equal(run.status, 'succeeded');
  assert.equal(run.verdict?.decision, 'pass', 'what was taken out is not missed');
  assert.equal(told.length, 3);
  assert.ok(told.includes('Write about millstones.'));
  assert.deepEqual(asked, ['anthropic/large']);
  const events = await setting.events(runId);
  const [event] = events.filter(({ type }) => type === 'plan.changed');
  assert.deepEqual(event?.data, {
    version: 2,
    operation: 'replace',
    added: ['intro'],
    changed: ['t1', 't3'],
    removed: ['t2'],
  });
});

test('the same plan again changes nothing, and a plan of another version is refused', async (t) => {
  const { setting, runId, lines } = await awaitApproval(t);
  const before = (await setting.events(runId)).length;
  const same = await setting.orchestration.replacePlan(principal, { runId, tasks: lines });
  assert.equal(same.version, 1);
  assert.equal((await setting.events(runId)).length, before);
  const edited = lines.map((line) => ({ ...line, title: `${line.title}!` }));
  const put = () => setting.orchestration.replacePlan(principal, { runId, tasks: edited });
  assert.equal((await put()).version, 2);
  assert.equal((await put()).version, 2);
  const stale = { runId, version: 1, tasks: lines };
  const [code, where] = await refusal(setting.orchestration.replacePlan(principal, stale));
  assert.deepEqual([code, where], ['conflict', 'version']);
});

test('every mistake of an edited plan is refused at its path, and the plan stays', async (t) => {
  const { setting, runId, lines, plan } = await awaitApproval(t);
  const with3 = (change: Partial<PlanLine>) => [...lines.slice(0, 2), { ...lines[2]!, ...change }];
  const dep = (id: string) => [{ id, uses: '' }];
  const mistakes: [readonly PlanLine[], string, RegExp][] = [
    [with3({ deps: dep('t9') }), 'tasks[2].deps[0].id', /no task "t9"/],
    [with3({ deps: dep('t3') }), 'tasks[2].deps[0].id', /depends on itself/],
    [[{ ...lines[0]!, deps: dep('t2') }, lines[1]!], 'tasks[0].deps[0].id', /stands after/],
    [
      [{ ...lines[0]!, deps: dep('t3') }, lines[1]!, lines[2]!],
      'tasks[0].deps[0].id',
      /wait for each other/,
    ],
    [with3({ key: 't1' }), 'tasks[2].key', /Another task has the key/],
    [with3({ models: ['nobody/none'] }), 'tasks[2].models[0]', /no model "nobody\/none"\.$/],
    [with3({ maxTokens: 1_000_000 }), 'tasks[2].max_tokens', /whole number from 100 to 8000/],
    [with3({ path: '../x' }), 'tasks[2].path', /no relative path/],
    [with3({ title: ' ' }), 'tasks[2].title', /title is missing\.$/],
    [[], 'tasks', /0 tasks/],
  ];
  for (const [tasks, where, message] of mistakes) {
    const put = setting.orchestration.replacePlan(principal, { runId, tasks });
    const [code, at, words] = await refusal(put);
    assert.deepEqual([code, at], ['request_invalid', where]);
    assert.match(words, message);
  }
  assert.deepEqual(await setting.orchestration.readPlan(principal, runId), plan);
});

/** A run whose first task is being answered until `release`, with the others behind it. */
async function whileRunning(t: TestContext) {
  const gate = Promise.withResolvers<void>();
  // Before the setting is: it waits for its workers when a test ends in the middle.
  t.after(() => gate.resolve());
  const told: string[] = [];
  const setting = await setUpOrchestration(t, {
    planner: () =>
      [
        criteriaLine,
        planLine({ id: 't1' }),
        planLine({ id: 't2', deps: [{ id: 't1', uses: 'all' }] }),
        planLine({ id: 't3', deps: [{ id: 't1', uses: 'all' }] }),
        endLine(3),
      ].join('\n'),
    worker: async (prompt) => {
      told.push(tagOf(prompt, 'task'));
      if (told.length === 1) await gate.promise;
      return 'The wheel turns.';
    },
  });
  const runId = await setting.accept();
  await setting.until(
    runId,
    (run) => run.status === 'running' && run.tasks.some((task) => task.status === 'running'),
  );
  return { setting, runId, told, release: gate.resolve };
}

function patchOf({ setting, runId }: { setting: OrchestrationSetting; runId: string }) {
  return (version: number, operations: readonly PlanOperation[]) =>
    setting.orchestration.patchPlan(principal, { runId, version, operations });
}

test('a running plan takes additions and changes of what nobody began, each with its event', async (t) => {
  const running = await whileRunning(t);
  const { setting, runId, told, release } = running;
  const plan = await patchOf(running)(1, [
    { op: 'change', id: 't2', set: { instruction: 'Write about eels.', maxTokens: 300 } },
    { op: 'cancel', id: 't3' },
    {
      op: 'add',
      task: {
        key: 't4',
        title: 'Weir',
        instruction: 'Write about the weir.',
        deps: [{ id: 't2', uses: 'all' }],
      },
    },
  ]);
  assert.equal(plan.version, 2);
  assert.deepEqual(
    plan.tasks.map((task) => [task.key, task.max_tokens]),
    [
      ['t1', 400],
      ['t2', 300],
      ['t4', 1_500],
    ],
  );
  release();
  const run = await setting.until(runId);
  assert.equal(run.verdict?.decision, 'pass');
  assert.deepEqual(told.slice(1), ['Write about eels.', 'Write about the weir.']);
  const said = (await setting.events(runId)).filter(({ type }) => type === 'plan.changed');
  assert.deepEqual(
    said.map(({ data }) => [data['operation'], data['key'], data['fields']]),
    [
      ['change', 't2', ['instruction', 'maxTokens']],
      ['cancel', 't3', []],
      ['add', 't4', []],
    ],
  );
});

test('a task that waits reads one that was added behind it, and is worked on after it', async (t) => {
  const running = await whileRunning(t);
  const { setting, runId, told, release } = running;
  const add: PlanOperation = {
    op: 'add',
    task: { key: 't4', title: 'Weir', instruction: 'Write about the weir.' },
  };
  const deps = ['t1', 't4'].map((id) => ({ id, uses: 'all' }));
  const plan = await patchOf(running)(1, [add, { op: 'change', id: 't2', set: { deps } }]);
  assert.deepEqual(
    plan.tasks.map((task) => [task.key, task.deps.map((dep) => dep.id)]),
    [
      ['t1', []],
      ['t3', ['t1']],
      ['t4', []],
      ['t2', ['t1', 't4']],
    ],
  );
  const circle = await refusal(
    patchOf(running)(2, [{ op: 'change', id: 't4', set: { deps: [{ id: 't2', uses: '' }] } }]),
  );
  assert.deepEqual(circle.slice(0, 2), ['request_invalid', 'operations[0].set.deps[0].id']);
  assert.match(circle[2], /"t4" and "t2" wait for each other/);
  release();
  const run = await setting.until(runId);
  assert.equal(run.verdict?.decision, 'pass');
  assert.ok(told.indexOf('Write about the weir.') < told.indexOf('Write about t2.'));
});

test('a patch is refused with its reason: begun, depended on, unknown, outdated, ended; and whole', async (t) => {
  const running = await whileRunning(t);
  const { setting, runId, release } = running;
  const patch = patchOf(running);
  const set = { instruction: 'Else.' };
  const [code, where, message] = await refusal(
    patch(1, [
      { op: 'change', id: 't2', set },
      { op: 'change', id: 't1', set },
    ]),
  );
  assert.deepEqual([code, where], ['conflict', 'operations[1].id']);
  assert.match(message, /"Title of t1" \(t1\) is running; only tasks that nobody has begun/);
  assert.equal((await setting.orchestration.readPlan(principal, runId)).version, 1);

  const add = (deps: string[]): PlanOperation => ({
    op: 'add',
    task: {
      key: 't4',
      title: 'Weir',
      instruction: 'Weir.',
      deps: deps.map((id) => ({ id, uses: '' })),
    },
  });
  const depended = await refusal(patch(1, [add(['t2']), { op: 'cancel', id: 't2' }]));
  assert.deepEqual(depended.slice(0, 2), ['request_invalid', 'operations[1].id']);
  const unknown = await refusal(patch(1, [add(['t9'])]));
  assert.equal(unknown[1], 'operations[0].task.deps[0].id');
  const reads = (id: string, input: string): PlanOperation => ({
    ...{ op: 'change', id },
    set: { deps: [{ id: input, uses: '' }] },
  });
  const circle = await refusal(patch(1, [reads('t2', 't3'), reads('t3', 't2')]));
  assert.equal(circle[1], 'operations[1].set.deps[0].id');
  assert.equal((await refusal(patch(7, [add([])])))[1], 'version');
  release();
  await setting.until(runId);
  assert.match((await refusal(patch(1, [add([])])))[2], /The run is succeeded/);
});
