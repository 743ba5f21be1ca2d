import { extname } from 'node:path';
import { z } from 'zod';
import { readModelJson } from '../protocol/index.ts';
import type { AnsweredTask } from './results.ts';

const plain: ReadonlySet<string> = new Set(['.md', '.markdown', '.txt', '.rst', '.adoc', '.tex']);
const markup: ReadonlySet<string> = new Set(['.html', '.htm', '.xhtml']);

/**
 * What an answer states in sentences, so that it can be held against other answers: a section whole,
 * of a file its text, its markup or its notebook's written cells. `null` for tables, settings and
 * code: a number under a key or in a row has no sentence around it that tells whether another file's
 * number is of the same thing, and a version or a port that differs between two of them is usual.
 */
export function readProse({
  output,
  artifactPath,
}: Pick<AnsweredTask, 'output' | 'artifactPath'>): string | null {
  if (output === null || artifactPath === null) return output;
  const extension = extname(artifactPath).toLowerCase();
  if (extension === '.ipynb') return readNotebook(output);
  if (markup.has(extension)) return readMarkup(output);
  return plain.has(extension) ? output : null;
}

const unseen = /<(script|style|pre|code)\b[\s\S]*?<\/\1\s*>|<!--[\s\S]*?-->/gi;
const blockEnd =
  /<\/?(?:p|li|ul|ol|h[1-6]|div|section|article|table|tr|td|th|br|title|head|body)\b[^>]*>/gi;

/** One block a line, since a sentence ends with its block. */
function readMarkup(html: string): string {
  return html
    .replace(unseen, ' ')
    .replace(blockEnd, '\n')
    .replace(/<[^>\n]*>/g, '');
}

const notebook = z.object({
  cells: z.array(
    z.object({ cell_type: z.string(), source: z.union([z.string(), z.array(z.string())]) }),
  ),
});

function readNotebook(json: string): string | null {
  const read = readModelJson(notebook, json);
  if (read === null) return null;
  return read.cells
    .filter(({ cell_type }) => cell_type === 'markdown')
    .map(({ source }) => [source].flat().join(''))
    .join('\n\n');
}
