import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, depsAnswering, judging, said } from '../../test/results-deps.ts';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import { mergeAnswers } from './merge.ts';
import { mergePanel } from './panel.ts';
import type { PanelMember, ResultsDeps } from './results.ts';

test('a met criterion without a quotation from the result is not met', async () => {
  const deps = depsAnswering(
    '{"criteria":[{"text":"Names the cost","met":true,"evidence":"It costs 99 million"}],"verdict":"pass"}',
  );
  const { verdict } = await judging(deps, ['Names the cost']);
  assert.equal(verdict.decision, 'partial');
  assert.match(verdict.criteria.at(-1)?.evidence ?? '', /not in the result/);
});

test('a quotation is recognised across Markdown marks and white space', async () => {
  const deps = depsAnswering(
    '```json\n{"criteria":[{"text":"Names the cost","met":true,"evidence":"the plan  costs **40 million**"}],"verdict":"fail"}\n```',
  );
  const { verdict } = await judging(deps, ['Names the cost']);
  assert.equal(
    verdict.decision,
    'pass',
    'the decision follows the criteria, not the word of the model',
  );
});

test('nonsense from the judge is asked again once and is never a pass', async () => {
  const deps = depsAnswering('I love it!');
  const { verdict } = await judging(deps, ['Names the cost']);
  assert.equal(verdict.decision, 'partial');
  assert.equal(deps.prompts.length, 2);
  assert.match(verdict.criteria.at(-1)?.evidence ?? '', /no readable verdict/);
});

test('a judge that changes its mind with the order of the criteria has not called them met', async () => {
  const deps = depsAnswering(said(['C', true], ['D', true]), said(['D', true], ['C', false]));
  const { verdict, defects } = await judging(deps, ['C', 'D']);
  const [c, d] = verdict.criteria.slice(-2);
  assert.equal(d?.met, true);
  assert.equal(c?.met, false);
  assert.match(c?.evidence ?? '', /changed its mind.*Met: costs 40 million.*Not met: costs/);
  assert.deepEqual(
    defects.map((defect) => defect.criterion),
    ['C'],
  );
  assert.match(deps.prompts[0] ?? '', /1\. C\n2\. D/);
  assert.match(deps.prompts[1] ?? '', /1\. D\n2\. C/);
});

test('a second order that cannot be paid leaves the first opinion standing', async () => {
  const deps = depsAnswering(said(['C', true], ['D', true]));
  const { call } = deps.dispatch;
  deps.dispatch.call = (order) =>
    deps.prompts.length === 0 ? call(order) : Promise.reject(new HeadraceError('budget_exhausted'));
  const { verdict } = await judging(deps, ['C', 'D']);
  assert.equal(verdict.decision, 'pass');
});

test('defects name tasks of the run; others are ignored', async () => {
  const deps = depsAnswering(
    '{"criteria":[{"text":"C","met":false,"evidence":""}],"defects":[{"task_id":"t1","criterion":"C","fix":"Say C."},{"task_id":"t99","criterion":"C","fix":"?"}]}',
  );
  const { defects } = await judging(deps, ['C']);
  assert.deepEqual(defects, [{ task_id: 'tsk_1', criterion: 'C', fix: 'Say C.' }]);
});

test('a file that is not what its name says is a defect before any model is asked', async () => {
  const deps = depsAnswering('{"criteria":[]}');
  const { verdict, defects } = await judging(
    deps,
    [],
    [answered({ kind: 'file', artifactPath: 'data.json', output: '{broken' })],
  );
  assert.equal(verdict.decision, 'partial');
  assert.equal(defects[0]?.task_id, 'tsk_1');
});

test('a required task without an answer keeps the verdict from passing', async () => {
  const deps = depsAnswering(
    '{"criteria":[{"text":"C","met":true,"evidence":"costs 40 million"}]}',
  );
  const { verdict } = await judging(
    deps,
    ['C'],
    [answered(), answered({ id: 'tsk_2', key: 't2', output: null, failure: 'upstream_failed' })],
  );
  assert.equal(verdict.decision, 'partial');
});

test('the judge is not told which model wrote what', async () => {
  const deps = depsAnswering('{"criteria":[]}');
  await judging(deps, ['C']);
  assert.doesNotMatch(deps.prompts.join('\n'), /openai\/x/);
});

test('research is carried on by its readers and the report says so', async () => {
  const merged = await mergeAnswers(depsAnswering(''), {
    commission: { brief: 'B', clarifications: [], criteria: [] },
    tasks: [
      answered({ id: 'r', key: 't1', kind: 'research', title: 'Facts' }),
      answered({ id: 's', key: 't2', title: 'Report', dependsOn: ['r'], output: 'A report.' }),
      answered({ id: 'f', key: 't3', output: null, failure: 'Refused.' }),
    ],
  });
  assert.equal(merged.result, '## Report\n\nA report.');
  assert.deepEqual(
    merged.report.map(({ task_id, disposition }) => [task_id, disposition]),
    [
      ['r', 'superseded'],
      ['s', 'used'],
      ['f', 'rejected'],
    ],
  );
});

test('a synthesis that leaves out a required finding gets it appended', async () => {
  const kept = 'Rice prices in the delta rose by twelve percent during the spring season.';
  const lost = 'Shrimp farms near the coast lost a third of their stock to salt intrusion.';
  const merged = await mergeAnswers(depsAnswering(`## Findings\n\n${kept}`), {
    commission: { brief: 'B', clarifications: [], criteria: [] },
    tasks: [
      answered({ id: 'a', kind: 'research', title: 'Rice', output: kept }),
      answered({ id: 'b', kind: 'research', title: 'Shrimp', output: lost }),
    ],
  });
  assert.equal(merged.route, 'synthesis');
  assert.match(merged.result, /## Shrimp\n\nShrimp farms/);
  for (const entry of merged.report) {
    assert.equal(entry.disposition, 'used');
    assert.ok(entry.spans.length > 0);
  }
});

test('a panel judge that changes its mind with the order has no preference', async () => {
  const members = [
    { id: 'm1', model: 'openai/x', family: 'openai', output: 'Use Kafka for this.' },
    { id: 'm2', model: 'qwen/y', family: 'qwen', output: 'Use Kafka for this!' },
    { id: 'm3', model: 'gemini/z', family: 'gemini', output: 'Write a queue yourself, it is fun.' },
  ];
  // "A" in both orders names a different candidate each time.
  const panel = await mergePanel(depsAnswering('{"best":"A"}'), {
    title: 'Queue',
    instruction: 'Which queue?',
    acceptance: [],
    outputSchema: null,
    artifactPath: null,
    members,
    passRate: { passed: 0, judged: 0 },
    grounds: { calibration: null, labels: 0 },
    mayCall: true,
  });
  assert.equal(panel.picked, 'm1', 'the middle of the largest group');
  assert.equal(panel.confidence.value, 0.5);
  assert.equal(panel.baseline.output, 'Use Kafka for this.');
  assert.equal(panel.baseline.preferred, 'same');
});

test('structured answers are voted on field by field, one vote per family', async () => {
  const panel = await mergePanel(depsAnswering(''), {
    title: 'Facts',
    instruction: 'Give them.',
    acceptance: [],
    outputSchema: { type: 'object' },
    artifactPath: null,
    passRate: { passed: 0, judged: 0 },
    grounds: { calibration: null, labels: 0 },
    mayCall: true,
    members: [
      { id: 'm1', model: 'a', family: 'openai', output: '{"year": 1975, "city": "Huế"}' },
      { id: 'm2', model: 'b', family: 'openai', output: '{"year": 1975}' },
      {
        id: 'm3',
        model: 'c',
        family: 'qwen',
        output: '```json\n{"year": 1976, "city": "huế"}\n```',
      },
      { id: 'm4', model: 'd', family: 'gemini', output: '{"year": 1976}' },
      { id: 'm5', model: 'e', family: 'deepseek', output: null },
    ],
  });
  assert.deepEqual(JSON.parse(panel.output), { year: 1976, city: 'Huế' });
  assert.equal(panel.route, 'field_vote');
  assert.equal(panel.contradictions.length, 1);
  assert.equal(panel.report.at(-1)?.disposition, 'rejected');
});

const answersOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    ...{ id: `m${index}`, model: `f${index}/m`, family: `f${index}` },
    output: `Position number ${'ABCDEFG'[index]} of the panel.`,
  }));
const askPanel = (deps: ResultsDeps, members: readonly PanelMember[]) =>
  mergePanel(deps, {
    ...{ title: 'T', instruction: 'Which?', acceptance: [], outputSchema: null },
    ...{
      artifactPath: null,
      passRate: { passed: 0, judged: 0 },
      mayCall: true,
      members,
      grounds: { calibration: null, labels: 0 },
    },
  });
/** Prefers the candidate that says `favourite`, wherever it stands. */
const favouring = (favourite: string) => {
  const deps = depsAnswering('');
  const call = deps.dispatch.call;
  deps.dispatch.call = async (order) => {
    const outcome = await call(order);
    const shown = [...(deps.prompts.at(-1) ?? '').matchAll(/label="(.)">\n?([^<]*)</g)];
    const best = shown.find(([, , text]) => text?.includes(favourite))?.[1] ?? null;
    const scores = shown.map(([, label, text]) => ({
      ...{ label, score: text?.includes(favourite) ? 9 : 1 },
    }));
    return { ...outcome, answer: { ...outcome.answer, text: JSON.stringify({ best, scores }) } };
  };
  return deps;
};

test('the candidate that wins its pairs in both orders is picked', async () => {
  const deps = favouring('number C');
  const panel = await askPanel(deps, answersOf(3));
  assert.equal(panel.picked, 'm2');
  assert.equal(panel.route, 'judge_pick');
  assert.equal(deps.prompts.length, 7, 'one overview and three pairs in both orders');
});

test('of seven candidates only the four with the best scores are paired', async () => {
  const deps = favouring('number G');
  const panel = await askPanel(deps, answersOf(7));
  assert.equal(panel.picked, 'm6');
  assert.equal(deps.prompts.length, 14, 'two overviews and six pairs in both orders');
});

test('which of seven candidates are paired does not hang on the order in which they were read', async () => {
  const deps = favouring('number A');
  const { call } = deps.dispatch;
  deps.dispatch.call = async (order) => {
    const outcome = await call(order);
    const labels = [...(deps.prompts.at(-1) ?? '').matchAll(/label="(.)"/g)];
    if (labels.length < 3) return outcome;
    // Who reads seven at once likes what comes first, and number E a little whatever its place.
    const shown = [...(deps.prompts.at(-1) ?? '').matchAll(/label="(.)">\n?([^<]*)</g)];
    const scores = shown.map(([, label, text], place) => ({
      label,
      score: 9 - place + (text?.includes('number E') ? 2 : 0),
    }));
    return { ...outcome, answer: { ...outcome.answer, text: JSON.stringify({ scores }) } };
  };
  const { scores } = await askPanel(deps, answersOf(7));
  assert.deepEqual(
    scores.map(({ score }) => score),
    [0.6, 0.6, 0.6, 0.6, 0.8, 0.6, 0.6],
    'what the place gave is evened out',
  );
  const paired = deps.prompts.slice(2).flatMap((prompt) => prompt.match(/number [A-G]/g) ?? []);
  assert.ok(paired.includes('number E'));
});

test('long answers about different things are synthesised and inherit no agreement', async () => {
  const texts = [
    'Dredging keeps the northern channel open for deep ships through every winter. ',
    'Kindergartens need quiet gardens, patient teachers and small, sunny classrooms. ',
  ].map((text) => text.repeat(8));
  const members = texts.map((output, index) => ({ ...answersOf(2)[index], output }) as PanelMember);
  const panel = await askPanel(depsAnswering(texts.join('\n\n')), members);
  assert.equal(panel.route, 'synthesis');
  assert.equal(panel.picked, null);
  assert.equal(panel.supporters, 1);
  assert.equal(panel.families, 2);
  for (const entry of panel.report) assert.ok(entry.spans.length > 0);
});

test('an answer that broke off at its cap is a defect before any model is asked', async () => {
  const deps = depsAnswering(
    '{"criteria":[{"text":"C","met":true,"evidence":"costs 40 million"}]}',
  );
  const { verdict, defects } = await judging(deps, ['C'], [answered({ brokeOff: true })]);
  assert.equal(verdict.decision, 'partial');
  assert.match(defects[0]?.fix ?? '', /fewer words/);
});
