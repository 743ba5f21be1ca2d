import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { eventually } from '../../test/eventually.ts';
import {
  answers,
  beginStream,
  chunkOf,
  fakeAccounts,
  hangs,
  stalls,
  usage,
} from '../../test/fake-upstream.ts';
import { failureOf, listener, openFakeDispatch } from '../../test/open-fake-dispatch.ts';
import { createManualClock } from '../platform/manual-clock.ts';
import { findProvider } from '../providers/index.ts';
import { exchange } from './exchange.ts';
import { timeOutsFor } from './time-outs.ts';

const { onEvent } = listener();
// Each phase alone is short: on a machine that stalls another would end first.
for (const [phase, code, silence] of [
  [
    'before the first byte',
    'timeout_first_byte',
    { reply: hangs, timeOuts: { firstByteMs: 100 }, order: { onEvent }, tries: 3 },
  ],
  [
    'between tokens',
    'timeout_idle',
    { reply: stalls(['one ']), timeOuts: { idleMs: 100 }, order: { onEvent }, tries: 1 },
  ],
  [
    'for a whole reply',
    'timeout_reply',
    { reply: hangs, timeOuts: { replyMs: 100 }, order: {}, tries: 3 },
  ],
] as const) {
  it(`gives up on silence ${phase}`, async (t) => {
    const { reply, timeOuts, order, tries } = silence;
    const { upstream, call, attempts } = await openFakeDispatch(t, { timeOuts });
    upstream.script(reply);
    assert.equal((await failureOf(call(order))).code, 'upstream_timeout');
    assert.deepEqual(
      (await attempts()).map((attempt) => attempt.code),
      Array.from({ length: tries }, () => code),
    );
    await eventually(() => assert.equal(upstream.open(), 0));
  });
}

it('does not take keep-alive comments for a first token', async (t) => {
  const { upstream, call, attempts } = await openFakeDispatch(t, {
    timeOuts: { firstTokenMs: 200 },
  });
  upstream.script((response) => {
    beginStream(response);
    const beat = setInterval(() => response.write(': keep-alive\n\n'), 20);
    response.once('close', () => clearInterval(beat));
  });
  const { onEvent } = listener();
  assert.equal((await failureOf(call({ onEvent }))).code, 'upstream_timeout');
  assert.deepEqual(
    [...new Set((await attempts()).map(({ code }) => code))],
    ['timeout_first_token'],
  );
});

it('may read as a stream what nobody listens to, and knows a hang by its first byte then', async (t) => {
  const { upstream, call, attempts } = await openFakeDispatch(t, {
    timeOuts: { firstByteMs: 100 },
  });
  upstream.script(hangs);
  assert.equal((await failureOf(call({ streamed: true }))).code, 'upstream_timeout');
  assert.deepEqual(
    [...new Set((await attempts()).map(({ code }) => code))],
    ['timeout_first_byte'],
  );
});

it('ends with the deadline, whatever phase it is in', async (t) => {
  const clock = createManualClock(Date.now());
  const { upstream, call } = await openFakeDispatch(t, { clock });
  upstream.script(hangs);
  const failing = failureOf(call({ deadlineAt: clock.now() + 10_000 }));
  await eventually(() => assert.equal(upstream.arrived(), 1));
  await clock.advance(10_000);
  assert.equal((await failing).code, 'deadline_passed');
  await assert.rejects(call({ deadlineAt: clock.now() - 1 }), { code: 'deadline_passed' });
});

it('closes the connection at once when the caller goes away', async (t) => {
  // Its time stands still: nothing that waits for a moment could close it.
  const clock = createManualClock(Date.now());
  const { upstream, call, attempts } = await openFakeDispatch(t, { clock });
  upstream.script(stalls(['one ']));
  const leaving = new AbortController();
  const heard = Promise.withResolvers<void>();
  const running = call({ signal: leaving.signal, onEvent: () => heard.resolve() });
  const left = assert.rejects(running, /gone home/);
  await heard.promise;
  leaving.abort(new Error('gone home'));
  await eventually(() => assert.equal(upstream.open(), 0));
  await left;
  assert.deepEqual(
    (await attempts()).map(({ outcome, output_tokens }) => [outcome, output_tokens]),
    [['cancelled', 400]],
  );
});

it('cancels the call when whoever listens to it fails', async (t) => {
  const { upstream, call, attempts } = await openFakeDispatch(t);
  upstream.script(stalls(['one ']));
  const broken = new Error('the client is gone');
  await assert.rejects(
    call({
      onEvent: () => {
        throw broken;
      },
    }),
    broken,
  );
  assert.equal((await attempts())[0]?.outcome, 'cancelled');
  await eventually(() => assert.equal(upstream.open(), 0));
});

it('reads a whole answer where a stream was asked for, and refuses one that is no answer', async (t) => {
  const { upstream, call } = await openFakeDispatch(t);
  const whole = answers('not streamed');
  upstream.script((response, asked) =>
    whole(response, { ...asked, body: { ...asked.body, stream: false } }),
  );
  const { onEvent, heard } = listener();
  await call({ onEvent });
  assert.equal(heard(), 'not streamed|');
  upstream.script((response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<html>Welcome to the proxy</html>');
  });
  assert.equal((await failureOf(call())).code, 'upstream_failed');
  assert.equal((await failureOf(call({ onEvent }))).code, 'upstream_failed');
});

it('unpacks a compressed reply and refuses one that never ends', async (t) => {
  const { upstream, call } = await openFakeDispatch(t);
  const document = {
    id: '1',
    model: 'm',
    choices: [
      { index: 0, message: { role: 'assistant', content: 'packed' }, finish_reason: 'stop' },
    ],
    usage,
  };
  upstream.script((response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.end(gzipSync(JSON.stringify(document)));
  });
  assert.equal((await call()).answer.text, 'packed');
  const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024, 0x20));
  upstream.script((response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.end(bomb);
  });
  assert.match((await failureOf(call())).message, /larger than 32 MiB/);
});

it('follows no redirect, because the key would follow too', async (t) => {
  const { upstream, call } = await openFakeDispatch(t);
  upstream.script((response) => {
    response.writeHead(307, { location: 'http://127.0.0.1:9/steal' });
    response.end();
  });
  await failureOf(call());
  assert.ok(upstream.arrived() >= 1);
});

it('gives everything back when nobody listens at the address', async (t) => {
  const { call, attempts } = await openFakeDispatch(t, {
    accounts: () => fakeAccounts('http://127.0.0.1:1/v1', 'a'),
  });
  await assert.rejects(call(), { code: 'upstream_unreachable' });
  assert.ok((await attempts()).every((row) => row.cost_nano_usd === 0 && row.input_tokens === 0));
});

it('connects to no private address that is not allowed', async (t) => {
  const { upstream, call } = await openFakeDispatch(t, {
    accounts: ({ url }) =>
      fakeAccounts(url.replace('127.0.0.1', 'localhost'), 'a').map((account) => ({
        ...account,
        weight: 1,
        priceFactor: 1,
        managedBy: 'file' as const,
      })),
  });
  assert.equal((await failureOf(call())).code, 'address_forbidden');
  assert.equal(upstream.arrived(), 0);
});

it('passes on the bytes of a reply that arrive one by one', async (t) => {
  const { upstream, call } = await openFakeDispatch(t);
  upstream.script(async (response) => {
    beginStream(response);
    const bytes = Buffer.from(
      `${chunkOf({ content: 'Bánh xe nước' })}${chunkOf({}, 'stop')}data: [DONE]\n\n`,
    );
    for (const byte of bytes) response.write(Buffer.from([byte]));
    response.end();
  });
  const { onEvent, heard } = listener();
  await call({ onEvent });
  assert.equal(heard(), 'Bánh xe nước|');
});

it('takes a large answer as it is', async (t) => {
  const { upstream, call } = await openFakeDispatch(t);
  upstream.script(answers('x'.repeat(5_000_000)));
  assert.equal((await call()).answer.text.length, 5_000_000);
});

const anyExchange = {
  provider: findProvider('openai'),
  call: { method: 'POST', url: 'https://host.test/', headers: {}, body: {}, stream: false },
  secret: '',
  timeOuts: timeOutsFor({ thinking: false }),
  signal: new AbortController().signal,
  takesReasoning: false,
  onEvent: undefined,
  onHeaders: undefined,
} as const;

it('counts a call from when it was written, not from when a connection was asked for', async () => {
  const clock = createManualClock();
  const began = clock.now();
  const heard: number[] = [];
  const end = await exchange(
    {
      clock,
      transport: {
        async send(_call, _signal, onSent) {
          await clock.advance(300);
          onSent?.();
          await clock.advance(50);
          return { status: 503, headers: {}, chunks: Readable.from([]) };
        },
        close: async () => undefined,
      },
    },
    {
      ...anyExchange,
      deadlineAt: began + 60_000,
      onSent: () => heard.push(clock.now() - began),
    },
  );
  assert.deepEqual(heard, [300]);
  assert.deepEqual([end.sentAt - began, end.firstByteMs], [300, 50]);
});

it('charges nothing for a call that its caller gave up before it was written', async () => {
  const clock = createManualClock();
  const write = async (isWritten: boolean) => {
    const leaving = new AbortController();
    return await exchange(
      {
        clock,
        transport: {
          async send(_call, signal, onSent) {
            if (isWritten) onSent?.();
            leaving.abort(new Error('gone'));
            throw signal.reason;
          },
          close: async () => undefined,
        },
      },
      { ...anyExchange, deadlineAt: clock.now() + 60_000, signal: leaving.signal },
    );
  };
  const [unsent, sent] = [await write(false), await write(true)];
  assert.deepEqual([unsent.kind, 'billed' in unsent && unsent.billed], ['cancelled', 'nothing']);
  assert.deepEqual([sent.kind, 'billed' in sent && sent.billed], ['cancelled', 'unknown']);
});
