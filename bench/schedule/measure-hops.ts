import type { RunEvent } from '../api-client.ts';
import { spread } from '../report.ts';
import type { Graph } from './draw-graph.ts';

/** Milliseconds that Headrace itself takes on a task's way, stage by stage. */
export type Hops = Record<(typeof stages)[number], number[]>;

const stages = [
  'last input recorded → ready',
  'ready → assigned',
  'assigned → claimed',
  'claimed → sent',
  'sent → answered, beyond the vendor’s time',
  'answered → recorded',
] as const;

type Times = Map<string, number>;

/** From the events of a run whose graph is known; a wait for a free slot shows as `ready → assigned`. */
export function measureHops(graph: Graph, events: readonly RunEvent[]): Hops {
  const hops: Hops = Object.fromEntries(stages.map((stage) => [stage, []])) as unknown as Hops;
  const byKey = timesByKey(events);
  for (const task of graph.tasks) {
    const times = byKey.get(task.key);
    if (!times) continue;
    const inputs = task.deps.map((dep) => byKey.get(dep)?.get('answer.collected') ?? 0);
    const points = [
      Math.max(...inputs),
      ...['task.ready', 'task.assigned', 'task.claimed', 'call.sent'].map((type) =>
        times.get(type),
      ),
    ];
    const [input, ready, assigned, claimed, sent] = points as number[];
    const answered = (times.get('attempt.ended') ?? 0) - task.ms;
    const recorded = times.get('answer.collected') ?? 0;
    const found = [input, ready, assigned, claimed, sent, answered, recorded - task.ms] as number[];
    for (const [index, stage] of stages.entries()) {
      if (index === 0 && task.deps.length === 0) continue;
      hops[stage].push((found[index + 1] ?? 0) - (found[index] ?? 0));
    }
  }
  return hops;
}

/** Events name a task by its id, and only some of them by its key. */
function timesByKey(events: readonly RunEvent[]): Map<string, Times> {
  const keys = new Map<string, string>();
  const byKey = new Map<string, Times>();
  for (const { task_id, type, at, data } of events) {
    if (!task_id) continue;
    if (type === 'call.sent') keys.set(task_id, String(data['task']));
    const times = byKey.get(task_id) ?? new Map();
    byKey.set(task_id, times.set(type, Date.parse(at)));
  }
  return new Map([...byKey].map(([id, times]) => [keys.get(id) ?? id, times]));
}

export function describeHops(
  all: readonly Hops[],
): { stage: string; 'ms, least / median / most': string }[] {
  return stages.map((stage) => ({
    stage,
    'ms, least / median / most': spread(
      all.flatMap((hops) => hops[stage]),
      '',
    ).text.trim(),
  }));
}
