import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { silentLog } from '../src/platform/log.ts';
import { startEmbeddedPostgres } from '../src/platform/store/embedded/start-embedded-postgres.ts';

export interface TestServer {
  /** An administrator's address, for `HEADRACE_TEST_DATABASE_URL`. */
  url: string;
  stop(): Promise<void>;
}

/** Nothing of a test outlives its server, so nothing need reach the disk. */
const fleeting = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '400',
  shared_buffers: '128MB',
};

/**
 * Starts a PostgreSQL for one run of the tests. `stop` removes it with all its databases, and so does the
 * end of this process, whatever ends it.
 */
export async function startTestServer(): Promise<TestServer> {
  const script = fileURLToPath(new URL('lent-server.ts', import.meta.url));
  // Detached: Ctrl-C must not end the keeper before it has stopped its server.
  const keeper = spawn(process.execPath, [script], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => keeper.once('exit', () => resolve()));
  for await (const url of createInterface({ input: keeper.stdout })) {
    return {
      url,
      async stop() {
        keeper.stdin.end();
        await ended;
      },
    };
  }
  throw new Error('The test server did not start; its reason is above.');
}

/** A test server in a directory, which is removed with it. */
export async function startServerAt(dataDir: string): Promise<TestServer> {
  const server = await startEmbeddedPostgres({ dataDir, log: silentLog, settings: fleeting });
  return {
    url: server.url,
    async stop() {
      await endConnections(server.url);
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A server is left to whoever is connected; tests that were killed or failed may still be. */
async function endConnections(url: string): Promise<void> {
  const client = new Client(url);
  client.on('error', () => undefined);
  await client.connect();
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
  );
  await client.end();
}
