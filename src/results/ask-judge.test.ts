import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeDispatch, modelInfo } from '../../test/fake-dispatch.ts';
import { answered, depsAnswering } from '../../test/results-deps.ts';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import { estimateTokens } from './ask-model.ts';
import { judgeResult } from './judge.ts';
import type { ResultsDeps } from './results.ts';

const quoting = '{"criteria":[{"text":"Names the cost","met":true,"evidence":"40 million"}]}';

test('notes that only fed the result are not shown to the judge as if they stood in it', async () => {
  const notes = answered({ id: 'tsk_n', key: 't0', kind: 'research', output: 'A secret source.' });
  const section = answered({ dependsOn: ['tsk_n'] });
  const deps = depsAnswering(quoting);
  const commission = { brief: 'B', clarifications: [], criteria: ['Names the cost'] };
  const merge = { result: section.output ?? '', artifacts: [], conflicts: [] };
  await judgeResult(deps, { commission, tasks: [notes, section], merge });
  assert.match(deps.prompts[0] ?? '', /40 million/);
  assert.doesNotMatch(deps.prompts[0] ?? '', /A secret source/);
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
  assert.match(deps.prompts[0] ?? '', /tides that are high/);
  assert.doesNotMatch(deps.prompts[0] ?? '', /Tides are high\./);
  assert.equal(verdict.criteria.find(({ text }) => text === 'Names the cost')?.met, true);
  assert.deepEqual(
    defects.map(({ task_id }) => task_id),
    ['tsk_2'],
  );
});

test('a brief larger than the window is cut, so that the result still stands beside it', async () => {
  const deps = depsAnswering(quoting);
  const brief = `潮汐与港口。`.repeat(40_000);
  const commission = { brief, clarifications: [], criteria: ['Names the cost'] };
  const section = answered();
  const merge = { result: section.output ?? '', artifacts: [], conflicts: [] };
  const { verdict } = await judgeResult(deps, { commission, tasks: [section], merge });
  // The window that a model of unknown size is taken to have.
  assert.ok(estimateTokens(deps.prompts[0] ?? '') < 32_000 - 6_000);
  assert.match(deps.prompts[0] ?? '', /40 million/);
  assert.equal(verdict.decision, 'pass');
});

test('a result larger than the window is shown in portions, and a criterion is met where one of them meets it', async () => {
  const filler = 'The mill stands by the river and turns.\n\n'.repeat(400);
  const tasks = [
    answered({ output: `${filler}The plan costs 40 million a year.` }),
    answered({ id: 'tsk_2', key: 't2', title: 'Tides', output: `${filler}Tides are high.` }),
    answered({ id: 'tsk_3', key: 't3', title: 'Winds', output: `${filler}Winds are strong.` }),
  ];
  const criteria = ['Costs names the cost', 'Tides names the moon', 'Winds are strong'];
  const quotes = ['40 million', 'the moon', 'Winds are strong.'];
  const prompts: string[] = [];
  const dispatch = fakeDispatch(
    (order) => {
      const prompt = String(order.request.messages.at(-1)?.content);
      prompts.push(prompt);
      const shown = prompt.slice(prompt.indexOf('<result>'));
      // As a model would: by what it sees, and blaming what it sees.
      const sections = [...prompt.matchAll(/<section task="(t\d)"/g)].map(([, key]) => key);
      const judged = criteria.map((text, index) => {
        const met = shown.includes(`${quotes[index]}`);
        return { text, met, evidence: met ? quotes[index] : '' };
      });
      const defects = judged.flatMap(({ text, met }) =>
        met ? [] : sections.map((key) => ({ task_id: key, criterion: text, fix: 'Name it.' })),
      );
      return JSON.stringify({ criteria: judged, verdict: 'partial', defects });
    },
    [modelInfo('openai/large', { contextTokens: 16_000, maxOutputTokens: 4_000 })],
  );
  const deps: ResultsDeps = { ...depsAnswering(''), dispatch, models: ['openai/large'] };
  const result = tasks.map(({ output }) => output).join('\n\n');
  const outcome = await judgeResult(deps, {
    commission: { brief: 'B', clarifications: [], criteria },
    tasks,
    merge: { result, artifacts: [], conflicts: [] },
  });
  assert.ok(prompts.length > 1);
  for (const prompt of prompts) {
    assert.ok(estimateTokens(prompt) <= 12_000);
    assert.doesNotMatch(prompt, /left out/);
  }
  const met = outcome.verdict.criteria.filter((item) => item.met).map(({ text }) => text);
  assert.ok(met.includes('Costs names the cost') && met.includes('Winds are strong'));
  assert.equal(met.includes('Tides names the moon'), false);
  // Every portion blamed a part of its own; the one that the criterion names is sent back.
  const sentBack = outcome.defects.filter(({ criterion }) => criterion === 'Tides names the moon');
  assert.deepEqual([...new Set(sentBack.map(({ task_id }) => task_id))], ['tsk_2']);
});

test('where the budget ends between portions, what nobody read is not called unmet', async () => {
  const filler = 'The mill stands by the river and turns.\n\n'.repeat(900);
  let calls = 0;
  const dispatch = fakeDispatch(() => {
    calls += 1;
    if (calls > 1) throw new HeadraceError('budget_exhausted');
    return '{"criteria":[{"text":"A","met":true,"evidence":"by the river"},{"text":"B","met":false,"evidence":""}],"defects":[{"task_id":"t1","criterion":"B","fix":"Do B."}]}';
  }, [modelInfo('openai/large', { contextTokens: 16_000, maxOutputTokens: 4_000 })]);
  const outcome = await judgeResult(
    { ...depsAnswering(''), dispatch, models: ['openai/large'] },
    {
      commission: { brief: 'B', clarifications: [], criteria: ['A', 'B'] },
      tasks: [answered({ output: filler })],
      merge: { result: filler, artifacts: [], conflicts: [] },
    },
  );
  const [a, b] = outcome.verdict.criteria.slice(-2);
  assert.equal(a?.met, true);
  assert.match(b?.evidence ?? '', /no readable verdict/);
  assert.deepEqual(outcome.defects, []);
});
