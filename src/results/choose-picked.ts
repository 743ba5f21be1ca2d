import type { Cluster } from './cluster.ts';
import type { Ranking } from './rank-candidates.ts';
import type { ResultsDeps } from './results.ts';

/** Index of the best by pairs; of equals the one that most families agree with, then the cheapest model's. */
export function choosePicked(
  deps: Pick<ResultsDeps, 'dispatch'>,
  living: readonly { model: string }[],
  { ranking, clusters }: { ranking: Ranking | null; clusters: readonly Cluster[] },
): number {
  const prices = new Map(
    deps.dispatch.models().map((model) => [model.id, model.outputUsdPerMillion ?? Infinity]),
  );
  const best = Math.max(...(ranking?.scores ?? [0]));
  const support = (index: number) =>
    clusters.find((cluster) => cluster.members.includes(index))?.families ?? 0;
  const isMedoid = (index: number) =>
    Number(clusters.some((cluster) => cluster.members[0] === index));
  const price = (index: number) => prices.get(living[index]?.model ?? '') ?? Infinity;
  const equals = living
    .map((_, index) => index)
    .filter((index) => (ranking?.scores[index] ?? 0) === best);
  equals.sort(
    (one, other) =>
      support(other) - support(one) ||
      isMedoid(other) - isMedoid(one) ||
      Math.sign(price(one) - price(other)) ||
      one - other,
  );
  return equals[0] ?? 0;
}
