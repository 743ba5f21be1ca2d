import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../../test/eventually.ts';
import { principal, setUpOrchestration } from '../../../test/set-up-orchestration.ts';
import { disownClaims, sweep } from '../../queue/index.ts';

test('a process that claims its own lapsed task again breaks off the call of the first claim alone', async (t) => {
  const calls: AbortSignal[] = [];
  const { store, orchestration, accept } = await setUpOrchestration(
    t,
    {
      planner: (_prompt, { signal }) => {
        calls.push(signal);
        return new Promise<string>((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        });
      },
    },
    { workers: false },
  );
  const runId = await accept({ clarify: 'off' });
  await eventually(() => assert.equal(calls.length, 1));
  await disownClaims({ store });
  await sweep({ store });
  await eventually(() => assert.equal(calls.length, 2));
  store.notify('cancel', runId);
  await eventually(() => assert.equal(calls[0]?.aborted, true));
  assert.equal(calls[1]?.aborted, false);
  await orchestration.cancelRun(principal, runId);
  await eventually(() => assert.equal(calls[1]?.aborted, true));
});
