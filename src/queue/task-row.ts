import type { JsonObject } from '../platform/json.ts';
import type { Lane } from '../platform/lanes.ts';
import type {
  Claim,
  Dependency,
  OutputMeta,
  ReworkNote,
  Task,
  TaskFailure,
  TaskKind,
  TaskStatus,
} from './task.ts';

/** A row of `tasks`, with the output of its payload where the statement joined it. */
export interface TaskRow {
  id: string;
  tenant_id: string;
  run_id: string;
  ordinal: number;
  key: string;
  kind: TaskKind;
  title: string;
  instruction: string;
  depends_on: Dependency[];
  required: boolean;
  acceptance: string[];
  rework: ReworkNote[];
  artifact_path: string | null;
  output_schema: JsonObject | null;
  max_tokens: number;
  models: string[];
  member_of: string | null;
  lane: Lane;
  critical_path: number;
  status: TaskStatus;
  supersedes: string | null;
  not_before: Record<string, string>;
  refusals: number;
  tries: number;
  assignment: number;
  assigned_provider: string | null;
  assigned_model: string | null;
  worker_id: string | null;
  fencing_token: number | null;
  lease_until: Date | null;
  output: string | null;
  output_meta: OutputMeta | null;
  failure: TaskFailure | null;
  created_at: Date;
  ready_at: Date | null;
  started_at: Date | null;
  finished_at: Date | null;
}

const epoch = (time: Date | null) => time?.getTime() ?? null;

export function taskOfRow(row: TaskRow): Task {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    runId: row.run_id,
    ordinal: row.ordinal,
    key: row.key,
    kind: row.kind,
    title: row.title,
    instruction: row.instruction,
    dependsOn: row.depends_on,
    required: row.required,
    acceptance: row.acceptance,
    rework: row.rework,
    artifactPath: row.artifact_path,
    outputSchema: row.output_schema,
    maxTokens: row.max_tokens,
    models: row.models,
    memberOf: row.member_of,
    supersedes: row.supersedes,
    lane: row.lane,
    criticalPath: row.critical_path,
    status: row.status,
    notBefore: Object.fromEntries(
      Object.entries(row.not_before).map(([provider, time]) => [provider, Date.parse(time)]),
    ),
    refusals: row.refusals,
    tries: row.tries,
    assignment: row.assignment,
    assignedProvider: row.assigned_provider,
    assignedModel: row.assigned_model,
    output: row.output,
    outputMeta: row.output_meta,
    failure: row.failure,
    createdAt: row.created_at.getTime(),
    readyAt: epoch(row.ready_at),
    startedAt: epoch(row.started_at),
    finishedAt: epoch(row.finished_at),
  };
}

/** The claim that the statement which returned this row has just made. */
export function claimOfRow(row: TaskRow): Claim {
  return {
    task: taskOfRow(row),
    workerId: row.worker_id ?? '',
    fencingToken: row.fencing_token ?? 0,
    leaseUntil: epoch(row.lease_until) ?? 0,
  };
}
