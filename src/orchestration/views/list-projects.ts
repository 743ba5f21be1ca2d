import type { OrchestrationDeps } from '../deps.ts';
import type { Page, ProjectSummary } from '../documents.ts';
import type { PageRequest, Principal } from '../orchestration.ts';
import { readPage, writeCursor } from './cursor.ts';

interface ProjectRow {
  id: string;
  kind: ProjectSummary['kind'];
  title: string;
  created_at: Date;
  position: string;
}

/** The tenant's projects, newest first. */
export async function listProjects(
  deps: Pick<OrchestrationDeps, 'store'>,
  principal: Principal,
  page: PageRequest,
): Promise<Page<ProjectSummary>> {
  const { after, limit } = readPage(page);
  const { tenantId } = principal;
  const rows = await deps.store.transaction({ tenantId }, (tx) =>
    tx.query<ProjectRow>(
      `SELECT id, kind, title, created_at,
         (extract(epoch FROM created_at) * 1000000)::bigint::text AS position
       FROM projects
       WHERE tenant_id = $1 AND ($2::text IS NULL OR (created_at, id)
         < (timestamptz 'epoch' + $2::bigint * interval '1 microsecond', $3::text))
       ORDER BY created_at DESC, id DESC LIMIT $4`,
      [tenantId, after?.at ?? null, after?.id ?? null, limit + 1],
    ),
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last;
  return {
    items: shown.map(({ id, kind, title, created_at }) => ({
      ...{ id, kind, title },
      created_at: created_at.toISOString(),
    })),
    next_cursor: more ? writeCursor({ at: last.position, id: last.id }) : null,
  };
}
