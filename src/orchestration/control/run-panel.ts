import { savePayload } from '../../platform/store/payloads.ts';
import { readTasksById } from '../../queue/index.ts';
import { mergePanel, type PanelMember, type PanelOutcome } from '../../results/index.ts';
import type { OrchestrationDeps } from '../deps.ts';
import { modelId } from '../model-id.ts';
import { storable } from '../storable.ts';
import { completeControlTask } from './complete-control-task.ts';
import { type ControlJob, callOwner, uncalledMeta } from './control-job.ts';
import { passRateOf, readPassRates } from './pass-rates.ts';

/** A panel's members become one answer. The fan-out interface promises no calls beyond its members'. */
export async function runPanel(deps: OrchestrationDeps, job: ControlJob): Promise<void> {
  const { task } = job.claim;
  const { members, rate } = await deps.store.transaction('system', async (tx) => {
    const rates = await readPassRates(tx, task.tenantId);
    return {
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
    return { id: member.id, model, family: families.get(model) ?? model, output };
  });
  const passRate = (rate.passed + 1) / (rate.judged + 2);
  const outcome = await mergePanel(
    { dispatch: deps.dispatch, call: callOwner(job), models: job.models.map((model) => model.id) },
    {
      title: task.title,
      instruction: task.instruction,
      acceptance: task.acceptance,
      outputSchema: task.outputSchema,
      artifactPath: task.artifactPath,
      members: panel,
      passRate,
      mayCall: job.context.projectKind === 'brief',
    },
  );
  const picked = panel.find((member) => member.id === outcome.picked);
  const [provider = 'headrace', ...model] = (picked?.model ?? 'headrace/panel').split('/');
  await completeControlTask(deps, job, async (tx) => ({
    output: outcome.output,
    meta: {
      ...uncalledMeta,
      provider,
      model: model.join('/'),
      finding: {
        ...storable(describePanel(outcome, panel)),
        result_payload: await savePayload(tx, task.tenantId, {
          mediaType: 'text/markdown; charset=utf-8',
          content: outcome.output,
        }),
      },
    },
  }));
}

function familiesOf(deps: OrchestrationDeps): Map<string, string> {
  return new Map(deps.dispatch.models().map((model) => [model.id, model.family]));
}

function describePanel(outcome: PanelOutcome, panel: readonly PanelMember[]) {
  return {
    kind: 'panel',
    route: outcome.route,
    picked: outcome.picked,
    consensus: outcome.consensus,
    contradictions: outcome.contradictions,
    unique: outcome.unique,
    blind_spots: outcome.blindSpots,
    // The single model whose answer stands beside the panel's for comparison.
    baseline: panel.find((member) => member.output !== null)?.id ?? null,
    confidence: { ...outcome.confidence },
    families: outcome.families,
    supporters: outcome.supporters,
    report: outcome.report.map((entry) => ({
      ...entry,
      spans: entry.spans.map((span) => ({ ...span })),
    })),
  };
}
