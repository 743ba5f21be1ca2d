import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { connectionConfig } from '../connection.ts';
import { hasSqlState } from '../store-failure.ts';
import { superuser } from './cluster.ts';

/**
 * `busy`: somebody is there, but recovering, shutting down, out of connections or slow. To take such a
 * server for absent would be to start a second one on its files.
 */
export type Reach = 'answers' | 'busy' | 'absent';

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
    return hasSqlState(error, 'ENOENT', 'ECONNREFUSED') ? 'absent' : 'busy';
  } finally {
    await client.end().catch(() => undefined);
  }
}

export interface PostmasterFile {
  pid: number;
  socketDirectory: string;
  /** Whether the server says that it takes connections. */
  ready: boolean;
}

/**
 * What the server wrote about itself: https://www.postgresql.org/docs/current/storage-file-layout.html.
 * Line 1 is its process id, line 5 the directory of its socket, line 8 its state. A hint only: the file
 * outlives a crash.
 */
export async function readPostmasterFile(databaseDir: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(join(databaseDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n').map((line) => line.trim());
  const [pid, socketDirectory, state] = [lines[0], lines[4], lines[7]];
  if (!pid || !socketDirectory) return undefined;
  return { pid: Number(pid), socketDirectory, ready: state === 'ready' };
}
