import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setUpOrchestration } from '../../test/set-up-orchestration.ts';

test('a brief goes through clarifying, planning, working, merging and judging to a passing result', async (t) => {
  const setting = await setUpOrchestration(t);
  const runId = await setting.accept();
  const run = await setting.until(runId);
  assert.equal(run.status, 'succeeded', JSON.stringify(run.failure));
  assert.equal(run.verdict?.decision, 'pass');
  assert.equal(run.rounds, 1);
  assert.match(run.result ?? '', /## Title of t1[\s\S]*## Title of t2[\s\S]*## Title of t3/);
  assert.deepEqual(
    run.tasks.map((task) => [task.kind, task.status]),
    [
      ['clarify', 'succeeded'],
      ['plan', 'succeeded'],
      ['section', 'succeeded'],
      ['section', 'succeeded'],
      ['section', 'succeeded'],
      ['merge', 'succeeded'],
      ['judge', 'succeeded'],
    ],
  );
  const events = await setting.events(runId);
  assert.deepEqual(
    events.map((event) => event.number),
    events.map((_, index) => index + 1),
  );
  assert.equal(events.at(-1)?.type, 'run.succeeded');
});
