import { savePayload } from '../../platform/store/payloads.ts';
import type { Tx } from '../../platform/store/store.ts';
import {
  type AnsweredTask,
  type Artifact,
  type Confidence,
  collectAnswers,
  estimateConfidence,
  type MergeOutcome,
  mergeAnswers,
} from '../../results/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { storable } from '../storable.ts';
import type { StoredArtifact } from '../stored-artifact.ts';
import { completeControlTask } from './complete-control-task.ts';
import { type ControlJob, callOwner, uncalledMeta } from './control-job.ts';
import { type PassRates, passRateOf, readPassRates } from './pass-rates.ts';
import { answeredTasks, commissionOf, readWork, reportReplaced, type Work } from './read-work.ts';

/** Step ⑰: all answers become one result, its files and the report of what became of each answer. */
export async function runMerge(deps: OrchestrationDeps, job: ControlJob): Promise<void> {
  const { task } = job.claim;
  const { work, rates } = await deps.store.transaction('system', async (tx) => ({
    work: await readWork(tx, task.runId),
    rates: await readPassRates(tx, task.tenantId),
  }));
  const tasks = collectAnswers(answeredTasks(work));
  const merged = await mergeAnswers(
    { dispatch: deps.dispatch, call: callOwner(job), models: job.models.map((model) => model.id) },
    { commission: commissionOf(job, tasks), tasks },
  );
  const report = [...merged.report, ...reportReplaced(work)];
  const confidence = rateConfidence({ work, tasks, rates });
  await completeControlTask(deps, job, async (tx) => ({
    output: merged.result,
    meta: {
      ...uncalledMeta,
      finding: {
        kind: 'merge',
        route: merged.route,
        used: report.filter((entry) => entry.disposition === 'used').length,
        rejected: report.filter((entry) => entry.disposition === 'rejected').length,
        bytes: Buffer.byteLength(merged.result),
        conflicts: storable(merged.conflicts.slice(0, mostStored).map((item) => ({ ...item }))),
        claims: describeClaims(merged),
        result_payload: await saveResult(tx, task.tenantId, merged),
        report: storable(
          report.map((entry) => ({ ...entry, spans: entry.spans.map((span) => ({ ...span })) })),
        ),
        artifacts: await saveArtifacts(tx, task.tenantId, merged.artifacts),
        confidence: storable({ ...confidence }),
      },
    },
  }));
}

/** Findings lie in the task's row; what is longer says the same again. */
const mostStored = 50;

function describeClaims({ claims }: MergeOutcome) {
  const rejected = claims.filter((claim) => claim.disposition === 'rejected');
  return storable({
    used: claims.length - rejected.length,
    rejected: rejected.length,
    left_out: rejected.slice(0, mostStored).map(({ task_id, text }) => ({ task_id, text })),
  });
}

function saveResult(tx: Tx, tenantId: string, merged: MergeOutcome): Promise<string> {
  return savePayload(tx, tenantId, {
    mediaType: 'text/markdown; charset=utf-8',
    content: merged.result,
  });
}

async function saveArtifacts(
  tx: Tx,
  tenantId: string,
  artifacts: readonly Artifact[],
): Promise<StoredArtifact[]> {
  const stored: StoredArtifact[] = [];
  for (const { content, ...artifact } of artifacts) {
    const payload_id = await savePayload(tx, tenantId, {
      mediaType: artifact.media_type,
      content,
    });
    stored.push({ ...artifact, payload_id });
  }
  return stored;
}

/** The weakest required task decides; a single answer is worth what its kind has been worth so far. */
function rateConfidence(input: {
  work: Work;
  tasks: readonly AnsweredTask[];
  rates: PassRates;
}): Confidence {
  return estimateConfidence({
    tasks: input.tasks.map((task) => {
      const votes = votesOf(task, input.work);
      const { passed, judged } = passRateOf(input.rates, task.kind);
      return { title: task.title, required: task.required, ...votes, passed, judged };
    }),
  });
}

function votesOf(task: AnsweredTask, work: Work): { families: number; supporters: number } {
  if (task.output === null) return { families: 1, supporters: 0 };
  const finding = work.byId.get(task.id)?.outputMeta?.finding;
  const families = Number(finding?.['families'] ?? 1);
  const supporters = Number(finding?.['supporters'] ?? 1);
  return { families, supporters };
}
