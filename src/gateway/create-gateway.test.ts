import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { isHeadraceError } from '../platform/errors/headrace-error.ts';
import { createManualClock } from '../platform/manual-clock.ts';
import { createTestGateway, fakeModel, fakeRun, memberKey } from './test-gateway.ts';

const loopback = { host: '127.0.0.1', port: 0 };

test('a port in use and an address of another machine are named', async (t) => {
  const first = await createTestGateway(t);
  const port = Number(new URL((await first.listen(loopback)).url).port);
  const second = await createTestGateway(t);
  await assert.rejects(second.listen({ ...loopback, port }), (error) => {
    assert.ok(isHeadraceError(error));
    assert.equal(error.code, 'port_in_use');
    assert.match(error.message, new RegExp(`Port ${port}`));
    return true;
  });
  const third = await createTestGateway(t);
  await assert.rejects(third.listen({ host: '192.0.2.1', port: 0 }), { code: 'config_invalid' });
});

test('the address of an IPv6 host is a URL', async (t) => {
  const gateway = await createTestGateway(t);
  const { url } = await gateway.listen({ host: '::1', port: 0 });
  assert.equal(new URL(url).hostname, '[::1]');
});

test('closing lets a request in flight finish', async (t) => {
  const held = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const gateway = await createTestGateway(t, {
    orchestration: {
      async readRun() {
        asked.resolve();
        await held.promise;
        return fakeRun();
      },
    },
  });
  const { url } = await gateway.listen(loopback);
  const response = fetch(`${url}/api/v1/runs/run_1`, { headers: memberKey });
  await asked.promise;
  const closed = gateway.close();
  held.resolve();
  assert.equal((await response).status, 200);
  await closed;
});

test('what still runs after the grace is given up, its upstream call aborted', async (t) => {
  const clock = createManualClock();
  const asked = Promise.withResolvers<void>();
  let aborted = false;
  const gateway = await createTestGateway(t, {
    clock,
    dispatch: {
      resolveModel: () => fakeModel(),
      async call({ signal }) {
        asked.resolve();
        await once(signal, 'abort');
        aborted = true;
        throw signal.reason;
      },
    },
  });
  const { url } = await gateway.listen(loopback);
  const response = fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...memberKey, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4', messages: [{ role: 'user', content: 'x' }] }),
  });
  const ended = response.then(
    ({ status }) => status,
    () => 'cut off',
  );
  await asked.promise;
  const closed = gateway.close();
  await clock.advance(9_999);
  assert.equal(aborted, false);
  await clock.advance(1);
  await closed;
  assert.equal(aborted, true);
  assert.ok([503, 'cut off'].includes(await ended));
});

/** Sends bytes as they are and gives all that comes back. */
async function sendRaw(url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => undefined);
  socket.end(request.replaceAll('\n', '\r\n'));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

test('what smuggles or is no HTTP gets one problem, and the connection closes', async (t) => {
  const gateway = await createTestGateway(t);
  const { url } = await gateway.listen(loopback);
  const start = 'POST /api/v1/projects HTTP/1.1\nhost: h\ncontent-type: application/json\n';
  const second = 'GET /healthz HTTP/1.1\nhost: h\n\n';
  const corpus = {
    'length and chunks': `${start}content-length: 5\ntransfer-encoding: chunked\n\n0\n\n${second}`,
    'two lengths': `${start}content-length: 0\ncontent-length: 5\n\n${second}`,
    'odd coding': `${start}transfer-encoding: chunked, identity\n\n0\n\n${second}`,
    'negative length': `${start}content-length: -1\n\n${second}`,
    'space before the colon': `${start}content-length : 5\n\nabcde${second}`,
    'folded header': `${start}x: a\n b: c\n\n${second}`,
    'no host': `GET /healthz HTTP/1.1\n\n${second}`,
    'no http': `hello\n\n${second}`,
    'too many headers': `GET /healthz HTTP/1.1\nhost: h\nx: ${'a'.repeat(20_000)}\n\n${second}`,
  };
  for (const [name, request] of Object.entries(corpus)) {
    const answer = await sendRaw(url, request);
    assert.match(answer, /^HTTP\/1\.1 4\d\d /, name);
    assert.equal(
      answer.match(/^HTTP\/1\.1 \d/gm)?.length,
      1,
      `${name}: the second request was answered`,
    );
    assert.doesNotMatch(answer, /"status":"ok"|\.ts|node:/, name);
  }
  const problem = await sendRaw(url, corpus['no http']);
  assert.match(problem, /content-type: application\/problem\+json/);
  assert.match(problem, /"code":"request_invalid"/);
});

test('a line break in a request id is never repeated in a header', async (t) => {
  const gateway = await createTestGateway(t);
  const { url } = await gateway.listen(loopback);
  const request =
    'GET /healthz HTTP/1.1\nhost: h\nx-request-id: a\rset-cookie: x=1\nconnection: close\n\n';
  assert.doesNotMatch((await sendRaw(url, request)).toLowerCase(), /set-cookie/);
});
