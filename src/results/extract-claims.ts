import { readQuantities } from './read-quantities.ts';
import type { AnsweredTask } from './results.ts';
import { splitSentences } from './spans.ts';

/** One checkable statement of an answer. */
export interface Claim {
  taskId: string;
  /** Verbatim, without list marks. */
  quote: string;
}

const shortest = 12;
const longest = 600;

/** Every sentence of the answers' prose that names an amount: what a merge must not lose or change. */
export function extractClaims(tasks: readonly Pick<AnsweredTask, 'id' | 'output'>[]): Claim[] {
  return listStatements(tasks).filter(({ quote }) => readQuantities(quote).length > 0);
}

/** Every sentence of the answers' prose with whose it is. */
export function listStatements(tasks: readonly Pick<AnsweredTask, 'id' | 'output'>[]): Claim[] {
  return tasks.flatMap((task) =>
    readStatements(task.output ?? '').map((quote) => ({ taskId: task.id, quote })),
  );
}

/** Sentences and list items, without headings, tables, quotations of code and what is too short to say anything. */
export function readStatements(text: string): string[] {
  const prose = text
    .replace(/^\s*(```|~~~)[\s\S]*?^\s*\1/gm, '')
    .split('\n')
    .filter((line) => !/^\s*(?:#{1,6}\s|\|)/.test(line))
    .join('\n');
  const seen = new Set<string>();
  for (const { start, end } of splitSentences(prose)) {
    const quote = prose.slice(start, end).replace(/^(?:[-*+]|\d+[.)])\s+/, '');
    if (quote.length >= shortest && quote.length <= longest) seen.add(quote);
  }
  return [...seen];
}
