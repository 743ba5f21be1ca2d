import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeDispatch } from '../../test/fake-dispatch.ts';
import { estimateTokens } from './ask-model.ts';
import { judgeResult } from './judge.ts';
import type { AnsweredTask, ResultsDeps } from './results.ts';

/** A judge that always answers `text`; `prompt()` is what it was first asked. */
function depsAnswering(text: string): ResultsDeps & { prompt(): string } {
  const dispatch = fakeDispatch(() => text);
  return {
    dispatch,
    prompt: () => String(dispatch.orders[0]?.request.messages.at(-1)?.content),
    models: ['openai/large'],
    call: {
      tenantId: 'default',
      lane: 'standard',
      owner: { requestId: 'req_1' },
      deadlineAt: 0,
      signal: new AbortController().signal,
    },
  };
}

const answered = (over: Partial<AnsweredTask> = {}): AnsweredTask => ({
  ...{ id: 'tsk_1', key: 't1', title: 'Costs', kind: 'section', instruction: 'Write about costs.' },
  ...{ acceptance: [], artifactPath: null, dependsOn: [], required: true, failure: null },
  ...{ output: 'The plan costs 40 million a year.', model: 'openai/x', confidence: null },
  ...over,
});

const quoting = '{"criteria":[{"text":"Names the cost","met":true,"evidence":"40 million"}]}';

test('notes that only fed the result are not shown to the judge as if they stood in it', async () => {
  const notes = answered({ id: 'tsk_n', key: 't0', kind: 'research', output: 'A secret source.' });
  const section = answered({ dependsOn: ['tsk_n'] });
  const deps = depsAnswering(quoting);
  const commission = { brief: 'B', clarifications: [], criteria: ['Names the cost'] };
  const merge = { result: section.output ?? '', artifacts: [], conflicts: [] };
  await judgeResult(deps, { commission, tasks: [notes, section], merge });
  assert.match(deps.prompt(), /40 million/);
  assert.doesNotMatch(deps.prompt(), /A secret source/);
});

test('of a synthesis the text is judged, not what it was written from, and defects still find a task', async () => {
  const findings = [
    answered({ kind: 'research' }),
    answered({
      id: 'tsk_2',
      key: 't2',
      kind: 'research',
      title: 'Tides',
      output: 'Tides are high.',
    }),
  ];
  const merge = {
    result: 'One text: 40 million, and tides that are high.',
    artifacts: [],
    conflicts: [],
  };
  const criteria = ['Names the cost', 'Says when the tides come'];
  const deps = depsAnswering(
    `{"criteria":[{"text":"Names the cost","met":true,"evidence":"One text: 40 million"},
      {"text":"Says when the tides come","met":false}],
      "defects":[{"task_id":"t1 t2","criterion":"Says when the tides come","fix":"Say it."}]}`,
  );
  const commission = { brief: 'B', clarifications: [], criteria };
  const { verdict, defects } = await judgeResult(deps, { commission, tasks: findings, merge });
  assert.match(deps.prompt(), /tides that are high/);
  assert.doesNotMatch(deps.prompt(), /Tides are high\./);
  assert.equal(verdict.criteria.find(({ text }) => text === 'Names the cost')?.met, true);
  assert.deepEqual(
    defects.map(({ task_id }) => task_id),
    ['tsk_2'],
  );
});

test('a brief larger than the window is cut, so that the result still stands beside it', async () => {
  const deps = depsAnswering(quoting);
  const [model] = deps.dispatch.models();
  const brief = `潮汐与港口。`.repeat(40_000);
  const commission = { brief, clarifications: [], criteria: ['Names the cost'] };
  const section = answered();
  const merge = { result: section.output ?? '', artifacts: [], conflicts: [] };
  const { verdict } = await judgeResult(deps, { commission, tasks: [section], merge });
  assert.ok(estimateTokens(deps.prompt()) < (model?.contextTokens ?? 0) - 6_000);
  assert.match(deps.prompt(), /40 million/);
  assert.equal(verdict.decision, 'pass');
});
