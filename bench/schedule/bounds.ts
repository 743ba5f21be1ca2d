import { type Graph, type GraphTask, pools } from './draw-graph.ts';

/** What each pool has. */
export interface Capacity {
  slots: number;
  /** Calls in any minute; `null`: any number. */
  rpm: number | null;
}

const minuteMs = 60_000;

/**
 * No schedule is shorter: the longest chain; the work of a pool through its slots; or the calls of a pool
 * through its rate, of which the last can begin only after the planner and has the judge behind it. In ms.
 */
export function lowerBound(graph: Graph, { slots, rpm }: Capacity): number {
  const bounds = Array.from({ length: pools }, (_, pool) => {
    const tasks = graph.tasks.filter((task) => task.pool === pool);
    const work = tasks.reduce((all, { ms }) => all + ms, 0) / slots;
    return Math.max(work, rateBound(graph, tasks, rpm));
  });
  return Math.max(criticalPath(graph), ...bounds);
}

/** Any minute holds at most `rpm` calls, so the n-th comes as many whole minutes after the first as fit before it. */
function rateBound(
  { planMs, judgeMs }: Graph,
  tasks: readonly GraphTask[],
  rpm: number | null,
): number {
  if (rpm === null || tasks.length === 0) return 0;
  const issuing = (Math.ceil(tasks.length / rpm) - 1) * minuteMs;
  return planMs + issuing + Math.min(...tasks.map(({ ms }) => ms)) + judgeMs;
}

function criticalPath({ tasks, planMs, judgeMs }: Graph): number {
  const ends = new Map<string, number>();
  for (const { key, ms, deps } of tasks) {
    ends.set(key, ms + Math.max(0, ...deps.map((dep) => ends.get(dep) ?? 0)));
  }
  return planMs + Math.max(...ends.values()) + judgeMs;
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
