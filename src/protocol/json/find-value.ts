import { startBrackets, stepBrackets } from './bracket-depth.ts';

/** Where the object or array of a model's answer lies in its text. */
export interface ValueRegion {
  start: number;
  /** Exclusive. */
  end: number;
  /** Whether its brackets balance; if not, it reaches to the end of the text. */
  closed: boolean;
}

/** Prose may hold brackets too; every opener costs a scan, so a hostile text gets only so many. */
const mostOpeners = 64;

/** The longest object or array that is not part of another; `null` where there is no bracket. */
export function findValue(text: string): ValueRegion | null {
  let longest: ValueRegion | null = null;
  let from = 0;
  for (let tried = 0; tried < mostOpeners; tried += 1) {
    const start = nextOpener(text, from);
    if (start < 0) break;
    const end = findEnd(text, start);
    const region = { start, end: end ?? text.length, closed: end !== null };
    if (longest === null || length(region) > length(longest)) longest = region;
    // What an unclosed bracket of the prose swallowed may hold the value itself.
    from = end ?? start + 1;
  }
  return longest;
}

function length(region: ValueRegion): number {
  // A closed region beats an open one: the open one reaches over everything by definition.
  return region.end - region.start + (region.closed ? 0.5 : -Number.MAX_SAFE_INTEGER / 2);
}

function nextOpener(text: string, from: number): number {
  const at = text.slice(from).search(/[{[]/);
  return at < 0 ? -1 : from + at;
}

/** The position behind the bracket that closes the one at `start`, or `null`; strings are skipped. */
function findEnd(text: string, start: number): number | null {
  const brackets = startBrackets();
  for (let at = start; at < text.length; at += 1) {
    if (stepBrackets(brackets, text.charAt(at))) return at + 1;
  }
  return null;
}
