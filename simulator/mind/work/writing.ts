import type { Commission } from './commission.ts';

/** A commission, and under which circumstances it is answered. */
export interface Writing {
  commission: Commission;
  author: string;
  seed: string;
  room: number;
  /** The criterion that this answer leaves out, as a real model sometimes does. */
  missed: string | undefined;
}
