import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import { createManualClock } from '../../platform/manual-clock.ts';
import type { RunEvent } from '../../platform/store/store.ts';
import {
  createFakeStore,
  createTestGateway,
  fakeEvent,
  fakeRun,
  memberKey,
} from '../test-gateway.ts';

const url = '/api/v1/runs/run_1/events';

function createRun(recorded: RunEvent[], status: 'running' | 'succeeded' = 'running') {
  const delivered: string[] = [];
  let reads = 0;
  return {
    delivered,
    reads: () => reads,
    orchestration: {
      readRun: async () => fakeRun({ status }),
      async readEvents(
        _principal: unknown,
        { runId, after = 0, limit = 500 }: { runId: string; after?: number; limit?: number },
      ) {
        reads += 1;
        if (runId !== 'run_1') throw new HeadraceError('not_found');
        return recorded.filter(({ number }) => number > after).slice(0, limit);
      },
      async recordDelivery(_principal: unknown, runId: string) {
        delivered.push(runId);
      },
    },
  };
}

const idsOf = (body: string) => [...body.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));

test('a run is followed to its end and its delivery is recorded', async (t) => {
  const { orchestration, delivered } = createRun(
    [fakeEvent(1), fakeEvent(2), fakeEvent(3, 'run.succeeded')],
    'succeeded',
  );
  const gateway = await createTestGateway(t, { orchestration });
  const response = await gateway.inject({ url, headers: memberKey });
  assert.equal(response.statusCode, 200);
  assert.equal(response.headers['content-type'], 'text/event-stream; charset=utf-8');
  assert.equal(response.headers['x-accel-buffering'], 'no');
  assert.ok(response.headers['x-request-id']);
  assert.deepEqual(idsOf(response.body), [1, 2, 3]);
  assert.deepEqual(delivered, ['run_1']);
});

test('Last-Event-ID resumes, wins over ?after=, and must be a number', async (t) => {
  const { orchestration } = createRun([fakeEvent(1), fakeEvent(2), fakeEvent(3, 'run.failed')]);
  const gateway = await createTestGateway(t, { orchestration });
  const get = (query: string, headers = {}) =>
    gateway.inject({ url: url + query, headers: { ...memberKey, ...headers } });
  assert.deepEqual(idsOf((await get('?after=1')).body), [2, 3]);
  assert.deepEqual(idsOf((await get('?after=1', { 'last-event-id': '2' })).body), [3]);
  assert.equal((await get('', { 'last-event-id': 'x' })).statusCode, 400);
  assert.equal((await get('?after=-1')).statusCode, 400);
});

test('a client that has the end is told with 204 not to come back', async (t) => {
  const { orchestration } = createRun(
    [fakeEvent(1, 'run.succeeded'), fakeEvent(2, 'result.delivered')],
    'succeeded',
  );
  const gateway = await createTestGateway(t, { orchestration });
  for (const after of [1, 2, 9]) {
    const response = await gateway.inject({ url: `${url}?after=${after}`, headers: memberKey });
    assert.equal(response.statusCode, 204);
  }
});

test("another's run is not found, with a status and not in the stream", async (t) => {
  const { orchestration } = createRun([]);
  const gateway = await createTestGateway(t, { orchestration });
  const response = await gateway.inject({ url: '/api/v1/runs/run_2/events', headers: memberKey });
  assert.equal(response.statusCode, 404);
  assert.equal(response.json().code, 'not_found');
});

test('a client that hangs up leaves no listener behind', async (t) => {
  const { store, hearers } = createFakeStore();
  const { orchestration } = createRun([fakeEvent(1)]);
  const gateway = await createTestGateway(t, { orchestration, store });
  const address = await gateway.listen({ host: '127.0.0.1', port: 0 });
  const hangUp = new AbortController();
  const response = await fetch(address.url + url, { headers: memberKey, signal: hangUp.signal });
  const reader = response.body?.getReader();
  const first = await reader?.read();
  assert.match(new TextDecoder().decode(first?.value), /^id: 1$/m);
  assert.equal(hearers.size, 1);
  hangUp.abort();
  await until(() => hearers.size === 0);
});

test('closing the gateway ends open streams at once, without a terminal event', async (t) => {
  const { orchestration } = createRun([fakeEvent(1)]);
  const gateway = await createTestGateway(t, { orchestration });
  const address = await gateway.listen({ host: '127.0.0.1', port: 0 });
  const response = await fetch(address.url + url, { headers: memberKey });
  const body = response.text();
  await gateway.close();
  assert.deepEqual(idsOf(await body), [1]);
});

test('a client that reads nothing is read for no further, and cut off after a minute', async (t) => {
  const clock = createManualClock();
  const many = Array.from({ length: 20_000 }, (_, index) => ({
    ...fakeEvent(index + 1),
    data: { text: 'x'.repeat(2_000) },
  }));
  const { orchestration, reads } = createRun(many);
  const gateway = await createTestGateway(t, { orchestration, clock });
  const address = new URL((await gateway.listen({ host: '127.0.0.1', port: 0 })).url);
  const socket = connect(Number(address.port), address.hostname);
  socket.on('error', () => undefined);
  socket.pause();
  socket.write(`GET ${url} HTTP/1.1\r\nhost: h\r\nauthorization: Bearer member\r\n\r\n`);
  // The stall timer is set as soon as the kernel's buffers are full; of what is in them the kernel may
  // still move some, and then there is room once more.
  let read = 0;
  let quiet = 0;
  await until(() => {
    const stalled = reads() > 2 && clock.nextTimerAt() === clock.now() + 60_000;
    quiet = stalled && reads() === read ? quiet + 1 : 0;
    read = reads();
    return quiet > 1_000;
  });
  await clock.advance(59_000);
  assert.equal(reads(), read);
  assert.ok(read < 80, `${read} of 100 batches were read`);
  await clock.advance(1_000);
  socket.resume();
  await once(socket, 'close');
  assert.equal(reads(), read);
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
