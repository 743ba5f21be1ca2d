import { readPayload } from '../../platform/store/payloads.ts';
import type { Tx } from '../../platform/store/store.ts';
import { readTask } from '../../queue/index.ts';
import {
  type AnsweredTask,
  type Artifact,
  collectAnswers,
  type JudgeInput,
  type JudgeOutcome,
  judgeResult,
} from '../../results/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { labelJudged } from '../outcomes/label-judged.ts';
import { storable } from '../storable.ts';
import type { StoredArtifact } from '../stored-artifact.ts';
import { completeControlTask } from './complete-control-task.ts';
import { type ControlJob, callOwner, uncalledMeta } from './control-job.ts';
import { readCallBudget } from './read-call-budget.ts';
import { answeredTasks, commissionOf, readWork } from './read-work.ts';

/** Step ⑱: the merged result against the run's criteria. */
export async function runJudge(deps: OrchestrationDeps, job: ControlJob): Promise<void> {
  const { task } = job.claim;
  const { work, merge } = await deps.store.transaction('system', async (tx) => ({
    work: await readWork(tx, task.runId),
    merge: await readMerge(tx, task.dependsOn[0]?.id ?? ''),
  }));
  const tasks = collectAnswers(answeredTasks(work));
  const outcome = await judgeResult(
    {
      dispatch: deps.dispatch,
      call: callOwner(job),
      models: job.models.map((model) => model.id),
      callBudget: await readCallBudget(deps, job),
      ...judgesOf(deps, job),
    },
    { commission: commissionOf(job, tasks), tasks, merge },
  );
  const [provider = '', ...model] = outcome.judgeModel.split('/');
  const answer = {
    output: JSON.stringify({ verdict: outcome.verdict, defects: outcome.defects }),
    meta: {
      ...uncalledMeta,
      provider,
      model: model.join('/'),
      finding: storable({
        kind: 'judge',
        verdict: {
          decision: outcome.verdict.decision,
          criteria: outcome.verdict.criteria.map((criterion) => ({ ...criterion })),
        },
        defects: outcome.defects.map((defect) => ({ ...defect })),
        judges: { ...outcome.judges },
        kinds: countKinds(tasks, outcome),
      }),
    },
  };
  await completeControlTask(deps, job, async (tx) => {
    await labelJudged(tx, tasks, outcome);
    return answer;
  });
}

/** Where a person named the orchestrator, it alone judges; models that a project left out never do. */
function judgesOf(deps: OrchestrationDeps, { settings }: ControlJob) {
  if ((settings.orchestrator ?? deps.config.orchestrator) !== null) return {};
  const allowed = new Set(settings.models);
  const models = deps.dispatch.models();
  return { judges: models.filter((model) => allowed.size === 0 || allowed.has(model.id)) };
}

async function readMerge(tx: Tx, taskId: string): Promise<JudgeInput['merge']> {
  const merge = await readTask(tx, taskId);
  const stored = (merge?.outputMeta?.finding?.['artifacts'] ?? []) as unknown as StoredArtifact[];
  const artifacts: Artifact[] = [];
  for (const { payload_id, ...artifact } of stored) {
    const { content } = await readPayload(tx, payload_id);
    artifacts.push({ ...artifact, content: content.toString('utf8') });
  }
  const conflicts = merge?.outputMeta?.finding?.['conflicts'] ?? [];
  return {
    result: merge?.output ?? '',
    artifacts,
    conflicts: conflicts as unknown as JudgeInput['merge']['conflicts'],
  };
}

/** What this judgement says about each kind of task: an answer without a defect passed; no readable verdict says nothing. */
function countKinds(tasks: readonly AnsweredTask[], outcome: JudgeOutcome) {
  const defective = new Set(outcome.defects.map((defect) => defect.task_id));
  const kinds: Record<string, { passed: number; judged: number }> = {};
  if (outcome.judges.readable === 0) return kinds;
  for (const task of tasks) {
    if (task.output === null) continue;
    kinds[task.kind] ??= { passed: 0, judged: 0 };
    const count = kinds[task.kind];
    if (!count) continue;
    count.judged += 1;
    if (!defective.has(task.id)) count.passed += 1;
  }
  return kinds;
}
