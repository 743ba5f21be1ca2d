import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** Starts a PostgreSQL of its own for one run of the tests; `stop` removes it with all its databases. */
export async function startTestServer(): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'headrace-test-'));
  return await startServerAt(dataDir);
}

/** The same in a given directory, which is removed with it. */
export async function startServerAt(dataDir: string): Promise<TestServer> {
  const server = await startEmbeddedPostgres({ dataDir, log: silentLog, settings: fleeting });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
