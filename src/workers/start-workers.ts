import { groupCalls } from '../platform/group-calls.ts';
import { createId } from '../platform/ids.ts';
import { createRandom } from '../platform/random.ts';
import { type AnsweredClaim, type Claim, readTaskContexts, recordAnswers } from '../queue/index.ts';
import type { Activity } from './activity.ts';
import { fillSlots } from './fill-slots.ts';
import { createSlotBoard } from './slot-board.ts';
import { startBeating } from './start-beating.ts';
import { createWakeUp } from './wake-up.ts';
import { watchActivities } from './watch-activities.ts';
import type { TaskWork, WorkersDeps } from './workers-deps.ts';

export interface WorkersOptions {
  /** Whose tasks it takes; omitted: those of every provider that dispatch serves, asked anew each time. */
  providers?: readonly string[];
  /** Tasks at once per provider; 16 where omitted. */
  slots?: number;
  /** Made up where omitted. */
  workerId?: string;
}

export interface Workers {
  readonly workerId: string;
  /**
   * Takes nothing more and lets what runs finish; what has not after `graceMs` is broken off and given
   * back. Resolves when nothing is left.
   */
  drain(graceMs: number): Promise<void>;
  /** Drains without grace. */
  stop(): Promise<void>;
}

/** Starts this process's slots: they take tasks, call their models and record the answers until drained. */
export function startWorkers(deps: WorkersDeps, options: WorkersOptions = {}): Workers {
  const workerId = options.workerId ?? createId('wrk');
  const log = deps.log.child({ worker_id: workerId });
  const board = createSlotBoard(
    () => options.providers ?? [...new Set(deps.dispatch.models().map((model) => model.provider))],
    options.slots ?? 16,
  );
  const activities = new Set<Activity>();
  const wakeUp = createWakeUp(deps.clock);
  const random = createRandom(workerId);
  const beat = startBeating({ ...deps, log }, { id: workerId, board });
  const work = { ...deps, ...workTogether(deps), log, random };
  const slots = fillSlots({ ...work, workerId, board, wakeUp, activities });
  const unwatch = watchActivities({ ...deps, log }, activities);
  const unhear = deps.carrier.watch(wakeUp.signal);

  const drain = async (graceMs: number) => {
    unhear();
    await slots.close();
    await beat.signOff();
    const cancelGrace = deps.clock.setTimer(graceMs, slots.breakOff);
    await slots.idle();
    cancelGrace();
    unwatch();
  };
  let drained: Promise<void> | null = null;
  const drainOnce = (graceMs: number) => {
    // A second signal: whoever waits for the grace waits no longer.
    if (drained && graceMs === 0) slots.breakOff();
    drained ??= drain(graceMs);
    return drained;
  };
  return { workerId, drain: drainOnce, stop: () => drainOnce(0) };
}

/** What tasks of one run read and write in the same moment shares a transaction. */
function workTogether(deps: WorkersDeps): Pick<TaskWork, 'readContext' | 'recordAnswer'> {
  const read = groupCalls((_, claims: readonly Claim[]) => readTaskContexts(deps, claims));
  const record = groupCalls((_, answered: readonly AnsweredClaim[]) =>
    recordAnswers(deps, answered),
  );
  return {
    readContext: (claim) => read(claim.task.runId, claim),
    recordAnswer: (answered) => record(answered.claim.task.runId, answered),
  };
}
