import type { ApiClient } from '../api-client.ts';
import type { Brief } from '../briefs/read-briefs.ts';
import { type Answer, answerAsGraph, answerInOneCall, type GraphOptions } from './answer-brief.ts';
import { familyOf, type Sides } from './choose-models.ts';
import { type Judge, type Judgement, judgePair } from './judge-pair.ts';
import { leaveOutMost } from './plant-truth.ts';

export interface CompareOptions extends Omit<GraphOptions, 'models'> {
  sides: Sides;
  /** Output tokens that one call may have. */
  maxTokens: number;
}

export interface Compared {
  brief: Brief;
  graph: Answer;
  strong: Answer;
  cheap: Answer;
  /** The graph is the first of each pair. `null`: neither side delivered anything. */
  againstStrong: Judgement | null;
  againstCheap: Judgement | null;
  /** Whole against mostly left out: the whole, first, has to win. `null`: there was nothing to plant in. */
  planted: Judgement | null;
  /** One text against itself: a tie, whatever the judge says. */
  twins: Judgement | null;
  troubles: string[];
}

const nothingSaid = { flipped: false, unreadable: false, tokens: 0, nanoUsd: 0 };

/** One brief in the three ways, and what the judge says of them and of the controls. */
export async function compareBrief(
  judge: Judge & { api: ApiClient },
  brief: Brief,
  options: CompareOptions,
): Promise<Compared> {
  const { sides, maxTokens } = options;
  const graph = await answerAsGraph(judge.api, brief, { ...options, models: sides.graph });
  const strong = await answerInOneCall(judge.api, brief, { model: sides.strong, maxTokens });
  const cheap = await answerInOneCall(judge.api, brief, { model: sides.cheap, maxTokens });
  const against = (other: Answer) => compare(judge, brief, [graph.text, other.text]);
  const whole = graph.text ?? strong.text;
  const control = (first: string, second: string) => compare(judge, brief, [first, second]);
  return {
    ...{ brief, graph, strong, cheap },
    againstStrong: await against(strong),
    againstCheap: await against(cheap),
    planted: whole === null ? null : await control(whole, leaveOutMost(whole)),
    twins: whole === null ? null : await control(whole, whole),
    troubles: [
      ...findTroubles({ graph, strong, cheap }),
      ...(graph.models.some((model) => familyOf(model) === familyOf(judge.model))
        ? ["graph: a model of the judge's family had a part in it"]
        : []),
    ],
  };
}

/** Whoever delivers nothing has lost to whoever does; that needs no judge. */
function compare(
  judge: Judge,
  brief: Brief,
  [first, second]: readonly [string | null, string | null],
): Promise<Judgement | null> {
  if (first !== null && second !== null)
    return judgePair(judge, { brief: brief.text, first, second });
  if (first === null && second === null) return Promise.resolve(null);
  return Promise.resolve({ ...nothingSaid, winner: first === null ? 'second' : 'first' });
}

function findTroubles(answers: Record<string, Answer>): string[] {
  return Object.entries(answers).flatMap(([way, { trouble }]) =>
    trouble === null ? [] : [`${way}: ${trouble}`],
  );
}
