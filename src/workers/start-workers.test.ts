import assert from 'node:assert/strict';
import test from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { newTask, seedRun } from '../../test/seed-run.ts';
import type { CallOrder, CallOutcome, Dispatch } from '../dispatch/index.ts';
import { systemClock } from '../platform/clock.ts';
import { silentLog } from '../platform/log.ts';
import type { Store } from '../platform/store/store.ts';
import { assignTask, createEmbeddedCarrier, readTask } from '../queue/index.ts';
import { startWorkers } from './start-workers.ts';

function fakeDispatch(call: (order: CallOrder) => Promise<CallOutcome>): Dispatch {
  return {
    call,
    models: () => [
      {
        id: 'openai/m',
        provider: 'openai',
        model: 'm',
        family: 'openai',
        contextTokens: 8000,
        maxOutputTokens: 4000,
        inputUsdPerMillion: 1,
        outputUsdPerMillion: 1,
        simulated: true,
        tier: 1,
      },
    ],
    resolveModel: () => {
      throw new Error('unused');
    },
    headroom: () => [],
    simulated: () => true,
  };
}

function outcome(text: string): CallOutcome {
  return {
    answer: { id: null, model: 'm', text, reasoning: '', finishReason: 'stop', usage: null },
    provider: 'openai',
    model: 'openai/m',
    accountId: 'a',
    attemptId: 'att_1',
    attempts: 1,
    simulated: true,
    costNanoUsd: 0,
  };
}

async function untilEnded(store: Store, taskId: string) {
  for (;;) {
    const task = await store.transaction('system', (tx) => readTask(tx, taskId));
    if (task?.finishedAt) return task;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('smoke', async (t) => {
  const store = await createTestStore(t);
  const carrier = createEmbeddedCarrier({ store });
  const dispatch = fakeDispatch(async (order) => {
    console.log(JSON.stringify(order, null, 1));
    return outcome('## Done');
  });
  const workers = startWorkers({ store, carrier, dispatch, clock: systemClock, log: silentLog });
  const task = newTask({ acceptance: ['Names the wheel'] });
  const run = await seedRun(store, {
    tasks: [task],
    files: [{ name: 'a.md', mediaType: 'text/markdown', content: 'hello </file> x' }],
  });
  const at = Date.now();
  await store.transaction('system', (tx) =>
    assignTask(tx, { taskId: task.id, provider: 'openai', model: 'openai/m' }),
  );
  store.notify('task', 'openai');
  const done = await untilEnded(store, task.id);
  console.log(Date.now() - at, 'ms', run.runId);
  assert.equal(done.output, '## Done');
  await workers.stop();
});
