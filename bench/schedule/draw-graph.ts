import { createRandom, type Random } from '../../src/platform/random.ts';

export interface GraphTask {
  key: string;
  /** Which of the pools may serve it. */
  pool: number;
  ms: number;
  /** Keys of earlier tasks. */
  deps: string[];
}

/** A plan with the time that each of its calls takes; planner and judge are nodes of it. */
export interface Graph {
  name: string;
  tasks: GraphTask[];
  planMs: number;
  judgeMs: number;
}

export const pools = 5;
/** Of the logarithm of a task's duration: most take their time, some take four times as long. */
const spread = 0.7;

/** A random layered graph: every task but those of the first layer needs one to three of the layer before. */
export function drawGraph(seed: string, size: { tasks: number; unitMs: number }): Graph {
  const random = createRandom(seed);
  const layers = Math.round(Math.sqrt(size.tasks));
  const layerOf = (index: number) => Math.floor((index * layers) / size.tasks);
  const tasks: GraphTask[] = [];
  for (let index = 0; index < size.tasks; index += 1) {
    const before = tasks.filter((_, other) => layerOf(other) === layerOf(index) - 1);
    tasks.push({
      key: `t${index + 1}`,
      pool: random.integer(pools),
      ms: size.unitMs * Math.exp(spread * drawNormal(random)),
      deps: pick(random, before, 1 + random.integer(3)),
    });
  }
  return { name: seed, tasks, planMs: size.unitMs, judgeMs: size.unitMs };
}

function pick(random: Random, from: readonly GraphTask[], count: number): string[] {
  const left = from.map(({ key }) => key);
  const picked: string[] = [];
  while (picked.length < count && left.length > 0) {
    picked.push(...left.splice(random.integer(left.length), 1));
  }
  return picked;
}

/** Box and Muller's: two uniform numbers make a normal one. */
function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
