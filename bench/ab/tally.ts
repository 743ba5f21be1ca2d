import type { Judgement } from './judge-pair.ts';

export interface Tally {
  wins: number;
  ties: number;
  losses: number;
  /** (wins + ½ ties) / compared, 0..1; one half: neither is better. */
  score: number;
  /** 95 %, by Wilson. Ties count half, which makes it wider than it need be. */
  interval: readonly [number, number];
  /** Ties that were no opinion: the other place, another winner. */
  flips: number;
  /** Pairs that a judge could read at all. */
  judged: number;
}

/** One side against the other. A pair without a readable verdict is in no count. */
export function tally(judgements: readonly Judgement[]): Tally {
  const judged = judgements.filter(({ unreadable }) => !unreadable);
  const count = (winner: Judgement['winner']) =>
    judged.filter((judgement) => judgement.winner === winner).length;
  const [wins, ties, losses] = [count('first'), count(null), count('second')];
  return {
    ...{ wins, ties, losses, judged: judged.length },
    score: judged.length === 0 ? Number.NaN : (wins + ties / 2) / judged.length,
    interval: wilson(wins + ties / 2, judged.length),
    flips: judged.filter(({ flipped }) => flipped).length,
  };
}

/** 97.5 % of a normal distribution lies below it. */
const z = 1.959_964;

/** The score interval of a share (Wilson 1927): holds for few cases, and where all or none won. */
export function wilson(successes: number, of: number): readonly [number, number] {
  if (of === 0) return [0, 1];
  const share = successes / of;
  const squared = (z * z) / of;
  const middle = (share + squared / 2) / (1 + squared);
  const half = (z * Math.sqrt((share * (1 - share)) / of + squared / (4 * of))) / (1 + squared);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
