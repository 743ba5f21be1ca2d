import { drawTable } from './draw-table.ts';
import { withTemporaryFolder } from './headrace-process.ts';
import { report } from './report.ts';
import { type Capacity, lowerBound, plainBound, roundsMakespan } from './schedule/bounds.ts';
import { drawGraph, type Graph, pools } from './schedule/draw-graph.ts';
import { listMakespan } from './schedule/list-schedule.ts';
import { describeHops } from './schedule/measure-hops.ts';
import { runOverHttp } from './schedule/run-over-http.ts';
import { runSimulated } from './schedule/run-simulated.ts';

const sizes = [12, 30, 80];
/** Median duration of a task; longer where minutes bound it. */
const unitMs = 300;
const limitedUnitMs = 3_000;
/** Graphs that share one simulated Headrace and its clock, each with pools of its own. */
const limitedAtOnce = 8;

type CapacityOf = (tasks: number) => Capacity;

const fourSlots: CapacityOf = () => ({ slots: 4, rpm: null });
const oneSlot: CapacityOf = () => ({ slots: 1, rpm: null });
/** A pool may begin half of its average number of calls in a minute. */
const limited: CapacityOf = (tasks) => ({ slots: 4, rpm: Math.ceil(tasks / pools / 2) });

/** Graphs of one setting with the time that each took. */
interface Setting {
  name: string;
  capacityOf: CapacityOf;
  graphs: readonly Graph[];
  makespans: readonly number[];
}

/** `npm run bench:schedule [GRAPHS]`: how near to the shortest possible schedule runs come. */
async function measureSchedules(): Promise<void> {
  const count = Number(process.argv[2] ?? 400);
  const graphs = drawGraphs(count, unitMs);
  const some = graphs.slice(0, Math.ceil(count / 10));
  // Their clocks stand while anything is under way, so they do not disturb each other; real time comes after.
  const [free, narrow, bound] = await Promise.all([
    simulate('simulated time', graphs, fourSlots),
    simulate('simulated time', some, oneSlot),
    simulate('simulated time, binding limits', drawGraphs(count, limitedUnitMs), limited),
  ]);
  const timed = await withTemporaryFolder((folder) => runOverHttp(folder, some, 4));
  const real: Setting = {
    ...{ name: 'real time over HTTP', capacityOf: fourSlots, graphs: some },
    makespans: timed.map(({ makespanMs }) => makespanMs),
  };
  const figures = [figureOf(free, 0.95), figureOf(bound, 0.9), figureOf(real, 0.85)];
  report('schedule', figures, [
    ...drawTable([free, bound, real, narrow].flatMap(rowsOf)),
    '',
    ...drawTable(describeHops(timed.map(({ hops }) => hops))),
    '',
    ...notes,
  ]);
  if (figures.some(({ met }) => !met)) process.exitCode = 1;
}

const notes = [
  'Efficiency is max(critical path, pool bound, rate bound) / makespan, planner and judge being nodes, from the times that the vendors take to answer. The bound of a pool counts what must come before its first task and after its last (heads and tails); the plain bound does not, as if its tasks were all ready at once. Clairvoyant: a list schedule that knows every duration and loses no time. Rounds: the same graph and the same limits where each level waits for the one before, without any overhead.',
  `Seeded layered graphs over five pools, lognormal durations (median ${unitMs} ms); \`npm run bench:schedule\`.`,
  'In simulated time: orchestration, store, queue and workers, with a dispatch that only takes its time. Time moves when no transaction and no promise is pending, so overhead is nil and what shows is the order of decisions.',
  `Binding limits: the whole of dispatch with its limiter and its ledger, each pool with as many calls per minute as half of its average number of tasks, and a median of ${limitedUnitMs / 1000} s so that chains count beside the minutes; ${limitedAtOnce} graphs share the orchestrator at a time, each with pools of its own.`,
  'In real time: everything from the gateway to the wire, one run at a time. The second table holds what Headrace adds to a task on its way; a wait for a free slot shows as `ready → assigned`.',
];

function drawGraphs(count: number, unit: number): Graph[] {
  return Array.from({ length: count }, (_, index) =>
    drawGraph(`schedule/${index}`, { tasks: sizes[index % sizes.length] ?? 12, unitMs: unit }),
  );
}

async function simulate(
  name: string,
  graphs: readonly Graph[],
  capacityOf: CapacityOf,
): Promise<Setting> {
  const isLimited = capacityOf === limited;
  const setting = { capacityOf, limited: isLimited, atOnce: isLimited ? limitedAtOnce : 1 };
  const began = performance.now();
  const makespans = await withTemporaryFolder((folder) => runSimulated(folder, graphs, setting));
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`${name}: ${graphs.length} graphs in ${seconds} s`);
  return { name, capacityOf, graphs, makespans };
}

function figureOf(setting: Setting, goal: number) {
  const mean = meanOf(efficienciesOf(setting));
  return {
    name: `efficiency in ${setting.name}, ${setting.graphs.length} graphs, ${setting.capacityOf(0).slots} slots per pool`,
    goal: `≥ ${goal}`,
    measured: mean.toFixed(3),
    met: mean >= goal,
  };
}

function rowsOf(setting: Setting) {
  return sizes.flatMap((tasks) => {
    const chosen = setting.graphs.flatMap((graph, index) =>
      graph.tasks.length === tasks ? [{ graph, makespan: setting.makespans[index] ?? 0 }] : [],
    );
    if (chosen.length === 0) return [];
    const graphs = chosen.map(({ graph }) => graph);
    const makespans = chosen.map(({ makespan }) => makespan);
    const efficiencies = efficienciesOf({ ...setting, graphs, makespans });
    const capacity = setting.capacityOf(tasks);
    const rounds = graphs.map((graph) => roundsMakespan(graph, capacity));
    const lists = graphs.map((graph) => listMakespan(graph, capacity));
    const bounds = graphs.map((graph) => lowerBound(graph, capacity));
    const plain = graphs.map((graph) => plainBound(graph, capacity));
    const row = {
      setting: setting.name,
      'slots per pool': capacity.slots,
      'calls per minute': capacity.rpm ?? '–',
      tasks,
      graphs: graphs.length,
      'efficiency, mean': meanOf(efficiencies).toFixed(3),
      least: Math.min(...efficiencies).toFixed(3),
      'plain bound': ratio(plain, makespans),
      clairvoyant: ratio(bounds, lists),
      'in rounds': ratio(bounds, rounds),
      'bound, s': (meanOf(bounds) / 1000).toFixed(2),
      'makespan, s': (meanOf(makespans) / 1000).toFixed(2),
    };
    return [row];
  });
}

function efficienciesOf({ graphs, makespans, capacityOf }: Setting): number[] {
  return graphs.map(
    (graph, index) => lowerBound(graph, capacityOf(graph.tasks.length)) / (makespans[index] ?? 1),
  );
}

function ratio(bounds: readonly number[], spans: readonly number[]): string {
  return meanOf(bounds.map((bound, index) => bound / (spans[index] ?? 1))).toFixed(3);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

await measureSchedules();
