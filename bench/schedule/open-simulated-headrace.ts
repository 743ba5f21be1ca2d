import { Client } from 'pg';
import type { CallOrder, Dispatch } from '../../src/dispatch/index.ts';
import { createOrchestration, type Orchestration } from '../../src/orchestration/index.ts';
import { type Clock, sleep } from '../../src/platform/clock.ts';
import { createLog, type Log, silentLog } from '../../src/platform/log.ts';
import { startEmbeddedPostgres } from '../../src/platform/store/embedded/start-embedded-postgres.ts';
import { migrateStore } from '../../src/platform/store/migrate-store.ts';
import { openStore } from '../../src/platform/store/postgres-store.ts';
import type { Store } from '../../src/platform/store/store.ts';
import { createEmbeddedCarrier } from '../../src/queue/index.ts';
import { startWorkers } from '../../src/workers/index.ts';
import { fakeDispatch, modelInfo } from '../../test/fake-dispatch.ts';
import { openLimitedDispatch, type PoolLimit } from './open-limited-dispatch.ts';
import { chiefId, modelName } from './place-graph.ts';
import type { Part } from './play-part.ts';
import { createSimulatedTime, type SimulatedTime } from './simulated-time.ts';

export interface SimulatedHeadrace {
  store: Store;
  time: SimulatedTime;
  orchestration: Orchestration;
  close(): Promise<void>;
}

export interface SimulatedPools {
  ids: readonly string[];
  /** Slots of workers per pool. */
  slots: number;
  /** `null`: no limiter at all. */
  limits: readonly PoolLimit[] | null;
  play: (prompt: string) => Part;
}

export const startMs = Date.UTC(2026, 0, 1);

/** Store, orchestration, queue and workers of one process, on a clock that stands still while any of them works. */
export async function openSimulatedHeadrace(
  folder: string,
  pools: SimulatedPools,
): Promise<SimulatedHeadrace> {
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
  const base = { store: time.watch(store), clock: time.clock, log };
  const dispatch = await openDispatch(base, pools);
  const deps = { ...base, dispatch };
  const config = { orchestrator: `${chiefId}/${modelName}` };
  const orchestration = createOrchestration({ ...deps, config });
  const carrier = createEmbeddedCarrier(deps);
  const workers = startWorkers({ ...deps, carrier }, { slots: pools.slots, providers: pools.ids });
  await orchestration.start();
  return {
    store: base.store,
    time,
    orchestration,
    async close() {
      // What stops may wait for a timer, and nobody moves the time any more.
      await Promise.race([Promise.all([workers.stop(), orchestration.stop()]), pause(2_000)]);
      await timekeeper.end();
      await store.close();
      await postgres.stop();
    },
  };
}

function openDispatch(
  deps: { store: Store; clock: Clock; log: Log },
  { ids, limits, play }: SimulatedPools,
): Promise<Dispatch> | Dispatch {
  if (limits) return openLimitedDispatch(deps, limits, play);
  const answer = async (order: CallOrder) => {
    const prompt = order.request.messages.map(({ content }) => String(content)).join('\n');
    const { text, ms } = play(prompt);
    await sleep(deps.clock, ms, order.signal);
    await order.onEvent?.({ type: 'text', text });
    return text;
  };
  return fakeDispatch(
    answer,
    [...ids, chiefId].map((id) => modelInfo(`${id}/${modelName}`)),
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
