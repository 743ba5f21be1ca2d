import { countTroubles } from '../test/count-troubles.ts';
import type { Figure } from './report.ts';

/** Where nothing goes wrong, nothing was tried: a bench whose runs saw none of one of these fails. */
export function troubleFigures(
  events: readonly { type: string; data: Record<string, unknown> }[],
): Figure[] {
  const { repairs, questions, reworked, failing } = countTroubles(events);
  return [
    some('lines of plans that were repaired', repairs),
    some('questions asked', questions),
    some('tasks that were reworked', reworked),
    some('judgements that are not "pass"', failing),
  ];
}

function some(name: string, measured: number): Figure {
  return { name, goal: '> 0', measured: `${measured}`, met: measured > 0 };
}
