import type { Task } from '../../queue/index.ts';
import type { MergeReportEntry } from '../../results/index.ts';

/**
 * The report of the result that was kept, with rework that came to nothing after it: whoever reads that a
 * task was cancelled has to find what became of it.
 */
export function completeReport(
  report: readonly MergeReportEntry[],
  tasks: readonly Pick<Task, 'id' | 'status' | 'supersedes'>[],
): MergeReportEntry[] {
  const told = new Set(report.map(({ task_id }) => task_id));
  const unmade = tasks.filter(
    ({ id, status, supersedes }) =>
      supersedes !== null && (status === 'failed' || status === 'cancelled') && !told.has(id),
  );
  return [
    ...report,
    ...unmade.map(({ id, supersedes }) => ({
      task_id: id,
      disposition: 'rejected' as const,
      reason: `This rework came to no answer, so the one before it stands (${supersedes}).`,
      spans: [],
    })),
  ];
}
