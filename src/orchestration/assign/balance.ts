import { appendEvents } from '../../platform/store/append-events.ts';
import type { Tx } from '../../platform/store/store.ts';
import {
  type Assignment,
  assignTasks,
  liveSlots,
  type ReadyTask,
  readyTasks,
  refuseTask,
} from '../../queue/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { type Board, type Choice, choosePool } from './choose-pool.ts';
import { keepAffordable, reserveOf } from './keep-affordable.ts';

export interface Balanced {
  assigned: number;
  /** Ready tasks that found no room. */
  left: number;
  /** Milliseconds after which a pool may have room for what waits. */
  waitMs: number;
}

interface Waiting extends ReadyTask {
  /** Without the models of its run. */
  asRead: ReadyTask;
  /** Estimated tokens of its call. */
  size: { input: number; output: number };
  /** Nano-USD of its run's budget that work may still take; `null`: any. */
  payable: number | null;
}

interface Chosen {
  task: Waiting;
  choice: Choice;
}

const mostPerRound = 200;
/** A prompt's own words, and what one input contributes to it, in tokens. */
const framingTokens = 600;
const inputTokens = 1_500;
const bytesPerToken = 3;

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
  if (!board) return { assigned: 0, left: 0, waitMs: Number.POSITIVE_INFINITY };
  const chosen: Chosen[] = [];
  let waitMs = Number.POSITIVE_INFINITY;
  const promised = new Map<string, number>();
  for (const task of waiting) {
    const size = { inputBytes: task.size.input * bytesPerToken, outputTokens: task.size.output };
    const taken = promised.get(task.runId) ?? 0;
    const pools = keepAffordable(
      deps.dispatch.headroom(task.models, task.size),
      { size, payableNanoUsd: task.payable === null ? null : task.payable - taken },
      board.models,
    );
    const choice = choosePool(task, pools, board);
    if (choice.kind === 'assign' && task.payable !== null)
      promised.set(task.runId, taken + reserveOf(board.models.get(choice.model), size));
    if (choice.kind === 'wait') waitMs = Math.min(waitMs, choice.waitMs);
    else chosen.push({ task, choice });
  }
  let assigned = 0;
  // One transaction per run: a transaction may hold the counter of one run only.
  for (const [runId, ofRun] of Map.groupBy(chosen, ({ task }) => task.runId)) {
    assigned += await assign(deps, runId, ofRun.flatMap(assignmentOf));
    for (const each of ofRun) await refuse(deps, each);
  }
  return { assigned, left: waiting.length - chosen.length, waitMs };
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
  const runs = await tx.query<{
    id: string;
    models: string[];
    bytes: number;
    payable: number | null;
  }>(
    `SELECT r.id, r.settings->'models' AS models, b.bytes,
       u.limit_nano_usd - u.spent_nano_usd - u.reserved_nano_usd - u.kept_nano_usd / (1 + r.rounds) AS payable
     FROM runs r JOIN projects p ON p.id = r.project_id JOIN payloads b ON b.id = p.brief_payload
       LEFT JOIN budgets u ON u.run_id = r.id
     WHERE r.id = ANY($1::text[])`,
    [[...new Set(ready.map((task) => task.runId))]],
  );
  const byId = new Map(runs.map((run) => [run.id, run]));
  return ready.map((task) => {
    const run = byId.get(task.runId);
    const bytes = (run?.bytes ?? 0) + Buffer.byteLength(task.instruction);
    return {
      ...task,
      asRead: task,
      models: task.models.length > 0 ? task.models : (run?.models ?? []),
      payable: run?.payable ?? null,
      size: {
        input:
          framingTokens + Math.ceil(bytes / bytesPerToken) + task.dependsOn.length * inputTokens,
        output: task.maxTokens,
      },
    };
  });
}

function assignmentOf({ task, choice }: Chosen): Assignment[] {
  if (choice.kind !== 'assign') return [];
  return [{ taskId: task.id, provider: choice.provider, model: choice.model }];
}

/** Answers how many were assigned: at the others another balancer was first. */
async function assign(
  deps: OrchestrationDeps,
  runId: string,
  assignments: readonly Assignment[],
): Promise<number> {
  if (assignments.length === 0) return 0;
  const assigned = await deps.store.transaction('system', async (tx) => {
    const done = await assignTasks(tx, assignments);
    await appendEvents(
      tx,
      runId,
      done.flatMap(({ events }) => events),
    );
    return done;
  });
  for (const provider of new Set(assigned.map((each) => each.provider))) {
    deps.store.notify('task', provider);
  }
  if (assigned.length > 0) deps.store.notify('run', runId);
  return assigned.length;
}

/** In a transaction of its own: it would lock the run's tasks in a second order, and that is a deadlock. */
async function refuse(deps: OrchestrationDeps, { task, choice }: Chosen): Promise<void> {
  if (choice.kind !== 'never') return;
  const { code, message } = choice;
  const { accepted } = await deps.store.transaction('system', async (tx) => {
    const failure = { code, kind: null, message, dead: false };
    const written = await refuseTask(tx, task.asRead, failure);
    await appendEvents(tx, task.runId, written.events);
    return written;
  });
  if (!accepted) return;
  deps.store.notify('advance', task.runId);
  deps.store.notify('run', task.runId);
}
