import type { RunStatus } from '../documents.ts';
import { hasEnded } from './draft.ts';
import {
  mergeEndsAt,
  panelsEndAt,
  runEndsAt,
  standStill,
  type Timed,
  workEndsAt,
} from './time-limits.ts';

/** What of a run says when time is to be heard. */
export interface Waiting extends Timed {
  status: RunStatus;
  answersDueAt: number | null;
}

/** The moments at which time alone changes what a run does, epoch ms, in their order. */
function limitsOf(run: Waiting): number[] {
  if (hasEnded(run.status) || standStill.includes(run.status)) return [];
  switch (run.status) {
    case 'merging':
      return [mergeEndsAt(run), runEndsAt(run)];
    case 'judging':
      return [runEndsAt(run)];
    case 'awaiting_input':
      return [run.answersDueAt ?? Number.POSITIVE_INFINITY, workEndsAt(run)].sort(
        (one, other) => one - other,
      );
    default:
      return [workEndsAt(run), panelsEndAt(run)];
  }
}

export interface NextLimit {
  /** One of them has come, so the run is to be looked at. */
  due: boolean;
  /** Until the next one, in ms; infinite where none follows. */
  waitMs: number;
}

export function nextLimit(run: Waiting, now: number): NextLimit {
  const limits = limitsOf(run);
  const next = limits.find((limit) => limit > now) ?? Number.POSITIVE_INFINITY;
  return { due: limits.some((limit) => limit <= now), waitMs: next - now };
}
