import { findThinkEnd } from '../think-tags.ts';

/**
 * Keeps the drafts of a thought out of the answer. Text that begins with prose may be a thought whose
 * opening tag the host's template kept (sglang#6441), and the objects in it drafts: it is held until
 * a lone `</think>` shows that it was one, or the end of the text that it was not.
 */
export interface DraftFilter {
  /** What of the text so far may be read. */
  push(text: string): string;
  /** The rest; with `foundNone`, the thought too: it may hold the answer itself. */
  end(foundNone: boolean): string;
}

/** Characters after which it is no draft any more but an answer that began with a word too many. */
const longestDraft = 256 * 1024;
const longestTag = '</think>'.length;

export function createDraftFilter(): DraftFilter {
  let state: 'start' | 'held' | 'open' = 'start';
  let held = '';
  let searched = 0;

  const open = (from: number): string => {
    const text = held.slice(from);
    state = 'open';
    held = held.slice(0, from);
    return text;
  };
  const look = (): string => {
    const from = Math.max(0, searched - longestTag);
    const end = findThinkEnd(held.slice(from));
    searched = held.length;
    if (end >= 0) return open(from + end + longestTag);
    return held.length > longestDraft ? open(0) : '';
  };
  return {
    push(text) {
      if (state === 'open') return text;
      held += text;
      if (state === 'held') return look();
      const first = held.trimStart().charAt(0);
      if (first === '') return '';
      if ('{[<`'.includes(first)) return open(0);
      state = 'held';
      return look();
    },
    end(foundNone) {
      const rest = state === 'open' && !foundNone ? '' : held;
      held = '';
      state = 'open';
      return rest;
    },
  };
}
