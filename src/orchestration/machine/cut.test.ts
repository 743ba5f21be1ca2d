import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  criteriaLine,
  endLine,
  planLine,
  setUpOrchestration,
} from '../../../test/set-up-orchestration.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';

const titleOf = (prompt: string) => /<task title="([^"]*)"/.exec(prompt)?.[1] ?? '';

test('a required task that fails takes its dependants along; the rest goes on and cannot pass', async (t) => {
  const setting = await setUpOrchestration(t, {
    worker: (prompt) => {
      if (titleOf(prompt) === 'Title of t1') {
        throw new HeadraceError('upstream_rejected', { message: 'No.' });
      }
      return 'The wheel turns.';
    },
  });
  const run = await setting.until(await setting.accept({ clarify: 'off' }));
  assert.equal(run.status, 'succeeded');
  assert.equal(run.verdict?.decision, 'partial');
  const states = run.tasks.filter((task) => task.kind === 'section').map((task) => task.status);
  assert.deepEqual(states, ['failed', 'succeeded', 'cancelled']);
  const cancelled = (await setting.events(run.id)).find((event) => event.type === 'task.cancelled');
  assert.match(String(cancelled?.data['reason']), /^dependency_failed/);
});

test('dependants run without a task that was not required', async (t) => {
  const plan = [
    criteriaLine,
    planLine({ id: 't1', required: false }),
    planLine({ id: 't2', deps: [{ id: 't1', uses: 'all' }] }),
    endLine(2),
  ].join('\n');
  const setting = await setUpOrchestration(t, {
    planner: () => plan,
    worker: (prompt) => {
      if (titleOf(prompt) === 'Title of t1') throw new HeadraceError('upstream_rejected');
      return 'The wheel turns.';
    },
  });
  const run = await setting.until(await setting.accept({ clarify: 'off' }));
  assert.equal(run.verdict?.decision, 'pass');
  const states = run.tasks.filter((task) => task.kind === 'section').map((task) => task.status);
  assert.deepEqual(states, ['failed', 'succeeded']);
});

test('where nothing succeeds the run fails with the first reason', async (t) => {
  const setting = await setUpOrchestration(t, {
    worker: () => {
      throw new HeadraceError('upstream_rejected', { message: 'The vendor said no.' });
    },
  });
  const run = await setting.until(await setting.accept({ clarify: 'off' }));
  assert.equal(run.status, 'failed');
  assert.equal(run.failure?.code, 'upstream_rejected');
  assert.match(run.failure?.message ?? '', /The vendor said no/);
  assert.equal(run.result, null);
});

test('an exhausted budget ends the work, merges what exists and says what was cut', async (t) => {
  const setting = await setUpOrchestration(t, {
    worker: (prompt) => {
      if (titleOf(prompt) === 'Title of t2') throw new HeadraceError('budget_exhausted');
      return 'The wheel turns.';
    },
  });
  const run = await setting.until(await setting.accept({ clarify: 'off' }));
  assert.equal(run.status, 'succeeded');
  assert.equal(run.failure?.code, 'budget_exhausted');
  assert.notEqual(run.verdict?.decision, 'pass');
  const cut = (await setting.events(run.id)).find((event) => event.type === 'budget.cut');
  assert.equal(cut?.data['code'], 'budget_exhausted');
  const named = cut?.data['tasks'] as { key: string; title: string }[];
  assert.ok(named.some((task) => task.key === 't2' && task.title === 'Title of t2'));
  assert.match(
    run.failure?.message ?? '',
    /^The budget did not cover "Title of t2"(; 1 task was not begun)?\.$/,
  );
});

test('a time-out merges what exists, and fails where nothing does', async (t) => {
  const stuck = (title: string) => (prompt: string, order: { signal: AbortSignal }) =>
    titleOf(prompt).startsWith(title)
      ? new Promise<string>((_, reject) => {
          order.signal.addEventListener('abort', () => reject(order.signal.reason), {
            once: true,
          });
        })
      : 'The wheel turns.';
  let slow = 'Title of t2';
  const setting = await setUpOrchestration(t, {
    worker: (prompt, order) => stuck(slow)(prompt, order),
  });
  const expire = (runId: string) =>
    setting.store.transaction('system', (tx) =>
      tx.query('UPDATE runs SET deadline_at = headrace_now() WHERE id = $1', [runId]),
    );
  const first = await setting.accept({ clarify: 'off' });
  await setting.until(first, (run) =>
    run.tasks.some((task) => task.kind === 'section' && task.status === 'succeeded'),
  );
  await expire(first);
  const partly = await setting.until(first);
  assert.equal(partly.status, 'succeeded');
  assert.equal(partly.failure?.code, 'deadline_passed');
  assert.equal(partly.verdict?.decision, 'partial');
  assert.match(partly.result ?? '', /The wheel turns/);

  slow = 'Title';
  const second = await setting.accept({ clarify: 'off' });
  await setting.until(second, (run) =>
    run.tasks.some((task) => task.kind === 'section' && task.status === 'running'),
  );
  await expire(second);
  const failed = await setting.until(second);
  assert.equal(failed.status, 'failed');
  assert.equal(failed.failure?.code, 'deadline_passed');
});

const panelPlan = [criteriaLine, planLine({ id: 't1', panel: 3 }), endLine(1)].join('\n');

test('a panel whose members the budget refuses goes on with fewer and says so; the run is not cut', async (t) => {
  const setting = await setUpOrchestration(t, {
    planner: () => panelPlan,
    worker: (_prompt, order) => {
      if (order.models[0] === 'anthropic/large') {
        throw new HeadraceError('budget_exhausted', { message: 'Two cents are left.' });
      }
      return 'The wheel turns.';
    },
  });
  const run = await setting.until(await setting.accept({ clarify: 'off' }));
  assert.equal(run.status, 'succeeded');
  assert.equal(run.failure, undefined);
  assert.equal(run.verdict?.decision, 'pass');
  const panel = run.tasks.find((task) => task.kind === 'panel')?.panel;
  assert.match(
    panel?.partial_coverage.join('\n') ?? '',
    /2 of 3 models answered; missing: anthropic\/large \(Two cents are left\.\)/,
  );
  assert.match(run.confidence?.explanation ?? '', /1 of 3 models did not answer/);
});

test('a panel all of whose members the budget refuses cuts the run as any task does', async (t) => {
  const setting = await setUpOrchestration(t, {
    planner: () => panelPlan,
    worker: () => {
      throw new HeadraceError('budget_exhausted');
    },
  });
  const run = await setting.until(await setting.accept({ clarify: 'off' }));
  assert.equal(run.status, 'failed');
  assert.equal(run.failure?.code, 'budget_exhausted');
  assert.ok((await setting.events(run.id)).some((event) => event.type === 'budget.cut'));
});
