import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MergeOutcome } from '../../src/results/index.ts';
import { plantMerge } from './plant-claims.ts';
import { scoreMerge } from './score-merge.ts';

const planted = plantMerge('score', { tokens: 2_000, tasks: 4, language: 'en' });
const whole = planted.tasks.map(({ output }) => output).join('\n\n');

function outcomeOf(result: string, report: MergeOutcome['report'] = []): MergeOutcome {
  return { result, report, artifacts: [], route: 'synthesis' };
}

test('every planted claim stands in its task, and all of them in all of the inputs', () => {
  const outputs = new Map(planted.tasks.map(({ id, output }) => [id, output ?? '']));
  for (const { taskId, sentence } of planted.claims)
    assert.ok(outputs.get(taskId)?.includes(sentence), sentence);
  const score = scoreMerge(planted, outcomeOf(whole));
  assert.equal(score.present, score.claims);
  assert.ok(score.conflicts > 0);
  assert.equal(score.found, 0, 'side by side in two sections is not yet found');
});

test('a required claim that is left out is lost, unless its task is listed as rejected', () => {
  const gone = planted.claims.find(({ required }) => required);
  assert.ok(gone);
  const without = whole.replace(gone.number, 'some');
  assert.deepEqual(scoreMerge(planted, outcomeOf(without)).lost, [gone]);
  const entry = { task_id: gone.taskId, disposition: 'rejected' as const, reason: '', spans: [] };
  assert.equal(scoreMerge(planted, outcomeOf(without, [entry])).listed, 1);
});

test('a conflict is found where one paragraph, or one remark, holds both numbers', () => {
  const [conflict] = planted.conflicts;
  assert.ok(conflict);
  const remark = `They disagree: ${conflict.numbers.join(' and ')}.`;
  assert.equal(scoreMerge(planted, outcomeOf(`${whole}\n\n${remark}`)).found, 1);
  const entry = { task_id: 'task_0', disposition: 'used' as const, reason: remark, spans: [] };
  assert.equal(scoreMerge(planted, outcomeOf(whole, [entry])).found, 1);
});
