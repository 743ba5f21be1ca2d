import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MergeOutcome } from '../../src/results/index.ts';
import { plantMerge } from './plant-claims.ts';
import { scoreMerge } from './score-merge.ts';

const planted = plantMerge('score', { tokens: 2_000, tasks: 4, language: 'en' });
const whole = planted.tasks.map(({ output }) => output).join('\n\n');

function outcomeOf(result: string, report: MergeOutcome['report'] = []): MergeOutcome {
  return { result, report, artifacts: [], route: 'synthesis', claims: [], conflicts: [] };
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

test('a conflict is found where one paragraph, or one line beside it, holds both numbers', () => {
  const [conflict] = planted.conflicts;
  assert.ok(conflict);
  const remark = `They disagree: ${conflict.numbers.join(' and ')}.`;
  assert.equal(scoreMerge(planted, outcomeOf(`${whole}\n\n${remark}`)).found, 1);
  const listed = {
    ...outcomeOf(whole),
    conflicts: [{ kind: 'number' as const, quotes: [], text: remark }],
  };
  assert.equal(scoreMerge(planted, listed).found, 1);
});

test('a claim that is listed as used must stand where the report says', () => {
  const [claim] = planted.claims;
  assert.ok(claim);
  const start = whole.indexOf(claim.sentence);
  const entry = {
    task_id: claim.taskId,
    text: claim.sentence,
    disposition: 'used' as const,
    reason: '',
  };
  const end = start + claim.sentence.length;
  const claims = (spans: { start: number; end: number }[]) => ({
    ...outcomeOf(whole),
    claims: [{ ...entry, spans }],
  });
  assert.equal(scoreMerge(planted, claims([{ start, end }])).untrue, 0);
  assert.equal(scoreMerge(planted, claims([{ start: 0, end: 1 }])).untrue, 1);
  assert.equal(scoreMerge(planted, claims([])).untrue, 1);
});
