import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import test from 'node:test';
import { Client } from 'pg';
import { eventually } from './eventually.ts';
import { startTestServer } from './server.ts';

async function connect(url: string): Promise<Client> {
  const client = new Client(url);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

const isGone = (url: string) =>
  connect(url).then(
    async (client) => {
      await client.end();
      throw new Error('The server still answers.');
    },
    () => undefined,
  );

test('a stopped test server is gone, even where a test left a connection open', async () => {
  const server = await startTestServer();
  const forgotten = await connect(server.url);
  await server.stop();
  await assert.rejects(connect(server.url));
  await forgotten.end().catch(() => undefined);
});

test('a test server ends with the process that started it, even if that was killed', async () => {
  const source = `
    import { startTestServer } from ${JSON.stringify(new URL('server.ts', import.meta.url))};
    console.log((await startTestServer()).url);`;
  const starter = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(createInterface({ input: starter.stdout }), 'line')) as [string];
  await (await connect(url)).end();
  starter.kill('SIGKILL');
  await eventually(() => isGone(url));
});
