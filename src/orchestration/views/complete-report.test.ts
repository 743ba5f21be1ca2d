import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeReport } from './complete-report.ts';

const used = {
  task_id: 'tsk_1',
  disposition: 'used',
  reason: 'Stands in the result.',
  spans: [],
} as const;

test('rework that was cut is told beside the answer that stands in its place', () => {
  const tasks = [
    { id: 'tsk_1', status: 'superseded', supersedes: null },
    { id: 'tsk_2', status: 'cancelled', supersedes: 'tsk_1' },
  ] as const;
  const [first, second] = completeReport([{ ...used, spans: [] }], tasks);
  assert.equal(first?.disposition, 'used');
  assert.deepEqual([second?.task_id, second?.disposition], ['tsk_2', 'rejected']);
  assert.match(second?.reason ?? '', /tsk_1/);
});

test('what the report tells already, what answered and what was no rework is left as it is', () => {
  const tasks = [
    { id: 'tsk_1', status: 'failed', supersedes: 'tsk_0' },
    { id: 'tsk_2', status: 'succeeded', supersedes: 'tsk_9' },
    { id: 'tsk_3', status: 'cancelled', supersedes: null },
  ] as const;
  assert.equal(completeReport([{ ...used, spans: [] }], tasks).length, 1);
});
