import { type Capacity, minuteMs, placeTasks } from './bounds.ts';
import type { Graph, GraphTask } from './draw-graph.ts';

interface Begun {
  pool: number;
  at: number;
  end: number;
}

/**
 * The makespan of one that knows every duration beforehand and loses no time: whatever is ready begins, the
 * longest chain of dependants first, as soon as its pool allows. Not the optimum (that is NP-hard), but
 * what remains between it and the bound is hard for anybody. In ms.
 */
export function listMakespan(graph: Graph, capacity: Capacity): number {
  const order = byChain(graph);
  const ends = new Map<string, number>();
  const begun: Begun[] = [];
  let now = 0;
  while (ends.size < order.length) {
    for (const { key, pool, ms, deps } of order) {
      if (ends.has(key) || !deps.every((dep) => (ends.get(dep) ?? Number.POSITIVE_INFINITY) <= now))
        continue;
      if (
        !hasRoom(
          begun.filter((each) => each.pool === pool),
          capacity,
          now,
        )
      )
        continue;
      ends.set(key, now + ms);
      begun.push({ pool, at: now, end: now + ms });
    }
    const changes = begun.flatMap(({ at, end }) => [at + minuteMs, end]);
    now = Math.min(...changes.filter((change) => change > now));
  }
  return graph.planMs + Math.max(...ends.values()) + graph.judgeMs;
}

function hasRoom(begun: readonly Begun[], { slots, rpm }: Capacity, now: number): boolean {
  if (begun.filter(({ end }) => end > now).length >= slots) return false;
  return rpm === null || begun.filter(({ at }) => at + minuteMs > now).length < rpm;
}

function byChain(graph: Graph): GraphTask[] {
  const chains = new Map(placeTasks(graph).map(({ key, ms, tail }) => [key, ms + tail]));
  return graph.tasks.toSorted(
    (one, other) => (chains.get(other.key) ?? 0) - (chains.get(one.key) ?? 0),
  );
}
