import type { Demand, Turn } from '../wire/wire.ts';

/** What a simulated model is asked. */
export interface Ask {
  seed: string;
  /** `provider/model`. */
  author: string;
  turns: readonly Turn[];
  demand: Demand;
  /** Tokens that the answer may have; `Infinity` where nothing was said. */
  room: number;
  missedCriterionRate: number;
}
