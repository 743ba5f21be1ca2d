import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { z } from 'zod';
import { catalogue, type ErrorCode } from '../platform/errors/catalogue.ts';
import { CliError } from './cli-error.ts';
import { createHttpClient } from './http-client.ts';

/** What a person at the command line is told where a gateway refuses with this. */
async function told(t: TestContext, problem: object): Promise<CliError> {
  const server = createServer((_, response) => {
    response.writeHead(400, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify(problem));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const client = createHttpClient({ url: `http://127.0.0.1:${port}`, key: null });
  const route = { method: 'GET', path: '/', schema: z.unknown() } as const;
  const error = await client.request(route).then(
    () => assert.fail('it was answered'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof CliError, String(error));
  return error;
}

test('no refusal names a route, a header or the API description to who types commands', async (t) => {
  for (const code of Object.keys(catalogue) as ErrorCode[]) {
    const { fix } = catalogue[code];
    const error = await told(t, { code, detail: 'body.brief: is missing.', fix });
    assert.doesNotMatch(
      error.fix ?? '',
      /openapi|(GET|POST|PUT|PATCH|DELETE) \/|Bearer|Allow header/,
    );
    assert.equal(error.message, 'brief: is missing.');
  }
});

test('a missing key is set, and a gateway without the route is of another version', async (t) => {
  const missing = await told(t, { code: 'unauthenticated', fix: catalogue.unauthenticated.fix });
  assert.match(missing.fix ?? '', /Set HEADRACE_API_KEY/);
  const older = await told(t, { code: 'not_found', fix: 'See /openapi.json for the routes.' });
  assert.match(older.fix ?? '', /of the same version as the gateway/);
});
