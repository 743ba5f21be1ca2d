import type { Clock } from './platform/clock.ts';
import type { Config } from './platform/config/config.ts';
import type { Log } from './platform/log.ts';
import type { Store } from './platform/store/store.ts';
import type { Carrier } from './queue/index.ts';

/** The adapters that this configuration asks for. */
export interface Profile {
  store: Store;
  carrier: Carrier;
  /** Closes what was opened, and stops the database if this process may. */
  close(): Promise<void>;
}

export interface ProfileDeps {
  clock: Clock;
  log: Log;
}

/**
 * Port → adapter. Nothing set is embedded; each adapter is imported only where it is used, so that
 * the embedded mode loads no driver of the distributed one.
 */
export async function openProfile(config: Config, deps: ProfileDeps): Promise<Profile> {
  const database = await openDatabase(config, deps);
  try {
    const { migrateStore } = await import('./platform/store/migrate-store.ts');
    const { openStore } = await import('./platform/store/postgres-store.ts');
    await migrateStore({ url: database.url, log: deps.log });
    const prepare = config.databaseUrl === null;
    const store = await openStore({ url: database.url, prepare, ...deps });
    const { createEmbeddedCarrier } = await import('./queue/index.ts');
    const carrier = createEmbeddedCarrier({ store });
    return {
      store,
      carrier,
      async close() {
        await carrier.close();
        await store.close();
        await database.stop();
      },
    };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function openDatabase(
  config: Config,
  deps: ProfileDeps,
): Promise<{ url: string; stop(): Promise<unknown> }> {
  if (config.databaseUrl !== null) return { url: config.databaseUrl, stop: async () => {} };
  const { startEmbeddedPostgres } = await import(
    './platform/store/embedded/start-embedded-postgres.ts'
  );
  return startEmbeddedPostgres({ dataDir: config.dataDir, ...deps });
}
