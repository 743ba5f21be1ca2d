import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';

/** An empty database of the bench's own on a server that it may administer. */
export async function createDatabase(
  server: string,
): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `headrace_bench_${randomBytes(6).toString('hex')}`;
  await administer(server, `CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE template0`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => administer(server, `DROP DATABASE ${escapeIdentifier(name)} WITH (FORCE)`),
  };
}

async function administer(server: string, sql: string): Promise<void> {
  const client = new Client(server);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
