import type { Lane } from '../platform/lanes.ts';
import type { Ask, ReserveOutcome } from './limiter.ts';

export interface AdmissionAsk {
  ask: Ask;
  /** Calls of one pool stand in one line. */
  pool: string;
  tenantId: string;
  lane: Lane;
  /** Epoch ms by which the call must be admitted. */
  admitBy: number;
  /** How often it was refused before, here or through hand-backs. */
  refusals: number;
  signal: AbortSignal;
}

export type Grant = Extract<ReserveOutcome, { kind: 'granted' }>;

/** One call that waits for capacity, and who is told when its waiting ends. */
export interface Waiter {
  readonly asked: AdmissionAsk;
  readonly admitted: Promise<Grant>;
  refusals: number;
  /** Served, refused or gone. */
  done: boolean;
  /** Ends the waiting; only the first end counts. */
  resolve(grant: Grant): void;
  reject(error: unknown): void;
}

export function createWaiter(asked: AdmissionAsk, onEnd: () => void): Waiter {
  const { promise, resolve, reject } = Promise.withResolvers<Grant>();
  const end = (tell: () => void) => {
    if (waiter.done) return;
    waiter.done = true;
    onEnd();
    tell();
  };
  const waiter: Waiter = {
    asked,
    admitted: promise,
    refusals: asked.refusals,
    done: false,
    resolve: (grant) => end(() => resolve(grant)),
    reject: (error) => end(() => reject(error)),
  };
  return waiter;
}
