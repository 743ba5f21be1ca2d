import { type LimitDimension, limitDimensions } from '../../platform/config/config.ts';
import type { Pause } from '../limiter.ts';
import type { AccountEntry, HeldPause } from './account-entry.ts';
import type { Bucket } from './bucket.ts';
import { untilRelease } from './meter.ts';

/** Of two pauses with one scope the later end stays, but what the vendor states replaces a guess. */
export function addPause(entry: AccountEntry, pause: Pause, now: number): void {
  const same = entry.pauses.find(
    (held) => held.modelClass === pause.modelClass && held.dimension === pause.dimension,
  );
  const added: HeldPause = { ...pause, since: now };
  if (same) {
    const replacesGuess = same.provenance === 'guessed' && pause.provenance === 'stated';
    if (!replacesGuess && endOf(same) > endOf(pause)) added.until = same.until;
    if (!replacesGuess && same.provenance === 'stated' && endOf(same) > now) {
      added.provenance = 'stated';
    }
    entry.pauses = entry.pauses.filter((held) => held !== same);
  }
  entry.pauses.push(added);
}

/** Milliseconds for which a call of these amounts is held back, and why; `untilRelease` while a probe is out. */
export function pausedFor(
  { entry, bucket }: { entry: AccountEntry; bucket: Bucket },
  amounts: readonly number[],
  now: number,
): { waitMs: number; reason: string | null } {
  let longest = { waitMs: 0, reason: null as string | null };
  for (const pause of entry.pauses) {
    if (!concerns(pause, bucket.modelClass, amounts)) continue;
    const left = endOf(pause) - now;
    if (left > longest.waitMs) longest = { waitMs: left, reason: pause.reason };
    else if (left <= 0 && pause.provenance === 'guessed' && longest.waitMs === 0) {
      // A guess that ran out is tried with one call, not with all that wait.
      const out = pause.modelClass === undefined ? entry.inFlight : bucket.inFlight;
      if (out > 0) longest = { waitMs: untilRelease, reason: pause.reason };
    }
  }
  return longest;
}

/** A call sent after a guessed pause began has succeeded: the guess is over. */
export function endGuesses(entry: AccountEntry, modelClass: string, sentAt: number): void {
  if (entry.pauses.length === 0) return;
  entry.pauses = entry.pauses.filter(
    (pause) =>
      pause.provenance === 'stated' ||
      pause.since > sentAt ||
      (pause.modelClass !== undefined && pause.modelClass !== modelClass),
  );
}

export function dropEnded(entry: AccountEntry, now: number): void {
  if (entry.pauses.length === 0) return;
  entry.pauses = entry.pauses.filter(
    (pause) => pause.provenance === 'guessed' || endOf(pause) > now,
  );
}

function concerns(pause: Pause, modelClass: string, amounts: readonly number[]): boolean {
  if (pause.modelClass !== undefined && pause.modelClass !== modelClass) return false;
  return pause.dimension === undefined || amountOf(amounts, pause.dimension) > 0;
}

function amountOf(amounts: readonly number[], dimension: LimitDimension): number {
  return amounts[limitDimensions.indexOf(dimension)] ?? 0;
}

function endOf(pause: Pause): number {
  return pause.until ?? Number.POSITIVE_INFINITY;
}

/** Those of the whole account, or of one model class, before their time. */
export function endPauses(entry: AccountEntry, modelClass?: string): void {
  entry.pauses = entry.pauses.filter(
    (held) => modelClass !== undefined && held.modelClass !== modelClass,
  );
}
