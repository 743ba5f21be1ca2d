import type { CanonicalAnswer, StreamEvent } from './canonical.ts';
import type { StreamReader } from './stream-reader.ts';

const opening = '<think>';
const closing = '</think>';

/** A tag that ends a thought; one in quotation marks, backticks or behind a backslash is spoken of. */
const loneEnd = /(?<![`'"“‘\\])<\/think>(?!['"”’]|`(?!``))/;

/** Where a `</think>` stands that ends a thought, not one that is quoted; -1 for none. */
export function findThinkEnd(text: string): number {
  return text.search(loneEnd);
}

/**
 * Reasoning that a host without a field for it leaves in the text. R1's template opens the block in
 * the prompt, so a lone `</think>` ends reasoning as well; an unclosed block is reasoning to its end.
 */
export function splitThinking(text: string): { reasoning: string; text: string } {
  const body = text.trimStart();
  const opened = body.startsWith(opening);
  const start = opened ? opening.length : 0;
  const close = opened ? body.indexOf(closing, start) : findThinkEnd(body);
  if (close >= 0) {
    return {
      reasoning: body.slice(start, close).trim(),
      text: body.slice(close + closing.length).trimStart(),
    };
  }
  return opened ? { reasoning: body.slice(start).trim(), text: '' } : { reasoning: '', text };
}

export function splitAnswerThinking(answer: CanonicalAnswer): CanonicalAnswer {
  const { reasoning, text } = splitThinking(answer.text);
  return reasoning === '' ? { ...answer, text } : { ...answer, reasoning, text };
}

/**
 * The same for a stream. Only a block that opens the text is recognised: text that was already shown
 * cannot become reasoning when a lone `</think>` follows.
 */
export function createThinkingReader(reader: StreamReader): StreamReader {
  const split = createThinkingSplitter();
  return {
    push: (chunk) => reader.push(chunk).flatMap(split),
    end: () => reader.end().flatMap(split),
    error: reader.error,
  };
}

function createThinkingSplitter(): (event: StreamEvent) => StreamEvent[] {
  let state: 'start' | 'thinking' | 'text' = 'start';
  let held = '';

  const start = (): StreamEvent[] => {
    const body = held.trimStart();
    if (opening.startsWith(body)) return [];
    if (!body.startsWith(opening)) {
      state = 'text';
      return flush('text');
    }
    state = 'thinking';
    held = body.slice(opening.length);
    return think();
  };
  const think = (): StreamEvent[] => {
    const close = held.indexOf(closing);
    if (close < 0) {
      const safe = held.length - partialSuffix(held, closing);
      const reasoning = held.slice(0, safe);
      held = held.slice(safe);
      return reasoning === '' ? [] : [{ type: 'reasoning', text: reasoning }];
    }
    const reasoning = held.slice(0, close);
    held = held.slice(close + closing.length).trimStart();
    state = 'text';
    return [
      ...(reasoning === '' ? [] : [{ type: 'reasoning' as const, text: reasoning }]),
      ...flush('text'),
    ];
  };
  const flush = (type: 'text' | 'reasoning'): StreamEvent[] => {
    const text = held;
    held = '';
    return text === '' ? [] : [{ type, text }];
  };
  return (event) => {
    if (event.type === 'reasoning') return [event];
    if (event.type === 'end') {
      return [...flush(state === 'thinking' ? 'reasoning' : 'text'), event];
    }
    if (state === 'text') return [event];
    held += event.text;
    return state === 'start' ? start() : think();
  };
}

/** How many characters at the end of `text` could be the beginning of `tag`. */
function partialSuffix(text: string, tag: string): number {
  for (let length = Math.min(tag.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(tag.slice(0, length))) return length;
  }
  return 0;
}
