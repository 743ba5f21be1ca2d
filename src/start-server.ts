import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningServer, ServerRequest } from './cli/index.ts';
import { openSimulator } from './open-simulator.ts';
import type { Config } from './platform/config/config.ts';
import { type FoundOllama, findOllama } from './platform/find-ollama.ts';
import { createLog, type Log } from './platform/log.ts';
import { type Headrace, type Supply, startHeadrace } from './start-headrace.ts';

/**
 * Starts Headrace for the command line: simulated accounts where they are wanted, the log where it
 * does not disturb, and `server.json` in the data directory, by which other commands find it.
 */
export async function startServer(config: Config, request: ServerRequest): Promise<RunningServer> {
  const log = await openLog(config, request.private);
  const supplier = createSupplier(config, request);
  let headrace: Headrace;
  try {
    headrace = await startHeadrace(
      request.private ? { ...config, host: '127.0.0.1', port: 0 } : config,
      { log, supply: supplier.supply, idle: request.idle === true },
    );
  } catch (error) {
    await supplier.close();
    throw error;
  }
  const close = async () => {
    await headrace.close();
    await supplier.close();
  };
  const removeFile = await announce(config.dataDir, headrace.url).catch(async (error: unknown) => {
    // A server that nobody was told of would serve on behind the error.
    await close();
    throw error;
  });
  return {
    url: headrace.url,
    adminKey: headrace.adminKey,
    newKeyPath: headrace.newKeyPath,
    pid: process.pid,
    accounts: headrace.accounts,
    simulated: supplier.simulates(),
    async close() {
      await removeFile();
      await close();
    },
  };
}

interface Supplier {
  supply: (added: number) => Promise<Supply>;
  simulates(): boolean;
  close(): Promise<void>;
}

/** Where there is no account at all, an Ollama of this machine if the person wants it, else simulated providers. */
function createSupplier(config: Config, request: ServerRequest): Supplier {
  let simulator: SimulatorHandle | null = null;

  async function findWanted(): Promise<FoundOllama | null> {
    const ollama = request.offerOllama ? await findOllama(config.ollama.url) : null;
    return ollama && (await request.offerOllama?.(ollama.url)) ? ollama : null;
  }

  return {
    async supply(added) {
      const asked = request.simulate === 'always';
      const lacks = request.simulate === 'auto' && config.accounts.length + added === 0;
      const ollama = lacks ? await findWanted() : null;
      if (asked || (lacks && !ollama)) {
        const kind = request.behave === true;
        simulator = await openSimulator({ kind, faults: request.faults ?? '' });
      }
      return { ollama, simulatedAccounts: simulator?.accounts ?? [] };
    },
    simulates: () => simulator !== null,
    close: async () => simulator?.close(),
  };
}

type SimulatorHandle = Awaited<ReturnType<typeof openSimulator>>;

/** `serve` logs to standard error; a command's own server to a file, for the terminal is the person's. */
async function openLog(config: Config, isPrivate: boolean): Promise<Log> {
  if (!isPrivate) return createLog({ level: config.logLevel });
  await mkdir(config.dataDir, { recursive: true, mode: 0o711 });
  const destination = createWriteStream(join(config.dataDir, 'headrace.log'), {
    flags: 'a',
    mode: 0o600,
  });
  return createLog({ level: config.logLevel, destination });
}

/** Written whole or not at all: another command may read it at any moment. */
async function announce(dataDir: string, url: string): Promise<() => Promise<void>> {
  // With a database elsewhere nothing else may have been written here yet.
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
  const path = join(dataDir, 'server.json');
  await writeFile(`${path}.${process.pid}`, `${JSON.stringify({ url, pid: process.pid })}\n`, {
    mode: 0o644,
  });
  await rename(`${path}.${process.pid}`, path);
  return () => rm(path, { force: true });
}
