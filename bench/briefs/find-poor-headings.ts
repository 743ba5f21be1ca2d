import { clip } from './clip.ts';

/** A word that no heading ends with. */
const dangling =
  /\s(?:a|an|the|of|and|or|in|on|at|to|for|with|by|from|as|that|which|their|its|của|và|cho|về|với)$|[,，、;；:：(（]$/i;
/** What Markdown, HTML or a list leaves at the beginning. */
const markup =
  /^(?:[-*•+>]\s|\[[ xX]\]\s)|\]\(|<\/?(?:li|p|h[1-6]|t[rdh]|ul|ol|div|b|html|head|body|script|style)\b/i;
/** Shorter ones are names, which may well stand in longer phrases of the brief. */
const longestName = 30;

/** Headings that were cut in the middle of a phrase, that lost half of a pair of marks, or that are markup. */
export function findPoorHeadings(headings: readonly string[], brief: string): string[] {
  const numbered = findNumbered(headings, brief);
  const plain = brief.replace(/[^\S\n]+/g, ' ').toLowerCase();
  const poor = headings.flatMap((heading) => {
    const faults = [
      ...(dangling.test(heading) || isCut(heading, plain) ? ['a heading cut off'] : []),
      ...(isUnpaired(heading) ? ['a heading with half a pair of marks'] : []),
      ...(markup.test(heading) ? ['markup in a heading'] : []),
    ];
    return faults.map((fault) => `${fault}: ${clip(heading)}`);
  });
  return [...numbered, ...poor];
}

/** Fewer may well be a series. */
const fewestOfLoop = 3;

/** One heading under many numbers, which the brief does not ask for: a planner in a loop. */
function findNumbered(headings: readonly string[], brief: string): string[] {
  const stems = headings.flatMap((heading) => /^(.*\p{L}.*?)\s+\d+$/u.exec(heading)?.[1] ?? []);
  return [...new Set(stems)]
    .filter((stem) => stems.filter((other) => other === stem).length >= fewestOfLoop)
    .filter((stem) => !/^\s+\d/.test(brief.toLowerCase().split(stem.toLowerCase())[1] ?? ''))
    .map((stem) => `one heading under many numbers: ${clip(stem)}`);
}

/** A short word, or one in -ing, begins another phrase. */
const joins =
  /^ (?:\p{L}{1,3}|that|which|where|when|while|than|with|from|into|about|between|through|during|under|over|who|\p{L}+ing)(?![\p{L}\p{N}])/iu;

/** A phrase of the brief that goes on where the heading ends, wherever the brief has it. */
function isCut(heading: string, brief: string): boolean {
  const phrase = heading.toLowerCase();
  if (phrase.length < longestName) return false;
  const rests = brief.split(phrase).slice(1);
  return (
    rests.length > 0 && rests.every((rest) => /^ ?[\p{L}\p{N}]/u.test(rest) && !joins.test(rest))
  );
}

function isUnpaired(heading: string): boolean {
  const count = (mark: RegExp) => heading.match(mark)?.length ?? 0;
  return (
    count(/[(（]/g) !== count(/[)）]/g) ||
    count(/[“「《]/g) !== count(/[”」》]/g) ||
    [/"/g, /`/g, /\*\*/g].some((mark) => count(mark) % 2 === 1)
  );
}
