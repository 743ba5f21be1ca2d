import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  criteriaLine,
  endLine,
  judgement,
  planLine,
  setUpOrchestration,
  tagOf,
} from '../../../test/set-up-orchestration.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { RunDocument } from '../documents.ts';

const defect = { task_id: 't1', criterion: 'It speaks of the wheel.', fix: 'Name the wheel.' };

test('named tasks and their dependants are superseded, the others stay, and the better result is kept', async (t) => {
  let judged = 0;
  const setting = await setUpOrchestration(t, {
    worker: (prompt) => {
      const title = /<task title="([^"]*)"/.exec(prompt)?.[1];
      const mended = tagOf(prompt, 'rework').includes('Name the wheel.');
      return `## ${title}\n\n${mended ? 'The wheel turns.' : 'Nothing yet.'} From ${title}.`;
    },
    judge: () => {
      judged += 1;
      return judged === 1 ? judgement(false, [defect]) : judgement(true);
    },
  });
  const run = await setting.until(await setting.accept({ clarify: 'off' }));
  assert.equal(run.status, 'succeeded');
  assert.equal(run.rounds, 2);
  assert.equal(run.verdict?.decision, 'pass');
  assert.match(run.result ?? '', /Title of t1\n\nThe wheel turns/);
  const sections = run.tasks.filter((task) => task.kind === 'section');
  assert.deepEqual(
    sections.map((task) => [task.title, task.status]),
    [
      ['Title of t1', 'superseded'],
      ['Title of t2', 'succeeded'],
      ['Title of t3', 'superseded'],
      ['Title of t1', 'succeeded'],
      ['Title of t3', 'succeeded'],
    ],
  );
  // Reading order is the plan's, not the order in which rework came back.
  const at = ['t1', 't2', 't3'].map((key) => run.result?.indexOf(`## Title of ${key}`) ?? -1);
  assert.deepEqual(
    at,
    at.toSorted((one, other) => one - other),
  );
  const replaced = run.merge_report.filter((entry) => entry.disposition === 'superseded');
  assert.deepEqual(
    replaced.map((entry) => entry.task_id),
    [sections[0]?.id, sections[2]?.id],
  );
});

test('rework that mends nothing loses to the first result, and rounds end', async (t) => {
  let written = 0;
  const setting = await setUpOrchestration(t, {
    worker: () => {
      written += 1;
      return `Version ${written}: the wheel turns.`;
    },
    judge: () => judgement(false, [defect]),
  });
  const run = await setting.until(await setting.accept({ clarify: 'off' }));
  assert.equal(run.status, 'succeeded');
  assert.equal(run.rounds, 2);
  assert.equal(run.verdict?.decision, 'partial');
  assert.match(run.result ?? '', /Version 1/);
  const judgedEvents = (await setting.events(run.id)).filter(
    (event) => event.type === 'result.judged',
  );
  assert.deepEqual(
    judgedEvents.map((event) => event.data['kept']),
    [true, false],
  );
});

test('a judge that talks nonsense leads to a verdict that is not a pass', async (t) => {
  const setting = await setUpOrchestration(t, { judge: () => 'Looks fine to me!' });
  const run = await setting.until(await setting.accept({ clarify: 'off' }));
  assert.equal(run.status, 'succeeded');
  assert.notEqual(run.verdict?.decision, 'pass');
});

test('no rework is done where a person wants none', async (t) => {
  const setting = await setUpOrchestration(t, { judge: () => judgement(false, [defect]) });
  const run = await setting.until(await setting.accept({ clarify: 'off', rework: 0 }));
  assert.equal(run.rounds, 1);
  assert.equal(run.verdict?.decision, 'partial');
});

test('a panel whose answer is sent back is mended by one model, from what its members read', async (t) => {
  let judged = 0;
  const plan = [
    criteriaLine,
    planLine({ id: 't1', kind: 'research' }),
    planLine({ id: 't2', panel: 2, deps: [{ id: 't1', uses: 'all' }] }),
    endLine(2),
  ].join('\n');
  const setting = await setUpOrchestration(t, {
    planner: () => plan,
    worker: (prompt) => `The wheel turns${tagOf(prompt, 'rework') === '' ? '' : ' again'}.`,
    judge: () => {
      judged += 1;
      return judged === 1 ? judgement(false, [{ ...defect, task_id: 't2' }]) : judgement(true);
    },
  });
  const run = await setting.until(await setting.accept({ clarify: 'off' }));
  assert.equal(run.status, 'succeeded', JSON.stringify(run.failure));
  assert.equal(run.rounds, 2);
  const panel = run.tasks.find((task) => task.kind === 'panel');
  assert.equal(panel?.status, 'superseded');
  const mended = run.tasks.find((task) => task.kind === 'section');
  const research = run.tasks.find((task) => task.kind === 'research');
  assert.deepEqual(mended?.depends_on, [research?.id]);
});

test('what lacks an input that is lost is not done again, and the report still names it', async (t) => {
  let judged = 0;
  const on = (...ids: string[]) => ids.map((id) => ({ id, uses: 'all' }));
  const setting = await setUpOrchestration(t, {
    planner: () =>
      [
        criteriaLine,
        planLine({ id: 't1' }),
        planLine({ id: 't2' }),
        planLine({ id: 't3', deps: on('t1', 't2'), required: false }),
        planLine({ id: 't4', deps: on('t3') }),
        endLine(4),
      ].join('\n'),
    worker: (prompt) => {
      if (tagOf(prompt, 'task').includes('about t2')) throw new HeadraceError('upstream_rejected');
      return `The wheel turns${tagOf(prompt, 'rework') === '' ? '' : ' again'}.`;
    },
    judge: () => {
      judged += 1;
      return judged === 1 ? judgement(false, [defect]) : judgement(true);
    },
  });
  const run = await setting.until(await setting.accept({ clarify: 'off' }));
  assert.equal(run.status, 'succeeded', JSON.stringify(run.failure));
  assert.deepEqual(
    run.tasks
      .filter((task) => task.kind === 'section')
      .map((task) => [task.title, task.status])
      .toSorted(),
    [
      ['Title of t1', 'succeeded'],
      ['Title of t1', 'superseded'],
      ['Title of t2', 'failed'],
      ['Title of t3', 'cancelled'],
      ['Title of t4', 'succeeded'],
    ],
  );
  const lost = run.tasks.find((task) => task.title === 'Title of t3');
  const entry = run.merge_report.find((each) => each.task_id === lost?.id);
  assert.equal(entry?.disposition, 'rejected');
});

const revisionsOf = (run: RunDocument, title: string) =>
  run.tasks
    .filter((task) => task.kind === 'section' && task.title === title)
    .map((task) => task.id);

test('what was judged wrong is done again by another family', async (t) => {
  const asked = new Map<string, string[]>();
  let judged = 0;
  const setting = await setUpOrchestration(t, {
    worker: (prompt, order) => {
      const title = /<task title="([^"]*)"/.exec(prompt)?.[1] ?? '';
      asked.set(title, [...(asked.get(title) ?? []), order.models[0]?.split('/')[0] ?? '']);
      return `The wheel turns. Answer ${asked.get(title)?.length}.`;
    },
    judge: () => {
      judged += 1;
      return judged === 1 ? judgement(false, [defect]) : judgement(true);
    },
  });
  const run = await setting.until(await setting.accept({ clarify: 'off' }));
  assert.equal(run.verdict?.decision, 'pass');
  assert.equal(revisionsOf(run, 'Title of t1').length, 2);
  const [first, second] = asked.get('Title of t1') ?? [];
  assert.notEqual(first, second);
});

test('rework that says the same again is not judged again', async (t) => {
  let judged = 0;
  const setting = await setUpOrchestration(t, {
    worker: () => 'Nothing yet.',
    judge: () => {
      judged += 1;
      return judgement(false, [defect]);
    },
  });
  const run = await setting.until(await setting.accept({ clarify: 'off', rework: 2 }));
  assert.equal(run.status, 'succeeded');
  assert.equal(run.rounds, 1);
  assert.equal(judged, 1);
  const merged = (await setting.events(run.id)).filter((event) => event.type === 'answers.merged');
  assert.deepEqual(
    merged.map((event) => event.data['repeated']),
    [false, true],
  );
});

test('a defect that a task was told of once is not sent back a second time', async (t) => {
  let written = 0;
  let judged = 0;
  const setting = await setUpOrchestration(t, {
    planner: () =>
      [
        JSON.stringify({ criteria: ['It turns.', 'It is wet.', 'It is old.'] }),
        planLine({ id: 't1' }),
        endLine(1),
      ].join('\n'),
    worker: () => {
      written += 1;
      return `The wheel turns, version ${written}.`;
    },
    // One criterion more is met each time, but the same defect stays.
    judge: () => {
      judged += 1;
      return JSON.stringify({
        criteria: ['It turns.', 'It is wet.', 'It is old.'].map((text, index) => ({
          ...{ text, met: index < judged, evidence: 'The wheel turns' },
        })),
        defects: [{ task_id: 't1', criterion: 'It is old.', fix: 'Say how old.' }],
      });
    },
  });
  const run = await setting.until(await setting.accept({ clarify: 'off', rework: 2 }));
  assert.equal(run.rounds, 2, 'better than before, yet told the same twice');
  assert.equal(written, 2);
  assert.match(run.result ?? '', /version 2/);
});
