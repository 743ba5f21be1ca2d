import type { MergeOutcome } from '../../src/results/index.ts';
import type { Claim, Conflict, PlantedMerge } from './plant-claims.ts';

export interface MergeScore {
  claims: number;
  /** Required claims that stand in the result. */
  present: number;
  /** Required claims that do not, but are listed as rejected, themselves or with their task. */
  listed: number;
  lost: Claim[];
  /** Claims listed as used whose spans of the result do not hold their number. */
  untrue: number;
  conflicts: number;
  /** Both numbers in one paragraph of the result, or in one remark beside it. */
  found: number;
  missed: Conflict[];
  /** Conflicts that the merge reports and nobody planted. */
  invented: number;
}

/** What became of the planted claims and contradictions, whatever the merge's own account of it says. */
export function scoreMerge(planted: PlantedMerge, outcome: MergeOutcome): MergeScore {
  const required = planted.claims.filter((claim) => claim.required);
  const rejected = new Set(
    outcome.report
      .filter(({ disposition }) => disposition === 'rejected')
      .map(({ task_id }) => task_id),
  );
  const { result } = outcome;
  const rejectedTexts = outcome.claims
    .filter(({ disposition }) => disposition === 'rejected')
    .map(({ text }) => text);
  const isPresent = ({ number }: Claim) => result.includes(number);
  const isListed = ({ number, taskId }: Claim) =>
    rejected.has(taskId) || rejectedTexts.some((text) => text.includes(number));
  const absent = required.filter((claim) => !isPresent(claim));
  const places = [
    ...result.split(/\n{2,}|\n(?=[-*|])/),
    ...outcome.conflicts.map(({ text }) => text),
  ];
  const missed = planted.conflicts.filter(
    ({ numbers: [one, other] }) =>
      !places.some((place) => place.includes(one) && place.includes(other)),
  );
  return {
    claims: required.length,
    present: required.length - absent.length,
    listed: absent.filter(isListed).length,
    lost: absent.filter((claim) => !isListed(claim)),
    untrue: planted.claims.filter((claim) => isUntrue(claim, outcome)).length,
    conflicts: planted.conflicts.length,
    found: planted.conflicts.length - missed.length,
    missed,
    invented: outcome.conflicts.filter(
      ({ text }) =>
        !planted.conflicts.some(({ numbers }) => numbers.every((number) => text.includes(number))),
    ).length,
  };
}

/** Numbers are unique, so whichever input a report names, the number must stand where it says. */
function isUntrue({ number }: Claim, { result, claims }: MergeOutcome): boolean {
  const own = claims.filter(
    ({ disposition, text }) => disposition === 'used' && text.includes(number),
  );
  return own.some(({ spans }) =>
    spans.every(({ start, end }) => !result.slice(start, end).includes(number)),
  );
}
