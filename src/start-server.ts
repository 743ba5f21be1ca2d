import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningServer, ServerRequest } from './cli/index.ts';
import type { Config } from './platform/config/config.ts';
import { findOllama } from './platform/find-ollama.ts';
import { createLog, type Log } from './platform/log.ts';
import { type Headrace, startHeadrace } from './start-headrace.ts';

/**
 * Starts Headrace for the command line: simulated accounts where they are wanted, the log where it
 * does not disturb, and `server.json` in the data directory, by which other commands find it.
 */
export async function startServer(config: Config, request: ServerRequest): Promise<RunningServer> {
  const log = await openLog(config, request.private);
  const simulated =
    request.simulate === 'always' ||
    (request.simulate === 'auto' && config.accounts.length === 0 && !request.ollama);
  const simulator = simulated ? await openSimulator(request.behave === true) : null;
  let headrace: Headrace;
  try {
    headrace = await startHeadrace(
      request.private ? { ...config, host: '127.0.0.1', port: 0 } : config,
      {
        log,
        simulatedAccounts: simulator?.accounts ?? [],
        ollama: request.ollama ? await findOllama(config.ollama.url) : null,
      },
    );
  } catch (error) {
    await simulator?.close();
    throw error;
  }
  const close = async () => {
    await headrace.close();
    await simulator?.close();
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
    simulated,
    async close() {
      await removeFile();
      await close();
    },
  };
}

async function openSimulator(kind: boolean) {
  const { startSimulator } = await import('../simulator/index.ts');
  return startSimulator({ kind });
}

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
