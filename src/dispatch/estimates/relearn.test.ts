import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createTestStore } from '../../../test/database.ts';
import { createEstimates } from './estimates.ts';
import { relearn } from './relearn.ts';

it('knows after a restart what calls took before it, from the ledger', async (t) => {
  const store = await createTestStore(t);
  await store.transaction('system', (tx) =>
    tx.query(
      `INSERT INTO attempts (id, tenant_id, request_id, number, provider, model, account_id, credential_id,
         simulated, outcome, reserved_input_tokens, reserved_output_tokens, input_tokens, output_tokens)
       SELECT 'att_' || each, 'one', 'req', 1, 'qwen', 'm', 'a', 'k', false,
         CASE WHEN each % 10 = 0 THEN 'failed' ELSE 'succeeded' END, 3524, 4096,
         1536, CASE WHEN each % 10 = 0 THEN 4096 ELSE 200 END
       FROM generate_series(1, 60) AS each`,
    ),
  );
  const estimates = createEstimates();
  await relearn(store, estimates);
  const size = {
    inputBytes: 7024,
    inputCharacters: 7000,
    estimatedInput: 2024,
    estimatedCachedInput: 0,
    maxOutput: 4096,
    predictedOutput: 4096,
  };
  const { cautious, expected } = estimates.estimate({ tenantId: 'one', model: 'qwen/m', size });
  assert.equal(expected.predictedOutput, 200);
  assert.ok(cautious.predictedOutput < 260);
  // 1,536 tokens for 3,500 bytes and their frame: half as many again as was thought.
  assert.ok(Math.abs(expected.estimatedInput - 1.5 * 2024) < 10, `${expected.estimatedInput}`);
});
