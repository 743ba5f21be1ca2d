import type { Tx } from '../../platform/store/store.ts';
import type { Verdict } from '../../results/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import type { Page, RunStatus, RunSummary } from '../documents.ts';
import { noSuchRun } from '../no-such-run.ts';
import type { PageRequest, Principal } from '../orchestration.ts';
import { readPage, writeCursor } from './cursor.ts';
import { type UsageRow, usageColumns, usageOfRow } from './usage.ts';

interface SummaryRow extends UsageRow {
  id: string;
  project_id: string;
  title: string;
  number: number;
  status: RunStatus;
  simulated: boolean;
  rounds: number;
  decision: Verdict['decision'] | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  position: string;
}

const columns = `r.id, r.project_id, p.title, r.number, r.status, r.simulated, r.rounds,
  r.verdict->>'decision' AS decision, r.created_at, r.started_at, r.finished_at,
  (extract(epoch FROM r.created_at) * 1000000)::bigint::text AS position,
  u.input_tokens, u.output_tokens, u.cost_nano_usd, u.unpriced`;
const joined = `JOIN projects p ON p.id = r.project_id
  LEFT JOIN LATERAL (SELECT ${usageColumns} FROM attempts a WHERE a.run_id = r.id) u ON true`;

/** The tenant's runs, newest first. */
export async function listRuns(
  deps: Pick<OrchestrationDeps, 'store'>,
  principal: Principal,
  page: PageRequest & { projectId?: string | undefined },
): Promise<Page<RunSummary>> {
  const { after, limit } = readPage(page);
  const { tenantId } = principal;
  const rows = await deps.store.transaction({ tenantId }, (tx) =>
    tx.query<SummaryRow>(
      `SELECT ${columns} FROM runs r ${joined}
       WHERE r.tenant_id = $1 AND ($2::text IS NULL OR r.project_id = $2)
         AND ($3::text IS NULL OR (r.created_at, r.id)
           < (timestamptz 'epoch' + $3::bigint * interval '1 microsecond', $4::text))
       ORDER BY r.created_at DESC, r.id DESC LIMIT $5`,
      [tenantId, page.projectId ?? null, after?.at ?? null, after?.id ?? null, limit + 1],
    ),
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last;
  return {
    items: shown.map(summaryOfRow),
    next_cursor: more ? writeCursor({ at: last.position, id: last.id }) : null,
  };
}

/** Throws `not_found`. */
export async function readRunSummary(tx: Tx, runId: string): Promise<RunSummary> {
  const [row] = await tx.query<SummaryRow>(
    `SELECT ${columns} FROM runs r ${joined} WHERE r.id = $1`,
    [runId],
  );
  if (!row) throw noSuchRun(runId);
  return summaryOfRow(row);
}

function summaryOfRow(row: SummaryRow): RunSummary {
  const { id, project_id, title, number, status, simulated, rounds, decision } = row;
  return {
    ...{ id, project_id, title, number, status, simulated, rounds, decision },
    created_at: row.created_at.toISOString(),
    started_at: isoOf(row.started_at),
    finished_at: isoOf(row.finished_at),
    usage: usageOfRow(row),
  };
}

export function isoOf(time: Date | null): string | null {
  return time?.toISOString() ?? null;
}
