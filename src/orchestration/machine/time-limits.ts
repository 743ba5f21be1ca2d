import type { RunState } from './state.ts';

/** How long a run waits for answers to its questions before their defaults hold, at most. */
export const answerWindowMs = 10 * 60_000;
/** Merging and judging get this share of the time-out, but no more than `longestReserveMs`. */
export const reservedShare = 0.25;
export const longestReserveMs = 120_000;
/** What merging and judging may take beyond the deadline, so that finished work is not thrown away. */
export const graceMs = 60_000;

/** When work stops, so that merging and judging still fit before the deadline; epoch ms. */
export function workEndsAt(run: RunState): number {
  if (run.deadlineAt === null) return Number.POSITIVE_INFINITY;
  return run.deadlineAt - reserveMs(run.settings.timeout_ms);
}

/** When the run ends with what it has; epoch ms. */
export function runEndsAt(run: RunState): number {
  return run.deadlineAt === null ? Number.POSITIVE_INFINITY : run.deadlineAt + graceMs;
}

export function reserveMs(timeoutMs: number): number {
  return Math.min(timeoutMs * reservedShare, longestReserveMs);
}
