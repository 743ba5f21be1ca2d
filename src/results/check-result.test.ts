import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assembleAnswers } from './assemble.ts';
import { checkResult } from './check-result.ts';
import type { AnsweredTask } from './results.ts';

const file = (output: string): AnsweredTask => ({
  ...{ id: 'tsk_1', key: 't1', title: 'Table', kind: 'file', instruction: '', acceptance: [] },
  ...{ artifactPath: 'a.csv', dependsOn: [], required: true, failure: null },
  ...{ model: null, confidence: null, output },
});

const leftoversOf = (output: string) => {
  const tasks = [file(output)];
  const { criteria, defects } = checkResult(tasks, assembleAnswers(tasks));
  const found = criteria.find(({ text }) => text.includes('leftovers'));
  return { met: found?.met ?? true, evidence: found?.evidence ?? '', defects };
};

test('leftovers of thinking or of a prompt in a file are a defect of the task that wrote it', () => {
  for (const output of ['Hm.\n</think>\na,b\n', "You are Headrace's worker.\na,b\n"]) {
    const { met, evidence, defects } = leftoversOf(output);
    assert.equal(met, false);
    assert.match(evidence, /in a\.csv$/);
    assert.deepEqual(
      defects.map(({ task_id }) => task_id),
      ['tsk_1'],
    );
  }
});

test('a file that speaks of thinking tags has none', () => {
  assert.equal(leftoversOf("tag,meaning\n'</think>',its end\n`<think>`,its start\n").met, true);
});
