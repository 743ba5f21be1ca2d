// Started by the first test file that is run by hand; ends with its server when nobody uses it any more.
import { mkdir } from 'node:fs/promises';
import { Client } from 'pg';
import { sleep, systemClock } from '../src/platform/clock.ts';
import { startServerAt } from './server.ts';
import { sharedServerDirectory } from './shared-server.ts';

const idleMs = 60_000;
const lookEveryMs = 1_000;
/** Of keepers that were started together one stays. */
const keeperLock = 0x68656166;

const directory = sharedServerDirectory();
await mkdir(directory, { recursive: true, mode: 0o700 });
const server = await startServerAt(directory);
const client = new Client(server.url);
client.on('error', () => process.exit(1));
await client.connect();
const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS kept', [keeperLock]);
if (rows[0].kept !== true) process.exit(0);

let lastUsed = systemClock.now();
while (systemClock.now() - lastUsed < idleMs) {
  await sleep(systemClock, lookEveryMs);
  const used = await client.query(
    `SELECT FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
  );
  if (used.rowCount !== 0) lastUsed = systemClock.now();
}
await client.end();
await server.stop();
