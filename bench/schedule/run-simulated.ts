import type { Capacity } from './bounds.ts';
import type { Graph } from './draw-graph.ts';
import {
  openSimulatedHeadrace,
  type SimulatedHeadrace,
  startMs,
} from './open-simulated-headrace.ts';
import { chiefId, type PlacedGraph, placeGraph, poolIdsOf } from './place-graph.ts';
import { playPart, writeBrief } from './play-part.ts';

export interface SimulatedSetting {
  /** What every pool has for a graph of so many tasks. */
  capacityOf: (tasks: number) => Capacity;
  /** Through the real limiter; otherwise nothing but the slots bounds a pool. */
  limited: boolean;
  /** Graphs of one size that run at once, each with pools of its own. */
  atOnce: number;
}

/** So long after a run nothing of it is left in the limiter's windows, in ms. */
const windowMs = 62_000;
const principal = { tenantId: 'default', userId: null, role: 'admin' } as const;
const receipt = {
  requestId: 'req_bench',
  receivedAt: startMs,
  authMethod: 'key',
  traceId: '0123456789abcdef0123456789abcdef',
} as const;

/** Runs the graphs in simulated time; gives the makespan of each in ms. */
export async function runSimulated(
  folder: string,
  graphs: readonly Graph[],
  setting: SimulatedSetting,
): Promise<number[]> {
  const sizes = [...new Set(graphs.map(({ tasks }) => tasks.length))];
  const places = sizes.flatMap((tasks) =>
    Array.from({ length: setting.atOnce }, (_, lane) => ({ tasks, name: placeName(tasks, lane) })),
  );
  const batches = alternate(sizes.map((size) => inBatches(graphs, size, setting.atOnce)));
  const placed = new Map(batches.flat().map((graph) => [graph.name, graph]));
  const headrace = await openSimulatedHeadrace(folder, {
    ids: places.flatMap(({ name }) => poolIdsOf(name)),
    slots: setting.capacityOf(0).slots,
    limits: setting.limited ? limitsOf(places, setting) : null,
    play: (prompt) => playPart(placed, prompt),
  });
  const makespans = new Map<string, number>();
  const quietAt = new Map<number, number>();
  try {
    for (const batch of batches) {
      const size = batch[0]?.tasks.length ?? 0;
      if (setting.limited) await idleUntil(headrace, quietAt.get(size) ?? 0);
      const spans = await runBatch(headrace, batch);
      for (const [index, graph] of batch.entries()) makespans.set(graph.name, spans[index] ?? 0);
      quietAt.set(size, headrace.time.clock.now() + windowMs);
    }
  } finally {
    await headrace.close();
  }
  return graphs.map(({ name }) => makespans.get(name) ?? 0);
}

const placeName = (tasks: number, lane: number) => `t${tasks}n${lane + 1}-`;

function inBatches(graphs: readonly Graph[], tasks: number, atOnce: number): PlacedGraph[][] {
  const same = graphs.filter((graph) => graph.tasks.length === tasks);
  const batches: PlacedGraph[][] = [];
  for (let start = 0; start < same.length; start += atOnce) {
    const chosen = same.slice(start, start + atOnce);
    batches.push(chosen.map((graph, lane) => placeGraph(graph, placeName(tasks, lane))));
  }
  return batches;
}

/** One of each size in turn: while the others run, the windows of the first become empty. */
function alternate<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  ).flat();
}

function limitsOf(
  places: readonly { tasks: number; name: string }[],
  { capacityOf }: SimulatedSetting,
) {
  const pools = places.flatMap(({ tasks, name }) => {
    const { rpm, slots } = capacityOf(tasks);
    return poolIdsOf(name).map((id) => ({ id, rpm, concurrency: slots }));
  });
  return [...pools, { id: chiefId, rpm: null, concurrency: null }];
}

async function runBatch(
  { orchestration, store, time }: SimulatedHeadrace,
  graphs: readonly PlacedGraph[],
): Promise<number[]> {
  const runIds: string[] = [];
  for (const graph of graphs) {
    const project = { brief: writeBrief(graph), clarify: 'off' } as const;
    const { run_id } = await orchestration.acceptProject(principal, project, receipt);
    runIds.push(run_id);
  }
  let changed = true;
  const unhear = store.listen('run', () => {
    changed = true;
  });
  const read = () =>
    store.transaction('system', (tx) =>
      tx.query<{ status: string; ms: number | null }>(
        `SELECT status, extract(epoch FROM finished_at - created_at)::float8 * 1000 AS ms
         FROM unnest($1::text[]) WITH ORDINALITY AS wanted(id, position) JOIN runs USING (id)
         ORDER BY position`,
        [runIds],
      ),
    );
  await time.runUntil(async () => {
    if (!changed) return false;
    changed = false;
    const rows = await read();
    const failed = rows.findIndex(({ status }) => status === 'failed');
    if (failed >= 0) throw new Error(`The run of ${graphs[failed]?.name} failed.`);
    return rows.every(({ status }) => status === 'succeeded');
  });
  unhear();
  return (await read()).map(({ ms }) => ms ?? 0);
}

async function idleUntil({ time }: SimulatedHeadrace, at: number): Promise<void> {
  await time.runUntil(async () => time.clock.now() >= at);
}
