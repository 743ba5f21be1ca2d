import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestGateway, fakeRun, memberKey } from '../test-gateway.ts';

test('every response carries a request id and forbids a browser to do anything with it', async (t) => {
  const gateway = await createTestGateway(t);
  const response = await gateway.inject({ url: '/healthz', headers: { 'x-request-id': 'mine-1' } });
  assert.equal(response.statusCode, 200);
  assert.equal(response.headers['x-request-id'], 'mine-1');
  assert.equal(response.headers['x-content-type-options'], 'nosniff');
  assert.match(String(response.headers['content-security-policy']), /default-src 'none'/);
  assert.equal(response.headers['access-control-allow-origin'], undefined);
  const odd = await gateway.inject({ url: '/healthz', headers: { 'x-request-id': 'a b{}' } });
  assert.match(String(odd.headers['x-request-id']), /^req_[0-9a-f]{32}$/);
});

test('an unknown route is a problem on our surface and an OpenAI error under /v1', async (t) => {
  const gateway = await createTestGateway(t);
  const own = await gateway.inject('/api/v1/nothing');
  assert.equal(own.statusCode, 404);
  assert.equal(own.headers['content-type'], 'application/problem+json; charset=utf-8');
  const problem = own.json();
  assert.equal(problem.code, 'not_found');
  assert.equal(problem.type, 'urn:headrace:error:not_found');
  assert.equal(problem.request_id, own.headers['x-request-id']);
  const vendor = await gateway.inject('/v1/nothing');
  assert.equal(vendor.statusCode, 404);
  assert.equal(vendor.json().error.code, 'not_found');
});

test('a known path with another method is 405 and names the methods it has', async (t) => {
  const gateway = await createTestGateway(t);
  const response = await gateway.inject({ method: 'PUT', url: '/api/v1/projects/prj_1?x=1' });
  assert.equal(response.statusCode, 405);
  assert.equal(response.json().code, 'method_not_allowed');
  assert.equal(response.headers['allow'], 'GET, HEAD');
});

const post = (payload: string | Buffer, contentType = 'application/json') => ({
  method: 'POST' as const,
  url: '/api/v1/projects',
  headers: { ...memberKey, 'content-type': contentType },
  payload,
});

test('a body that is no JSON, no UTF-8, of another type or too large is refused as such', async (t) => {
  const gateway = await createTestGateway(t);
  const refusals: [ReturnType<typeof post>, number, string][] = [
    [post('{"brief": oops}'), 400, 'request_invalid'],
    [post(Buffer.from([0x7b, 0xff, 0x7d])), 400, 'brief_not_text'],
    [post('brief=x', 'application/x-www-form-urlencoded'), 415, 'unsupported_media_type'],
    [post('{"brief":"x"}', 'application/json; charset=utf-16'), 415, 'unsupported_media_type'],
    [post('x', 'text/plain'), 415, 'unsupported_media_type'],
    [post(Buffer.alloc((36 << 20) + 1, 0x20)), 413, 'body_too_large'],
  ];
  for (const [request, status, code] of refusals) {
    const response = await gateway.inject(request);
    assert.equal(response.json().code, code);
    assert.equal(response.statusCode, status);
    if (status === 413)
      assert.match(response.json().detail, /larger than the 36 MiB that this route/);
  }
});

test('unknown and wrong fields are refused by name', async (t) => {
  const gateway = await createTestGateway(t);
  const unknown = (
    await gateway.inject(post('{"brief":"x","budgett":{"usd":1},"__proto__":{"a":1}}'))
  ).json();
  assert.equal(unknown.code, 'request_invalid');
  assert.match(unknown.detail, /"budgett", "__proto__"/);
  const wrong = (await gateway.inject(post('{"brief":"x","budget":{"usd":"1"}}'))).json();
  assert.equal(wrong.where, 'body.budget.usd');
  const missing = (await gateway.inject({ ...post(''), payload: '' })).json();
  assert.match(missing.detail, /a JSON object is needed/);
});

test('what a stranger throws never leaves, neither its message nor its stack', async (t) => {
  const orchestration = {
    async readRun(): Promise<never> {
      throw new TypeError('secret detail of /home/somebody');
    },
  };
  const gateway = await createTestGateway(t, { orchestration });
  const response = await gateway.inject({ url: '/api/v1/runs/run_1', headers: memberKey });
  assert.equal(response.statusCode, 500);
  assert.equal(response.json().code, 'internal');
  assert.doesNotMatch(response.body, /secret|somebody|\.ts|at /);
});

test('a prototype cannot be polluted through a query either', async (t) => {
  const orchestration = { readRun: async () => fakeRun() };
  const gateway = await createTestGateway(t, { orchestration });
  await gateway.inject({ url: '/api/v1/runs?__proto__[x]=1&constructor=2', headers: memberKey });
  assert.equal(({} as { x?: unknown }).x, undefined);
});
