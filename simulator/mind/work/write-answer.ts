import type { Ask } from '../ask.ts';
import { type Commission, readCommission } from './commission.ts';
import { writeFile } from './write-file.ts';
import { writeSection } from './write-section.ts';
import type { Writing } from './writing.ts';

/** A worker's answer: a section, or the bare content of a file. */
export function writeAnswer(ask: Ask, message: string): string {
  const commission = readCommission(message);
  const writing: Writing = {
    commission,
    author: ask.author,
    seed: ask.seed,
    room: ask.room,
    missed: missedCriterion(ask, commission),
  };
  return commission.kind === 'file' ? writeFile(writing) : writeSection(writing);
}

/** The last one, on which plans have the whole judged; who is told of the gap closes it. */
function missedCriterion(ask: Ask, { criteria, again }: Commission): string | undefined {
  return ask.missesCriterion && !again ? criteria.at(-1) : undefined;
}
