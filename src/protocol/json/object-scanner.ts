import { createDraftFilter } from './draft-filter.ts';
import { createObjectEnd, type ObjectEnd } from './object-end.ts';

/** Cuts a stream of text into the top-level objects in it, whole or damaged. */
export interface ObjectScanner {
  push(text: string): string[];
  end(): string[];
}

const opening = '<think>';
const closing = '</think>';
/** An object begins with a key or ends at once; `{placeholder}` in prose does neither. */
const objectStart = /^\{\s*(?:["'“}]|[A-Za-z_]\w*\s*:)/;
const undecidedStart = /^\{\s*(?:[A-Za-z_]\w*\s*)?$/;

/** An object longer than `longest` characters is cut there. */
export function createObjectScanner(longest: number): ObjectScanner {
  const drafts = createDraftFilter();
  let found = 0;
  let buffer = '';
  let skipsThinking = true;
  let object: ObjectEnd | null = null;

  /** Drops what lies before the next object; false while none has begun. */
  const seek = (): boolean => {
    for (;;) {
      const next = findNext(buffer, skipsThinking);
      buffer = buffer.slice(next.at);
      if (next.found !== 'nothing') return next.found === 'object';
    }
  };
  const scan = (): string[] => {
    const objects: string[] = [];
    while (object !== null || seek()) {
      object ??= createObjectEnd();
      const end = object.find(buffer);
      if (end === null && buffer.length <= longest) break;
      objects.push(buffer.slice(0, end ?? buffer.length).trim());
      buffer = buffer.slice(end ?? buffer.length);
      object = null;
    }
    found += objects.length;
    return objects;
  };
  return {
    push(text) {
      buffer += drafts.push(text);
      return scan();
    },
    end() {
      buffer += drafts.end(found === 0 && object === null);
      // Reasoning that was never closed may hold the answer itself.
      skipsThinking = false;
      const objects = scan();
      if (object !== null) objects.push(buffer.trim());
      buffer = '';
      object = null;
      return objects;
    },
  };
}

/** `nothing`: look on from `at`. `undecided`: what stands at `at` needs more text. */
interface Next {
  found: 'object' | 'undecided' | 'nothing';
  at: number;
}

function findNext(text: string, skipsThinking: boolean): Next {
  const at = text.search(skipsThinking ? /[{<]/ : /\{/);
  if (at < 0) return { found: 'undecided', at: text.length };
  const rest = text.slice(at);
  if (objectStart.test(rest)) return { found: 'object', at };
  if (undecidedStart.test(rest) || opening.startsWith(rest)) return { found: 'undecided', at };
  if (!rest.startsWith(opening)) return { found: 'nothing', at: at + 1 };
  const close = rest.indexOf(closing);
  return close < 0
    ? { found: 'undecided', at }
    : { found: 'nothing', at: at + close + closing.length };
}
