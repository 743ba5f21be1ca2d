import { createId } from '../../platform/ids.ts';
import { appendEvents } from '../../platform/store/append-events.ts';
import type { NewEvent, Tx } from '../../platform/store/store.ts';
import { type NewTask, readTasks, storeTasks, type Task } from '../../queue/index.ts';
import type { ControlJob } from '../control/control-job.ts';
import { holdClaim } from '../control/hold-claim.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { cutText, storable } from '../storable.ts';
import { criticalPaths } from './critical-paths.ts';
import { expandTask } from './expand-task.ts';
import { usableModels } from './plan-rules.ts';
import type { PlannedTask, Repair } from './planned-task.ts';
import { writePlanLine } from './write-plan-line.ts';

interface Stored {
  id: string;
  maxTokens: number;
  dependsOn: readonly { id: string }[];
}

/** The accepted part of a plan in the store, and what this process knows of it. */
export interface PlanLedger {
  /** Planner's keys of what is stored. */
  readonly ids: ReadonlyMap<string, string>;
  /** The accepted lines. */
  readonly lines: readonly string[];
  /** Stores one line at once, in a transaction of its own; from then on it is immutable. Throws `ClaimLost`. */
  accept(planned: PlannedTask, repairs: readonly Repair[]): Promise<void>;
  acceptCriteria(criteria: readonly string[]): Promise<void>;
}

const notWork = new Set(['clarify', 'plan', 'merge', 'judge', 'member']);

/** Goes on where an earlier claim on the plan was lost. */
export async function openPlanLedger(
  deps: OrchestrationDeps,
  job: ControlJob,
): Promise<{ ledger: PlanLedger; known: Task[] }> {
  const { runId } = job.claim.task;
  const tasks = await deps.store.transaction('system', (tx) =>
    readTasks(tx, runId, { outputs: false }),
  );
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const known = tasks.filter((task) => !notWork.has(task.kind));
  const ids = new Map(known.map((task) => [task.key, task.id]));
  const lines = known.map((task) => writePlanLine(task, byId));
  const state: State = {
    ids,
    lines,
    stored: tasks.filter((task) => task.kind === 'member' || !notWork.has(task.kind)),
    lengths: new Map(tasks.map((task) => [task.id, task.criticalPath])),
  };
  return {
    known,
    ledger: {
      ids,
      lines,
      accept: (planned, repairs) => acceptLine({ deps, job, state }, planned, repairs),
      async acceptCriteria(criteria) {
        await fencedWrite(deps, job, async (tx) => {
          await tx.query('UPDATE runs SET criteria = $2 WHERE id = $1', [
            runId,
            JSON.stringify(criteria),
          ]);
          return [{ type: 'plan.line_accepted', data: { criteria: [...criteria] } }];
        });
      },
    },
  };
}

interface State {
  ids: Map<string, string>;
  lines: string[];
  stored: Stored[];
  lengths: Map<string, number>;
}

async function acceptLine(
  ledger: { deps: OrchestrationDeps; job: ControlJob; state: State },
  planned: PlannedTask,
  repairs: readonly Repair[],
): Promise<void> {
  const { deps, job, state } = ledger;
  const { task } = job.claim;
  const expanded = expandTask(planned, {
    ids: state.ids,
    panel: job.settings.panel,
    models: usableModels(deps, job.settings),
    lane: task.lane,
    newTaskId: () => createId('tsk'),
  });
  const stored = [...state.stored, ...expanded.tasks];
  const lengths = criticalPaths(stored);
  const grown = state.stored.filter(({ id }) => lengths.get(id) !== state.lengths.get(id));
  await fencedWrite(deps, job, async (tx) => {
    await lengthenPaths(tx, grown, lengths);
    const added = await storeTasks(
      tx,
      { runId: task.runId, tenantId: task.tenantId },
      expanded.tasks.map((each): NewTask => withLength(each, lengths)),
    );
    return [
      ...[...repairs, ...expanded.repairs].map(repairEvent),
      acceptedEvent(planned, expanded.id),
      ...added.events,
    ];
  });
  state.ids.set(planned.key, expanded.id);
  state.lines.push(lineOf(planned));
  state.stored = stored;
  state.lengths = lengths;
}

function withLength(task: NewTask, lengths: ReadonlyMap<string, number>): NewTask {
  return { ...task, criticalPath: lengths.get(task.id) ?? task.criticalPath };
}

/** Writes the lengths of chains that a new task made longer. */
export async function lengthenPaths(
  tx: Tx,
  grown: readonly Stored[],
  lengths: ReadonlyMap<string, number>,
): Promise<void> {
  if (grown.length === 0) return;
  await tx.query(
    // Locked in the order in which workers lock a run's tasks: two orders would be a deadlock.
    `WITH grown AS (
       SELECT t.id, n.length FROM tasks t JOIN unnest($1::text[], $2::bigint[]) AS n(id, length) ON t.id = n.id
       ORDER BY t.ordinal FOR NO KEY UPDATE OF t)
     UPDATE tasks t SET critical_path = grown.length FROM grown WHERE t.id = grown.id`,
    [grown.map(({ id }) => id), grown.map(({ id }) => lengths.get(id) ?? 0)],
  );
}

/** One transaction under the claim on the plan. */
async function fencedWrite(
  deps: OrchestrationDeps,
  job: ControlJob,
  write: (tx: Tx) => Promise<NewEvent[]>,
): Promise<void> {
  const { runId, tenantId } = job.claim.task;
  await deps.store.transaction('system', async (tx) => {
    await holdClaim(tx, job.claim);
    const events = await write(tx);
    await tx.query('INSERT INTO advances (run_id, tenant_id) VALUES ($1, $2)', [runId, tenantId]);
    await appendEvents(tx, runId, events);
  });
  deps.store.notify('advance', runId);
  deps.store.notify('run', runId);
}

export function repairEvent(repair: Repair): NewEvent {
  const { what, where, message } = repair;
  return {
    type: 'plan.line_repaired',
    data: storable({ what, where: cutText(where, 200), message: cutText(message, 500) }),
  };
}

function acceptedEvent(planned: PlannedTask, taskId: string): NewEvent {
  return {
    type: 'plan.line_accepted',
    taskId,
    data: { key: planned.key, title: planned.title, kind: planned.kind },
  };
}

function lineOf(planned: PlannedTask): string {
  const { key: id, title, instruction, kind, acceptance, required, path } = planned;
  return JSON.stringify({
    ...{ id, title, instruction, kind },
    deps: planned.deps.map((dep) => ({ id: dep.key, uses: dep.uses })),
    acceptance,
    max_tokens: planned.maxTokens,
    ...{ required, path },
  });
}
