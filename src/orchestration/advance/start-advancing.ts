import { errorFields } from '../../platform/log.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { type Pulse, startPulse } from '../pulse.ts';
import { type Advanced, advanceRun } from './advance-run.ts';
import { type Advanceable, findAdvanceable } from './find-advanceable.ts';
import { startAlarms } from './start-alarms.ts';

/** How often the store is asked for runs to advance where no hint came, in ms. */
const pollMs = 1_000;

/** Advances runs as they are hinted at, and looks for forgotten ones slowly. */
export function startAdvancing(
  deps: OrchestrationDeps,
  heard: (advanced: Advanced) => void,
): Pulse {
  const hinted = new Set<string>();
  const alarms = startAlarms(deps.clock, (runId) => {
    hinted.add(runId);
    pulse.wake();
  });
  let lastPoll = Number.NEGATIVE_INFINITY;

  const advance = async (runId: string) => {
    try {
      const advanced = await advanceRun(deps, runId);
      if (advanced.limitMs <= pollMs) alarms.set(runId, advanced.limitMs);
      heard(advanced);
    } catch (error) {
      // Its request stays in the store; one run's trouble must not stop the others.
      deps.log.error('run.advance_failed', { run_id: runId, ...errorFields(error) });
    }
  };
  const pulse = startPulse(deps.clock, pollMs, async () => {
    const runIds = [...hinted];
    hinted.clear();
    if (deps.clock.now() - lastPoll >= pollMs) {
      lastPoll = deps.clock.now();
      const found = await findForgotten(deps);
      for (const { runId, waitMs } of found.soon) alarms.set(runId, waitMs);
      runIds.push(...found.runIds.filter((id) => !runIds.includes(id)));
    }
    // Different runs share no lock, so they need not wait for each other.
    for (let next = runIds.splice(0, 8); next.length > 0; next = runIds.splice(0, 8)) {
      await Promise.all(next.map(advance));
    }
  });
  const stopListening = deps.store.listen('advance', (runId) => {
    hinted.add(runId);
    pulse.wake();
  });
  return {
    wake: pulse.wake,
    async stop() {
      stopListening();
      await pulse.stop();
      alarms.stop();
    },
  };
}

async function findForgotten(deps: OrchestrationDeps): Promise<Advanceable> {
  try {
    return await deps.store.transaction('system', (tx) => findAdvanceable(tx, pollMs));
  } catch (error) {
    deps.log.warn('advances.unreadable', errorFields(error));
    return { runIds: [], soon: [] };
  }
}
