import { drawTable } from './draw-table.ts';
import { withTemporaryFolder } from './headrace-process.ts';
import { report } from './report.ts';
import { lowerBound, roundsMakespan } from './schedule/bounds.ts';
import { drawGraph, type Graph } from './schedule/draw-graph.ts';
import { describeHops } from './schedule/measure-hops.ts';
import { runOverHttp } from './schedule/run-over-http.ts';
import { runSimulated } from './schedule/run-simulated.ts';

const sizes = [12, 30, 80];
const slots = 4;
/** Median duration of a task. */
const unitMs = 300;

/** Graphs of one setting with the time that each took. */
interface Setting {
  name: string;
  slots: number;
  graphs: readonly Graph[];
  makespans: readonly number[];
}

/** `npm run bench:schedule [GRAPHS]`: how near to the shortest possible schedule runs come. */
async function measureSchedules(): Promise<void> {
  const count = Number(process.argv[2] ?? 400);
  const graphs = Array.from({ length: count }, (_, index) =>
    drawGraph(`schedule/${index}`, { tasks: sizes[index % sizes.length] ?? 12, unitMs }),
  );
  const some = graphs.slice(0, Math.ceil(count / 10));
  const simulate = async (given: readonly Graph[], each: number): Promise<Setting> => ({
    name: 'simulated time',
    slots: each,
    graphs: given,
    makespans: await withTemporaryFolder((folder) => runSimulated(folder, given, each)),
  });
  const simulated = await simulate(graphs, slots);
  const narrow = await simulate(some, 1);
  const timed = await withTemporaryFolder((folder) => runOverHttp(folder, some, slots));
  const real = {
    ...{ name: 'real time over HTTP', slots, graphs: some },
    makespans: timed.map(({ makespanMs }) => makespanMs),
  };
  const figures = [figureOf(simulated, 0.95), figureOf(real, 0.85)];
  report('schedule', figures, [
    ...drawTable([simulated, real, narrow].flatMap(rowsOf)),
    '',
    ...drawTable(describeHops(timed.map(({ hops }) => hops))),
    '',
    'Efficiency is max(critical path, pool bound) / makespan, planner and judge being nodes, from the times that the vendors take to answer. Rounds: the same graph where each level waits for the one before, without any overhead.',
    `Seeded layered graphs over five pools, lognormal durations (median ${unitMs} ms), one run at a time; \`npm run bench:schedule\`.`,
    'In simulated time: orchestration, store, queue and workers, with a dispatch that only takes its time. Time moves when no transaction and no promise is pending, so overhead is nil and what shows is the order of decisions.',
    'In real time: everything from the gateway to the wire. The second table holds what Headrace adds to a task on its way; a wait for a free slot shows as `ready → assigned`.',
  ]);
  if (figures.some(({ met }) => !met)) process.exitCode = 1;
}

function figureOf(setting: Setting, goal: number) {
  const mean = meanOf(efficienciesOf(setting));
  return {
    name: `efficiency in ${setting.name}, ${setting.graphs.length} graphs, ${setting.slots} slots per pool`,
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
    const rounds = graphs.map((graph) => roundsMakespan(graph, setting.slots));
    const bounds = graphs.map((graph) => lowerBound(graph, setting.slots));
    const row = {
      setting: setting.name,
      'slots per pool': setting.slots,
      tasks,
      graphs: graphs.length,
      'efficiency, mean': meanOf(efficiencies).toFixed(3),
      least: Math.min(...efficiencies).toFixed(3),
      'in rounds': meanOf(bounds.map((bound, index) => bound / (rounds[index] ?? 1))).toFixed(3),
      'bound, s': (meanOf(bounds) / 1000).toFixed(2),
      'makespan, s': (meanOf(makespans) / 1000).toFixed(2),
    };
    return [row];
  });
}

function efficienciesOf({ graphs, makespans, slots: each }: Setting): number[] {
  return graphs.map((graph, index) => lowerBound(graph, each) / (makespans[index] ?? 1));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

await measureSchedules();
