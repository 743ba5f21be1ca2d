import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ServerRequest } from '../src/cli/index.ts';
import { loadConfig } from '../src/platform/config/load-config.ts';
import { startServer } from '../src/start-server.ts';
import { createTestDatabase } from './database.ts';
import { eventually } from './eventually.ts';

type Call = (path: string, method?: string, body?: unknown) => Promise<Response>;

/** Servers one after the other on one database, as commands start them that find none running. */
async function prepare(t: TestContext, more: Record<string, string> = {}) {
  const databaseUrl = await createTestDatabase(t);
  const dataDir = await mkdtemp(join(tmpdir(), 'headrace-test-'));
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  const env = {
    DATABASE_URL: databaseUrl,
    HEADRACE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    HEADRACE_DATA_DIR: dataDir,
    HOME: dataDir,
    // Nobody listens there.
    OLLAMA_HOST: '127.0.0.1:9',
    ...more,
  };
  const config = loadConfig({ env, cwd: dataDir });
  return async (request: Partial<ServerRequest>, work: (call: Call) => unknown = () => {}) => {
    const server = await startServer(config, {
      flags: {},
      simulate: 'auto',
      private: true,
      ...request,
    });
    try {
      await work((path, method = 'GET', body) =>
        fetch(`${server.url}${path}`, {
          method,
          headers: {
            authorization: `Bearer ${server.adminKey}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      );
      return { simulated: server.simulated, accounts: server.accounts };
    } finally {
      await server.close();
    }
  };
}

const account = {
  id: 'qwen-a',
  provider: 'qwen',
  credentials: [{ id: 'k1', secret: 'sk-not-a-key' }],
};

/** An Ollama of this machine, with one model. */
async function startOllama(t: TestContext): Promise<string> {
  const server = createServer((_, response) =>
    response.end(JSON.stringify({ models: [{ name: 'llama4:8b' }] })),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('accounts that were added while a server ran keep the simulated providers away, until they are gone', async (t) => {
  const serve = await prepare(t);
  assert.equal((await serve({})).simulated, true);
  const before = await serve({ simulate: 'never' }, async (call) => {
    assert.equal((await call('/api/v1/accounts', 'POST', account)).status, 201);
  });
  assert.deepEqual(before.accounts, []);
  const { simulated, accounts } = await serve({}, async (call) => {
    const { data } = (await (await call('/v1/models')).json()) as {
      data: { headrace: { simulated: boolean } }[];
    };
    assert.ok(data.length > 0);
    assert.ok(data.every(({ headrace }) => !headrace.simulated));
  });
  assert.equal(simulated, false);
  assert.deepEqual(
    accounts.map(({ id, managedBy }) => [id, managedBy]),
    [['qwen-a', 'api']],
  );
  // Who has an account that rests is not without one: nothing pretends to answer for it.
  await serve({}, async (call) => {
    assert.equal((await call('/api/v1/accounts/qwen-a/disable', 'POST')).status, 200);
  });
  assert.equal((await serve({})).simulated, false);
  assert.equal((await serve({ simulate: 'always' })).simulated, true);
  await serve({}, async (call) => {
    assert.equal((await call('/api/v1/accounts/qwen-a', 'DELETE')).status, 204);
  });
  assert.equal((await serve({})).simulated, true);
});

test('an Ollama of this machine is offered only where there is no account at all', async (t) => {
  const host = await startOllama(t);
  const serve = await prepare(t, { OLLAMA_HOST: host });
  const offers: string[] = [];
  const asked = (answer: boolean) => ({
    offerOllama: async (url: string) => {
      offers.push(url);
      return answer;
    },
  });
  assert.equal((await serve(asked(false))).simulated, true);
  const taken = await serve(asked(true));
  assert.deepEqual(offers, [`http://${host}`, `http://${host}`]);
  assert.equal(taken.simulated, false);
  assert.deepEqual(
    taken.accounts.map(({ id }) => id),
    ['ollama'],
  );
  await serve({ simulate: 'never' }, async (call) => {
    assert.equal((await call('/api/v1/accounts', 'POST', account)).status, 201);
  });
  assert.equal((await serve(asked(true))).simulated, false);
  assert.equal(offers.length, 2);
});

test('a server that only answers goes on with no run, and the next one that works does', async (t) => {
  const serve = await prepare(t);
  const read = async (call: Call, runId: string) =>
    (await (await call(`/api/v1/runs/${runId}`)).json()) as { status: string; simulated: boolean };
  let runId = '';
  await serve({ simulate: 'always', behave: true, idle: true }, async (call) => {
    const brief = 'Write three sentences about night trains.';
    const accepted = await call('/api/v1/projects', 'POST', { brief, clarify: 'off' });
    assert.equal(accepted.status, 202);
    runId = ((await accepted.json()) as { run_id: string }).run_id;
  });
  // Without an account a server that worked would fail it.
  await serve({ simulate: 'never', idle: true }, async (call) => {
    assert.equal((await read(call, runId)).status, 'queued');
    // What was simulated before is no account of anybody's.
    const { data } = (await (await call('/api/v1/accounts')).json()) as { data: unknown[] };
    assert.deepEqual(data, []);
  });
  await serve({ simulate: 'always', behave: true }, async (call) => {
    await eventually(async () => assert.equal((await read(call, runId)).status, 'succeeded'));
  });
});
