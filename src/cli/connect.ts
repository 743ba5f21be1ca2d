import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CliDeps, RunningServer, ServerRequest, Setup } from './cli-deps.ts';
import { CliError } from './cli-error.ts';
import { createHttpClient, type HttpClient } from './http-client.ts';

/** A gateway to talk to, wherever it runs. */
export interface Connection {
  client: HttpClient;
  /** In this process: ours to close. */
  own: RunningServer | null;
  close(): Promise<void>;
}

const serverFile = z.looseObject({ url: z.url() });

/**
 * The gateway named by HEADRACE_URL, else one that runs on this data directory, else one of our own,
 * started in this process for as long as the command lasts. `known`: the set-up, where it was read already.
 */
export async function connect(
  deps: CliDeps,
  request: Omit<ServerRequest, 'private'>,
  known?: Setup,
): Promise<Connection> {
  if (deps.url) return elsewhere(createHttpClient({ url: deps.url, key: deps.apiKey }));
  const setup = known ?? (await deps.readSetup(request.flags));
  const running = await findRunning(deps, setup);
  if (running) return elsewhere(running);
  const own = await deps.startServer({ ...request, private: true });
  return {
    client: createHttpClient({ url: own.url, key: own.adminKey }),
    own,
    close: () => own.close(),
  };
}

/** Says where the first admin key was written, if it was just now. */
export function nameNewKey(deps: CliDeps, { own }: Connection): void {
  if (own?.newKeyPath) {
    deps.stderr.write(`The first admin key was made and written to ${own.newKeyPath}.\n`);
  }
}

function elsewhere(client: HttpClient): Connection {
  return { client, own: null, close: async () => {} };
}

async function findRunning(deps: CliDeps, setup: Setup): Promise<HttpClient | null> {
  const text = await readOptional(join(setup.dataDir, 'server.json'));
  if (text === null) return null;
  const parsed = serverFile.safeParse(parseOrNull(text));
  if (!parsed.success || !(await answers(parsed.data.url))) return null;
  const key = deps.apiKey ?? (await readOptional(join(setup.dataDir, 'admin.key')))?.trim() ?? null;
  if (key === null) {
    throw new CliError('unauthenticated', {
      message: `A gateway runs at ${parsed.data.url}, but no key for it is here.`,
      fix: 'Set HEADRACE_API_KEY.',
    });
  }
  return createHttpClient({ url: parsed.data.url, key });
}

/** A file left by a killed server names a port where nobody, or somebody else, listens. */
async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(1_000) });
    return response.ok && response.headers.get('x-request-id') !== null;
  } catch {
    // Not reachable is the answer, whatever the reason.
    return false;
  }
}

async function readOptional(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // Absent or not ours to read: the caller goes on without it.
    return null;
  }
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Half-written by a process that died; as good as absent.
    return null;
  }
}
