import { type Graph, pools } from './draw-graph.ts';

/** What each pool has. */
export interface Capacity {
  slots: number;
  /** Calls in any minute; `null`: any number. */
  rpm: number | null;
}

export const minuteMs = 60_000;

/** A task between what must come before it and what must come after. In ms, from the end of the plan. */
interface Placed {
  key: string;
  pool: number;
  ms: number;
  /** It can't begin earlier: the longest chain of what it needs. */
  head: number;
  /** The run can't end earlier after it: the longest chain of what needs it. */
  tail: number;
}

/**
 * No schedule is shorter: the longest chain; the work of a pool through its slots; or the calls of a pool
 * through its rate. The bound of a pool is that of one machine with heads and tails (Carlier, 1982): of any
 * tasks, the first begins after the least head, and after the last comes the least tail. In ms.
 */
export function lowerBound(graph: Graph, capacity: Capacity): number {
  const placed = placeTasks(graph);
  const chain = Math.max(...placed.map(({ head, ms, tail }) => head + ms + tail));
  const bounds = poolsOf(placed).map((tasks) => poolBound(tasks, capacity));
  return graph.planMs + Math.max(chain, ...bounds) + graph.judgeMs;
}

/** The same without heads and tails: as if all tasks of a pool were ready at once and nothing came after. In ms. */
export function plainBound(graph: Graph, { slots, rpm }: Capacity): number {
  const placed = placeTasks(graph);
  const around = graph.planMs + graph.judgeMs;
  const chain = around + Math.max(...placed.map(({ head, ms, tail }) => head + ms + tail));
  const bounds = poolsOf(placed).map((tasks) =>
    Math.max(work(tasks) / slots, around + issuing(tasks, rpm)),
  );
  return Math.max(chain, ...bounds);
}

function poolBound(tasks: readonly Placed[], { slots, rpm }: Capacity): number {
  const bounds = tasks.flatMap(({ head }) =>
    tasks.map(({ tail }) => {
      const chosen = tasks.filter((task) => task.head >= head && task.tail >= tail);
      if (chosen.length === 0) return 0;
      return head + Math.max(work(chosen) / slots, issuing(chosen, rpm)) + tail;
    }),
  );
  return Math.max(...bounds);
}

function work(tasks: readonly Placed[]): number {
  return tasks.reduce((all, { ms }) => all + ms, 0);
}

/** Any minute holds at most `rpm` calls, so the n-th comes as many whole minutes after the first as fit before it. */
function issuing(tasks: readonly Placed[], rpm: number | null): number {
  if (rpm === null) return 0;
  return (Math.ceil(tasks.length / rpm) - 1) * minuteMs + Math.min(...tasks.map(({ ms }) => ms));
}

export function placeTasks({ tasks }: Graph): Placed[] {
  const heads = new Map<string, number>();
  const tails = new Map<string, number>();
  const ends = new Map<string, number>();
  for (const { key, ms, deps } of tasks) {
    const head = Math.max(0, ...deps.map((dep) => ends.get(dep) ?? 0));
    heads.set(key, head);
    ends.set(key, head + ms);
  }
  for (const { key, ms, deps } of tasks.toReversed()) {
    const length = ms + (tails.get(key) ?? 0);
    for (const dep of deps) tails.set(dep, Math.max(tails.get(dep) ?? 0, length));
  }
  return tasks.map(({ key, pool, ms }) => {
    return { key, pool, ms, head: heads.get(key) ?? 0, tail: tails.get(key) ?? 0 };
  });
}

function poolsOf(placed: readonly Placed[]): Placed[][] {
  return [...Map.groupBy(placed, ({ pool }) => pool).values()];
}

/** The makespan in rounds (supersteps): a round begins when the last task of the one before has ended. In ms. */
export function roundsMakespan(graph: Graph, capacity: Capacity): number {
  const levels = new Map<string, number>();
  for (const { key, deps } of graph.tasks) {
    levels.set(key, 1 + Math.max(0, ...deps.map((dep) => levels.get(dep) ?? 0)));
  }
  const lines = Array.from({ length: pools }, () => createLine(capacity));
  let now = graph.planMs;
  for (let level = 1; level <= Math.max(...levels.values()); level += 1) {
    const round = graph.tasks.filter(({ key }) => levels.get(key) === level);
    const ends = round.map((task) => lines[task.pool]?.(task.ms, now) ?? now);
    now = Math.max(...ends);
  }
  return now + graph.judgeMs;
}

/** One pool: each call to the slot that is free first, as soon as its minute allows; answers when it ends. */
function createLine({ slots, rpm }: Capacity): (ms: number, from: number) => number {
  const free = Array.from({ length: slots }, () => 0);
  const begun: number[] = [];
  return (ms, from) => {
    const first = free.indexOf(Math.min(...free));
    const allowed = rpm === null ? 0 : (begun.at(-rpm) ?? -minuteMs) + minuteMs;
    const start = Math.max(from, free[first] ?? 0, allowed);
    begun.push(start);
    free[first] = start + ms;
    return start + ms;
  };
}
