import type { IncomingHttpHeaders } from 'node:http';
import type { SimulatedAccount } from '../accounts.ts';
import type { Breach, Gauge } from '../limits/gate.ts';
import type { ProviderName } from '../models.ts';

export interface Turn {
  role: 'system' | 'user' | 'assistant' | 'tool';
  text: string;
}

/** What shape of answer the request demands. */
export type Demand = { kind: 'text' } | { kind: 'object' } | { kind: 'schema'; schema: unknown };

/** One inference request, read from a vendor's format and found valid. */
export interface Call {
  model: string;
  turns: Turn[];
  stream: boolean;
  /** `undefined`: the client sent no cap, so the model's own holds. */
  maxTokens: number | undefined;
  demand: Demand;
  thinking: boolean;
  /** Whether the reasoning itself goes over the wire, or only its count. */
  showThinking: boolean;
  /** Whether a stream ends with usage, where that is a choice. */
  includeUsage: boolean;
}

export interface Reply {
  /** 40 hexadecimal digits: seed and content, so the same request has the same. */
  id: string;
  text: string;
  reasoning: string;
  finish: 'stop' | 'length';
  /** In tokens; `output` includes `reasoning`, `input` includes `cached`. */
  usage: { input: number; cached: number; output: number; reasoning: number };
  /** Epoch ms. */
  createdAt: number;
}

export interface Refusal {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** A piece of a streamed body, and the tokens whose generation it has to wait for. */
export interface Frame {
  data: string;
  tokens: number;
}

export type Reason =
  | { kind: 'unauthorized'; secret: string | undefined }
  | { kind: 'no_route'; path: string }
  | { kind: 'bad_json' }
  | { kind: 'invalid'; message: string; param?: string; code?: string }
  | { kind: 'unknown_model'; model: string }
  | { kind: 'too_long'; tokens: number; maximum: number }
  | { kind: 'limited'; breach: Breach; model: string; bare: boolean }
  | { kind: 'unpaid' }
  | { kind: 'overloaded' }
  | { kind: 'unavailable' }
  | { kind: 'server_error' };

export type Refuse = (reason: Reason, requestId: string) => Refusal;

export type Route =
  | {
      kind: 'call';
      model: string | undefined;
      stream: boolean | undefined;
    }
  | { kind: 'read'; answer(account: SimulatedAccount, standing: { unpaid: boolean }): unknown };

/** What an administrator's key may read. `project`: `null` is the whole organisation. */
export interface AdminRoute {
  project: string | null;
  answer(account: SimulatedAccount): unknown;
}

export type CallReading = { ok: true; call: Call } | { ok: false; reason: Reason };

/** One vendor's protocol: pure, so that serving, pacing and limits are written once. */
export interface Wire {
  provider: ProviderName;
  secretOf(headers: IncomingHttpHeaders, url: URL): string | undefined;
  /** `path` is relative to the vendor's own prefix. */
  route(method: string, path: string, url: URL): Route | undefined;
  /** For vendors that tell limits to administrators. */
  adminRoute?(path: string, url: URL): AdminRoute | undefined;
  readCall(
    body: unknown,
    route: Route & { kind: 'call' },
    headers: IncomingHttpHeaders,
  ): CallReading;
  refuse: Refuse;
  /** Sent with every inference answer, refusals for limits included. */
  limitHeaders(gauges: readonly Gauge[], now: number): Record<string, string>;
  requestIdHeader: string | undefined;
  answer(call: Call, reply: Reply): unknown;
  frames(call: Call, reply: Reply): Frame[];
  /** What is written while a call waits for its first token. */
  keepAlive?: { streamed: string; plain: string };
}
