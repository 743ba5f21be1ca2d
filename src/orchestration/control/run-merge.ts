import { createHash } from 'node:crypto';
import { savePayload } from '../../platform/store/payloads.ts';
import type { Tx } from '../../platform/store/store.ts';
import {
  type AnsweredTask,
  type Artifact,
  collectAnswers,
  estimateConfidence,
  type MergeOutcome,
  type MergeReportEntry,
  measureFeatures,
  mergeAnswers,
  passedChecks,
  singleVote,
  type Votes,
} from '../../results/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { isPlainMerge } from '../machine/control-task.ts';
import { readOutcomeOwner } from '../outcomes/outcome-owner.ts';
import { readGrounds } from '../outcomes/read-grounds.ts';
import { storeOutcomes } from '../outcomes/store-outcomes.ts';
import { storable } from '../storable.ts';
import type { StoredArtifact } from '../stored-artifact.ts';
import { completeControlTask } from './complete-control-task.ts';
import { type ControlJob, callOwner, uncalledMeta } from './control-job.ts';
import { type PassRates, passRateOf, readPassRates } from './pass-rates.ts';
import { readCallBudget } from './read-call-budget.ts';
import { answeredTasks, commissionOf, readWork, reportReplaced, type Work } from './read-work.ts';

/** Step ⑰: all answers become one result, its files and the report of what became of each answer. */
export async function runMerge(deps: OrchestrationDeps, job: ControlJob): Promise<void> {
  const { task } = job.claim;
  const { owner, work, rates, grounds } = await deps.store.transaction('system', async (tx) => {
    const owner = await readOutcomeOwner(tx, task.runId);
    return {
      owner,
      work: await readWork(tx, task.runId),
      rates: await readPassRates(tx, owner),
      grounds: await readGrounds(tx, owner),
    };
  });
  const tasks = collectAnswers(answeredTasks(work));
  const merged = await mergeAnswers(
    {
      dispatch: deps.dispatch,
      call: callOwner(job),
      models: job.models.map((model) => model.id),
      callBudget: await readCallBudget(deps, job),
    },
    { commission: commissionOf(job, tasks), tasks, mayCall: !isPlainMerge(task) },
  );
  const report = [...explainUnmerged(merged, task.instruction), ...reportReplaced(work)];
  const rated = tasks.map((each) => rateTask(each, { work, rates, merged }));
  const confidence = estimateConfidence({ tasks: rated, grounds });
  const outcomes = rated
    .filter((each) => each.supporters > 0)
    .map((each) => ({ taskId: each.id, features: measureFeatures(each) }));
  await completeControlTask(deps, job, async (tx) => {
    await storeOutcomes(tx, { ...owner, runId: task.runId }, outcomes);
    return {
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
          repeated: await isRepeated(tx, task.runId, merged),
          result_payload: await saveResult(tx, task.tenantId, merged),
          report: storable(
            report.map((entry) => ({ ...entry, spans: entry.spans.map((span) => ({ ...span })) })),
          ),
          artifacts: await saveArtifacts(tx, task.tenantId, merged.artifacts),
          confidence: storable({ ...confidence }),
        },
      },
    };
  });
}

/** Where no model merged, `why` says so beside each answer that stands as it came; else it is empty. */
function explainUnmerged({ report }: MergeOutcome, why: string): MergeReportEntry[] {
  return report.map((entry) =>
    why !== '' && entry.disposition === 'used'
      ? { ...entry, reason: `${entry.reason} ${why}` }
      : entry,
  );
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

/** Whether the run's best result so far says exactly the same, files included. */
async function isRepeated(tx: Tx, runId: string, merged: MergeOutcome): Promise<boolean> {
  const [best] = await tx.query<{ sha256: string; artifacts: StoredArtifact[] }>(
    'SELECT p.sha256, r.artifacts FROM runs r JOIN payloads p ON p.id = r.result_payload WHERE r.id = $1',
    [runId],
  );
  if (!best) return false;
  const files = (list: readonly Pick<Artifact, 'path' | 'sha256'>[]) =>
    list.map(({ path, sha256 }) => `${path} ${sha256}`).join('\n');
  const digest = createHash('sha256').update(merged.result).digest('hex');
  return digest === best.sha256 && files(merged.artifacts) === files(best.artifacts);
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

/** What is known of an answer before it is judged; one that nobody else answered is worth what its kind has been worth. */
function rateTask(
  task: AnsweredTask,
  known: { work: Work; rates: PassRates; merged: Pick<MergeOutcome, 'conflicts'> },
) {
  const votes = votesOf(task, known.work);
  const isContradicted = known.merged.conflicts.some(({ quotes }) =>
    quotes.some((quote) => quote.task_id === task.id),
  );
  return {
    ...{ ...votes, ...passRateOf(known.rates, task.kind) },
    ...{ id: task.id, title: task.title, required: task.required },
    // Of two tasks that contradict each other either may be wrong.
    contradicted: Math.max(votes.contradicted, isContradicted ? 0.5 : 0),
    checks: passedChecks(task),
  };
}

function votesOf(task: AnsweredTask, work: Work): Votes {
  if (task.output === null) return { ...singleVote, supporters: 0, answered: 0 };
  const stored = work.byId.get(task.id)?.outputMeta?.finding?.['votes'];
  return stored ? { ...singleVote, ...(stored as Partial<Votes>) } : singleVote;
}
