import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type SimulatorOptions, startSimulator } from '../simulator/index.ts';
import { loadConfig } from '../src/platform/config/load-config.ts';
import { silentLog } from '../src/platform/log.ts';
import { type Headrace, startHeadrace } from '../src/start-headrace.ts';
import { createTestDatabase } from './database.ts';

export interface Simulated {
  headrace: Headrace;
  simulatorUrl: string;
  simulator: Awaited<ReturnType<typeof startSimulator>>;
  databaseUrl: string;
  dataDir: string;
  /** A call to the gateway with the admin key. */
  call(
    path: string,
    init?: { method?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Response>;
  /** A second Headrace on the same database, after the first one was closed or killed. */
  restart(): Promise<Simulated>;
}

interface Declared {
  /** `none`: the vendors are there, but no account at them yet. */
  declares?: 'simulated' | 'none';
  /** Providers at whose address nobody listens. */
  unreachable?: readonly string[];
}

/** The port was free a moment ago, and is below those that are given out. */
const nobody = 'http://127.0.0.1:9';

export const testAdminKey = 'test-admin-key-0123456789';

/** A whole Headrace on a database of its own, in front of the simulator; all of it ends with the test. */
export async function startSimulated(
  t: TestContext,
  {
    declares = 'simulated',
    unreachable = [],
    ...options
  }: SimulatorOptions & Declared & { yaml?: string } = {},
): Promise<Simulated> {
  const simulator = await startSimulator({ latencyScale: 0.05, ...options });
  t.after(() => simulator.close());
  const databaseUrl = await createTestDatabase(t);
  const dataDir = await mkdtemp(join(tmpdir(), 'headrace-test-'));
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  if (options.yaml !== undefined) await writeFile(join(dataDir, 'headrace.yaml'), options.yaml);
  const config = loadConfig({
    env: {
      DATABASE_URL: databaseUrl,
      HEADRACE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
      HEADRACE_ADMIN_KEY: testAdminKey,
      HEADRACE_DATA_DIR: dataDir,
      HEADRACE_PORT: '0',
      HOME: dataDir,
      ...(declares === 'none' ? { HEADRACE_UPSTREAM_ALLOW_CIDRS: '127.0.0.0/8' } : {}),
    },
    cwd: dataDir,
  });
  const accounts = simulator.accounts.map((account) =>
    unreachable.includes(account.provider) ? { ...account, base_url: nobody } : account,
  );
  const open = async (): Promise<Simulated> => {
    const headrace = await startHeadrace(config, {
      log: silentLog,
      supply: async () => ({
        simulatedAccounts: declares === 'none' ? [] : accounts,
        ollama: null,
      }),
    });
    t.after(() => headrace.close());
    return {
      headrace,
      simulatorUrl: simulator.url,
      simulator,
      databaseUrl,
      dataDir,
      call: (path, { body, method, headers } = {}) =>
        fetch(`${headrace.url}${path}`, {
          method: method ?? (body === undefined ? 'GET' : 'POST'),
          headers: {
            authorization: `Bearer ${testAdminKey}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      restart: open,
    };
  };
  return open();
}
