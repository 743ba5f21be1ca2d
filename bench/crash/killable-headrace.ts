import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeAccounts, type Simulator, startSimulator } from '../../simulator/index.ts';
import { type ApiClient, createApiClient } from '../api-client.ts';
import { type HeadraceProcess, startProcess } from '../headrace-process.ts';
import { listProcesses } from '../list-processes.ts';

export interface KillableHeadrace {
  simulator: Simulator;
  databaseDir: string;
  /** The same address and key before and after a kill. */
  api: ApiClient;
  /** Kills the process at once, and those of its database where asked; resolves when it is gone. */
  kill(withDatabase: boolean): Promise<void>;
  /** Starts it again on what the last one left; gives the milliseconds until it was ready. */
  restart(): Promise<number>;
  close(): Promise<void>;
}

/** The one model of these runs: another choice of model would be another text. */
const model = 'qwen3.8-flash';
export const crashModel = `qwen/${model}`;

const unlimited = { rpm: null, rpd: null, tpm: null, itpm: null, otpm: null };

/**
 * Headrace as a process of its own, and its vendors in this one, so that they outlive every kill and
 * count what they were asked. Nothing but the number of calls at once is limited: after a crash a
 * limiter takes the time it cannot account for as spent, which is right, and not what is measured.
 */
export async function startKillableHeadrace(
  folder: string,
  options: { port: number; seed: string },
): Promise<KillableHeadrace> {
  const account = {
    provider: 'qwen',
    models: [model],
    limits: [{ ...unlimited, models: ['*'], concurrency: 8 }],
  } as const;
  const simulator = await startSimulator({
    seed: options.seed,
    kind: true,
    latencyScale: 0.25,
    accounts: ['one', 'two'].map((name) => ({
      ...account,
      id: `qwen-${name}`,
      secret: `sk-sim-crash-${name}`,
      models: [...account.models],
      limits: account.limits.map((limit) => ({ ...limit, models: [...limit.models] })),
    })),
  });
  const configFile = join(folder, 'headrace.yaml');
  await writeFile(configFile, describeAccounts(simulator));
  const dataDir = join(folder, 'data');
  const start = () =>
    startProcess(dataDir, {
      port: options.port,
      env: { HEADRACE_CONFIG: configFile, HEADRACE_UPSTREAM_ALLOW_CIDRS: '127.0.0.0/8' },
    });
  let running: HeadraceProcess = await start();
  return {
    simulator,
    databaseDir: join(dataDir, 'postgres'),
    api: createApiClient(running),
    async kill(withDatabase) {
      const pids = withDatabase ? listProcesses(running.pid, dataDir) : [running.pid];
      for (const pid of pids) killNow(pid);
      await running.kill();
    },
    async restart() {
      running = await start();
      return running.readyAfterMs;
    },
    async close() {
      await running.stop();
      // Where it could not be started again, nobody has stopped the database that it left.
      for (const pid of listProcesses(running.pid, dataDir)) killNow(pid);
      await simulator.close();
    },
  };
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went by itself a moment ago, as sessions of a dead server do.
  }
}
