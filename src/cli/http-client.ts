import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { z } from 'zod';
import { isHeadraceError } from '../platform/errors/headrace-error.ts';
import { plainWords } from '../platform/plain-words.ts';
import { CliError } from './cli-error.ts';
import { type RunEventDocument, runEvent } from './run-document.ts';

export interface HttpClient {
  readonly url: string;
  /** The parsed body; throws `CliError` with the gateway's own words for every problem. */
  request<T>(route: Route<T>): Promise<T>;
  /** The body as bytes. */
  download(path: string): Promise<Buffer>;
  /** Events of a run numbered above `after`, until the terminal one or a lost connection (`connection_lost`). */
  events(runId: string, after: number, signal: AbortSignal): AsyncGenerator<RunEventDocument>;
}

export interface Route<T> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  body?: unknown;
  /** Makes a repeated POST harmless. */
  idempotencyKey?: string;
  schema: z.ZodType<T>;
}

const problem = z.looseObject({
  title: z.string().optional(),
  detail: z.string().optional(),
  code: z.string().optional(),
  where: z.string().nullish(),
  fix: z.string().nullish(),
  problems: z
    .array(z.object({ where: z.string(), message: z.string(), fix: z.string() }))
    .optional(),
});

/** Talks to a gateway; every answer is parsed before it is believed. */
export function createHttpClient(options: { url: string; key: string | null }): HttpClient {
  const base = options.url.replace(/\/+$/, '');
  const authorization: Record<string, string> = options.key
    ? { authorization: `Bearer ${options.key}` }
    : {};

  async function send(path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(`${base}${path}`, {
        ...init,
        headers: { ...authorization, ...(init.headers as Record<string, string> | undefined) },
      });
    } catch (error) {
      if (init.signal?.aborted) throw init.signal.reason;
      throw new CliError('connection_lost', {
        message: `No answer from ${base}.`,
        fix: 'Check that the gateway runs, or unset HEADRACE_URL.',
        cause: error,
      });
    }
    if (!response.ok) throw await readProblem(response);
    return response;
  }

  return {
    url: base,
    async request(route) {
      const response = await send(route.path, {
        method: route.method,
        headers: {
          accept: 'application/json',
          ...(route.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(route.idempotencyKey ? { 'idempotency-key': route.idempotencyKey } : {}),
        },
        ...(route.body === undefined ? {} : { body: JSON.stringify(route.body) }),
      });
      const text = await response.text();
      const parsed = route.schema.safeParse(text === '' ? null : JSON.parse(text), {
        error: plainWords,
      });
      if (parsed.success) return parsed.data;
      throw new CliError('internal', {
        message: `The gateway's answer has another shape than this command reads: ${z.prettifyError(parsed.error)}`,
        fix: 'Use the headrace command of the same version as the gateway.',
      });
    },
    async download(path) {
      const response = await send(path, { method: 'GET' });
      return Buffer.from(await response.arrayBuffer());
    },
    async *events(runId, after, signal) {
      const response = await send(`/api/v1/runs/${runId}/events`, {
        method: 'GET',
        signal,
        headers: { accept: 'text/event-stream', 'last-event-id': String(after) },
      });
      if (response.body) yield* readEvents(response.body, signal);
    },
  };
}

async function* readEvents(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<RunEventDocument> {
  const waiting: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => waiting.push(event) });
  const decoder = new TextDecoder();
  try {
    for await (const chunk of body) {
      parser.feed(decoder.decode(chunk, { stream: true }));
      for (const message of waiting.splice(0)) {
        const parsed = runEvent.safeParse(JSON.parse(message.data));
        if (parsed.success) yield parsed.data;
      }
    }
  } catch (error) {
    if (signal.aborted || isHeadraceError(error) || error instanceof CliError) throw error;
    throw new CliError('connection_lost', {
      message: 'The event stream broke off.',
      fix: 'The run goes on; follow it with ./headrace runs resume.',
      cause: error,
    });
  }
}

async function readProblem(response: Response): Promise<CliError> {
  const text = await response.text();
  try {
    const parsed = problem.parse(JSON.parse(text));
    return new CliError(parsed.code ?? 'internal', {
      message: inPlainSight(parsed.detail ?? parsed.title ?? 'The request failed.'),
      fix: fixInPlainSight(parsed.fix ?? undefined),
      where: parsed.where ? inPlainSight(parsed.where) : undefined,
      problems: parsed.problems ?? [],
    });
  } catch (cause) {
    return new CliError('internal', {
      message: `The gateway answered ${response.status}: ${text.slice(0, 200)}`,
      cause,
    });
  }
}

/** Who types a command knows of no body: `body.timeout` is their `timeout`. */
function inPlainSight(text: string): string {
  return text.replace(/\bbody\.(?=\w)/g, '');
}

const sameVersion = 'Use the headrace command of the same version as the gateway.';

/** What helps somebody who calls routes → what helps somebody who types commands. */
const atTheCommandLine: ReadonlyMap<string, string> = new Map([
  ['Compare the named field with /openapi.json.', 'Correct it; --help describes the options.'],
  [
    'Send "Authorization: Bearer <key>"; the first admin key lies in the data directory.',
    'Set HEADRACE_API_KEY to a key of this gateway; the first one lies in admin.key in its data directory.',
  ],
  ['Use one of the methods in the Allow header; /openapi.json lists all routes.', sameVersion],
  ['See /openapi.json for the routes.', sameVersion],
]);

/** Nor of routes and their description: what a command does is said by its help. */
function fixInPlainSight(fix: string | undefined): string | undefined {
  if (fix === undefined) return undefined;
  const plain = fix.replace(/ \((?:GET|POST|PUT|PATCH|DELETE) \/[^)]*\)/g, '');
  return atTheCommandLine.get(plain) ?? plain;
}
