import { HeadraceError, isHeadraceError } from '../../platform/errors/headrace-error.ts';
import { createObjectScanner } from './object-scanner.ts';
import { type NdjsonLine, parseNdjsonLine } from './parse-ndjson-line.ts';

export type LineReading =
  | ({ ok: true; text: string } & NdjsonLine)
  /** An object that is there but cannot be read: it is reported, never skipped. */
  | { ok: false; text: string; error: HeadraceError };

export interface LineReader {
  /** The objects that this piece of the answer completes. */
  push(text: string): LineReading[];
  /** The last one, however it ends. */
  end(): LineReading[];
}

const longestLine = 1024 * 1024;

/**
 * The objects of an NDJSON answer as it streams in. Models also write fences and prose around the
 * lines, think first, make one array of them, or spread an object over several lines.
 */
export function createLineReader(): LineReader {
  const scanner = createObjectScanner(longestLine);
  return {
    push: (text) => scanner.push(text).map(readLine),
    end: () => scanner.end().map(readLine),
  };
}

function readLine(text: string): LineReading {
  try {
    if (text.length > longestLine) {
      throw new HeadraceError('answer_invalid', {
        message: 'A line of the model’s answer is longer than 1 MiB.',
      });
    }
    return { ok: true, text, ...parseNdjsonLine(text) };
  } catch (cause) {
    if (!isHeadraceError(cause)) throw cause;
    return { ok: false, text, error: cause };
  }
}
