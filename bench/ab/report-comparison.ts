import { drawTable } from '../draw-table.ts';
import { type Figure, report } from '../report.ts';
import type { Answer } from './answer-brief.ts';
import type { Compared, CompareOptions } from './compare-brief.ts';
import type { Judgement } from './judge-pair.ts';
import { type Tally, tally } from './tally.ts';

export interface Comparison {
  compared: readonly Compared[];
  /** The planted pairs under a judge that prefers the first place; `null` with real accounts. */
  biased: readonly Judgement[] | null;
  options: CompareOptions;
}

/** Real judges may miss a planted truth now and then; a simulated one may not. */
const leastPlanted = 0.9;

/** Prints the table and keeps it; the process fails where the controls say that the judge is none. */
export function reportComparison({ compared, biased, options }: Comparison): void {
  const figures = listControls(compared, biased);
  const { sides } = options;
  const simulated = biased !== null;
  const ways = { graph: 'graph', strong: sides.strong, cheap: sides.cheap };
  report(simulated ? 'ab' : 'ab-accounts', figures, [
    simulated
      ? '**Simulated providers.** What follows proves the harness. It says nothing of how good graphs or single calls are: a simulated model measures orchestration, never the quality of answers.'
      : 'Real accounts. It holds for these briefs, these models and this judge on this day.',
    '',
    ...drawTable([
      rowAgainst(sides.strong, pick(compared, 'againstStrong'), simulated),
      rowAgainst(sides.cheap, pick(compared, 'againstCheap'), simulated),
    ]),
    '',
    ...drawTable(
      (['graph', 'strong', 'cheap'] as const).map((way) =>
        totalOf(
          ways[way],
          compared.map((each) => each[way]),
        ),
      ),
    ),
    '',
    ...drawTable(compared.map(rowOf)),
    '',
    `${compared.length} briefs; judge ${sides.judge}, whose family had no part in any answer; ${spentOnJudging(compared, biased)}; \`npm run bench:ab -- FOLDER\`.`,
    'Every pair is judged blind and in both orders. A verdict that changes with the order is a flip and counts as a tie; who delivered nothing has lost. Score: (wins + ½ ties) / compared; interval: 95 % by Wilson. Where it holds one half, neither way was shown to be better.',
    'The judge sees the brief, not the criteria that the graph gave itself. Seconds are those of one brief with others beside it. Nano-USD by the price catalogue.',
    ...listTroubles(compared),
  ]);
  if (figures.some(({ met }) => !met)) process.exitCode = 1;
}

type Pairing = 'againstStrong' | 'againstCheap' | 'planted' | 'twins';

function pick(compared: readonly Compared[], pairing: Pairing): Judgement[] {
  return compared.flatMap((each) => each[pairing] ?? []);
}

function listControls(
  compared: readonly Compared[],
  biased: readonly Judgement[] | null,
): Figure[] {
  const planted = tally(pick(compared, 'planted'));
  const twins = tally(pick(compared, 'twins'));
  const needed = biased === null ? leastPlanted : 1;
  const all = [...pick(compared, 'againstStrong'), ...pick(compared, 'againstCheap')];
  const readable = tally(all).judged;
  return [
    {
      name: 'planted: a whole answer preferred to the same with three quarters left out',
      goal: `≥ ${100 * needed} %`,
      measured: `${planted.wins} of ${planted.judged}`,
      met: planted.judged > 0 && planted.wins >= needed * planted.judged,
    },
    {
      name: 'planted: an answer preferred to itself',
      goal: '0',
      measured: `${twins.wins + twins.losses} of ${twins.judged}`,
      met: twins.wins + twins.losses === 0,
    },
    ...(biased === null ? [] : [exposeBias(biased)]),
    {
      name: 'pairs with a readable verdict in both orders',
      goal: '≥ 95 %',
      measured: `${readable} of ${all.length}`,
      met: all.length > 0 && readable >= 0.95 * all.length,
    },
  ];
}

function exposeBias(biased: readonly Judgement[]): Figure {
  const { wins, losses, flips, judged } = tally(biased);
  return {
    name: 'a judge that prefers the first place, on the planted pairs: winners it makes',
    goal: '0, all flips',
    measured: `${wins + losses} of ${judged}, ${flips} flips`,
    met: judged > 0 && flips === judged,
  };
}

function rowAgainst(model: string, judgements: readonly Judgement[], simulated: boolean) {
  const { wins, ties, losses, score, interval, flips, judged } = tally(judgements);
  return {
    comparison: `the graph against ${model} in one call`,
    ...{ wins, ties, losses },
    score: share(score),
    'interval (95 %)': interval.map(share).join(' – '),
    shown: simulated ? 'nothing (simulated)' : sayWho(interval),
    'position flips': `${flips} of ${judged}`,
    'no verdict': judgements.length - judged,
  };
}

function sayWho([low, high]: Tally['interval']): string {
  if (low > 0.5) return 'the graph is better';
  return high < 0.5 ? 'the graph is worse' : 'neither was shown to be better';
}

function share(value: number): string {
  return Number.isNaN(value) ? 'none' : value.toFixed(2);
}

function totalOf(name: string, answers: readonly Answer[]) {
  const sum = (pickOne: (answer: Answer) => number) =>
    answers.reduce((total, answer) => total + pickOne(answer), 0);
  const unpriced = answers.some(({ nanoUsd }) => nanoUsd === null);
  return {
    way: name,
    delivered: answers.filter(({ text }) => text !== null).length,
    tokens: sum(({ tokens }) => tokens),
    'nano-USD': unpriced ? 'unpriced' : sum(({ nanoUsd }) => nanoUsd ?? 0),
    'seconds per brief': Number((sum(({ seconds }) => seconds) / answers.length).toFixed(1)),
    'characters per brief': Math.round(sum(({ text }) => text?.length ?? 0) / answers.length),
  };
}

function rowOf({ brief, graph, strong, cheap, ...judged }: Compared) {
  const ways = [graph, strong, cheap];
  return {
    brief: brief.name,
    'against strong': sayResult(judged.againstStrong),
    'against cheap': sayResult(judged.againstCheap),
    'tokens graph / strong / cheap': ways.map(({ tokens }) => tokens).join(' / '),
    'nano-USD': ways.map(({ nanoUsd }) => nanoUsd ?? 'unpriced').join(' / '),
    seconds: ways.map(({ seconds }) => seconds.toFixed(1)).join(' / '),
  };
}

function sayResult(judgement: Judgement | null): string {
  if (!judgement) return 'nothing to compare';
  if (judgement.unreadable) return 'no verdict';
  if (judgement.flipped) return 'tie (flip)';
  return { first: 'win', second: 'loss', none: 'tie' }[judgement.winner ?? 'none'];
}

function spentOnJudging(
  compared: readonly Compared[],
  biased: readonly Judgement[] | null,
): string {
  const pairings = ['againstStrong', 'againstCheap', 'planted', 'twins'] as const;
  const all = [...pairings.flatMap((pairing) => pick(compared, pairing)), ...(biased ?? [])];
  const tokens = all.reduce((sum, judgement) => sum + judgement.tokens, 0);
  const nanoUsd = all.reduce((sum, judgement) => sum + (judgement.nanoUsd ?? 0), 0);
  return `judging took ${tokens} tokens and ${nanoUsd} nano-USD`;
}

function listTroubles(compared: readonly Compared[]): string[] {
  const lines = compared.flatMap(({ brief, troubles }) =>
    troubles.map((trouble) => `- ${brief.name}: ${trouble}`),
  );
  return lines.length === 0 ? [] : ['', ...lines];
}
