import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createManualClock } from '../../platform/manual-clock.ts';
import type { RunEvent } from '../../platform/store/store.ts';
import { createFakeStore, fakeEvent } from '../test-gateway.ts';
import { followRun } from './follow-run.ts';
import { createRunHints } from './run-hints.ts';

const principal = { tenantId: 'default', userId: null, role: 'member' as const };

/** A run whose events a test adds, and how often they were asked for. */
function setUp(recorded: RunEvent[] = []) {
  const clock = createManualClock();
  const { store, hearers, hint } = createFakeStore();
  const gone = new AbortController();
  let reads = 0;
  let ends = 0;
  const deps = {
    clock,
    runHints: createRunHints({ store, clock, gatherMs: 0 }),
    orchestration: {
      async readEvents(_principal: unknown, request: { after?: number; limit?: number }) {
        reads += 1;
        const { after = 0, limit = 500 } = request;
        return recorded.filter(({ number }) => number > after).slice(0, limit);
      },
    },
  };
  return {
    clock,
    hearers,
    hint,
    gone,
    recorded,
    reads: () => reads,
    ends: () => ends,
    follow: (after = 0) =>
      followRun(deps, {
        principal,
        runId: 'run_1',
        after,
        signal: gone.signal,
        onEnd: async () => {
          ends += 1;
        },
      }),
  };
}

const numberOf = (message: string) => Number(/^id: (\d+)$/m.exec(message)?.[1]);

async function collect(stream: AsyncGenerator<string>): Promise<number[]> {
  const numbers: number[] = [];
  for await (const message of stream) if (!message.startsWith(':')) numbers.push(numberOf(message));
  return numbers;
}

test('an event has its number as id, its type as event and the documented data', async () => {
  const { follow, gone } = setUp([{ ...fakeEvent(7, 'run.accepted'), data: { text: 'a\nb' } }]);
  const { value } = await follow(6).next();
  assert.equal(
    value,
    `id: 7\nevent: run.accepted\ndata: ${JSON.stringify({
      number: 7,
      at: '2026-01-01T00:00:00.007Z',
      type: 'run.accepted',
      step: 4,
      task_id: null,
      attempt_id: null,
      data: { text: 'a\nb' },
    })}\n\n`,
  );
  gone.abort();
});

test('it ends behind the terminal event, tells so once, and leaves no listener', async () => {
  const recorded = [fakeEvent(1), fakeEvent(2, 'run.succeeded'), fakeEvent(3, 'result.delivered')];
  const { follow, hearers, ends } = setUp(recorded);
  assert.deepEqual(await collect(follow()), [1, 2]);
  assert.equal(ends(), 1);
  assert.equal(hearers.size, 0);
});

test('wherever a client is cut off, resuming misses nothing and repeats nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 450 }),
      fc.array(fc.nat(450), { maxLength: 5 }),
      async (length, cuts) => {
        const recorded = Array.from({ length }, (_, index) => fakeEvent(index + 1));
        recorded.push(fakeEvent(length + 1, 'run.failed'));
        const { follow } = setUp(recorded);
        const seen: number[] = [];
        for (const cut of cuts) {
          for await (const message of follow(seen.length)) {
            if (seen.length >= cut || message.includes('run.failed')) break;
            seen.push(numberOf(message));
          }
        }
        seen.push(...(await collect(follow(seen.at(-1) ?? 0))));
        assert.deepEqual(
          seen,
          recorded.map(({ number }) => number),
        );
      },
    ),
    { numRuns: 50, verbose: true },
  );
});

test('a hint wakes it, and without one it looks again by itself', async () => {
  const { follow, recorded, hint, clock, hearers, reads } = setUp([fakeEvent(1)]);
  const stream = follow();
  await stream.next();
  const second = stream.next();
  await clock.advance(0);
  assert.equal(hearers.size, 1);
  const before = reads();
  hint('run_of_another');
  await clock.advance(0);
  assert.equal(reads(), before);
  recorded.push(fakeEvent(2));
  hint('run_1');
  assert.equal(numberOf((await second).value as string), 2);
  const third = stream.next();
  await clock.advance(0);
  recorded.push(fakeEvent(3));
  await clock.advance(3_000);
  assert.equal(numberOf((await third).value as string), 3);
  await stream.return(undefined);
});

test('silence is broken by a heartbeat every 15 seconds', async () => {
  const { follow, clock } = setUp();
  const stream = follow();
  for (const at of [15_000, 30_000]) {
    const beat = stream.next();
    const start = clock.now();
    let arrived = 0;
    beat.then(() => {
      arrived = clock.now() - start;
    });
    await clock.advance(15_000);
    assert.equal((await beat).value, ': heartbeat\n\n');
    assert.equal(arrived, 15_000, String(at));
  }
  await stream.return(undefined);
});

test('a client that goes while nothing happens ends it and leaves neither listener nor timer', async () => {
  const { follow, gone, hearers, clock } = setUp();
  const next = follow().next();
  await clock.advance(0);
  assert.equal(hearers.size, 1);
  gone.abort();
  assert.deepEqual(await next, { value: undefined, done: true });
  assert.equal(hearers.size, 0);
  assert.equal(clock.nextTimerAt(), undefined);
});

test('nothing is read ahead of a client that takes nothing', async () => {
  const { follow, reads } = setUp(
    Array.from({ length: 1_000 }, (_, index) => fakeEvent(index + 1)),
  );
  const stream = follow();
  for (let taken = 0; taken < 200; taken += 1) await stream.next();
  assert.equal(reads(), 1);
  await stream.next();
  assert.equal(reads(), 2);
  await stream.return(undefined);
});

test('many hints of one moment wake a stream twice: at the first, and once for the rest', async () => {
  const clock = createManualClock();
  const { store, hint } = createFakeStore();
  const hints = createRunHints({ store, clock, gatherMs: 25 });
  let woken = 0;
  const unwatch = hints.watch('run_1', () => {
    woken += 1;
  });
  for (let count = 0; count < 100; count += 1) hint('run_1');
  assert.equal(woken, 1);
  await clock.advance(25);
  assert.equal(woken, 2);
  await clock.advance(1_000);
  hint('run_1');
  assert.equal(woken, 3);
  hint('run_1');
  unwatch();
  await clock.advance(1_000);
  assert.equal(woken, 3);
});
