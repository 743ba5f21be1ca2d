import type { Verdict } from '../../results/index.ts';

const ranks: Record<Verdict['decision'], number> = { fail: 0, partial: 1, pass: 2 };

/**
 * Whether a later result takes the place of the best so far: by its decision, then by what is left
 * unmet, since a check such as "no answer breaks off" is a criterion only where it fails, so that what
 * mended it meets no more than before. Ties keep the earlier one: rework that mends nothing has not
 * earned its place.
 */
export function isBetter(verdict: Verdict, best: Verdict | null): boolean {
  if (best === null) return true;
  const gained = ranks[verdict.decision] - ranks[best.decision];
  return gained > 0 || (gained === 0 && countUnmet(verdict) < countUnmet(best));
}

function countUnmet({ criteria }: Verdict): number {
  return criteria.filter(({ met }) => !met).length;
}
