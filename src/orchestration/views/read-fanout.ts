import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { JsonObject } from '../../platform/json.ts';
import { readTasks, type Task } from '../../queue/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import type {
  AttemptDocument,
  FanoutAnswer,
  FanoutDocument,
  FanoutSummary,
  RunStatus,
} from '../documents.ts';
import { modelId } from '../model-id.ts';
import type { Principal } from '../orchestration.ts';
import { readAttempts } from './read-attempts.ts';

/** What `GET /tasks/{task_id}` shows of a fan-out. Throws `not_found`. */
export async function readFanout(
  deps: Pick<OrchestrationDeps, 'store'>,
  principal: Principal,
  taskId: string,
): Promise<FanoutDocument> {
  const { tenantId } = principal;
  return await deps.store.transaction({ tenantId }, async (tx) => {
    const [run] = await tx.query<{ status: RunStatus; simulated: boolean }>(
      `SELECT r.status, r.simulated FROM runs r JOIN projects p ON p.id = r.project_id
       WHERE r.id = $1 AND p.kind = 'fanout'`,
      [taskId],
    );
    if (!run) throw new HeadraceError('not_found', { where: taskId });
    const tasks = await readTasks(tx, taskId);
    const attempts = await readAttempts(tx, taskId);
    const members = tasks.filter((task) => task.kind === 'member');
    const panel = tasks.find((task) => task.kind === 'panel');
    return {
      task_id: taskId,
      status: statusOf(run.status, members),
      simulated: run.simulated,
      results: members.map((member) => answerOf(member, attempts.get(member.id) ?? [])),
      summary: panel?.status === 'succeeded' ? summaryOf(panel, members) : null,
    };
  });
}

function statusOf(status: RunStatus, members: readonly Task[]): FanoutDocument['status'] {
  if (status === 'succeeded') return 'completed';
  if (status === 'failed' || status === 'cancelled') return 'failed';
  const begun = members.some((member) => member.startedAt !== null);
  return begun ? 'processing' : 'pending';
}

const memberStatus: Record<Task['status'], FanoutAnswer['status']> = {
  pending: 'pending',
  ready: 'pending',
  assigned: 'pending',
  running: 'processing',
  succeeded: 'completed',
  failed: 'failed',
  superseded: 'failed',
  cancelled: 'failed',
};

function answerOf(member: Task, attempts: readonly AttemptDocument[]): FanoutAnswer {
  const last = attempts.at(-1);
  const prompt = last?.input_tokens ?? null;
  const completion = last?.output_tokens ?? null;
  const costs = attempts.map((attempt) => attempt.cost_usd);
  return {
    model: last?.model ?? member.models[0] ?? '',
    status: memberStatus[member.status],
    content: member.status === 'succeeded' ? member.output : null,
    usage:
      prompt === null || completion === null
        ? null
        : {
            prompt_tokens: prompt,
            completion_tokens: completion,
            total_tokens: prompt + completion,
          },
    cost_usd:
      costs.length === 0 || costs.includes(null)
        ? null
        : costs.reduce((sum: number, cost) => sum + (cost ?? 0), 0),
    latency_ms: latencyOf(last),
    error: member.failure?.message ?? (member.status === 'cancelled' ? 'It was cancelled.' : null),
  };
}

function latencyOf(attempt: AttemptDocument | undefined): number | null {
  if (!attempt?.finished_at) return null;
  return Date.parse(attempt.finished_at) - Date.parse(attempt.started_at);
}

function summaryOf(panel: Task, members: readonly Task[]): FanoutSummary {
  const finding: JsonObject = panel.outputMeta?.finding ?? {};
  const confidence = (finding['confidence'] ?? {}) as JsonObject;
  const picked = members.find((member) => member.id === finding['picked']);
  return {
    consensus: textsOf(finding['consensus']),
    confidence_score: typeof confidence['value'] === 'number' ? confidence['value'] : null,
    calibrated: confidence['calibrated'] === true,
    ece: typeof confidence['ece'] === 'number' ? confidence['ece'] : null,
    labels: Number(confidence['labels'] ?? 0),
    partial_coverage: textsOf(finding['partial_coverage']),
    explanation: String(confidence['explanation'] ?? ''),
    best_model: picked?.outputMeta ? modelId(picked.outputMeta) : null,
    contradictions: textsOf(finding['contradictions']),
    unique: textsOf(finding['unique']),
    blind_spots: textsOf(finding['blind_spots']),
  };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
