import type { Subject, Voice } from './voice.ts';

const gap = '\uE000';
const blank: Subject = { title: gap, focus: gap, other: gap, third: gap, sentence: gap };
/** Shorter pieces of a phrase occur in anybody's sentences. */
const longestChance = 10;

const known = new WeakMap<Voice, readonly string[]>();

/** Whether the simulated models say such a sentence in any section, so that it says nothing of this one. */
export function isStockPhrase(sentence: string, voice: Voice): boolean {
  const pieces = known.get(voice) ?? listPieces(voice);
  known.set(voice, pieces);
  const plain = bare(sentence);
  return pieces.some((piece) => plain.includes(piece));
}

/** What stays of each phrase where the words of its subject are taken out. */
function listPieces({ angles, duties, section }: Voice): string[] {
  const { aspects, bareOpenings, openings } = section;
  const phrases = [...openings, ...[...angles, ...duties].flatMap(({ bodies }) => bodies)];
  const said = [...phrases.map((phrase) => phrase(blank)), section.other(gap)];
  return [...said, ...aspects, ...bareOpenings]
    .flatMap((text) => text.split(/[\uE000\n]|(?<=[.:?!])\s|(?<=[。：？！])/u))
    .map(bare)
    .filter((piece) => Buffer.byteLength(piece) > longestChance);
}

function bare(text: string): string {
  return text.replace(/["“”]/g, '').replace(/^[\s,;:.，；：。]+|[\s,;:.，；：。]+$/gu, '');
}
