import type { Checks } from './check-result.ts';
import type { Contradiction } from './find-contradictions.ts';

/** Named of one task; more would drown what it is told to mend. */
const mostNamed = 3;

/**
 * A criterion and a defect for each task that is to mend its side; where nothing is contradicted there
 * is none. One a task, so that rework which mends one of two counts as better.
 */
export function checkContradictions(found: readonly Contradiction[]): Checks {
  const checks: Checks = { criteria: [], defects: [] };
  for (const [task, cases] of Map.groupBy(found, (item) => item.task)) {
    const text = `“${task.title}” contradicts neither another part nor its notes nor the brief.`;
    const named = cases.slice(0, mostNamed);
    const more = cases.length > mostNamed ? `; and ${cases.length - mostNamed} more` : '';
    const evidence = `${named.map(describeContradiction).join('; ')}${more}`;
    checks.criteria.push({ text, met: false, evidence });
    const fix = named.map(writeFix).join(' ');
    checks.defects.push({ task_id: task.id, criterion: text, fix });
  }
  return checks;
}

/** `t2 “Berths”: “…” ≠ “…” (the brief)` */
export function describeContradiction({
  task,
  quote,
  against,
  othersQuote,
}: Contradiction): string {
  return `${task.key} “${task.title}”: “${quote}” ≠ “${othersQuote}” (${against ? `${against.key} “${against.title}”` : 'the brief'})`;
}

/** Without full stops within, so that a model which repeats it says both sides in one sentence. */
function writeFix({ quote, against, othersQuote }: Contradiction): string {
  const source = against ? `“${against.title}”` : 'the brief';
  const [own, theirs] = [quote, othersQuote].map((text) => text.replace(/[.!?。！？\s]+$/u, ''));
  return `Instead of “${own}” say what ${source} says, “${theirs}”, or say openly that the two differ and which holds.`;
}
