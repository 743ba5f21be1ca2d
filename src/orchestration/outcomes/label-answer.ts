import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { OrchestrationDeps } from '../deps.ts';
import type { LabelDocument, LabelInput, Principal } from '../orchestration.ts';

/**
 * A person's word on an answer; it outranks the judge's, before and after. `task` is an id or the
 * planner's key, which means its latest revision. Throws `not_found`, and `conflict` for a task whose
 * answer was not merged.
 */
export async function labelAnswer(
  deps: Pick<OrchestrationDeps, 'store'>,
  principal: Principal,
  { runId, task, passed }: LabelInput,
): Promise<LabelDocument> {
  const { tenantId } = principal;
  return await deps.store.transaction({ tenantId }, async (tx) => {
    const [found] = await tx.query<{ id: string }>(
      `SELECT id FROM tasks WHERE run_id = $1 AND (id = $2 OR key = $2) AND member_of IS NULL
       ORDER BY (id = $2) DESC, ordinal DESC LIMIT 1`,
      [runId, task],
    );
    if (!found) {
      throw new HeadraceError('not_found', {
        message: 'There is no such task of such a run, or it is not yours.',
        where: `${runId}/${task}`,
        fix: './headrace runs plan ID (GET /api/v1/runs/{id}/plan) names the tasks of a run.',
      });
    }
    const labelled = await tx.query(
      `UPDATE outcomes SET passed = $2, source = 'person', labelled_at = headrace_now()
       WHERE task_id = $1 RETURNING 1 AS done`,
      [found.id, passed],
    );
    if (labelled.length === 0) {
      const message =
        'Only an answer that was merged, or that a panel gave, can be called right or wrong.';
      throw new HeadraceError('conflict', { message, where: found.id });
    }
    return { run_id: runId, task_id: found.id, passed, source: 'person' };
  });
}
