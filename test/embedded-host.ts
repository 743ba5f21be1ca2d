// A process that runs the embedded PostgreSQL as Headrace does, for tests that kill, interrupt or race it.
// Writes one JSON document per line: how it started, then the answer to each line that it is sent.
import { createInterface } from 'node:readline';
import { isHeadraceError } from '../src/platform/errors/headrace-error.ts';
import { silentLog } from '../src/platform/log.ts';
import { startEmbeddedPostgres } from '../src/platform/store/embedded/start-embedded-postgres.ts';
import { migrateStore } from '../src/platform/store/migrate-store.ts';
import { openStore } from '../src/platform/store/postgres-store.ts';

const [dataDir = ''] = process.argv.slice(2);
const say = (document: object) => process.stdout.write(`${JSON.stringify(document)}\n`);

try {
  const server = await startEmbeddedPostgres({ dataDir, log: silentLog });
  await migrateStore({ url: server.url, log: silentLog });
  const store = await openStore({ url: server.url, log: silentLog });
  const locked = await store.takeInstanceLock();

  const add = (id: string) =>
    store.transaction('system', (tx) =>
      tx.query('INSERT INTO tenants (id, name) VALUES ($1, $1)', [id]),
    );
  const end = async () => {
    await store.close();
    say({ stopped: await server.stop() });
    process.exit(0);
  };
  process.on('SIGINT', async () => {
    await add('written-after-interrupt');
    await end();
  });
  // Only now: whoever reads this may interrupt us at once.
  say({ url: server.url, joined: server.joined, locked });
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'stop') await end();
    await add(line);
    say({ added: line });
  }
} catch (error) {
  say({ code: isHeadraceError(error) ? error.code : 'internal', message: String(error) });
  process.exit(1);
}
