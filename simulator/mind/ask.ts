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
  /** Leaves out one acceptance criterion, where the task has more than one and is shown. */
  missesCriterion: boolean;
}
