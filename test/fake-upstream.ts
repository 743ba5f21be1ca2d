import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { AccountSpec } from '../src/accounts/index.ts';

/** Answers one request of the OpenAI format; `key` is the bearer of the call. */
export type Reply = (
  response: ServerResponse,
  call: { body: Record<string, unknown>; key: string; request: IncomingMessage },
) => void | Promise<void>;

export interface FakeUpstream {
  url: string;
  /** Requests that arrived, and of these the ones whose connection is still open. */
  arrived(): number;
  open(): number;
  /** Replies in order; the last one repeats. */
  script(...replies: Reply[]): void;
  /** From now on nobody listens there. */
  stop(): Promise<void>;
  /** Keys to which the list of models is shown; none at first. */
  accept(...keys: string[]): void;
}

/** A provider whose every reply the test decides; its accounts belong to the host `fake`. */
export async function startFakeUpstream(t: TestContext): Promise<FakeUpstream> {
  let replies: Reply[] = [answers()];
  let keys: readonly string[] = [];
  let arrived = 0;
  let open = 0;
  const server = createServer(async (request, response) => {
    open += 1;
    response.once('close', () => {
      open -= 1;
    });
    const parts: Buffer[] = [];
    for await (const chunk of request) parts.push(chunk);
    const text = Buffer.concat(parts).toString('utf8');
    const body = text === '' ? {} : JSON.parse(text);
    const key = String(request.headers.authorization ?? '').replace('Bearer ', '');
    if (request.method === 'GET') {
      return sendJson(
        response,
        keys.includes(key)
          ? { body: { object: 'list', data: [] } }
          : { status: 401, body: { error: { message: 'no', code: 'invalid_api_key' } } },
      );
    }
    const reply = replies[Math.min(arrived, replies.length - 1)];
    arrived += 1;
    await reply?.(response, { body, key, request });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  t.after(stop);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    arrived: () => arrived,
    open: () => open,
    stop,
    script(...scripted) {
      replies = scripted;
      arrived = 0;
    },
    accept(...accepted) {
      keys = accepted;
    },
  };
}

export const usage = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 };

/** A whole answer or a stream, as the call asks. */
export function answers(text = 'A mill turns.', counted: object | null = usage): Reply {
  return (response, call) => {
    if (call.body['stream'] === true) {
      return streams([text], counted)(response, call);
    }
    const message = { role: 'assistant', content: text };
    sendJson(response, {
      body: {
        id: 'cmpl_1',
        model: call.body['model'],
        choices: [{ index: 0, message, finish_reason: 'stop' }],
        ...(counted ? { usage: counted } : {}),
      },
    });
  };
}

export function sendJson(
  response: ServerResponse,
  { status = 200, body, headers = {} }: { status?: number; body: unknown; headers?: object },
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export function fails(status: number, error: object = {}, headers = {}): Reply {
  return (response) => {
    const body = { error: { message: 'no', type: 'error', ...error } };
    sendJson(response, { status, body, headers });
  };
}

export function chunkOf(delta: object, finish: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ id: 'cmpl_1', model: 'm', choices })}\n\n`;
}

/** Streams the texts and ends well. */
export function streams(texts: readonly string[], counted: object | null = usage): Reply {
  return (response) => {
    beginStream(response);
    for (const content of texts) response.write(chunkOf({ content }));
    response.write(chunkOf({}, 'stop'));
    if (counted) response.write(`data: ${JSON.stringify({ choices: [], usage: counted })}\n\n`);
    response.end('data: [DONE]\n\n');
  };
}

/** Streams the texts, then breaks the connection. */
export function cuts(texts: readonly string[]): Reply {
  return (response) => {
    beginStream(response);
    for (const content of texts) response.write(chunkOf({ content }));
    setImmediate(() => response.destroy());
  };
}

/** Streams the texts, then says nothing more. */
export function stalls(texts: readonly string[]): Reply {
  return (response) => {
    beginStream(response);
    for (const content of texts) response.write(chunkOf({ content }));
  };
}

/** Accepts the request and says nothing at all. */
export const hangs: Reply = () => undefined;

export function beginStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
}

/** Accounts of the fake provider; its one model is `fake/m`. */
export function fakeAccounts(url: string, ...ids: string[]): AccountSpec[] {
  return ids.map((id) => ({
    id,
    provider: 'fake',
    ownerEmail: null,
    entitlement: null,
    baseUrl: url,
    models: ['m', 'other'],
    credentials: [{ id: 'k1', secret: `secret-of-${id}` }],
    limits: [
      { models: ['*'], rpm: null, rpd: null, tpm: null, itpm: null, otpm: null, concurrency: 100 },
    ],
    weight: 1,
    priceFactor: 1,
    managedBy: 'simulation',
  }));
}

export const fakeProvider = {
  id: 'fake',
  type: 'openai-compatible',
  baseUrl: 'http://127.0.0.1:9/v1',
} as const;
