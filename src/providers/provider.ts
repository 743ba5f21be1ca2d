import type { JsonObject } from '../platform/json.ts';
import type { CanonicalAnswer, CanonicalRequest, StreamEvent, Usage } from '../protocol/index.ts';
import type { Failure } from './failure.ts';

/**
 * One vendor, or one OpenAI-compatible host. Everything here is pure: dispatch sends what
 * `buildCall` returns and hands back what it received.
 */
export interface Provider {
  readonly id: string;
  /** Accounts of one provider may be pooled only with an entitlement note where its terms say so. */
  readonly limits: LimitRules;
  readonly models: readonly KnownModel[];
  buildCall(request: CanonicalRequest, target: CallTarget): WireCall;
  /** A cheap authenticated GET (the models list) that proves address and credential. */
  buildProbe(target: ProbeTarget): WireCall;
  /** For every complete (not streamed) reply, 2xx or not; never throws. */
  readReply(reply: WireReply, nowMs: number): ReplyReading;
  /** For the body of a streamed reply with status 200; any other status goes to `readReply`. */
  createStreamReader(): ProviderStreamReader;
  /** Limits that a reply's headers state; most vendors send them on success too. */
  readLimits(headers: WireHeaders, nowMs: number): ObservedLimit[];
  /** What this call takes from every dimension before it is sent. */
  charge(size: CallSize): Charge;
  /** What it took once its usage is known: replaces the first charge. */
  settle(charged: Charge, usage: Usage): Charge;
}

export interface CallTarget {
  stream: boolean;
  secret: string;
  /** The account's own address; the vendor's where `null`. */
  baseUrl: string | null;
}

export type ProbeTarget = Omit<CallTarget, 'stream'>;

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
}

export type ReplyReading = { ok: true; answer: CanonicalAnswer } | { ok: false; failure: Failure };

export interface ProviderStreamReader {
  /** Text and reasoning as they come. After the `end` event nothing follows. */
  push(chunk: Uint8Array | string): StreamEvent[];
  /** The connection closed, cleanly or not. */
  end(): StreamEvent[];
  /** Why the stream ended with `finishReason: 'error'`; ask after the `end` event. */
  failure(nowMs: number): Failure | null;
}

/** The dimensions that an account's limits can have; per minute, per day, at once. */
export const limitDimensions = ['rpm', 'rpd', 'tpm', 'itpm', 'otpm', 'concurrency'] as const;
export type LimitDimension = (typeof limitDimensions)[number];

/** Cost of one call in every dimension; 0 where it takes nothing. */
export type Charge = Readonly<Record<LimitDimension, number>>;

/** In tokens, but `inputCharacters` (UTF-16 units of all messages). */
export interface CallSize {
  inputCharacters: number;
  estimatedInput: number;
  /** How much of the input the provider's prompt cache is expected to hold. */
  estimatedCachedInput: number;
  maxOutput: number;
  /** Prediction from earlier calls; `maxOutput` where nothing is known. */
  predictedOutput: number;
}

export interface LimitRules {
  /** What the vendor enforces; others count only where an operator sets them. */
  enforced: readonly LimitDimension[];
  /** The vendor also enforces a sixtieth of rpm and tpm per second. */
  perSecondShares: boolean;
  /** Steepest growth of use that the vendor accepts, `null` where none is known. */
  ramp: { aboveTokensPerMinute: number; growth: number; perMs: number } | null;
  /** Where the vendor's day begins, for rpd. */
  dayZone: 'UTC' | 'America/Los_Angeles';
  /** What share the account's limits cover: the model, or all models of the account together. */
  scope: 'account' | 'account_model';
  /** The terms forbid several accounts to get round limits: refuse an account without a note. */
  entitlementRequired: boolean;
}

export interface ObservedLimit {
  dimension: LimitDimension;
  /** `null`: not stated. */
  limit: number | null;
  remaining: number | null;
  /** Epoch ms at which the bucket is full again, as the vendor states it. */
  resetAtMs: number | null;
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
  structuredOutput: 'schema' | 'json' | 'prompt';
  thinking: boolean;
}
