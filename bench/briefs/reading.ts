import type { Brief } from './read-briefs.ts';

/** What a person has in front of them. */
export interface Reading {
  brief: Brief;
  /** Markdown. */
  result: string;
  files: readonly { path: string; text: string }[];
  /** By which it was judged. */
  criteria?: readonly string[];
}
