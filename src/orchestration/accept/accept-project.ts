import { isUtf8 } from 'node:buffer';
import { leastAnswer, promptBytes } from '../budget/least-answer.ts';
import { refuseTooSmall } from '../budget/refuse-too-small.ts';
import type { OrchestrationDeps } from '../deps.ts';
import type { Accepted, AttachedFile, Principal, ProjectInput, Receipt } from '../orchestration.ts';
import { usableModels } from '../plan/plan-rules.ts';
import { insertProject, insertRun, recordAcceptance } from './create-run.ts';
import { keepForFinishing } from './keep-for-finishing.ts';
import { validateBrief, validateFiles, validateSettings } from './validate-input.ts';

/** Step ④. Everything in one transaction: what was answered with an id is durable and will be run. */
export async function acceptProject(
  deps: OrchestrationDeps,
  principal: Principal,
  request: { input: ProjectInput; receipt: Receipt },
): Promise<Accepted> {
  const { input, receipt } = request;
  const project = {
    kind: 'brief' as const,
    brief: validateBrief(input.brief),
    files: validateFiles(input.files ?? []),
    settings: validateSettings(input, deps.dispatch),
  };
  const least = leastAnswer(
    promptBytes({
      briefBytes: Buffer.byteLength(project.brief),
      files: project.files.map(shownFile),
      clarifications: [],
    }),
    usableModels(deps, project.settings),
  );
  refuseTooSmall(project.settings.budget, least);
  const { tenantId } = principal;
  const accepted = await deps.store.transaction({ tenantId }, async (tx): Promise<Accepted> => {
    const projectId = await insertProject(tx, principal, project);
    const run = await insertRun(tx, tenantId, {
      projectId,
      settings: project.settings,
      simulated: deps.dispatch.simulated(),
      traceId: receipt.traceId,
      planComplete: false,
      rerunOf: null,
      kept: keepForFinishing(project.settings, deps.dispatch, least),
    });
    const answer: Accepted = {
      id: projectId,
      run_id: run.id,
      number: run.number,
      status: 'queued',
    };
    await receipt.beforeCommit?.(tx, answer);
    await recordAcceptance(tx, {
      runId: run.id,
      principal,
      receipt,
      facts: { project_id: projectId, number: run.number, lane: project.settings.lane },
    });
    return answer;
  });
  deps.store.notify('advance', accepted.run_id);
  return accepted;
}

/** Of what is not text a worker sees the name only. */
function shownFile({ name, content }: AttachedFile) {
  return { name, bytes: isUtf8(content) ? content.length : 0 };
}
