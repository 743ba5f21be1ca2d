import type { CanonicalAnswer, CanonicalRequest, StreamReader } from '../protocol/index.ts';
import type { Failure } from './failure.ts';
import type { Charging, LimitRules, ObservedLimit } from './limit.ts';
import type { KnownModel, WireHeaders, WireReply } from './provider.ts';
import type { QuotaSource } from './quota.ts';

/** What the files of a vendor's folder say. */
export interface Vendor<Quirks> {
  id: string;
  address: Address;
  /** Headers that carry the secret, lower-case. */
  authenticate: (secret: string) => Record<string, string>;
  limits: VendorLimits;
  readFailure: (reply: WireReply, nowMs: number) => Failure;
  quirksOf: (request: CanonicalRequest) => Quirks;
  /** Where it tells limits and money outside of calls; empty where nothing is documented. */
  quotas: readonly QuotaSource[];
  models: readonly KnownModel[];
}

export interface Address {
  /** Where the vendor itself listens; empty where there is no such place. */
  baseUrl: string;
  callPath(model: string, stream: boolean): string;
  modelsPath: string;
}

export interface VendorLimits extends Charging {
  rules: LimitRules;
  readLimits(headers: WireHeaders, nowMs: number): ObservedLimit[];
}

/** One wire format: several vendors share one, each with quirks of its own. */
export interface WireFormat<Quirks> {
  writeRequest(request: CanonicalRequest, options: { stream: boolean; quirks: Quirks }): object;
  readAnswer(body: unknown): CanonicalAnswer;
  createStreamReader(): StreamReader;
  /** Whether the model answers only as a stream. */
  isStreamOnly(quirks: Quirks): boolean;
}
