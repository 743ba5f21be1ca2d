import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adminKey, createTestGateway, memberKey } from '../test-gateway.ts';

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  security?: object[];
  parameters?: { name: string; in: string; required: boolean }[];
  responses: Record<string, { description: string }>;
}

type Method = 'get' | 'post' | 'put' | 'delete';

async function readApi(t: Parameters<typeof createTestGateway>[0]) {
  const gateway = await createTestGateway(t, {
    accounts: { list: async () => [], gauges: () => [] },
  });
  const document = (await gateway.inject('/openapi.json')).json();
  const paths = document.paths as Record<string, Record<Method, Operation>>;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path,
      method: method as Method,
      operation,
    })),
  );
  return { gateway, document, operations };
}

const openRoutes = ['/token', '/healthz', '/readyz'];

test('every documented route but the open ones answers 401 without a key', async (t) => {
  const { gateway, operations } = await readApi(t);
  assert.ok(operations.length >= 30);
  for (const { path, method, operation } of operations) {
    const url = path.replaceAll(/\{\w+\}/g, 'some');
    const response = await gateway.inject({ method, url });
    const open = openRoutes.includes(path);
    assert.equal(response.statusCode === 401, !open, `${method} ${path}`);
    assert.deepEqual(operation.security, open ? [] : undefined, `${method} ${path}`);
    if (!open) assert.equal(response.headers['www-authenticate'], 'Bearer realm="headrace"');
  }
});

test('a member may not administer', async (t) => {
  const { gateway, operations } = await readApi(t);
  const administration = operations.filter(({ operation }) =>
    operation.tags.some((tag) => tag === 'administration' || tag === 'accounts'),
  );
  assert.equal(administration.length, 22);
  for (const { path, method } of administration) {
    const url = path.replaceAll(/\{\w+\}/g, 'some');
    const response = await gateway.inject({ method, url, headers: memberKey });
    assert.equal(response.statusCode, 403, `${method} ${path}`);
    assert.equal(response.json().code, 'forbidden');
  }
  const asAdmin = await gateway.inject({ url: '/api/v1/accounts', headers: adminKey });
  assert.equal(asAdmin.statusCode, 200);
});

test('the description is OpenAPI 3.1: every operation, parameter and reference is whole', async (t) => {
  const { document, operations } = await readApi(t);
  assert.equal(document.openapi, '3.1.0');
  assert.ok(document.info.title && document.info.version);
  const ids = operations.map(({ operation }) => operation.operationId);
  assert.equal(new Set(ids).size, ids.length, 'operation ids are unique');
  for (const { path, operation } of operations) {
    assert.ok(operation.operationId && operation.summary && operation.tags.length === 1, path);
    assert.ok(Object.keys(operation.responses).length > 0, path);
    for (const [status, response] of Object.entries(operation.responses)) {
      assert.match(status, /^([1-5]\d\d|[45]XX)$/);
      assert.ok(response.description, `${path} ${status}`);
    }
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const named = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    assert.deepEqual(named.map(({ name }) => name).sort(), inPath.sort(), path);
    assert.ok(
      named.every(({ required }) => required),
      path,
    );
  }
  for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    assert.ok(document.components.schemas[name ?? ''], name);
  }
});

test('every route that creates is described with its Idempotency-Key', async (t) => {
  const { operations } = await readApi(t);
  const creating = operations.filter(
    ({ operation }) => '201' in operation.responses || '202' in operation.responses,
  );
  assert.equal(creating.length, 8);
  for (const { path, operation } of creating) {
    const names = (operation.parameters ?? []).map(({ name }) => name);
    assert.ok(names.includes('Idempotency-Key'), path);
  }
});

test('the page at /docs shows every operation and loads nothing', async (t) => {
  const { gateway, operations } = await readApi(t);
  const page = await gateway.inject('/docs');
  assert.equal(page.statusCode, 200);
  assert.match(String(page.headers['content-security-policy']), /^default-src 'none'/);
  for (const { operation } of operations)
    assert.ok(page.body.includes(`id="${operation.operationId}"`));
  assert.doesNotMatch(page.body, /<script|src=|url\(|@import|https?:\/\//);
});
