import type { Cluster } from './cluster.ts';
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

/** How the answer at `kept` stands among the living members' answers. */
export function measureVotes(
  living: readonly { id: string; output: string }[],
  kept: number,
  { clusters, rubric }: { clusters: readonly Cluster[]; rubric: number | null },
): Pick<Votes, 'supporters' | 'runnerUp' | 'rubric' | 'conflicts'> {
  const mine = clusters.find((cluster) => cluster.members.includes(kept));
  const others = clusters.filter((cluster) => cluster !== mine);
  const keptId = living[kept]?.id;
  const contradicting = findConflicts(listStatements(living)).filter(({ quotes }) =>
    quotes.some((quote) => quote.task_id === keptId),
  );
  return {
    supporters: mine?.families ?? 1,
    runnerUp: Math.max(0, ...others.map((cluster) => cluster.families)),
    rubric,
    conflicts: contradicting.length,
  };
}
