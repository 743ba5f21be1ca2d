import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { connectionConfig } from '../connection.ts';
import { hasSqlState } from '../store-failure.ts';
import { superuser } from './cluster.ts';

/** `starting` covers a server that is recovering or shutting down: it answers, but not yet or no more. */
export type Reach = 'answers' | 'starting' | 'absent';

export function serverUrl(socketDirectory: string): string {
  return `postgresql://${superuser}@localhost/postgres?host=${encodeURIComponent(socketDirectory)}`;
}

/**
 * Whether the server of this data directory answers at this socket. Asked by connecting: a process id
 * says nothing in a container, where ids repeat, and a copied data directory names another's server.
 */
export async function reachServer(socketDirectory: string, databaseDir: string): Promise<Reach> {
  const client = new Client({
    ...connectionConfig(serverUrl(socketDirectory)),
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    const served = rows[0]?.data_directory ?? '';
    return (await realpath(served)) === (await realpath(databaseDir)) ? 'answers' : 'absent';
  } catch (error) {
    return hasSqlState(error, '57P03') ? 'starting' : 'absent';
  } finally {
    await client.end().catch(() => undefined);
  }
}

export interface PostmasterFile {
  pid: number;
  socketDirectory: string;
}

/**
 * What the server wrote about itself: https://www.postgresql.org/docs/current/storage-file-layout.html.
 * Line 1 is its process id, line 5 the directory of its socket. A hint only: the file outlives a crash.
 */
export async function readPostmasterFile(databaseDir: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(join(databaseDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid = '', , , , socketDirectory = ''] = text.split('\n');
  return socketDirectory === '' ? undefined : { pid: Number(pid), socketDirectory };
}
