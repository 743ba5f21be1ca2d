import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  criteriaLine,
  endLine,
  planLine,
  setUpOrchestration,
} from '../../../test/set-up-orchestration.ts';
import { untilAwaited } from '../../../test/until-awaited.ts';

test('a plan that ends holds no budget while it waits for its task: a sweep takes them the other way', async (t) => {
  const gate = Promise.withResolvers<string>();
  t.after(() => gate.resolve(''));
  const { store, accept, until } = await setUpOrchestration(t, {
    planner: async (_prompt, { onEvent }) => {
      await onEvent?.({ type: 'text', text: `${criteriaLine}\n${planLine({ id: 't1' })}\n` });
      return await gate.promise;
    },
  });
  const runId = await accept({ clarify: 'off', budget: { tokens: 900_000 } });
  await until(runId, ({ tasks }) => tasks.some(({ kind }) => kind === 'section'));
  await store.transaction('system', async (tx) => {
    await tx.query(`SELECT 1 FROM tasks WHERE run_id = $1 AND kind = 'plan' FOR NO KEY UPDATE`, [
      runId,
    ]);
    gate.resolve(endLine(1));
    await untilAwaited(tx);
    await tx.query('SELECT 1 FROM budgets WHERE run_id = $1 FOR NO KEY UPDATE NOWAIT', [runId]);
  });
  assert.equal((await until(runId)).verdict?.decision, 'pass');
});
