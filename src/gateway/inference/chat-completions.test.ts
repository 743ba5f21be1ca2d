import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallOrder, Dispatch } from '../../dispatch/index.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { StreamEvent } from '../../protocol/index.ts';
import { adminKey, createTestGateway, fakeModel, fakeOutcome, memberKey } from '../test-gateway.ts';

const url = '/v1/chat/completions';
const messages = [{ role: 'user', content: 'Hello' }];
const end: StreamEvent = {
  type: 'end',
  id: null,
  model: 'gpt-5.6-sol',
  finishReason: 'stop',
  usage: { input: 10, output: 5, cachedInput: 0, cacheWriteInput: 0, reasoning: 0 },
};

/** A dispatch that streams `events` where asked to, then does what `then` says. */
function createDispatch(events: StreamEvent[] = [], failure?: HeadraceError) {
  const orders: CallOrder[] = [];
  const dispatch: Partial<Dispatch> = {
    resolveModel(name) {
      if (name === 'nobody/none') throw new HeadraceError('model_unknown');
      return fakeModel();
    },
    async call(order) {
      orders.push(order);
      const outcome = fakeOutcome(order, 'Hello there');
      for (const [index, event] of events.entries()) {
        if (index === 0) order.onAnswering?.(outcome);
        await order.onEvent?.(event);
      }
      if (failure) throw failure;
      return outcome;
    },
  };
  return { dispatch, orders };
}

const request = (payload: object, headers = memberKey) => ({
  method: 'POST' as const,
  url,
  headers,
  payload,
});

const dataOf = (body: string) => [...body.matchAll(/^data: (.*)$/gm)].map(([, data]) => data ?? '');

test("an answer has OpenAI's shape and tells in headers who gave it", async (t) => {
  const { dispatch, orders } = createDispatch();
  const gateway = await createTestGateway(t, { dispatch });
  const response = await gateway.inject(request({ model: 'gpt-4', messages }));
  assert.equal(response.statusCode, 200);
  const answer = response.json();
  assert.match(answer.id, /^chatcmpl-/);
  assert.equal(answer.object, 'chat.completion');
  assert.equal(answer.model, 'openai/gpt-5.6-sol');
  assert.equal(answer.choices[0].message.content, 'Hello there');
  assert.equal(answer.usage.total_tokens, 15);
  assert.equal(response.headers['headrace-provider'], 'openai');
  assert.equal(response.headers['headrace-model'], 'gpt-5.6-sol');
  assert.equal(response.headers['headrace-attempts'], '2');
  assert.equal(response.headers['headrace-cost-usd'], '0.00005');
  assert.equal(response.headers['headrace-simulated'], 'true');
  assert.equal(response.headers['headrace-account'], undefined);
  const [order] = orders;
  assert.equal(order?.tenantId, 'default');
  assert.equal(order?.request.maxOutputTokens, 8_192);
  assert.deepEqual(order?.owner, { requestId: response.headers['x-request-id'] });
});

test('only an administrator is told the account', async (t) => {
  const gateway = await createTestGateway(t, createDispatch());
  const response = await gateway.inject(request({ model: 'gpt-4', messages }, adminKey));
  assert.equal(response.headers['headrace-account'], 'openai-team-a');
});

test('a stream is chunks and [DONE], with the headers before the first byte', async (t) => {
  const text = (part: string): StreamEvent => ({ type: 'text', text: part });
  const { dispatch } = createDispatch([text('Hel'), text('lo'), end]);
  const gateway = await createTestGateway(t, { dispatch });
  const response = await gateway.inject(
    request({ model: 'gpt-4', messages, stream: true, stream_options: { include_usage: true } }),
  );
  assert.equal(response.headers['content-type'], 'text/event-stream; charset=utf-8');
  assert.equal(response.headers['headrace-provider'], 'openai');
  assert.equal(response.headers['headrace-simulated'], 'true');
  const data = dataOf(response.body);
  assert.equal(data.at(-1), '[DONE]');
  const chunks = data.slice(0, -1).map((chunk) => JSON.parse(chunk));
  const content = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
  assert.equal(content, 'Hello');
  assert.equal(chunks.at(-1).usage.total_tokens, 15);
  assert.ok(chunks.every(({ model }) => model === 'openai/gpt-5.6-sol'));
});

test("a failure before the first byte has a status and OpenAI's shape, streamed or not", async (t) => {
  const failure = new HeadraceError('no_capacity', { retryAfterMs: 1_500 });
  const { dispatch } = createDispatch([], failure);
  const gateway = await createTestGateway(t, { dispatch });
  for (const stream of [false, true]) {
    const response = await gateway.inject(request({ model: 'gpt-4', messages, stream }));
    assert.equal(response.statusCode, 503);
    assert.equal(response.headers['retry-after'], '2');
    assert.equal(response.json().error.code, 'no_capacity');
  }
});

test('a failure after the first byte is the last chunk, and no [DONE] follows', async (t) => {
  const { dispatch } = createDispatch(
    [{ type: 'text', text: 'Hel' }],
    new HeadraceError('upstream_failed'),
  );
  const gateway = await createTestGateway(t, { dispatch });
  const response = await gateway.inject(request({ model: 'gpt-4', messages, stream: true }));
  assert.equal(response.statusCode, 200);
  const data = dataOf(response.body);
  assert.equal(JSON.parse(data.at(-1) ?? '').error.code, 'upstream_failed');
  assert.doesNotMatch(response.body, /\[DONE\]/);
});

test("what is wrong with a request is said in OpenAI's shape", async (t) => {
  const { dispatch } = createDispatch();
  const gateway = await createTestGateway(t, { dispatch });
  const cases: [object, number, string, string | null][] = [
    [{ model: 'gpt-4', messages, tools: [{ type: 'function' }] }, 400, 'request_invalid', 'tools'],
    [{ model: 'nobody/none', messages }, 404, 'model_unknown', 'model'],
    [{ model: 'gpt-4', messages: [] }, 400, 'request_invalid', 'messages'],
  ];
  for (const [payload, status, code, param] of cases) {
    const response = await gateway.inject(request(payload));
    assert.equal(response.statusCode, status);
    const { error } = response.json();
    assert.equal(error.code, code);
    assert.equal(error.param, param);
  }
  const unread = await gateway.inject({
    ...request({}),
    headers: { ...memberKey, 'content-type': 'application/json' },
    payload: '{',
  });
  assert.equal(unread.json().error.code, 'request_invalid');
  const nobody = await gateway.inject({ method: 'POST', url, payload: {} });
  assert.equal(nobody.statusCode, 401);
  assert.equal(nobody.json().error.type, 'authentication_error');
});

test('without any account inference is 503 no_accounts', async (t) => {
  const gateway = await createTestGateway(t, { dispatch: { models: () => [] } });
  const chat = await gateway.inject(request({ model: 'gpt-4', messages }));
  assert.equal(chat.statusCode, 503);
  assert.equal(chat.json().error.code, 'no_accounts');
  const bodies = { '/api/v1/projects': { brief: 'x' }, '/tasks': { prompt: 'x', models: ['m'] } };
  for (const [path, payload] of Object.entries(bodies)) {
    const response = await gateway.inject({ ...request(payload), url: path });
    assert.equal(response.statusCode, 503);
    assert.equal(response.json().code, 'no_accounts');
  }
});

for (const stream of [false, true]) {
  test(`a client that hangs up aborts the upstream call (stream: ${stream})`, async (t) => {
    const called = Promise.withResolvers<CallOrder>();
    const aborted = Promise.withResolvers<void>();
    const { dispatch } = createDispatch();
    dispatch.call = async (order) => {
      if (stream) await order.onEvent?.({ type: 'text', text: 'Hel' });
      called.resolve(order);
      await new Promise((resolve) => order.signal.addEventListener('abort', resolve));
      aborted.resolve();
      throw order.signal.reason;
    };
    const gateway = await createTestGateway(t, { dispatch });
    const address = await gateway.listen({ host: '127.0.0.1', port: 0 });
    const hangUp = new AbortController();
    const response = fetch(address.url + url, {
      method: 'POST',
      headers: { ...memberKey, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-4', messages, stream }),
      signal: hangUp.signal,
    });
    response.catch(() => undefined);
    await called.promise;
    hangUp.abort();
    await aborted.promise;
    assert.equal((await fetch(`${address.url}/healthz`)).status, 200);
  });
}

test('models are listed and read by their id, slash and all', async (t) => {
  const { dispatch } = createDispatch();
  const gateway = await createTestGateway(t, { dispatch });
  const list = await gateway.inject({ url: '/v1/models', headers: memberKey });
  const model = {
    id: 'openai/gpt-5.6-sol',
    object: 'model',
    created: 0,
    owned_by: 'openai',
    headrace: {
      simulated: false,
      context_tokens: 400_000,
      max_output_tokens: 128_000,
      input_usd_per_million: 1,
      output_usd_per_million: 8,
    },
  };
  assert.deepEqual(list.json(), { object: 'list', data: [model] });
  for (const id of ['openai/gpt-5.6-sol', 'openai%2Fgpt-5.6-sol']) {
    const read = await gateway.inject({ url: `/v1/models/${id}`, headers: memberKey });
    assert.deepEqual(read.json(), model);
  }
  const unknown = await gateway.inject({ url: '/v1/models/nobody/none', headers: memberKey });
  assert.equal(unknown.statusCode, 404);
});
