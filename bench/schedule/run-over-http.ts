import type { ApiClient, RunEvent } from '../api-client.ts';
import { openHeadrace } from '../open-headrace.ts';
import type { Graph } from './draw-graph.ts';
import { type Hops, measureHops } from './measure-hops.ts';
import { chiefId, modelName, placeGraph, poolIdsOf } from './place-graph.ts';
import { playPart, writeBrief } from './play-part.ts';
import { startVendor } from './start-vendor.ts';

export interface Timed {
  makespanMs: number;
  hops: Hops;
}

/** Runs the graphs one after the other in real time: gateway, all roles and the vendors' wire included. */
export async function runOverHttp(
  folder: string,
  graphs: readonly Graph[],
  slots: number,
): Promise<Timed[]> {
  const byName = new Map(graphs.map((graph) => [graph.name, placeGraph(graph)]));
  const vendor = await startVendor((prompt) => playPart(byName, prompt));
  try {
    const headrace = await openHeadrace(folder, { yaml: describePools(vendor.url, slots) });
    try {
      const timed: Timed[] = [];
      // The first one twice: it compiles what the others use.
      for (const graph of [...graphs.slice(0, 1), ...graphs]) {
        timed.push(await runGraph(headrace.api, graph));
      }
      return timed.slice(1);
    } finally {
      await headrace.close();
    }
  } finally {
    await vendor.close();
  }
}

function describePools(url: string, slots: number): string {
  const ids = [...poolIdsOf(), chiefId];
  const unlimited = { rpm: null, rpd: null, tpm: null, itpm: null, otpm: null };
  const account = (id: string) => ({
    id: `${id}-account`,
    provider: id,
    models: [modelName],
    credentials: [{ id: 'k1', secret: `sk-bench-${id}` }],
    limits: [{ ...unlimited, models: ['*'], concurrency: slots }],
  });
  // JSON is YAML.
  return JSON.stringify({
    providers: ids.map((id) => ({ id, type: 'openai-compatible', base_url: url })),
    accounts: ids.map(account),
  });
}

async function runGraph(api: ApiClient, graph: Graph): Promise<Timed> {
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
    makespanMs: ended - (times.get('run.accepted') ?? 0),
    hops: measureHops(graph, events),
  };
}
