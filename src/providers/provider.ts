import type { JsonObject } from '../platform/json.ts';
import type {
  CanonicalAnswer,
  CanonicalRequest,
  StreamEvent,
  StructuredOutput,
  Usage,
} from '../protocol/index.ts';
import type { Failure } from './failure.ts';
import type { CallSize, Charge, LimitRules, ObservedLimit } from './limit.ts';
import type { QuotaQuestion, QuotaSource } from './quota.ts';

/**
 * One vendor, or one OpenAI-compatible host. Everything here is pure: dispatch sends what
 * `buildCall` returns and hands back what it received.
 */
export interface Provider {
  readonly id: string;
  readonly limits: LimitRules;
  /** What is known of the vendor's models; a model that is not listed can be called all the same. */
  readonly models: readonly KnownModel[];
  /** Where the vendor tells limits and money outside of calls. */
  readonly quotas: readonly QuotaEndpoint[];
  buildCall(request: CanonicalRequest, target: CallTarget): WireCall;
  /** A cheap authenticated GET (the models list) that proves address and credential. */
  buildProbe(target: ProbeTarget): WireCall;
  /** For every complete (not streamed) reply, 2xx or not; never throws. */
  readReply(reply: WireReply, nowMs: number): ReplyReading;
  /**
   * For the body of a streamed reply with status 200; any other status goes to `readReply`. With the
   * call's secret, a failure's message is certain not to repeat it.
   */
  createStreamReader(secret?: string): ProviderStreamReader;
  /** Limits that a reply's headers state; most vendors send them on success too. */
  readLimits(headers: WireHeaders, nowMs: number): ObservedLimit[];
  /** What this call takes from every dimension before it is sent. */
  charge(size: CallSize): Charge;
  /** What it took once its usage is known: replaces the first charge. */
  settle(charged: Charge, usage: Usage): Charge;
}

/** A source of its vendor's, asked with an account's key. */
export interface QuotaEndpoint extends Pick<QuotaSource, 'credential' | 'read'> {
  build(question: QuotaQuestion, cursor: string | null, secret: string): WireCall | null;
}

export interface ProbeTarget {
  /** Empty: the host wants no key. */
  secret: string;
  /** The account's own address; the vendor's where `null`. */
  baseUrl: string | null;
}

export interface CallTarget extends ProbeTarget {
  stream: boolean;
}

export interface WireCall {
  method: 'GET' | 'POST';
  url: string;
  /** Lower-case names; holds the secret, so it is never logged. */
  headers: Record<string, string>;
  /** `null` for a GET. */
  body: JsonObject | null;
  /**
   * The reply arrives as server-sent events. May be true though no stream was asked for: some models
   * only stream, and dispatch then collects the events itself.
   */
  stream: boolean;
}

/** Lower-case names, as undici delivers them. */
export type WireHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface WireReply {
  status: number;
  headers: WireHeaders;
  /** The whole body as text. */
  body: string;
  /** The call's secret, so that a failure's message is certain not to repeat it. */
  secret?: string;
}

export type ReplyReading = { ok: true; answer: CanonicalAnswer } | { ok: false; failure: Failure };

export interface ProviderStreamReader {
  /** Text and reasoning as they come. After the `end` event nothing follows. */
  push(chunk: Uint8Array | string): StreamEvent[];
  /** The connection closed, cleanly or not. */
  end(): StreamEvent[];
  /** What went wrong, asked after the `end` event; `null` where the answer can be used. */
  failure(nowMs: number): Failure | null;
}

/** One line of the dated catalogue. */
export interface KnownModel {
  model: string;
  /** One vote per family in panels and juries. */
  family: string;
  contextTokens: number;
  maxOutputTokens: number;
  /** Rough ability, 1 (small) to 3 (frontier). */
  tier: 1 | 2 | 3;
  /** `schema`: enforces a JSON schema; `json`: any JSON object; `prompt`: neither, asked in words. */
  structuredOutput: StructuredOutput;
  thinking: boolean;
}
