import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assembleAnswers, shapeSection } from './assemble.ts';
import { collectAnswers } from './collect.ts';
import type { AnsweredTask } from './results.ts';

const task = (over: Partial<AnsweredTask>): AnsweredTask => ({
  id: 'tsk_1',
  key: 't1',
  title: 'Costs',
  kind: 'section',
  instruction: '',
  acceptance: [],
  artifactPath: null,
  dependsOn: [],
  required: true,
  output: 'Body.',
  failure: null,
  model: 'openai/m',
  confidence: null,
  ...over,
});

test('sections stand in plan order under one heading each and the spans name them exactly', () => {
  const { result, report } = assembleAnswers([
    task({ id: 'a', title: 'First', output: '# First, at length\n\nAlpha.' }),
    task({ id: 'b', title: 'Second', output: 'Beta.\n\n## Inner\n\nGamma.' }),
  ]);
  assert.equal(result, '## First\n\nAlpha.\n\n## Second\n\nBeta.\n\n### Inner\n\nGamma.');
  assert.deepEqual(
    report.map((entry) => result.slice(entry.spans[0]!.start, entry.spans[0]!.end)),
    ['## First\n\nAlpha.', '## Second\n\nBeta.\n\n### Inner\n\nGamma.'],
  );
});

test('code within a longer or another fence is not touched either', () => {
  const code = '````md\n```sh\n# comment\n```\n# title\n````';
  assert.equal(shapeSection('Doc', `## Part\n\n${code}\n\n# End\n\nx`).includes(code), true);
});

test('a hash inside fenced code is not a heading', () => {
  assert.equal(
    shapeSection('Script', '```sh\n# comment\n```'),
    '## Script\n\n```sh\n# comment\n```',
  );
});

test('a long paragraph that was said before is not said again', () => {
  const long =
    'The harbour of Hải Phòng handles containers for the whole delta and is dredged every second year, mostly in the dry season.';
  const { result } = assembleAnswers([
    task({ id: 'a', title: 'A', output: long }),
    task({ id: 'b', title: 'B', output: `${long}\n\nNew.` }),
  ]);
  assert.equal(result.split(long).length - 1, 1);
  assert.match(result, /## B\n\nNew\./);
});

test('small talk in front of a section is not part of it', () => {
  const [clean] = collectAnswers([
    task({ output: 'Certainly! Here is the section you asked for:\n\nReal text.' }),
  ]);
  assert.equal(clean?.output, 'Real text.');
  const [kept] = collectAnswers([task({ output: 'Sure-footed goats climb.\n\nMore.' })]);
  assert.equal(kept?.output, 'Sure-footed goats climb.\n\nMore.');
});

test('a list that was given before goes with the sentence that leads to it', () => {
  const list =
    '- the harbour of Hải Phòng and its three terminals, as the second section describes them\n- the rail line to Lào Cai and its capacity';
  const { result } = assembleAnswers([
    task({ id: 'a', title: 'A', output: `It builds on:\n\n${list}` }),
    task({ id: 'b', title: 'B', output: `It builds on:\n\n${list}` }),
  ]);
  assert.equal(result.split('- the harbour').length - 1, 1);
  assert.match(result, /## B\n\nAs in “A”\.$/);
});

test('a file becomes an artifact with its digest and is listed, its fence stripped', () => {
  const [collected] = collectAnswers([
    task({ artifactPath: 'src/a.json', kind: 'file', output: '```json\n{"a": 1}\n```' }),
  ]);
  const { artifacts, result, report } = assembleAnswers([collected!]);
  assert.equal(artifacts[0]?.content, '{"a": 1}\n');
  assert.equal(artifacts[0]?.media_type, 'application/json');
  assert.equal(artifacts[0]?.bytes, 9);
  assert.match(artifacts[0]?.sha256 ?? '', /^[0-9a-f]{64}$/);
  const span = report[0]!.spans[0]!;
  assert.equal(result.slice(span.start, span.end), '- `src/a.json` (9 bytes)');
});

test('thoughts, prompt tags and an outer fence never reach the result', () => {
  const [clean] = collectAnswers([
    task({ output: 'hidden</think>```markdown\n## Costs\n\n<inputs>\nReal text.\n```' }),
  ]);
  assert.equal(clean?.output, '## Costs\n\n\nReal text.'.replace('\n\n\n', '\n\n'));
  const [empty] = collectAnswers([task({ output: '<think>only thoughts</think>  ' })]);
  assert.equal(empty?.output, null);
  assert.equal(empty?.failure, 'The answer was empty.');
});
