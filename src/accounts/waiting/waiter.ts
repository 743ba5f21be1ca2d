import type { Lane } from '../../platform/lanes.ts';
import type { Ask, Cost, ReserveOutcome } from '../limiter.ts';

export interface AdmissionAsk {
  ask: Ask;
  /** Calls of one pool stand in one line. */
  pool: string;
  tenantId: string;
  lane: Lane;
  /** Epoch ms by which the call must be admitted. */
  admitBy: number;
  /** What such calls take on average where it differs from the cost; fairness and pace are counted in it. */
  expectedTokens?: number;
  /** How often it was refused before, here or through hand-backs. */
  refusals: number;
  signal: AbortSignal;
}

export type Grant = Extract<ReserveOutcome, { kind: 'granted' }>;

/** One call that waits for capacity, and who is told when its waiting ends. */
export interface Waiter {
  readonly asked: AdmissionAsk;
  /** What fairness is counted in. */
  readonly tokens: number;
  /** Epoch ms. */
  readonly enteredAt: number;
  readonly admitted: Promise<Grant>;
  /** Epoch ms at which the limiter first refused it here. */
  refusedAt: number | null;
  /** Served, refused or gone. */
  done: boolean;
  /** Ends the waiting; only the first end counts. */
  resolve(grant: Grant): void;
  reject(error: unknown): void;
}

export function createWaiter(asked: AdmissionAsk, now: number, onEnd: () => void): Waiter {
  const { promise, resolve, reject } = Promise.withResolvers<Grant>();
  const end = (tell: () => void) => {
    if (waiter.done) return;
    waiter.done = true;
    onEnd();
    tell();
  };
  const waiter: Waiter = {
    asked,
    tokens: asked.expectedTokens ?? tokensOf(asked.ask.cost),
    enteredAt: now,
    admitted: promise,
    refusedAt: null,
    done: false,
    resolve: (grant) => end(() => resolve(grant)),
    reject: (error) => end(() => reject(error)),
  };
  return waiter;
}

/** At least one: calls without tokens are counted by their number. */
export function tokensOf({ tpm = 0, itpm = 0, otpm = 0 }: Cost): number {
  return Math.max(1, tpm, itpm + otpm);
}
