import { savePayload } from '../../platform/store/payloads.ts';
import { readTasksById } from '../../queue/index.ts';
import {
  measureFeatures,
  mergePanel,
  type PanelMember,
  type PanelOutcome,
} from '../../results/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { modelId } from '../model-id.ts';
import { readOutcomeOwner } from '../outcomes/outcome-owner.ts';
import { readGrounds } from '../outcomes/read-grounds.ts';
import { storeOutcomes } from '../outcomes/store-outcomes.ts';
import { storable } from '../storable.ts';
import { completeControlTask } from './complete-control-task.ts';
import { type ControlJob, callOwner, uncalledMeta } from './control-job.ts';
import { passRateOf, readPassRates } from './pass-rates.ts';

/** A panel's members become one answer. The fan-out interface promises no calls beyond its members'. */
export async function runPanel(deps: OrchestrationDeps, job: ControlJob): Promise<void> {
  const { task } = job.claim;
  const { owner, members, rate, grounds } = await deps.store.transaction('system', async (tx) => {
    const owner = await readOutcomeOwner(tx, task.runId);
    const rates = await readPassRates(tx, owner);
    return {
      owner,
      grounds: await readGrounds(tx, owner),
      members: await readTasksById(
        tx,
        task.dependsOn.map((dependency) => dependency.id),
      ),
      rate: passRateOf(rates, task.artifactPath === null ? 'section' : 'file'),
    };
  });
  const families = familiesOf(deps);
  const panel = members.map((member): PanelMember => {
    const model = member.outputMeta ? modelId(member.outputMeta) : (member.models[0] ?? 'unknown');
    const output = member.status === 'succeeded' ? member.output : null;
    const failure = member.failure?.message ?? null;
    return { id: member.id, model, family: families.get(model) ?? model, output, failure };
  });
  const outcome = await mergePanel(
    { dispatch: deps.dispatch, call: callOwner(job), models: job.models.map((model) => model.id) },
    {
      title: task.title,
      instruction: task.instruction,
      acceptance: task.acceptance,
      outputSchema: task.outputSchema,
      artifactPath: task.artifactPath,
      members: panel,
      passRate: rate,
      grounds,
      mayCall: job.context.projectKind === 'brief',
    },
  );
  const picked = panel.find((member) => member.id === outcome.picked);
  const [provider = 'headrace', ...model] = (picked?.model ?? 'headrace/panel').split('/');
  await completeControlTask(deps, job, async (tx) => {
    // A fan-out is neither merged nor judged: only a person can say whether its answer was right.
    if (job.context.projectKind === 'fanout') {
      const answer = { taskId: task.id, features: measureFeatures({ ...outcome, ...rate }) };
      await storeOutcomes(tx, { ...owner, runId: task.runId }, [answer]);
    }
    return {
      output: outcome.output,
      meta: {
        ...uncalledMeta,
        provider,
        model: model.join('/'),
        finding: {
          ...storable(describePanel(outcome)),
          result_payload: await savePayload(tx, task.tenantId, {
            mediaType: 'text/markdown; charset=utf-8',
            content: outcome.output,
          }),
        },
      },
    };
  });
}

function familiesOf(deps: OrchestrationDeps): Map<string, string> {
  return new Map(deps.dispatch.models().map((model) => [model.id, model.family]));
}

function describePanel(outcome: PanelOutcome) {
  const { families, supporters, runnerUp, rubric, members, answered, contradicted } = outcome;
  const { baseline } = outcome;
  return {
    kind: 'panel',
    route: outcome.route,
    picked: outcome.picked,
    consensus: outcome.consensus,
    contradictions: outcome.contradictions,
    partial_coverage: outcome.partialCoverage,
    unique: outcome.unique,
    blind_spots: outcome.blindSpots,
    // What the ablest model alone would have given; its text is its task's output.
    baseline: {
      task_id: baseline.id,
      model: baseline.model,
      score: baseline.score,
      preferred: baseline.preferred,
    },
    scores: outcome.scores.map(({ id, model, score }) => ({ task_id: id, model, score })),
    confidence: { ...outcome.confidence },
    votes: { families, supporters, runnerUp, rubric, members, answered, contradicted },
    report: outcome.report.map((entry) => ({
      ...entry,
      spans: entry.spans.map((span) => ({ ...span })),
    })),
  };
}
