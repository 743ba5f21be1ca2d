import { createId } from '../../platform/ids.ts';
import { errorFields } from '../../platform/log.ts';
import {
  type Claim,
  claimControlTask,
  handBack,
  heldClaims,
  leaseMs,
  renewLeases,
} from '../../queue/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { type Pulse, startPulse } from '../pulse.ts';
import { runControlTask } from './run-control-task.ts';

interface Activity {
  claim: Claim;
  abort: AbortController;
  done: Promise<void>;
}

const pollMs = 1_000;
/** Control tasks that one process works on at a time. They mostly wait for a model. */
const slots = 8;

/** Takes control tasks into free slots, keeps their leases, and stops what was cancelled. */
export function startControl(deps: OrchestrationDeps): Pulse {
  const workerId = createId('wrk');
  // By fencing token: a task that lapsed may be claimed anew while its first claim is still worked on.
  const active = new Map<number, Activity>();
  let stopping = false;

  const begin = (claim: Claim) => {
    const abort = new AbortController();
    const done = runControlTask(deps, claim, abort.signal).finally(() => {
      active.delete(claim.fencingToken);
      taking.wake();
    });
    active.set(claim.fencingToken, { claim, abort, done });
  };
  const taking = startPulse(deps.clock, pollMs, async () => {
    while (!stopping && active.size < slots) {
      const claim = await attempt(deps, () => claimControlTask(deps, workerId));
      if (!claim) return;
      begin(claim);
    }
  });
  const abortLost = (held: ReadonlySet<number> | null, checked: readonly Activity[]) => {
    if (!held) return;
    for (const { claim, abort } of checked) {
      if (!held.has(claim.fencingToken)) abort.abort(new Error('The claim is not held any more.'));
    }
  };
  const renewing = startPulse(deps.clock, leaseMs / 3, async () => {
    const checked = [...active.values()];
    const claims = checked.map((activity) => activity.claim);
    abortLost(await attempt(deps, () => renewLeases(deps, claims)), checked);
  });
  // A task that came back (a lapsed lease, a hand-back) is announced by its run, an assignment by its provider.
  const stopHearing = deps.store.listen('task', (payload) => {
    if (payload.startsWith('run_')) taking.wake();
  });
  const stopListening = deps.store.listen('cancel', (runId) => {
    const checked = [...active.values()].filter(({ claim }) => claim.task.runId === runId);
    if (checked.length === 0) return;
    const claims = checked.map((activity) => activity.claim);
    void attempt(deps, () => heldClaims(deps, claims)).then((held) => abortLost(held, checked));
  });
  return {
    wake: taking.wake,
    async stop() {
      stopping = true;
      stopListening();
      stopHearing();
      await Promise.all([taking.stop(), renewing.stop()]);
      const left = [...active.values()];
      for (const { abort } of left) abort.abort(new Error('The process ends.'));
      await Promise.all(left.map(({ done }) => done));
      await Promise.all(left.map(({ claim }) => attempt(deps, () => release(deps, claim))));
    },
  };
}

/** Given back at once instead of after its lease; refused by the store where it has ended meanwhile. */
function release(deps: OrchestrationDeps, claim: Claim) {
  return handBack(deps, claim, {
    provider: '*',
    waitMs: 0,
    cause: 'released',
    reason: 'its process ended',
  });
}

/** What the store refuses now it is asked again at the next beat. */
async function attempt<T>(deps: OrchestrationDeps, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    deps.log.warn('control.store_failed', errorFields(error));
    return null;
  }
}
