import type { RunState } from './state.ts';

/** The time of a run is for work: it stands still while a person paused it, or looks at its plan. */
export const standStill: readonly RunState['status'][] = ['paused', 'awaiting_approval'];

/** How long a run waits for answers to its questions before their defaults hold, at most. */
const longestAnswerMs = 10 * 60_000;
/** Waiting for a person takes at most this share of a time-out: the work is still to come. */
const answerShare = 0.25;

/** Of a time-out this share, but no more than `longestFinishingMs`, is for merging and judging. */
const finishingShare = 0.25;
const longestFinishingMs = 120_000;
/** Where as much again and this fit into the same share, they are kept for one rework. */
const longestReworkMs = 120_000;
/** Rework that could not even call a model is not begun: this share of the time-out, at most so many ms. */
const leastReworkShare = 0.1;
const mostLeastReworkMs = 30_000;
/** What ends a run is a transaction, and takes its moment as well: this share, at most so many ms. */
const lastWordShare = 1 / 40;
const longestLastWordMs = 500;

/** What the time of a run is measured by; its deadline moves by as long as the run stands still. */
export type Timed = Pick<RunState, 'deadlineAt' | 'rounds'> & {
  settings: Pick<RunState['settings'], 'timeout_ms' | 'rework'>;
};

/** The longest that can lie between a run's deadline and the first moment that time alone decides. */
export const earliestLimitMs = longestFinishingMs + longestReworkMs;

/**
 * When work stops, epoch ms, so that merging and judging still fit before the deadline; before the first
 * judgement also a rework, where the time-out is long enough for both.
 */
export function workEndsAt(run: Timed): number {
  return endOf(run) - finishingMs(run) - (run.rounds === 0 ? reworkMs(run) : 0);
}

/** When panels whose members answered must have compared them. */
export function panelsEndAt(run: Timed): number {
  return workEndsAt(run) + finishingMs(run) / 4;
}

/** When merging has to leave the rest to the judge. */
export function mergeEndsAt(run: Timed): number {
  return endOf(run) - finishingMs(run) / 2;
}

/** When the last answer to a judge's question may come: what it says still has to be stored. */
export function judgeEndsAt(run: Timed): number {
  return endOf(run) - 3 * lastWordMs(run);
}

/** When the run ends with what it has. */
export function runEndsAt(run: Timed): number {
  return endOf(run) - lastWordMs(run);
}

/** Whether a round of rework can still do some of its work. */
export function hasTimeForRework(run: Timed, now: number): boolean {
  const least = Math.min(run.settings.timeout_ms * leastReworkShare, mostLeastReworkMs);
  return now + least <= endOf(run) - finishingMs(run);
}

/** How long a person's answers are waited for, in ms. */
export function answerWindowMs(run: Timed): number {
  return Math.min(longestAnswerMs, run.settings.timeout_ms * answerShare);
}

/** A call that merges or judges may take so much less than what is left for it, in ms. */
export function lastWordMs({ settings }: Timed): number {
  return Math.min(settings.timeout_ms * lastWordShare, longestLastWordMs);
}

function endOf({ deadlineAt }: Timed): number {
  return deadlineAt ?? Number.POSITIVE_INFINITY;
}

function finishingMs({ settings }: Timed): number {
  return Math.min(settings.timeout_ms * finishingShare, longestFinishingMs);
}

function reworkMs({ settings }: Timed): number {
  if (settings.rework === 0) return 0;
  const shared = settings.timeout_ms * finishingShare - longestFinishingMs;
  return Math.max(0, Math.min(shared, longestReworkMs));
}
