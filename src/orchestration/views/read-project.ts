import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { OrchestrationDeps } from '../deps.ts';
import type { FileDocument, ProjectDocument, RunSettings, RunStatus } from '../documents.ts';
import type { Principal } from '../orchestration.ts';

interface ProjectRow {
  id: string;
  kind: ProjectDocument['kind'];
  title: string;
  created_at: Date;
  brief: string;
  files: (FileDocument & { payload_id: string })[];
  settings: RunSettings;
}

/** Throws `not_found`. */
export async function readProject(
  deps: Pick<OrchestrationDeps, 'store'>,
  principal: Principal,
  projectId: string,
): Promise<ProjectDocument> {
  const { tenantId } = principal;
  return await deps.store.transaction({ tenantId }, async (tx) => {
    const [row] = await tx.query<ProjectRow>(
      `SELECT p.id, p.kind, p.title, p.created_at, convert_from(b.content, 'UTF8') AS brief, p.files,
         p.settings
       FROM projects p JOIN payloads b ON b.id = p.brief_payload WHERE p.id = $1`,
      [projectId],
    );
    if (!row) throw new HeadraceError('not_found', { where: projectId });
    const runs = await tx.query<{ id: string; number: number; status: RunStatus }>(
      'SELECT id, number, status FROM runs WHERE project_id = $1 ORDER BY number',
      [projectId],
    );
    const { id, kind, title, brief, settings } = row;
    return {
      ...{ id, kind, title, brief, settings },
      created_at: row.created_at.toISOString(),
      files: row.files.map(({ name, media_type, bytes }) => ({ name, media_type, bytes })),
      runs: runs.map((run) => ({ id: run.id, number: run.number, status: run.status })),
    };
  });
}
