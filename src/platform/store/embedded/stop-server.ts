import { rmdir } from 'node:fs/promises';
import { Client } from 'pg';
import { type Clock, sleep } from '../../clock.ts';
import { connectionConfig } from '../connection.ts';
import { instanceLock } from '../dedicated-session.ts';
import { reachServer, readPostmasterFile, serverUrl } from './reach-server.ts';

export interface StopInput {
  socketDirectory: string;
  databaseDir: string;
  clock: Clock;
}

// Long enough for connections that were just closed to be gone from the server too.
const patienceMs = 1_000;
const stopTimeoutMs = 60_000;
const pollMs = 10;

/**
 * Stops the server with a checkpoint (PostgreSQL's fast shutdown), if no other process of ours holds the
 * instance lock or is connected: then it is left to them. Answers whether it was stopped.
 */
export async function stopServer(input: StopInput): Promise<boolean> {
  if ((await reachServer(input.socketDirectory, input.databaseDir)) !== 'answers') return false;
  const client = new Client(connectionConfig(serverUrl(input.socketDirectory)));
  client.on('error', () => undefined);
  try {
    await client.connect();
    if (!(await isOurs(client, input.clock))) return false;
    const file = await readPostmasterFile(input.databaseDir);
    if (file === undefined) return false;
    // The id is the living server's: it answers, and this is its own directory's file.
    process.kill(file.pid, 'SIGINT');
  } finally {
    await client.end().catch(() => undefined);
  }
  await waitUntilGone(input);
  // Refused where somebody is already starting the server again: then it is not empty.
  await rmdir(input.socketDirectory).catch(() => undefined);
  return true;
}

async function isOurs(client: Client, clock: Clock): Promise<boolean> {
  const deadline = clock.now() + patienceMs;
  for (;;) {
    const { rows } = await client.query<{ ours: boolean }>(
      `SELECT NOT EXISTS (
         SELECT FROM pg_stat_activity
         WHERE application_name = 'headrace' AND backend_type = 'client backend' AND pid <> pg_backend_pid()
       ) AND pg_try_advisory_lock($1) AS ours`,
      [instanceLock],
    );
    if (rows[0]?.ours === true) return true;
    if (clock.now() >= deadline) return false;
    await sleep(clock, pollMs);
  }
}

/** The server removes its file as the last thing it does. */
async function waitUntilGone({ databaseDir, clock }: StopInput): Promise<void> {
  const deadline = clock.now() + stopTimeoutMs;
  while ((await readPostmasterFile(databaseDir)) !== undefined && clock.now() < deadline) {
    await sleep(clock, pollMs);
  }
}
