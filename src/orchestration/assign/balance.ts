import { appendEvents } from '../../platform/store/append-events.ts';
import type { NewEvent, Tx } from '../../platform/store/store.ts';
import {
  assignTask,
  liveSlots,
  type ReadyTask,
  readyTasks,
  refuseTask,
} from '../../queue/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { type Board, type Choice, choosePool } from './choose-pool.ts';

export interface Balanced {
  assigned: number;
  /** Milliseconds after which a pool may have room for what waits. */
  waitMs: number;
}

interface Waiting extends ReadyTask {
  /** Estimated tokens of its call. */
  size: { input: number; output: number };
}

const mostPerRound = 200;
/** A prompt's own words, and what one input contributes to it, in tokens. */
const framingTokens = 600;
const inputTokens = 1_500;

/**
 * Step ⑧: gives ready tasks to providers, the best first, as long as pools have headroom and workers
 * have free slots. What finds no room stays ready, so that whoever is free first can take it.
 */
export async function balance(deps: OrchestrationDeps): Promise<Balanced> {
  const { waiting, board } = await deps.store.transaction('system', async (tx) => {
    const ready = await readyTasks(tx, { limit: mostPerRound });
    if (ready.length === 0) return { waiting: [], board: null };
    return { waiting: await withRunModels(tx, ready), board: await readBoard(tx, deps) };
  });
  if (!board) return { assigned: 0, waitMs: Number.POSITIVE_INFINITY };
  const byRun = new Map<string, { task: Waiting; choice: Choice }[]>();
  let waitMs = Number.POSITIVE_INFINITY;
  for (const task of waiting) {
    const pools = deps.dispatch.headroom(task.models, task.size);
    const choice = choosePool(task, pools, board);
    if (choice.kind === 'wait') waitMs = Math.min(waitMs, choice.waitMs);
    else byRun.set(task.runId, [...(byRun.get(task.runId) ?? []), { task, choice }]);
  }
  let assigned = 0;
  // One transaction per run: a transaction may hold the counter of one run only.
  for (const [runId, choices] of byRun) assigned += await write(deps, runId, choices);
  return { assigned, waitMs };
}

async function readBoard(tx: Tx, deps: OrchestrationDeps): Promise<Board> {
  const live = await liveSlots(tx);
  const underway = await tx.query<{ model: string; count: number }>(
    `SELECT assigned_model AS model, count(*)::int AS count FROM tasks
     WHERE status = 'assigned' GROUP BY assigned_model`,
  );
  return {
    free: new Map(live.map(({ provider, free }) => [provider, free])),
    slots: new Map(live.map(({ provider, slots }) => [provider, slots])),
    underway: new Map(underway.map(({ model, count }) => [model, count])),
    models: new Map(deps.dispatch.models().map((model) => [model.id, model])),
  };
}

/** A task without models of its own may use those of its run. */
async function withRunModels(tx: Tx, ready: readonly ReadyTask[]): Promise<Waiting[]> {
  const runs = await tx.query<{ id: string; models: string[]; bytes: number }>(
    `SELECT r.id, r.settings->'models' AS models, b.bytes
     FROM runs r JOIN projects p ON p.id = r.project_id JOIN payloads b ON b.id = p.brief_payload
     WHERE r.id = ANY($1::text[])`,
    [[...new Set(ready.map((task) => task.runId))]],
  );
  const byId = new Map(runs.map((run) => [run.id, run]));
  return ready.map((task) => {
    const run = byId.get(task.runId);
    const bytes = (run?.bytes ?? 0) + Buffer.byteLength(task.instruction);
    return {
      ...task,
      models: task.models.length > 0 ? task.models : (run?.models ?? []),
      size: {
        input: framingTokens + Math.ceil(bytes / 3) + task.dependsOn.length * inputTokens,
        output: task.maxTokens,
      },
    };
  });
}

async function write(
  deps: OrchestrationDeps,
  runId: string,
  choices: readonly { task: Waiting; choice: Choice }[],
): Promise<number> {
  const done = await deps.store.transaction('system', async (tx) => {
    const events: NewEvent[] = [];
    const providers: string[] = [];
    let refused = false;
    // In the order in which others lock a run's tasks: two orders would be a deadlock.
    const ordered = choices.toSorted((one, other) => one.task.ordinal - other.task.ordinal);
    for (const { task, choice } of ordered) {
      if (choice.kind === 'assign') {
        const { provider, model } = choice;
        const written = await assignTask(tx, { taskId: task.id, provider, model });
        // Another balancer was first.
        if (!written) continue;
        events.push(...written.events);
        providers.push(provider);
      } else if (choice.kind === 'never') {
        const { code, message } = choice;
        const failure = { code, kind: null, message, dead: false };
        const written = await refuseTask(tx, task.id, failure);
        refused ||= written.accepted;
        events.push(...written.events);
      }
    }
    await appendEvents(tx, runId, events);
    return { providers, refused };
  });
  for (const provider of new Set(done.providers)) deps.store.notify('task', provider);
  if (done.refused) deps.store.notify('advance', runId);
  if (done.providers.length > 0 || done.refused) deps.store.notify('run', runId);
  return done.providers.length;
}
