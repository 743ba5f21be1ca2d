import type { Role } from '../mind/read-prompt.ts';

/** An answer as a kind model gives it. */
export interface GivenAnswer {
  role: Role;
  /** `provider/model`. */
  author: string;
  /** What the model was told, the system text apart. */
  message: string;
  text: string;
  /** The thought that goes over the wire beside the answer; empty where none does. */
  reasoning: string;
  /** Tokens that the answer may have; `Infinity` where nothing was said. */
  room: number;
  /** No shape was demanded on the wire. */
  free: boolean;
  /** The same answer with one of its acceptance criteria left out, where it has one to spare. */
  withoutCriterion(): string;
}

export interface Damaged {
  text: string;
  reasoning?: string;
  /** The answer ends because its cap was reached, though that lay elsewhere. */
  cut?: boolean;
  /** As from a host that does not keep the client's cap. */
  beyondCap?: boolean;
}

/** Uniform in [0, 1), for a purpose. */
export type Draw = (purpose: string) => number;

/** `undefined`: this answer cannot be damaged so. */
export type Damage = (given: GivenAnswer, draw: Draw) => Damaged | undefined;
