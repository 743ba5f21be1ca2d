import type { FileAsk } from './find-files.ts';

/** One thing that the brief asks for. */
export interface Item {
  title: string;
  /** The brief's own words for it. */
  sentence: string;
  phrases: string[];
}

export interface Outline {
  topic: string;
  items: Item[];
  files: FileAsk[];
  constraints: string[];
  /** The brief listed its parts itself. */
  structured: boolean;
}
