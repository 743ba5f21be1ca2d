import type { LimitDimension } from './limit.ts';

/** Whose account is asked about, as its vendor needs to know. */
export interface QuotaQuestion {
  /** The account's own address; the vendor's where `null`. */
  baseUrl: string | null;
  /** What the account is within its organisation: a project (OpenAI), a workspace (Anthropic). */
  project: string | null;
  /** Models that the account serves. */
  models: readonly string[];
}

export interface StatedLimit {
  models: readonly string[];
  dimension: LimitDimension;
  limit: number;
}

/** What one reply states. */
export interface QuotaPage {
  limits: readonly StatedLimit[];
  /** Whether there is money for calls; `null`: it does not say. */
  solvent: boolean | null;
  /** Where to go on; `null`: that was all. */
  next: string | null;
}

/** An address of a vendor's that tells limits or money outside of calls, as its folder describes it. */
export interface QuotaSource {
  /** The key that is asked for: one that calls, or one of the organisation's administrators. */
  credential: 'call' | 'admin';
  /** `cursor`: `next` of the page before, `null` at first. `null`: there is nothing to ask. */
  address(question: QuotaQuestion & { baseUrl: string }, cursor: string | null): string | null;
  /** @throws ZodError where the body is not of the documented shape */
  read(body: unknown, about: { question: QuotaQuestion; cursor: string | null }): QuotaPage;
}
