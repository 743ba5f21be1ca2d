import type { Lane } from '../platform/lanes.ts';
import type { CanonicalAnswer, CanonicalRequest, StreamEvent } from '../protocol/index.ts';

/** One call to one model out of several candidates. */
export interface CallOrder {
  /** `provider/model`, best first. Dispatch falls back along the list on failures that allow it. */
  models: readonly string[];
  /** Asked behind them, and only where the host of none of them can be reached; those into whose window the request fits. */
  standIns?: readonly string[];
  request: Omit<CanonicalRequest, 'model'>;
  tenantId: string;
  lane: Lane;
  /** Whose call it is: a run's task under its fencing token, or a client's request under its id. */
  owner: { runId: string; taskId: string; fencingToken: number } | { requestId: string };
  /** Epoch ms; waiting for capacity and the call itself end by then. */
  deadlineAt: number;
  /** How long it may wait for capacity before `no_capacity`; up to the deadline where omitted. */
  maxWaitMs?: number;
  /** It was refused three times: capacity is held back for it instead of refusing it again. */
  holdsCapacity?: boolean;
  /**
   * Which of its task's questions this is: the answer is kept with the settlement of its call, and a task
   * that begins anew after a crash is given it instead of a call. Only for a run's task.
   */
  keepAs?: string;
  /** Accounts stay with a conversation while they have headroom (prompt caches are per organisation). */
  affinity?: string;
  signal: AbortSignal;
  /** Read as a stream though nobody listens: a provider that hangs shows in seconds, not at its reply's time-out. */
  streamed?: boolean;
  /** Reasoning with nothing beside it is an answer too (sglang#4539), where it is streamed. */
  takesReasoning?: boolean;
  /** Present: the call is streamed and every event is awaited in order. Never replayed after the first text. */
  onEvent?: (event: StreamEvent) => void | Promise<void>;
  /** Called once before the first `onEvent`: whose stream it is, while the response's headers can still say so. */
  onAnswering?: (answering: Answering) => void;
}

/** What is known of a streamed call when its first event arrives. */
export type Answering = Pick<
  CallOutcome,
  'provider' | 'model' | 'accountId' | 'attemptId' | 'attempts' | 'simulated'
>;

export interface CallOutcome {
  answer: CanonicalAnswer;
  provider: string;
  model: string;
  accountId: string;
  attemptId: string;
  attempts: number;
  simulated: boolean;
  /** `null`: the model has no price. */
  costNanoUsd: number | null;
}

/** What the balancer sees of a provider and model at this moment. */
export interface PoolHeadroom {
  provider: string;
  /** `provider/model`. */
  model: string;
  /** Smallest share of a limit that is left at the account with most headroom, 0..1; unlimited is 1. */
  headroom: number;
  /** Calls that could be admitted now. */
  callsNow: number;
  /** Milliseconds until a call could be admitted; 0 where one can now. */
  waitMs: number;
}

export interface ModelInfo {
  /** `provider/model`. */
  id: string;
  provider: string;
  model: string;
  /** The vendor's model family for panels and juries, one vote each (`openai`, `anthropic`, …). */
  family: string;
  contextTokens: number;
  maxOutputTokens: number;
  /** USD per million tokens; `null`: no price known. */
  inputUsdPerMillion: number | null;
  outputUsdPerMillion: number | null;
  /** What a budget reserves by: a byte of input and a token of output at the dearest hour and size. */
  dearestUsdPerMillion: { input: number; output: number } | null;
  simulated: boolean;
  /** Rough ability, 1 (small) to 3 (frontier), from the catalogue. */
  tier: 1 | 2 | 3;
}

/**
 * Throws `HeadraceError`: `no_accounts`, `no_capacity` (with `retryAfterMs`), `never_fits`,
 * `budget_exhausted`, `model_unpriced`, `upstream_failed`, `upstream_rejected`, `upstream_timeout`,
 * `upstream_credentials_exhausted`, `limiter_not_shared`, `deadline_passed`.
 */
export interface Dispatch {
  call(order: CallOrder): Promise<CallOutcome>;
  /** Every model that an enabled account serves. */
  models(): ModelInfo[];
  /** `gpt-4`, `gpt-5.6-sol` or `openai/gpt-5.6-sol` → `ModelInfo`; throws `model_unknown` (naming candidates where ambiguous). */
  resolveModel(name: string): ModelInfo;
  /** Headroom of every pool that serves one of `models` (all where empty) for a call of this size in tokens. */
  headroom(models: readonly string[], size: { input: number; output: number }): PoolHeadroom[];
  /** Whether every enabled account is a simulated one. */
  simulated(): boolean;
}
