import type { MergeOutcome } from '../../src/results/index.ts';
import type { Claim, Conflict, PlantedMerge } from './plant-claims.ts';

export interface MergeScore {
  claims: number;
  /** Required claims that stand in the result. */
  present: number;
  /** Required claims that do not, but are named outside it, or whose task is listed as rejected. */
  listed: number;
  lost: Claim[];
  conflicts: number;
  /** Both numbers in one paragraph of the result, or in one remark beside it. */
  found: number;
  missed: Conflict[];
}

/** What became of the planted claims and contradictions, whatever the merge's own account of it says. */
export function scoreMerge(planted: PlantedMerge, outcome: MergeOutcome): MergeScore {
  const required = planted.claims.filter((claim) => claim.required);
  const rejected = new Set(
    outcome.report
      .filter(({ disposition }) => disposition === 'rejected')
      .map(({ task_id }) => task_id),
  );
  const { result, ...beside } = outcome;
  const remarks = stringsOf(beside);
  const isPresent = ({ number }: Claim) => result.includes(number);
  const isListed = ({ number, taskId }: Claim) =>
    rejected.has(taskId) || remarks.some((remark) => remark.includes(number));
  const absent = required.filter((claim) => !isPresent(claim));
  const places = [...result.split(/\n{2,}|\n(?=[-*|])/), ...remarks];
  const missed = planted.conflicts.filter(
    ({ numbers: [one, other] }) =>
      !places.some((place) => place.includes(one) && place.includes(other)),
  );
  return {
    claims: required.length,
    present: required.length - absent.length,
    listed: absent.filter(isListed).length,
    lost: absent.filter((claim) => !isListed(claim)),
    conflicts: planted.conflicts.length,
    found: planted.conflicts.length - missed.length,
    missed,
  };
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsOf);
}
