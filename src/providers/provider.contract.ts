import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CanonicalRequest, StreamEvent, Usage } from '../protocol/index.ts';
import { type Failure, type FailureKind, verdicts } from './failure.ts';
import { limitDimensions } from './limit.ts';
import type { Provider } from './provider.ts';

/** What a provider's suite needs of its vendor: recorded shapes of the documented replies. */
export interface ProviderFixtures {
  provider: Provider;
  model: string;
  baseUrl: string;
  /** A complete answer: text "Hello", reasoning "Hm" where `reasoning` is set, and this usage. */
  answer: unknown;
  /** The same answer as a streamed body. */
  stream: string;
  usage: Usage;
  /** Whether the format shows reasoning. */
  reasoning: boolean;
  /** A body that the vendor's own filter refused, with status 200; `null` where it sends none. */
  filtered: unknown;
  /** Every documented error. */
  failures: DocumentedFailure[];
}

export interface DocumentedFailure {
  name: string;
  status: number;
  headers?: Record<string, string>;
  body: unknown;
  expect: Partial<Failure> & { kind: FailureKind };
}

const secret = 'sk-contract-S3CR3T.not/for+anyone';
const nowMs = Date.parse('2026-11-21T12:00:00Z');
const size = {
  inputCharacters: 4000,
  estimatedInput: 1000,
  estimatedCachedInput: 400,
  maxOutput: 2000,
  predictedOutput: 500,
};

/** The port's promises; every vendor runs them. */
export function defineProviderContract(name: string, fixtures: ProviderFixtures): void {
  const { provider, model, usage } = fixtures;
  const request: CanonicalRequest = {
    model,
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Say hello.' },
    ],
    maxOutputTokens: 2048,
  };
  const target = { stream: false, secret, baseUrl: fixtures.baseUrl };
  const readBody = (body: unknown, status = 200) =>
    provider.readReply({ status, headers: {}, body: JSON.stringify(body), secret }, nowMs);
  const readStream = (pieces: Uint8Array[]) => {
    const reader = provider.createStreamReader(secret);
    const events = [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
    return { events, failure: reader.failure(nowMs) };
  };
  const bytes = new TextEncoder().encode(fixtures.stream);

  test(`${name}: a call carries model, messages and cap, and the secret in a header only`, () => {
    const call = provider.buildCall(request, target);
    const sent = call.url + JSON.stringify(call.body);
    assert.ok(call.url.startsWith(fixtures.baseUrl));
    for (const part of [model, 'Be brief.', 'Say hello.', '2048']) assert.ok(sent.includes(part));
    assert.ok(!sent.includes(secret));
    assert.ok(Object.values(call.headers).some((value) => value.includes(secret)));
    assert.ok(Object.keys(call.headers).every((header) => header === header.toLowerCase()));
    assert.equal(call.stream, call.headers['accept'] === 'text/event-stream');
  });

  test(`${name}: a body holds nothing that JSON cannot`, () => {
    const full: CanonicalRequest = {
      ...request,
      temperature: 0.3,
      topP: 0.9,
      stop: ['END'],
      seed: 1,
      user: 'u1',
      reasoning: 'high',
      output: { type: 'json_schema', name: 'n', schema: { type: 'object', properties: {} } },
    };
    for (const stream of [true, false]) {
      const { body } = provider.buildCall(full, { ...target, stream });
      assert.deepEqual(JSON.parse(JSON.stringify(body)), body);
    }
  });

  test(`${name}: reasoning can be asked for at every level without changing the cap`, () => {
    for (const reasoning of ['off', 'low', 'medium', 'high'] as const) {
      const { body } = provider.buildCall({ ...request, reasoning }, target);
      assert.ok(JSON.stringify(body).includes('2048'));
    }
  });

  test(`${name}: the probe is an authenticated GET`, () => {
    const probe = provider.buildProbe(target);
    assert.deepEqual([probe.method, probe.body], ['GET', null]);
    assert.ok(Object.values(probe.headers).some((value) => value.includes(secret)));
  });

  test(`${name}: an answer is read with its usage`, () => {
    const reading = readBody(fixtures.answer);
    assert.ok(reading.ok);
    const { answer } = reading;
    assert.deepEqual([answer.text, answer.finishReason, answer.usage], ['Hello', 'stop', usage]);
    assert.equal(answer.reasoning, fixtures.reasoning ? 'Hm' : '');
  });

  test(`${name}: a streamed answer is the same answer, byte by byte too`, () => {
    const pieces = [...bytes].map((byte) => Uint8Array.of(byte));
    for (const { events, failure } of [readStream([bytes]), readStream(pieces)]) {
      assert.equal(failure, null);
      assert.equal(textOf(events, 'text'), 'Hello');
      assert.equal(textOf(events, 'reasoning'), fixtures.reasoning ? 'Hm' : '');
      assert.equal(events.filter(({ type }) => type === 'end').length, 1);
      const end = events.at(-1);
      assert.ok(end?.type === 'end');
      assert.deepEqual([end.finishReason, end.usage], ['stop', usage]);
    }
  });

  test(`${name}: a stream cut in its middle is transient and has no usage`, () => {
    const { events, failure } = readStream([bytes.subarray(0, Math.floor(bytes.length * 0.4))]);
    const end = events.at(-1);
    assert.ok(end?.type === 'end' && end.finishReason === 'error' && end.usage === null);
    assert.deepEqual(
      [failure?.kind, failure?.code, failure?.retryable],
      ['transient', 'stream_cut', true],
    );
  });

  test(`${name}: what a filter refused is a content failure, not an empty answer`, () => {
    if (fixtures.filtered === null) return;
    const reading = readBody(fixtures.filtered);
    assert.ok(!reading.ok);
    assert.equal(reading.failure.kind, 'content');
  });

  test(`${name}: a body that is no answer is transient`, () => {
    for (const body of ['<html>Bad gateway</html>', '', '{"choices": 3}', 'null']) {
      const reading = provider.readReply({ status: 200, headers: {}, body }, nowMs);
      assert.ok(!reading.ok && reading.failure.kind === 'transient');
    }
  });

  for (const failure of fixtures.failures) {
    test(`${name}: ${failure.name} is ${failure.expect.kind}`, () => {
      const { status, headers = {}, body } = failure;
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const reading = provider.readReply({ status, headers, body: text, secret }, nowMs);
      assert.ok(!reading.ok);
      assert.notEqual(reading.failure.kind, 'unknown');
      assert.partialDeepStrictEqual(reading.failure, failure.expect);
    });
  }

  test(`${name}: a code that is named like a member of every object is only a code`, () => {
    for (const code of ['constructor', 'toString', '__proto__']) {
      const body = { error: { message: 'x', type: code, code, status: code, reason: code } };
      const reading = readBody(body, 500);
      assert.ok(!reading.ok && reading.failure.kind === 'transient');
    }
  });

  test(`${name}: no status is unknown, and each gives one of the known verdicts`, () => {
    for (let status = 400; status < 600; status += 1) {
      const reading = provider.readReply({ status, headers: {}, body: '' }, nowMs);
      assert.ok(!reading.ok);
      const { kind, scope, retryable } = reading.failure;
      assert.notEqual(kind, 'unknown');
      assert.ok(
        Object.values(verdicts).some(
          (verdict) =>
            verdict.kind === kind && verdict.scope === scope && verdict.retryable === retryable,
        ),
      );
    }
  });

  test(`${name}: a failure never repeats the secret, and stays short and on one line`, () => {
    const echo = `Bad key ${secret}\nBearer abc.def api_key=hunter2 sk-proj-abcdef123456 ${'x'.repeat(500)}`;
    const bodies = [
      { error: { message: echo, type: echo, code: secret, status: secret } },
      { error: echo },
    ];
    for (const status of [400, 401, 429, 500, 200]) {
      for (const body of bodies) {
        const reading = readBody(body, status);
        assert.ok(!reading.ok);
        const shown = JSON.stringify(reading.failure);
        for (const part of [secret, 'abc.def', 'hunter2', 'abcdef123456']) {
          assert.ok(!shown.includes(part), `${status} shows ${part}`);
        }
        assert.ok(reading.failure.message.length <= 300 && !reading.failure.message.includes('\n'));
      }
    }
  });

  test(`${name}: a stream's failure never repeats the secret either`, () => {
    const error = JSON.stringify({ type: 'error', error: { message: `No: ${secret}`, type: 'x' } });
    const { failure } = readStream([new TextEncoder().encode(`event: error\ndata: ${error}\n\n`)]);
    assert.ok(failure !== null && failure.kind !== 'unknown');
    assert.ok(!JSON.stringify(failure).includes(secret));
  });

  test(`${name}: Retry-After is read in seconds, milliseconds and as a date`, () => {
    const waitOf = (headers: Record<string, string>) => {
      const reading = provider.readReply({ status: 503, headers, body: '' }, nowMs);
      return reading.ok ? null : reading.failure.retryAfterMs;
    };
    assert.equal(waitOf({ 'retry-after': '7' }), 7000);
    assert.equal(waitOf({ 'retry-after-ms': '250', 'retry-after': '1' }), 250);
    assert.equal(waitOf({ 'retry-after': 'Sat, 21 Nov 2026 12:00:30 GMT' }), 30_000);
    assert.equal(waitOf({}), null);
  });

  test(`${name}: a charge is finite and not negative, and so is its settlement`, () => {
    const charged = provider.charge(size);
    const settled = provider.settle(charged, usage);
    for (const charge of [charged, settled]) {
      assert.deepEqual(Object.keys(charge).toSorted(), [...limitDimensions].toSorted());
      assert.ok(Object.values(charge).every((cost) => Number.isFinite(cost) && cost >= 0));
      assert.deepEqual([charge.rpm, charge.rpd, charge.concurrency], [1, 1, 1]);
    }
  });

  test(`${name}: a reply without limit headers observes nothing`, () => {
    assert.deepEqual(provider.readLimits({ 'content-type': 'application/json' }, nowMs), []);
  });
}

function textOf(events: StreamEvent[], type: 'text' | 'reasoning'): string {
  return events.map((event) => (event.type === type ? event.text : '')).join('');
}
