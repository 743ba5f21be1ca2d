import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { Client } from 'pg';
import { HeadraceError } from '../errors/headrace-error.ts';
import type { Log } from '../log.ts';
import { connectionConfig } from './connection.ts';
import { grantRuntimeRole } from './runtime-role.ts';
import { toStoreError } from './store-failure.ts';

export interface MigrateInput {
  url: string;
  log: Log;
  /** The folder of `0001_name.sql` files; ours where omitted. */
  directory?: URL;
}

interface Migration {
  number: number;
  name: string;
  sql: string;
  checksum: string;
}

/** Any constant that no other program on this database is likely to lock. */
const migrationLock = 0x68656164;

/**
 * Brings the schema `headrace` up to date, each migration in a transaction of its own. Processes that start
 * together take turns. Refuses a database that a newer Headrace migrated (`store_schema_newer`) and one
 * whose applied migrations are not ours (`store_schema_changed`).
 */
export async function migrateStore(input: MigrateInput): Promise<void> {
  const migrations = await readMigrations(input.directory ?? ownMigrations);
  const client = new Client(connectionConfig(input.url));
  // An error event without a listener ends the process; the query that meets the loss reports it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await client.query(`SET search_path TO headrace; SET headrace.scope TO 'system'`);
    const applied = await readApplied(client);
    refuseForeign(migrations, applied);
    const pending = migrations.slice(applied.length);
    for (const migration of pending) {
      await apply(client, migration);
      input.log.info('store.migrated', { name: migration.name });
    }
    await grantRuntimeRole(client);
  } catch (error) {
    throw toStoreError(error);
  } finally {
    // Ends the session and with it the lock.
    await client.end().catch(() => undefined);
  }
}

const ownMigrations = new URL('./migrations/', import.meta.url);

/** The migrations of a folder in their order, refusing a gap or a number given twice. */
export async function readMigrations(directory: URL = ownMigrations): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).sort();
  return await Promise.all(
    names.map(async (name, index) => {
      const number = Number(name.slice(0, 4));
      if (number !== index + 1) {
        throw new HeadraceError('internal', { message: `Migration ${name} is out of order.` });
      }
      const sql = await readFile(new URL(name, directory), 'utf8');
      return { number, name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function readApplied(client: Client): Promise<{ number: number; checksum: string }[]> {
  await client.query(`
    CREATE SCHEMA IF NOT EXISTS headrace;
    CREATE TABLE IF NOT EXISTS headrace.migrations (
      number int PRIMARY KEY,
      name text NOT NULL,
      checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT clock_timestamp())`);
  const { rows } = await client.query('SELECT number, checksum FROM migrations ORDER BY number');
  return rows;
}

function refuseForeign(
  migrations: readonly Migration[],
  applied: readonly { number: number; checksum: string }[],
): void {
  for (const [index, { number, checksum }] of applied.entries()) {
    const ours = migrations[index];
    if (ours === undefined) {
      throw new HeadraceError('store_schema_newer', {
        message: `The database has migration ${number}; this Headrace knows ${migrations.length}.`,
      });
    }
    if (ours.number !== number || ours.checksum !== checksum) {
      throw new HeadraceError('store_schema_changed', {
        message: `The database's migration ${number} is not the one in ${ours.name}.`,
        where: ours.name,
      });
    }
  }
}

async function apply(client: Client, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(migration.sql);
    await client.query('INSERT INTO migrations (number, name, checksum) VALUES ($1, $2, $3)', [
      migration.number,
      migration.name,
      migration.checksum,
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
