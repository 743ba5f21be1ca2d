import { type Cluster, extractAnswer } from './cluster.ts';
import type { Ranking } from './rank-candidates.ts';
import type { PanelMember, PanelOutcome } from './results.ts';

type Agreement = Pick<
  PanelOutcome,
  'consensus' | 'contradictions' | 'partialCoverage' | 'unique' | 'blindSpots'
>;

/** What the members agree on and where they differ: in the comparer's words, else by the groups of like answers. */
export function describeAgreement(
  members: readonly PanelMember[],
  texts: readonly string[],
  given: { ranking: Ranking | null; clusters: readonly Cluster[] },
): Agreement {
  const { ranking, clusters } = given;
  const comparison = ranking?.comparison ?? null;
  const missing = [...describeMissing(members), ...describeUnpaid(ranking)];
  if (comparison) {
    const { consensus, contradictions, partialCoverage, unique, blindSpots } = comparison;
    return {
      ...{ consensus, contradictions, unique, blindSpots },
      partialCoverage: [...partialCoverage, ...missing],
    };
  }
  const shown = clusters.map((cluster) => ({
    ...cluster,
    answer: extractAnswer(texts[cluster.members[0] ?? 0] ?? ''),
  }));
  const agreed = shown.filter((cluster) => cluster.members.length > 1);
  return {
    consensus: agreed.map((cluster) => cluster.answer),
    contradictions:
      shown.length > 1 && agreed.length > 0 ? shown.slice(1).map((cluster) => cluster.answer) : [],
    partialCoverage: missing,
    unique: agreed.length === 0 && shown.length > 1 ? shown.map((cluster) => cluster.answer) : [],
    blindSpots: [],
  };
}

function describeUnpaid(ranking: Ranking | null): string[] {
  return ranking?.unpaid ? [`The answers were not all compared: ${ranking.unpaid}`] : [];
}

/** A panel that lost members says so: its agreement is that of fewer. */
function describeMissing(members: readonly PanelMember[]): string[] {
  const lost = members.filter((member) => !member.output?.trim());
  if (lost.length === 0) return [];
  const why = lost.map(({ model, failure }) => `${model} (${failure ?? 'it gave no answer'})`);
  return [
    `${members.length - lost.length} of ${members.length} models answered; missing: ${why.join('; ')}`,
  ];
}
