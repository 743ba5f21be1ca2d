import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adminKey, createTestGateway, fakeModel, memberKey } from '../test-gateway.ts';

const user = {
  id: 'usr_1',
  name: 'lan',
  role: 'member' as const,
  created_at: '2026-01-01T00:00:00.000Z',
  disabled_at: null,
};
const key = {
  id: 'key_1',
  name: 'ci',
  prefix: 'hr_abc',
  role: 'member' as const,
  created_at: '2026-01-01T00:00:00.000Z',
  last_used_at: null,
  revoked_at: null,
};

test('users and keys are listed, made and ended, and nothing secret is listed', async (t) => {
  const calls: unknown[] = [];
  const leaky = { password_hash: 'secret', hash: 'secret', key: 'secret' };
  const gateway = await createTestGateway(t, {
    auth: {
      listUsers: async () => ({ items: [{ ...user, ...leaky }], next_cursor: null }),
      listKeys: async () => ({ items: [{ ...key, ...leaky }], next_cursor: 'k2' }),
      async addUser(principal, given) {
        calls.push([principal.role, given]);
        return { ...user, ...leaky };
      },
      async createKey(_principal, given) {
        calls.push(given);
        return { ...key, key: 'hr_abcdef' };
      },
      async disableUser(_principal, id) {
        calls.push(id);
      },
      async revokeKey(_principal, id) {
        calls.push(id);
      },
    },
  });
  const send = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) =>
    gateway.inject({
      method,
      url: `/api/v1${url}`,
      headers: adminKey,
      ...(payload && { payload }),
    });
  assert.deepEqual((await send('GET', '/users')).json(), { data: [user], next_cursor: null });
  assert.deepEqual((await send('GET', '/keys')).json(), { data: [key], next_cursor: 'k2' });
  const added = await send('POST', '/users', { name: 'lan', password: 'correct horse' });
  assert.equal(added.statusCode, 201);
  assert.deepEqual(added.json(), user);
  const created = await send('POST', '/keys', { name: 'ci', role: 'admin' });
  assert.deepEqual(created.json(), { ...key, key: 'hr_abcdef' });
  assert.equal((await send('DELETE', '/users/usr_1')).statusCode, 204);
  assert.equal((await send('DELETE', '/keys/key_1')).statusCode, 204);
  assert.deepEqual(calls, [
    ['admin', { name: 'lan', password: 'correct horse', role: 'member' }],
    { name: 'ci', role: 'admin' },
    'usr_1',
    'key_1',
  ]);
  const short = await send('POST', '/users', { name: 'lan', password: 'short' });
  assert.equal(short.json().where, 'body.password');
  assert.doesNotMatch(short.body, /short"/);
});

const gate = {
  pool: 'openai/a',
  breaker: 'open',
  opensInMs: 1499.5,
  drained: false,
  inFlight: 2,
  concurrency: 4,
} as const;

test('a provider is simulated only where all its models are', async (t) => {
  const models = [
    fakeModel({ id: 'qwen/b', provider: 'qwen', simulated: true }),
    fakeModel({ id: 'openai/a', simulated: true }),
    fakeModel({ id: 'openai/b' }),
  ];
  const gateway = await createTestGateway(t, {
    dispatch: { models: () => models },
    providers: { list: () => [gate] },
  });
  const response = await gateway.inject({ url: '/api/v1/providers', headers: memberKey });
  assert.deepEqual(response.json().data, [
    {
      id: 'openai',
      models: ['openai/a', 'openai/b'],
      simulated: false,
      drained: false,
      gates: [
        {
          model: 'openai/a',
          breaker: 'open',
          opens_in_ms: 1500,
          drained: false,
          in_flight: 2,
          concurrency: 4,
        },
      ],
    },
    { id: 'qwen', models: ['qwen/b'], simulated: true, drained: false, gates: [] },
  ]);
});
