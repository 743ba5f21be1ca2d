import type { ApiClient, RunEvent } from './api-client.ts';
import { drawTable } from './draw-table.ts';
import { withTemporaryFolder } from './headrace-process.ts';
import { openHeadrace } from './open-headrace.ts';
import { report } from './report.ts';
import { lowerBound, roundsMakespan } from './schedule/bounds.ts';
import { drawGraph, type Graph } from './schedule/draw-graph.ts';
import { describeHops, type Hops, measureHops } from './schedule/measure-hops.ts';
import { chiefId, modelName, playPart, poolIds, writeBrief } from './schedule/play-part.ts';
import { startVendor } from './schedule/start-vendor.ts';

const sizes = [12, 30, 80];
const slots = 4;
/** Median duration of a task. */
const unitMs = 300;
const wanted = 0.85;

interface Measured {
  tasks: number;
  boundMs: number;
  roundsMs: number;
  makespanMs: number;
  hops: Hops;
}

/** `npm run bench:schedule [GRAPHS]`: how near to the shortest possible schedule runs come, over HTTP in real time. */
async function measureSchedules(): Promise<void> {
  const count = Number(process.argv[2] ?? 40);
  const graphs = Array.from({ length: count }, (_, index) =>
    drawGraph(`schedule/${index}`, { tasks: sizes[index % sizes.length] ?? 12, unitMs }),
  );
  const byName = new Map(graphs.map((graph) => [graph.name, graph]));
  const vendor = await startVendor((prompt) => playPart(byName, prompt));
  try {
    await withTemporaryFolder(async (folder) => {
      const headrace = await openHeadrace(folder, { yaml: describePools(vendor.url) });
      try {
        // Once for nothing: the first run compiles what the others use.
        await runGraph(headrace.api, graphs[0] as Graph);
        const measured: Measured[] = [];
        for (const graph of graphs) measured.push(await runGraph(headrace.api, graph));
        show(measured);
      } finally {
        await headrace.close();
      }
    });
  } finally {
    await vendor.close();
  }
}

function describePools(url: string): string {
  const ids = [...poolIds, chiefId];
  const account = (id: string) => ({
    id: `${id}-account`,
    provider: id,
    models: [modelName],
    credentials: [{ id: 'k1', secret: `sk-bench-${id}` }],
    limits: [
      {
        ...{ models: ['*'], rpm: null, rpd: null, tpm: null, itpm: null, otpm: null },
        concurrency: slots,
      },
    ],
  });
  // JSON is YAML.
  return JSON.stringify({
    providers: ids.map((id) => ({ id, type: 'openai-compatible', base_url: url })),
    accounts: ids.map(account),
  });
}

async function runGraph(api: ApiClient, graph: Graph): Promise<Measured> {
  const runId = await api.startRun({
    brief: writeBrief(graph),
    clarify: 'off',
    orchestrator: `${chiefId}/${modelName}`,
  });
  const events: RunEvent[] = [];
  for await (const event of api.followEvents(runId, {})) events.push(event);
  const times = new Map(events.map(({ type, at }) => [type, Date.parse(at)]));
  const ended = times.get('run.succeeded');
  if (ended === undefined) {
    const { failure, status } = await api.readRun(runId);
    throw new Error(`${graph.name} ${status}: ${failure?.message}`);
  }
  return {
    tasks: graph.tasks.length,
    boundMs: lowerBound(graph, slots),
    roundsMs: roundsMakespan(graph, slots),
    makespanMs: ended - (times.get('run.accepted') ?? 0),
    hops: measureHops(graph, events),
  };
}

function show(measured: readonly Measured[]): void {
  const mean = meanOf(measured.map(efficiencyOf));
  const figures = [
    {
      name: `efficiency over HTTP in real time, mean of ${measured.length} graphs`,
      goal: `≥ ${wanted}`,
      measured: mean.toFixed(3),
      met: mean >= wanted,
    },
  ];
  report('schedule', figures, [
    ...drawTable(
      sizes.map((tasks) =>
        rowOf(
          tasks,
          measured.filter((each) => each.tasks === tasks),
        ),
      ),
    ),
    '',
    ...drawTable(describeHops(measured.map(({ hops }) => hops))),
    '',
    'Efficiency is max(critical path, pool bound) / makespan, with planner and judge as nodes, from the times that the vendors take to answer. Rounds: the same graph where each level waits for the one before, without any overhead.',
    `Seeded layered graphs over five pools of ${slots} slots, lognormal durations (median ${unitMs} ms), through gateway, orchestration, store, queue, workers and dispatch over HTTP, one run at a time; \`npm run bench:schedule\`.`,
  ]);
  if (figures.some(({ met }) => !met)) process.exitCode = 1;
}

function rowOf(tasks: number, measured: readonly Measured[]) {
  const efficiencies = measured.map(efficiencyOf);
  return {
    tasks,
    graphs: measured.length,
    'efficiency, mean': Number(meanOf(efficiencies).toFixed(3)),
    least: Number(Math.min(...efficiencies).toFixed(3)),
    'in rounds, mean': Number(
      meanOf(measured.map(({ boundMs, roundsMs }) => boundMs / roundsMs)).toFixed(3),
    ),
    'bound, s': Number((meanOf(measured.map(({ boundMs }) => boundMs)) / 1000).toFixed(2)),
    'makespan, s': Number((meanOf(measured.map(({ makespanMs }) => makespanMs)) / 1000).toFixed(2)),
  };
}

function efficiencyOf({ boundMs, makespanMs }: Measured): number {
  return boundMs / makespanMs;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

await measureSchedules();
