import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FanoutDocument, FanoutInput } from '../../orchestration/index.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import { createTestGateway, memberKey } from '../test-gateway.ts';

const auth = {
  async issueToken({ name, password }: { name: string; password: string }) {
    if (name !== 'lan' || password !== 'mật khẩu') throw new HeadraceError('unauthenticated');
    return { token: 'a.b.c', expiresIn: 3_600 };
  },
};

test('a token is given for JSON and for a form, for username and for user', async (t) => {
  const gateway = await createTestGateway(t, { auth });
  const form = (fields: Record<string, string>) => ({
    method: 'POST' as const,
    url: '/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(fields).toString(),
  });
  const requests = [
    { method: 'POST' as const, url: '/token', payload: { username: 'lan', password: 'mật khẩu' } },
    { method: 'POST' as const, url: '/token', payload: { user: 'lan', password: 'mật khẩu' } },
    form({ username: 'lan', password: 'mật khẩu', grant_type: 'password', scope: '' }),
    form({ user: 'lan', password: 'mật khẩu' }),
  ];
  for (const request of requests) {
    const response = await gateway.inject(request);
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.json(), {
      access_token: 'a.b.c',
      token_type: 'bearer',
      expires_in: 3_600,
    });
    assert.equal(response.headers['cache-control'], 'no-store');
  }
  const wrong = await gateway.inject(form({ user: 'lan', password: 'x' }));
  assert.equal(wrong.statusCode, 401);
  const twice = await gateway.inject({
    ...form({}),
    payload: 'username=lan&username=admin&password=x',
  });
  assert.equal(twice.statusCode, 400);
  const both = await gateway.inject(form({ username: 'lan', user: 'lan', password: 'x' }));
  assert.equal(both.json().where, 'body.username');
});

async function setUp(t: Parameters<typeof createTestGateway>[0]) {
  const inputs: FanoutInput[] = [];
  const document: FanoutDocument = {
    task_id: 'prj_1',
    status: 'completed',
    simulated: true,
    results: [
      {
        model: 'openai/gpt-5.6-sol',
        status: 'completed',
        content: 'Yes',
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
        cost_usd: null,
        latency_ms: 12,
        error: null,
      },
    ],
    summary: null,
  };
  const gateway = await createTestGateway(t, {
    orchestration: {
      async acceptFanout(_principal, input) {
        inputs.push(input);
        if (input.models.includes('none')) {
          throw new HeadraceError('model_unknown', { where: 'models.0' });
        }
        return {
          task_id: 'prj_1',
          status: 'pending',
          simulated: true,
          subtasks_count: input.models.length,
        };
      },
      async readFanout(_principal, id) {
        if (id !== 'prj_1') throw new HeadraceError('not_found');
        return document;
      },
    },
  });
  const post = (payload: object) =>
    gateway.inject({ method: 'POST', url: '/tasks', headers: memberKey, payload });
  const get = (id: string) => gateway.inject({ url: `/tasks/${id}`, headers: memberKey });
  return { inputs, document, post, get };
}

test('a question to several models has the documented defaults and answer', async (t) => {
  const { post, inputs } = await setUp(t);
  const response = await post({ prompt: 'Why?', models: ['gpt-4', 'claude-3'] });
  assert.equal(response.statusCode, 202);
  assert.deepEqual(response.json(), {
    task_id: 'prj_1',
    status: 'pending',
    simulated: true,
    subtasks_count: 2,
  });
  const expected = {
    prompt: 'Why?',
    models: ['gpt-4', 'claude-3'],
    maxTokens: 1_000,
    temperature: 0.7,
  };
  assert.deepEqual(inputs, [expected]);
});

test('a question without a prompt, with none or too many models, or an unknown one is refused', async (t) => {
  const { post } = await setUp(t);
  const models = ['gpt-4'];
  const cases: [object, number, string][] = [
    [{ prompt: ' ', models }, 400, 'brief_empty'],
    [{ prompt: 'x', models: [] }, 400, 'request_invalid'],
    [{ prompt: 'x', models: Array(17).fill('gpt-4') }, 400, 'request_invalid'],
    [{ prompt: 'x', models, temperature: 2.1 }, 400, 'request_invalid'],
    [{ prompt: 'x', models, max_tokens: 0 }, 400, 'request_invalid'],
    [{ prompt: 'x', models, stream: true }, 400, 'request_invalid'],
    [{ prompt: 'x', models: ['none'] }, 404, 'model_unknown'],
  ];
  for (const [payload, status, code] of cases) {
    const response = await post(payload);
    assert.equal(response.json().code, code);
    assert.equal(response.statusCode, status);
  }
});

test('answers are read as they stand, and those of another are not found', async (t) => {
  const { get, document } = await setUp(t);
  assert.deepEqual((await get('prj_1')).json(), document);
  assert.equal((await get('prj_2')).statusCode, 404);
});
