import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  criteriaLine,
  planLine,
  principal,
  receipt,
  setUpOrchestration,
} from '../../../test/set-up-orchestration.ts';
import { untilAwaited } from '../../../test/until-awaited.ts';
import { systemClock } from '../../platform/clock.ts';
import { silentLog } from '../../platform/log.ts';
import type { Store, Tx } from '../../platform/store/store.ts';
import { rerun } from './rerun.ts';

/** The same store, whose transactions stand still for `meanwhile` before they store tasks. */
function haltedStore(store: Store, meanwhile: (tx: Tx) => Promise<unknown>): Store {
  return {
    ...store,
    transaction: (scope, work, options) =>
      store.transaction(
        scope,
        (tx) =>
          work({
            async query(text, values) {
              if (text.startsWith('INSERT INTO tasks')) await meanwhile(tx);
              return await tx.query(text, values);
            },
          }),
        options,
      ),
  };
}

test('a rerun copies a plan that is being patched either before or after, not in between', async (t) => {
  const { store, dispatch, orchestration, accept, until } = await setUpOrchestration(t);
  const runId = await accept({ approve: 'ask' });
  await until(runId, ({ status }) => status === 'awaiting_approval');
  const { version } = await orchestration.readPlan(principal, runId);
  let patching: Promise<unknown> = Promise.resolve();
  const halted = haltedStore(store, (tx) => {
    patching = orchestration.patchPlan(principal, {
      runId,
      version,
      operations: [
        { op: 'add', task: { key: 't9', title: 'A table', instruction: 'Draw up a table.' } },
        {
          op: 'change',
          id: 't3',
          set: { instruction: 'Explain the table.', deps: [{ id: 't9', uses: 'all of it' }] },
        },
      ],
    });
    return Promise.race([patching, untilAwaited(tx)]);
  });
  const deps = { dispatch, clock: systemClock, log: silentLog, config: { orchestrator: null } };
  const { project_id: projectId } = await orchestration.readRun(principal, runId);
  const accepted = await rerun({ ...deps, store: halted }, principal, {
    input: { projectId, fromRun: runId, fromTask: 't3' },
    receipt,
  });
  await patching;
  const { tasks } = await orchestration.readPlan(principal, accepted.run_id);
  const copied = tasks.find(({ key }) => key === 't3');
  assert.deepEqual(
    [copied?.instruction, copied?.deps.map(({ id }) => id)],
    ['Write about t3.', ['t1', 't2']],
  );
});

test('a plan that is not complete yet is not copied as if it were', async (t) => {
  const setting = await setUpOrchestration(t, {
    planner: async (_prompt, { signal, onEvent }) => {
      await onEvent?.({ type: 'text', text: `${criteriaLine}\n${planLine({ id: 't1' })}\n` });
      return new Promise<string>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    },
  });
  const runId = await setting.accept({ clarify: 'off' });
  const planning = await setting.until(runId, ({ tasks }) =>
    tasks.some(({ kind }) => kind === 'section'),
  );
  const input = { projectId: planning.project_id, fromRun: runId, fromTask: 't1' };
  await assert.rejects(setting.orchestration.rerun(principal, input, receipt), {
    code: 'conflict',
    where: runId,
  });
});
