import { type Graph, type GraphTask, pools } from './draw-graph.ts';

/** No schedule is shorter: the longest chain, or the work of a pool through its slots. In ms. */
export function lowerBound(graph: Graph, slots: number): number {
  const work = Array.from({ length: pools }, (_, pool) => sum(graph, pool) / slots);
  return Math.max(criticalPath(graph), ...work);
}

function sum(graph: Graph, pool: number): number {
  return graph.tasks.filter((task) => task.pool === pool).reduce((all, { ms }) => all + ms, 0);
}

function criticalPath({ tasks, planMs, judgeMs }: Graph): number {
  const ends = new Map<string, number>();
  for (const { key, ms, deps } of tasks) {
    ends.set(key, ms + Math.max(0, ...deps.map((dep) => ends.get(dep) ?? 0)));
  }
  return planMs + Math.max(...ends.values()) + judgeMs;
}

/** The makespan in rounds (supersteps): a round begins when the last task of the one before has ended. In ms. */
export function roundsMakespan(graph: Graph, slots: number): number {
  const levels = new Map<string, number>();
  for (const { key, deps } of graph.tasks) {
    levels.set(key, 1 + Math.max(0, ...deps.map((dep) => levels.get(dep) ?? 0)));
  }
  let total = graph.planMs + graph.judgeMs;
  for (let level = 1; level <= Math.max(...levels.values()); level += 1) {
    const round = graph.tasks.filter(({ key }) => levels.get(key) === level);
    const perPool = Array.from({ length: pools }, (_, pool) =>
      packedMakespan(
        round.filter((task) => task.pool === pool),
        slots,
      ),
    );
    total += Math.max(...perPool);
  }
  return total;
}

/** Each task to the slot that is free first, in the order of the plan. */
function packedMakespan(tasks: readonly GraphTask[], slots: number): number {
  const free = Array.from({ length: slots }, () => 0);
  for (const { ms } of tasks) {
    const first = free.indexOf(Math.min(...free));
    free[first] = (free[first] ?? 0) + ms;
  }
  return Math.max(...free);
}
