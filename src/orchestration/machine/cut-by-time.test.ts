import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  criteriaLine,
  endLine,
  type OrchestrationSetting,
  planLine,
  type Role,
  setUpOrchestration,
} from '../../../test/set-up-orchestration.ts';
import type { CallOrder } from '../../dispatch/index.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';

/** A model that never answers, and whether its call was broken off. */
function createHang() {
  const hang = {
    asked: 0,
    brokenOff: 0,
    answer: (order: CallOrder) => {
      hang.asked += 1;
      return new Promise<string>((_, reject) => {
        const onAbort = () => {
          hang.brokenOff += 1;
          reject(order.signal.reason);
        };
        order.signal.addEventListener('abort', onAbort, { once: true });
      });
    },
  };
  return hang;
}

/** Of the hour that a run has where nobody says, so much is left. */
function leave(setting: OrchestrationSetting, runId: string, seconds: number) {
  return setting.store.transaction('system', (tx) =>
    tx.query(
      `UPDATE runs SET deadline_at = headrace_now() + $2 * interval '1 second' WHERE id = $1`,
      [runId, seconds],
    ),
  );
}

async function untilAsked(setting: OrchestrationSetting, runId: string, hang: { asked: number }) {
  await setting.until(runId, () => hang.asked > 0);
}

function hangingAs(role: Role, hang: ReturnType<typeof createHang>) {
  return { [role]: (_prompt: string, order: CallOrder) => hang.answer(order) };
}

const researchPlan = [
  criteriaLine,
  planLine({ id: 't1', kind: 'research' }),
  planLine({ id: 't2', kind: 'research' }),
  endLine(2),
].join('\n');

const titleOf = (prompt: string) => /<task title="([^"]*)"/.exec(prompt)?.[1] ?? '';

test('a merger that does not answer in time is broken off, and the answers stand one after the other', async (t) => {
  const hang = createHang();
  const setting = await setUpOrchestration(t, {
    planner: () => researchPlan,
    worker: (prompt) => `The wheel of ${titleOf(prompt)} turns.`,
    ...hangingAs('merger', hang),
  });
  const runId = await setting.accept({ clarify: 'off' });
  await untilAsked(setting, runId, hang);
  await leave(setting, runId, 50);
  const run = await setting.until(runId);
  assert.equal(run.status, 'succeeded');
  assert.match(run.result ?? '', /The wheel of Title of t1 turns\.[\s\S]*The wheel of Title of t2/);
  assert.equal(run.verdict?.decision, 'partial');
  assert.equal(run.failure?.code, 'deadline_passed');
  assert.match(run.failure?.message ?? '', /left no time for a model to merge the answers/);
  assert.match(run.merge_report[0]?.reason ?? '', /left no time for a model to merge/);
  await setting.until(runId, () => hang.brokenOff === 1);
});

test('a merger that fails costs the merging and not the answers', async (t) => {
  const setting = await setUpOrchestration(t, {
    planner: () => researchPlan,
    merger: () => {
      throw new HeadraceError('budget_exhausted', { message: 'Two cents are left.' });
    },
  });
  const run = await setting.until(await setting.accept({ clarify: 'off' }));
  assert.equal(run.status, 'succeeded');
  assert.ok(run.result);
  assert.equal(run.verdict?.decision, 'partial');
  assert.match(run.failure?.message ?? '', /did not cover a model that merges.*Two cents are left/);
});

test('a judge that does not answer in time is broken off, and the result is delivered as not judged', async (t) => {
  const hang = createHang();
  const setting = await setUpOrchestration(t, {
    worker: () => 'The wheel turns.',
    ...hangingAs('judge', hang),
  });
  const runId = await setting.accept({ clarify: 'off' });
  await untilAsked(setting, runId, hang);
  await leave(setting, runId, 0);
  const run = await setting.until(runId);
  assert.equal(run.status, 'succeeded');
  assert.match(run.result ?? '', /The wheel turns/);
  assert.equal(run.verdict?.decision, 'partial');
  assert.match(run.verdict?.criteria[0]?.evidence ?? '', /^Not judged: the time-out .* was up/);
  assert.equal(run.failure?.code, 'deadline_passed');
  await setting.until(runId, () => hang.brokenOff === 1);
  const last = (await setting.events(runId)).at(-1);
  assert.equal(last?.type, 'run.succeeded');
});

test('a judge that the budget does not cover leaves the result delivered as not judged', async (t) => {
  const setting = await setUpOrchestration(t, {
    judge: () => {
      throw new HeadraceError('budget_exhausted', { message: 'Two cents are left.' });
    },
  });
  const run = await setting.until(await setting.accept({ clarify: 'off' }));
  assert.equal(run.status, 'succeeded');
  assert.equal(run.verdict?.decision, 'partial');
  assert.equal(run.failure?.code, 'budget_exhausted');
  assert.match(run.failure?.message ?? '', /not judged: two cents are left/);
});

test('a judge that fails leaves the result delivered as not judged, and says why', async (t) => {
  const setting = await setUpOrchestration(t, {
    worker: () => 'The wheel turns.',
    judge: () => {
      throw new HeadraceError('upstream_rejected', { message: 'The vendor said no.' });
    },
  });
  const run = await setting.until(await setting.accept({ clarify: 'off' }));
  assert.equal(run.status, 'succeeded');
  assert.match(run.result ?? '', /The wheel turns/);
  assert.equal(run.verdict?.decision, 'partial');
  assert.equal(run.failure?.code, 'upstream_rejected');
  assert.match(run.failure?.message ?? '', /^The result was not judged: .*the vendor said no/i);
  const events = await setting.events(run.id);
  assert.ok(events.every(({ type }) => type !== 'budget.cut'));
});

test('a planner that does not answer in its part of the time leaves the brief to be one task', async (t) => {
  const minute = 60_000;
  const asked: number[] = [];
  const setting = await setUpOrchestration(t, {
    planner: (_prompt, order) => {
      asked.push(order.deadlineAt - Date.now());
      // As dispatch does, when that moment has come.
      throw new HeadraceError('deadline_passed');
    },
  });
  const run = await setting.until(await setting.accept({ clarify: 'off', timeoutMs: minute }));
  assert.ok(asked.every((ms) => ms <= minute / 2));
  assert.equal(run.status, 'succeeded');
  assert.match(run.plan.single ?? '', /^The plan did not come in time, so the brief is one task/);
  assert.ok(run.result);
});

test('what the first part of the time-out cut is done in the part that is kept for rework', async (t) => {
  const hang = createHang();
  const setting = await setUpOrchestration(t, {
    worker: (prompt, order) =>
      titleOf(prompt) === 'Title of t2' && hang.asked === 0
        ? hang.answer(order)
        : `The wheel turns. This is ${titleOf(prompt)}.`,
  });
  const runId = await setting.accept({ clarify: 'off' });
  await untilAsked(setting, runId, hang);
  await leave(setting, runId, 239);
  const run = await setting.until(runId);
  const cut = (await setting.events(runId)).find(({ type }) => type === 'budget.cut');
  assert.match(String(cut?.data['message']), /cut \d unfinished tasks?: .*"Title of t2"/);
  assert.equal(run.rounds, 2);
  assert.match(run.result ?? '', /This is Title of t2/);
  assert.equal(run.verdict?.decision, 'pass');
  assert.equal(run.failure, undefined);
});

test('a rework that is cut leaves the best result before it, and says so', async (t) => {
  const hang = createHang();
  const setting = await setUpOrchestration(t, {
    worker: (prompt, order) =>
      prompt.includes('<rework>') ? hang.answer(order) : 'The wheel turns.',
    judge: (prompt) => {
      const [, task = ''] = /<section task="([^"]+)"/.exec(prompt) ?? [];
      return JSON.stringify({
        criteria: [{ text: 'It is about the mill.', met: false, evidence: '' }],
        verdict: 'partial',
        defects: [{ task_id: task, criterion: 'It is about the mill.', fix: 'Name the mill.' }],
      });
    },
  });
  const runId = await setting.accept({ clarify: 'off' });
  await untilAsked(setting, runId, hang);
  await leave(setting, runId, 119);
  const run = await setting.until(runId);
  assert.equal(run.status, 'succeeded');
  assert.match(run.result ?? '', /The wheel turns/);
  assert.equal(run.rounds, 1);
  assert.match(
    run.failure?.message ?? '',
    /cut the rework of "Title of .*; the best result stands/,
  );
});
