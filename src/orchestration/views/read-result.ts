import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import { readPayload } from '../../platform/store/payloads.ts';
import type { OrchestrationDeps } from '../deps.ts';
import type { RunStatus } from '../documents.ts';
import { noSuchRun } from '../no-such-run.ts';
import type { ArtifactContent, Principal, ResultDocument } from '../orchestration.ts';
import type { StoredArtifact } from '../stored-artifact.ts';

/** Throws `not_found`, and `conflict` while there is no result. */
export async function readResult(
  deps: Pick<OrchestrationDeps, 'store'>,
  principal: Principal,
  runId: string,
): Promise<ResultDocument> {
  const { tenantId } = principal;
  return await deps.store.transaction({ tenantId }, async (tx) => {
    const [row] = await tx.query<{ status: RunStatus; result_payload: string | null }>(
      'SELECT status, result_payload FROM runs WHERE id = $1',
      [runId],
    );
    if (!row) throw noSuchRun(runId);
    if (row.result_payload === null) {
      const message = `The run is ${row.status} and has no result${row.status === 'failed' || row.status === 'cancelled' ? '' : ' yet'}.`;
      throw new HeadraceError('conflict', { message, where: runId });
    }
    const { content } = await readPayload(tx, row.result_payload);
    return { run_id: runId, status: row.status, result: content.toString('utf8') };
  });
}

/** A file of the result by its path. Throws `not_found`. */
export async function readArtifact(
  deps: Pick<OrchestrationDeps, 'store'>,
  principal: Principal,
  artifact: { runId: string; path: string },
): Promise<ArtifactContent> {
  const { tenantId } = principal;
  const { runId, path } = artifact;
  return await deps.store.transaction({ tenantId }, async (tx) => {
    const [row] = await tx.query<{ artifacts: StoredArtifact[] }>(
      'SELECT artifacts FROM runs WHERE id = $1',
      [runId],
    );
    const found = row?.artifacts.find((each) => each.path === path);
    if (!found) throw new HeadraceError('not_found', { where: row ? path : runId });
    const { content } = await readPayload(tx, found.payload_id);
    return { path, mediaType: found.media_type, content };
  });
}
