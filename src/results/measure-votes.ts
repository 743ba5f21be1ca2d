import type { Cluster, Pairing } from './cluster.ts';
import { listStatements } from './extract-claims.ts';
import { findConflicts } from './find-conflicts.ts';
import type { PanelMember, Votes } from './results.ts';

/** Families and members that were asked, and how many of these answered. */
export function countAsked(
  members: readonly PanelMember[],
): Pick<Votes, 'families' | 'members' | 'answered'> {
  return {
    families: new Set(members.map((member) => member.family)).size,
    members: members.length,
    answered: members.filter((member) => member.output?.trim()).length,
  };
}

/** Pairs of answers of which one says another amount than the other, or denies what it says. */
export function findOpposed(answers: readonly { id: string; output: string }[]): Pairing[] {
  const place = new Map(answers.map(({ id }, index) => [id, index]));
  const pairs = new Map<string, Pairing>();
  for (const { quotes } of findConflicts(listStatements(answers))) {
    const [left = -1, right = -1] = quotes.map((quote) => place.get(quote.task_id) ?? -1);
    if (left >= 0 && right >= 0) pairs.set(`${left} ${right}`, { left, right });
  }
  return [...pairs.values()];
}

/** How the answer at `kept` stands among all of them. */
export function measureVotes(
  kept: number,
  given: {
    clusters: readonly Cluster[];
    opposed: readonly Pairing[];
    rubric: number | null;
    answers: number;
  },
): Pick<Votes, 'supporters' | 'runnerUp' | 'rubric' | 'contradicted'> {
  const mine = given.clusters.find((cluster) => cluster.members.includes(kept));
  const others = given.clusters.filter((cluster) => cluster !== mine);
  const against = new Set(
    given.opposed.flatMap(({ left, right }) => {
      if (left === kept) return [right];
      return right === kept ? [left] : [];
    }),
  );
  return {
    supporters: mine?.families ?? 1,
    runnerUp: Math.max(0, ...others.map((cluster) => cluster.families)),
    rubric: given.rubric,
    contradicted: against.size / Math.max(1, given.answers - 1),
  };
}
