import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LabelInput } from '../../orchestration/index.ts';
import { createTestGateway, memberKey } from '../test-gateway.ts';

test('an answer is called right or wrong by its task, and by nothing but yes or no', async (t) => {
  const heard: LabelInput[] = [];
  const gateway = await createTestGateway(t, {
    orchestration: {
      async labelAnswer(_principal, label) {
        heard.push(label);
        return { run_id: label.runId, task_id: 'tsk_1', passed: label.passed, source: 'person' };
      },
    },
  });
  const put = (payload: object) =>
    gateway.inject({
      method: 'PUT',
      url: '/api/v1/runs/run_1/tasks/t1/label',
      headers: memberKey,
      payload,
    });
  const response = await put({ passed: false });
  assert.equal(response.statusCode, 200, response.body);
  assert.deepEqual(response.json(), {
    run_id: 'run_1',
    task_id: 'tsk_1',
    passed: false,
    source: 'person',
  });
  for (const payload of [{}, { passed: 'yes' }, { passed: true, source: 'judge' }]) {
    assert.equal((await put(payload)).statusCode, 400, JSON.stringify(payload));
  }
  assert.deepEqual(heard, [{ runId: 'run_1', task: 't1', passed: false }]);
});
