import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Simulator, type SimulatorOptions, startSimulator } from '../simulator/index.ts';
import { loadConfig } from '../src/platform/config/load-config.ts';
import { createLog } from '../src/platform/log.ts';
import { type SimulatedAccount, startHeadrace } from '../src/start-headrace.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { createDatabase } from './create-database.ts';

export interface OpenHeadrace {
  api: ApiClient;
  close(): Promise<void>;
}

const adminKey = 'bench-admin-key-0123456789';

/** A whole Headrace of this process in front of the simulator, its data in `folder`. */
export async function openSimulated(
  folder: string,
  options: SimulatorOptions,
): Promise<OpenHeadrace & { simulator: Simulator }> {
  const simulator = await startSimulator(options);
  const headrace = await openHeadrace(folder, { simulatedAccounts: simulator.accounts });
  return {
    ...headrace,
    simulator,
    async close() {
      await headrace.close();
      await simulator.close();
    },
  };
}

/**
 * A whole Headrace of this process, configured by simulated accounts or as by a `headrace.yaml`: on the
 * embedded PostgreSQL, or on a database of its own where `HEADRACE_TEST_DATABASE_URL` names a server.
 * `configFile` uses real accounts, with the keys of this environment.
 */
export async function openHeadrace(
  folder: string,
  options:
    | { simulatedAccounts: readonly SimulatedAccount[] }
    | { yaml: string }
    | { configFile: string },
): Promise<OpenHeadrace> {
  const server = process.env['HEADRACE_TEST_DATABASE_URL'];
  const database = server ? await createDatabase(server) : null;
  if ('yaml' in options) await writeFile(join(folder, 'headrace.yaml'), options.yaml);
  const config = loadConfig({
    env: {
      ...('configFile' in options ? readKeys(options.configFile) : {}),
      ...(database ? { DATABASE_URL: database.url } : {}),
      HEADRACE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
      HEADRACE_ADMIN_KEY: adminKey,
      HEADRACE_DATA_DIR: join(folder, 'data'),
      HEADRACE_PORT: '0',
      ...('configFile' in options ? {} : { HEADRACE_UPSTREAM_ALLOW_CIDRS: '127.0.0.0/8' }),
      HOME: folder,
    },
    cwd: folder,
  });
  const headrace = await startHeadrace(config, {
    log: createLog({ level: 'error' }),
    supply: async () => ({
      simulatedAccounts: 'simulatedAccounts' in options ? options.simulatedAccounts : [],
      ollama: null,
    }),
  });
  return {
    api: createApiClient({ url: headrace.url, adminKey }),
    async close() {
      await headrace.close();
      await database?.drop();
    },
  };
}

/** This environment, but for the store and the limiter, which are the bench's own. */
function readKeys(configFile: string): NodeJS.ProcessEnv {
  const { DATABASE_URL: _store, REDIS_URL: _limiter, ...env } = process.env;
  return { ...env, HEADRACE_CONFIG: resolve(configFile) };
}
