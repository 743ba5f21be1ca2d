import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeDispatch, modelInfo } from '../../test/fake-dispatch.ts';
import { judgeResult } from './judge.ts';
import { mergeAnswers } from './merge.ts';
import type { AnsweredTask, ResultsDeps } from './results.ts';

function judging(said: object): ResultsDeps & { prompts: string[] } {
  const prompts: string[] = [];
  const dispatch = fakeDispatch((order) => {
    prompts.push(order.request.messages.at(-1)?.content ?? '');
    return JSON.stringify(said);
  });
  const call: ResultsDeps['call'] = {
    ...{ tenantId: 'default', lane: 'standard', owner: { requestId: 'req_1' } },
    ...{ deadlineAt: Number.POSITIVE_INFINITY, signal: new AbortController().signal },
  };
  return { prompts, dispatch, call, models: ['openai/large'] };
}

const task = (id: string, kind: string, output: string): AnsweredTask => ({
  ...{ id, key: id, title: `The ${id}`, kind, instruction: '', acceptance: [], output },
  ...{ artifactPath: null, dependsOn: id === 'berths' ? ['notes'] : [], required: true },
  ...{ failure: null, model: null, confidence: null },
});
const notes = task('notes', 'research', 'The harbour holds 140 boats in summer.');
const berths = task('berths', 'section', 'The harbour holds 240 boats in summer.');
const tides = task('tides', 'section', 'High water comes twice a day.');

const met = { text: 'Names boats', met: true, evidence: 'holds 240 boats' };
const commission = { brief: 'B', clarifications: [], criteria: ['Names boats'] };

async function judge(deps: ResultsDeps, tasks: readonly AnsweredTask[]) {
  const merge = await mergeAnswers(deps, { commission, tasks });
  return await judgeResult(deps, { commission, tasks, merge });
}

test('a contradiction keeps a result from passing and sends its task to rework, though every criterion is met', async () => {
  const deps = judging({ criteria: [met] });
  const { verdict, defects } = await judge(deps, [notes, berths, tides]);
  assert.equal(verdict.decision, 'partial');
  const broken = verdict.criteria.filter((criterion) => !criterion.met);
  assert.deepEqual(
    broken.map(({ text }) => text),
    ['“The berths” contradicts neither another part nor its notes nor the brief.'],
  );
  assert.match(broken[0]?.evidence ?? '', /240 boats.*140 boats.*notes “The notes”/);
  assert.equal(defects.length, 1);
  assert.equal(defects[0]?.task_id, 'berths');
  assert.match(defects[0]?.fix ?? '', /Instead of “.*240.*” say what “The notes” says, “.*140/);
});

test('the judge is told of it, and may send the other side to rework as well', async () => {
  const fix = 'Count again.';
  const deps = judging({ criteria: [met], defects: [{ task_id: 'notes', criterion: 'X', fix }] });
  const { defects } = await judge(deps, [notes, berths, tides]);
  assert.match(deps.prompts[0] ?? '', /<contradictions>\n1\. berths “The berths”: “[^”]*240/);
  assert.deepEqual(
    defects.map(({ task_id }) => task_id),
    ['berths', 'notes'],
  );
});

test('where nothing is contradicted the judge hears of no contradiction', async () => {
  const deps = judging({ criteria: [{ ...met, evidence: 'holds 140 boats' }] });
  const right = { ...berths, output: 'The harbour holds 140 boats in summer.' };
  const { verdict, defects } = await judge(deps, [notes, right, tides]);
  assert.equal(verdict.decision, 'pass');
  assert.deepEqual(defects, []);
  assert.doesNotMatch(deps.prompts[0] ?? '', /contradiction/);
});

test('words that only look opposed break nothing where the judge says why both can be true', async () => {
  const reason = 'One counts boats in summer of 2024, the other in summer of 2025.';
  const dismissal = (said: object) => judging({ criteria: [met], contradictions: [said] });
  const heard = await judge(dismissal({ number: 1, real: false, reason }), [notes, berths, tides]);
  assert.equal(heard.verdict.decision, 'pass');
  assert.deepEqual(heard.defects, []);
  for (const said of [
    { number: 1, real: false, reason: ' ' },
    { number: 1, real: true, reason },
    { number: 2, real: false, reason },
  ]) {
    const stands = await judge(dismissal(said), [notes, berths, tides]);
    assert.equal(stands.verdict.decision, 'partial', JSON.stringify(said));
  }
});

test('a jury dismisses a contradiction by majority, and one of three cannot', async () => {
  const families = ['openai', 'qwen', 'gemini'];
  const models = families.map((family) => modelInfo(`${family}/large`, { tier: 3 }));
  const decide = async (dismissing: number) => {
    const dispatch = fakeDispatch((order) => {
      const place = models.findIndex(({ id }) => id === order.models[0]);
      const contradictions =
        place < dismissing ? [{ number: 1, real: false, reason: 'Two summers.' }] : [];
      return JSON.stringify({ criteria: [met], contradictions });
    }, models);
    const written = [notes, berths, tides].map((each, index) => ({
      ...each,
      model: models[index]?.id ?? null,
    }));
    const deps = { ...judging({}), dispatch, judges: models, models: ['openai/large'] };
    return (await judge(deps, written)).verdict.decision;
  };
  assert.equal(await decide(1), 'partial');
  assert.equal(await decide(2), 'pass');
});
