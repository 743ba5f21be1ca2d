import type { Judged } from './cluster.ts';
import { type Comparison, compareOnce } from './compare.ts';
import { isUnpaid } from './is-unpaid.ts';
import type { PanelInput, ResultsDeps } from './results.ts';

export interface Ranking {
  /** Per candidate (wins + ½ ties) / (n − 1), 0..1; −1 for one that was not paired. */
  scores: number[];
  /** What one reading of all candidates together listed; `null` where nothing readable came. */
  comparison: Comparison | null;
  /** Pairs that were compared in both orders: whether each follows from the other. */
  judged: Judged[];
  /** What became of each pair; `winner` is `null` for a tie. */
  pairs: Pair[];
  /** Why comparing ended early: the budget covered no further call. `null`: it did not. */
  unpaid: string | null;
}

export interface Pair {
  left: number;
  right: number;
  winner: number | null;
}

/** More candidates than this are scored one by one first, and only the best of them paired. */
const mostPaired = 5;
const finalists = 4;

/**
 * Every pair in both orders (Copeland's score; a preference that flips with the order is a tie:
 * GPT-4 kept its verdict in 65 % of swaps, arXiv 2306.05685). Of more than five candidates only the
 * four with the best mean score by the rubric, read forwards and backwards, are paired. n (n − 1) calls
 * of n that are paired, one more from three candidates on, two from six on; what the budget does not
 * cover is left out, and said.
 */
export async function rankCandidates(
  deps: ResultsDeps,
  input: PanelInput,
  candidates: readonly string[],
): Promise<Ranking> {
  const all = candidates.map((_, index) => index);
  let unpaid: string | null = null;
  const compare = async (order: readonly number[]): Promise<Comparison | null> => {
    if (unpaid !== null) return null;
    const ordered = order.map((index) => ({ index, text: candidates[index] ?? '' }));
    try {
      return await compareOnce(deps, input, ordered);
    } catch (error) {
      if (!isUnpaid(error)) throw error;
      unpaid = error.message;
      return null;
    }
  };
  const isMany = candidates.length > mostPaired;
  const inOrder = candidates.length > 2 ? await compare(all) : null;
  const overview = isMany ? joinOrders(inOrder, await compare(all.toReversed())) : inOrder;
  const paired = isMany ? chooseFinalists(all, overview) : all;
  const points = candidates.map((_, index) => (paired.includes(index) ? 0 : -1));
  const judged: Judged[] = [];
  const pairs: Pair[] = [];
  let comparison = overview;
  for (const [left, right] of pairsOf(paired)) {
    const forward = await compare([left, right]);
    const backward = await compare([right, left]);
    comparison ??= forward ?? backward;
    const pair = { left, right, winner: winnerOf(forward, backward) };
    pairs.push(pair);
    score(points, pair);
    if (forward?.same != null && backward?.same != null)
      judged.push({ left, right, same: forward.same && backward.same });
  }
  const games = Math.max(1, paired.length - 1);
  const scores = points.map((each) => (each < 0 ? -1 : each / games));
  return { scores, comparison, judged, pairs, unpaid };
}

/** What the first reading listed, with each candidate's mean score of both: the first place is scored best by some judges. */
function joinOrders(forward: Comparison | null, backward: Comparison | null): Comparison | null {
  if (!forward || !backward) return forward ?? backward;
  const named = [...new Set([...forward.scores.keys(), ...backward.scores.keys()])];
  const scores = named.map((index): [number, number] => {
    const given = [forward.scores.get(index), backward.scores.get(index)].filter(
      (each) => each !== undefined,
    );
    return [index, given.reduce((sum, each) => sum + each, 0) / given.length];
  });
  return { ...forward, scores: new Map(scores) };
}

function chooseFinalists(all: readonly number[], overview: Comparison | null): number[] {
  const rubric = (index: number) => overview?.scores.get(index) ?? 0;
  return all
    .toSorted((one, other) => rubric(other) - rubric(one) || one - other)
    .slice(0, finalists)
    .sort((one, other) => one - other);
}

function pairsOf(indexes: readonly number[]): [number, number][] {
  return indexes.flatMap((left, place) =>
    indexes.slice(place + 1).map((right): [number, number] => [left, right]),
  );
}

/** `null`: a tie. One readable order is better than none. */
export function winnerOf(forward: Comparison | null, backward: Comparison | null): number | null {
  if (!forward || !backward) return (forward ?? backward)?.best ?? null;
  return forward.best === backward.best ? forward.best : null;
}

function score(points: number[], { left, right, winner }: Pair): void {
  for (const index of [left, right]) {
    const gained = winner === null ? 0.5 : Number(winner === index);
    points[index] = (points[index] ?? 0) + gained;
  }
}
