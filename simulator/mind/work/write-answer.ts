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

/** Only what is shown is judged, so only there a gap would be seen; rework closes it. */
function missedCriterion(ask: Ask, commission: Commission): string | undefined {
  const { criteria, rework, kind } = commission;
  if (!ask.missesCriterion || rework.length > 0 || criteria.length < 2 || kind === 'research')
    return undefined;
  return criteria.at(-1);
}
