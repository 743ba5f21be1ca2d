import { Client } from 'pg';
import type { CallOrder } from '../../src/dispatch/index.ts';
import { createOrchestration } from '../../src/orchestration/index.ts';
import { sleep } from '../../src/platform/clock.ts';
import { createLog, silentLog } from '../../src/platform/log.ts';
import { startEmbeddedPostgres } from '../../src/platform/store/embedded/start-embedded-postgres.ts';
import { migrateStore } from '../../src/platform/store/migrate-store.ts';
import { openStore } from '../../src/platform/store/postgres-store.ts';
import { createEmbeddedCarrier } from '../../src/queue/index.ts';
import { startWorkers } from '../../src/workers/index.ts';
import { fakeDispatch, modelInfo } from '../../test/fake-dispatch.ts';
import type { Graph } from './draw-graph.ts';
import { chiefId, modelName, playPart, poolIds, writeBrief } from './play-part.ts';
import { createSimulatedTime } from './simulated-time.ts';

const startMs = Date.UTC(2026, 0, 1);
const principal = { tenantId: 'default', userId: null, role: 'admin' } as const;
const receipt = {
  requestId: 'req_bench',
  receivedAt: startMs,
  authMethod: 'key',
  traceId: '0123456789abcdef0123456789abcdef',
} as const;

/** Runs the graphs one after the other in simulated time; gives the makespan of each in ms. */
export async function runSimulated(
  folder: string,
  graphs: readonly Graph[],
  slots: number,
): Promise<number[]> {
  const log = createLog({ level: 'error' });
  const postgres = await startEmbeddedPostgres({
    dataDir: folder,
    log: silentLog,
    settings: { fsync: 'off', synchronous_commit: 'off' },
  });
  await migrateStore({ url: postgres.url, log: silentLog });
  const store = await openStore({ url: postgres.url, log, prepare: true });
  const timekeeper = new Client(postgres.url);
  await timekeeper.connect();
  await timekeeper.query('INSERT INTO headrace.simulated_clock (now) VALUES ($1)', [
    new Date(startMs),
  ]);
  const time = createSimulatedTime(startMs, (now) =>
    timekeeper.query('UPDATE headrace.simulated_clock SET now = $1', [new Date(now)]),
  );
  const watched = time.watch(store);
  const byName = new Map(graphs.map((graph) => [graph.name, graph]));
  const answer = async (order: CallOrder) => {
    const prompt = order.request.messages.map(({ content }) => String(content)).join('\n');
    const { text, ms } = playPart(byName, prompt);
    await sleep(time.clock, ms, order.signal);
    await order.onEvent?.({ type: 'text', text });
    return text;
  };
  const models = [...poolIds, chiefId].map((id) => modelInfo(`${id}/${modelName}`));
  const dispatch = fakeDispatch(answer, models);
  const deps = { store: watched, dispatch, clock: time.clock, log };
  const orchestration = createOrchestration({
    ...deps,
    config: { orchestrator: `${chiefId}/${modelName}` },
  });
  const carrier = createEmbeddedCarrier({ store: watched });
  const workers = startWorkers({ ...deps, carrier }, { slots, providers: poolIds });
  await orchestration.start();
  try {
    const makespans: number[] = [];
    for (const graph of graphs) {
      const project = { brief: writeBrief(graph), clarify: 'off' } as const;
      const { run_id } = await orchestration.acceptProject(principal, project, receipt);
      makespans.push(await measureRun(run_id));
    }
    return makespans;
  } finally {
    // What stops may wait for a timer, and nobody moves the time any more.
    await Promise.race([Promise.all([workers.stop(), orchestration.stop()]), pause(2_000)]);
    await timekeeper.end();
    await store.close();
    await postgres.stop();
  }

  async function measureRun(runId: string): Promise<number> {
    const began = time.clock.now();
    const run = { changed: true };
    const unhear = watched.listen('run', (changed) => {
      run.changed ||= changed === runId;
    });
    await time.runUntil(async () => {
      if (!run.changed) return false;
      run.changed = false;
      const [row] = await store.transaction('system', (tx) =>
        tx.query<{ status: string }>('SELECT status FROM runs WHERE id = $1', [runId]),
      );
      if (row?.status === 'failed') throw new Error(`The run ${runId} failed.`);
      return row?.status === 'succeeded';
    });
    unhear();
    return time.clock.now() - began;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
