import { draw } from '../draw.ts';
import type { SimulatedModel } from '../models.ts';

/** How long an answer takes. */
export interface Pace {
  firstTokenMs: number;
  msPerToken: number;
}

/** A long answer is written faster, so that a merge of many sections does not outlast the demonstration. */
const longestAnswerMs = 3_500;

/** Latency = time to first token + tokens / rate, spread by seed and content, not by arrival. */
export function paceOf(
  model: SimulatedModel,
  answer: { content: string; tokens: number },
  setting: { seed: string; scale: number },
): Pace {
  const slow = 0.7 + 0.9 * draw(setting.seed, 'first token', model.id, answer.content);
  const speed = 0.8 + 0.5 * draw(setting.seed, 'speed', model.id, answer.content);
  const msPerToken = 1000 / (model.tokensPerSecond * speed);
  const shortened = Math.min(msPerToken, longestAnswerMs / Math.max(1, answer.tokens));
  return {
    firstTokenMs: model.firstTokenMs * slow * setting.scale,
    msPerToken: shortened * setting.scale,
  };
}
