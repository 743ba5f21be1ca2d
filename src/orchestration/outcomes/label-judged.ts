import type { Tx } from '../../platform/store/store.ts';
import type { AnsweredTask, JudgeOutcome } from '../../results/index.ts';

/**
 * A judge's word on the answers of a run: one that it named in a defect did not pass, the others did.
 * Nothing is labelled where no juror could be read, or where criteria are unmet and nobody was named:
 * then nobody knows whose fault it is. What a person said stays.
 */
export async function labelJudged(
  tx: Tx,
  tasks: readonly Pick<AnsweredTask, 'id' | 'output'>[],
  outcome: JudgeOutcome,
): Promise<void> {
  const blamed = new Set(outcome.defects.map((defect) => defect.task_id));
  const unclear = outcome.verdict.decision !== 'pass' && blamed.size === 0;
  if (outcome.judges.readable === 0 || unclear) return;
  const answered = tasks.filter((task) => task.output !== null);
  await tx.query(
    `UPDATE outcomes o SET passed = l.passed, source = 'judge', labelled_at = headrace_now()
     FROM jsonb_to_recordset($1::jsonb) AS l(task_id text, passed boolean)
     WHERE o.task_id = l.task_id AND o.source IS DISTINCT FROM 'person'`,
    [JSON.stringify(answered.map(({ id }) => ({ task_id: id, passed: !blamed.has(id) })))],
  );
}
