import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createTestStore } from '../../test/database.ts';
import { eventually } from '../../test/eventually.ts';
import {
  answers,
  cuts,
  fails,
  fakeAccounts,
  fakeProvider,
  hangs,
  type Reply,
  stalls,
  startFakeUpstream,
  streams,
} from '../../test/fake-upstream.ts';
import { assignAndClaim, newTask, seedRun } from '../../test/seed-run.ts';
import { newOrder, startDispatch } from '../../test/start-dispatch.ts';
import type { Clock } from '../platform/clock.ts';
import { createId } from '../platform/ids.ts';
import { createRandom, type Random } from '../platform/random.ts';
import type { CallOrder } from './dispatch.ts';

/** How many times faster than the wall its clock runs: a limiter's minute passes in two seconds. */
const speed = 30;
const calls = 2000;
const atOnce = 64;

function createFastClock(): Clock {
  const start = Date.now();
  return {
    now: () => start + Math.round((performance.now() - started) * speed),
    setTimer(delayMs, fire) {
      const timer = setTimeout(fire, Math.max(0, delayMs / speed));
      return () => clearTimeout(timer);
    },
  };
}
const started = performance.now();

const good: readonly Reply[] = [
  answers(),
  answers('no usage', null),
  streams(['one ', 'two ', 'three']),
];
const bad: readonly Reply[] = [
  answers('  '),
  cuts([]),
  cuts(['half']),
  stalls(['one ']),
  hangs,
  fails(400),
  fails(429, {}, { 'retry-after': '2' }),
  fails(429),
  fails(500),
  fails(503),
  (response) => void response.destroy(),
  (response) => void response.end('<html>'),
];
/** They put an account aside for minutes, so they are few. */
const refusals: readonly Reply[] = [
  fails(401, { code: 'invalid_api_key' }),
  fails(404, { code: 'model_not_found' }),
];

function drawReply(random: Random): Reply {
  const kind = random.next();
  const replies = kind < 0.005 ? refusals : kind < 0.4 ? bad : good;
  return replies[random.integer(replies.length)] ?? hangs;
}

it(`leaves all gauges at zero and the ledger complete after ${calls} calls with every failure mixed in`, async (t) => {
  const random = createRandom('settle-attempt');
  const upstream = await startFakeUpstream(t);
  const wire = random.fork('wire');
  upstream.script((response, call) => drawReply(wire)(response, call));
  const store = await createTestStore(t);
  const tasks = Array.from({ length: 8 }, (_, index) => newTask({ key: `t${index + 1}` }));
  const { runId } = await seedRun(store, { tasks });
  const claims = await Promise.all(tasks.map(({ id }) => assignAndClaim(store, id)));
  const { dispatch } = await startDispatch(t, {
    store,
    clock: createFastClock(),
    accounts: fakeAccounts(upstream.url, ...'abcdefghijklmnop').map((account) => ({
      ...account,
      limits: [
        {
          models: ['*'],
          rpm: 6000,
          rpd: null,
          tpm: 9_000_000,
          itpm: null,
          otpm: 9_000_000,
          concurrency: 20,
        },
      ],
    })),
    config: {
      providers: [fakeProvider],
      prices: { 'fake/m': { input: 1, output: 2, cachedInput: null } },
    },
    timeOutsFor: () => ({ firstByteMs: 6000, firstTokenMs: 6000, idleMs: 6000, replyMs: 6000 }),
  });
  const clock = createFastClock();

  const draw = random.fork('orders');
  const order = (): CallOrder => {
    const claim = claims[draw.integer(claims.length * 2)];
    const leaving = new AbortController();
    if (draw.next() < 0.15) setTimeout(() => leaving.abort(new Error('left')), draw.integer(60));
    const listens = draw.next() < 0.6;
    const breaks = draw.next() < 0.1;
    return newOrder({
      models: draw.next() < 0.5 ? ['fake/m'] : ['fake/m', 'fake/other'],
      owner: claim
        ? { runId, taskId: claim.task.id, fencingToken: claim.fencingToken }
        : { requestId: createId('req') },
      deadlineAt: clock.now() + (draw.next() < 0.1 ? 1000 : 60_000),
      maxWaitMs: draw.next() < 0.1 ? 0 : 50_000,
      signal: leaving.signal,
      ...(listens
        ? {
            onEvent: () => {
              if (breaks) throw new Error('the listener broke');
            },
          }
        : {}),
    });
  };

  let begun = 0;
  const outcomes = new Map<string, number>();
  const worker = async () => {
    while (begun < calls) {
      begun += 1;
      const outcome = await dispatch.call(order()).then(
        () => 'answered',
        (error: { code?: string; message: string }) => error.code ?? error.message,
      );
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));

  // How many are answered in time is the machine's affair; what must hold holds whatever happened.
  assert.ok((outcomes.get('answered') ?? 0) > 0, JSON.stringify([...outcomes]));
  assert.ok(outcomes.size >= 6, JSON.stringify([...outcomes]));
  const held = dispatch
    .gauges()
    .filter(({ dimension, used }) => dimension === 'concurrency' && used > 0);
  assert.deepEqual(held, []);
  // A day's requests stay counted; everything else is forgotten after a minute.
  const minuteGauges = () => dispatch.gauges().filter(({ dimension }) => dimension !== 'rpd');
  await eventually(() =>
    assert.deepEqual(
      minuteGauges().filter(({ used }) => used !== 0),
      [],
    ),
  );

  const [ledger] = await store.transaction('system', (tx) =>
    tx.query<Record<string, number>>(
      `SELECT count(*) AS attempts, count(*) FILTER (WHERE outcome IS NULL) AS open,
         count(*) FILTER (WHERE outcome = 'succeeded') AS succeeded,
         count(*) FILTER (WHERE run_id IS NOT NULL) AS of_run,
         (SELECT count(*) FROM run_events WHERE type = 'attempt.ended') AS ended,
         (SELECT count(*) FROM run_events WHERE type = 'call.sent') AS sent,
         sum(cost_nano_usd) FILTER (WHERE run_id IS NOT NULL) AS cost,
         sum(input_tokens + output_tokens) FILTER (WHERE run_id IS NOT NULL) AS tokens
       FROM attempts`,
    ),
  );
  // A call can be cut off before it arrives, but none arrives that was not written down.
  assert.ok((ledger?.['attempts'] ?? 0) >= upstream.arrived());
  assert.equal(ledger?.['succeeded'], outcomes.get('answered'));
  assert.equal(ledger?.['open'], 0);
  assert.equal(ledger['ended'], ledger['of_run']);
  assert.equal(ledger['sent'], ledger['of_run']);
  const [budget] = await store.transaction('system', (tx) =>
    tx.query('SELECT * FROM budgets WHERE run_id = $1', [runId]),
  );
  assert.equal(budget?.['reserved_nano_usd'], 0);
  assert.equal(budget['reserved_tokens'], 0);
  assert.equal(budget['spent_nano_usd'], ledger['cost']);
  assert.equal(budget['spent_tokens'], ledger['tokens']);
});
