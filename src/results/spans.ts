import type { Span } from './results.ts';

/** A sentence counts as taken over from a source when this share of its character 4-grams occurs there. */
const takenOver = 0.6;
/** Shorter sentences ("In short:") say nothing about where they came from. */
const shortestSentence = 24;

/** The stretches of `result` whose sentences come from `source`, neighbours joined. */
export function findSpans(result: string, source: string): Span[] {
  const grams = fourGrams(source);
  const numbers = readNumbers(source);
  const spans: Span[] = [];
  for (const sentence of splitSentences(result)) {
    const text = result.slice(sentence.start, sentence.end);
    if (text.length < shortestSentence || containment(text, grams) < takenOver) continue;
    // Sentences of one mould differ in their numbers alone: another number is another source.
    if (![...readNumbers(text)].every((number) => numbers.has(number))) continue;
    const last = spans.at(-1);
    if (last && result.slice(last.end, sentence.start).trim() === '') last.end = sentence.end;
    else spans.push({ ...sentence });
  }
  return spans;
}

/** A full stop within a number, a path or a name ends nothing. */
const sentence = /(?:[^\n.!?。！？]|[.!?](?=[\p{L}\p{N}_/]))+(?:[.!?。！？]+|\n|$)/gu;

/** Sentences and lines of a Markdown text, in any script (。！？ end a sentence as well). */
export function splitSentences(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(sentence)) {
    const lead = match[0].length - match[0].trimStart().length;
    const start = match.index + lead;
    const end = match.index + match[0].trimEnd().length;
    if (end > start) spans.push({ start, end });
  }
  return spans;
}

/** Lower-cased character 4-grams with white space and Markdown marks folded. */
export function fourGrams(text: string): Set<string> {
  const folded = text.toLowerCase().replace(/[\s*_#`>|-]+/gu, ' ');
  const grams = new Set<string>();
  for (let index = 0; index + 4 <= folded.length; index += 1) {
    grams.add(folded.slice(index, index + 4));
  }
  return grams;
}

function readNumbers(text: string): Set<string> {
  return new Set(text.match(/\d+(?:[.,]\d+)*/g));
}

function containment(text: string, source: ReadonlySet<string>): number {
  const grams = fourGrams(text);
  if (grams.size === 0) return 0;
  let found = 0;
  for (const gram of grams) if (source.has(gram)) found += 1;
  return found / grams.size;
}
