import { acceptFanout } from './accept/accept-fanout.ts';
import { acceptProject } from './accept/accept-project.ts';
import { rerun } from './accept/rerun.ts';
import { commandRun } from './commands/command-run.ts';
import { patchPlan } from './commands/patch-plan.ts';
import { recordDelivery } from './commands/record-delivery.ts';
import { redriveRun } from './commands/redrive-run.ts';
import { replacePlan } from './commands/replace-plan.ts';
import type { OrchestrationDeps } from './deps.ts';
import type { Orchestration } from './orchestration.ts';
import { labelAnswer } from './outcomes/label-answer.ts';
import { type Role, startRole } from './start-role.ts';
import { drawDiagram } from './views/draw-diagram.ts';
import { listProjects } from './views/list-projects.ts';
import { listRuns } from './views/list-runs.ts';
import { readEvents } from './views/read-events.ts';
import { readFanout } from './views/read-fanout.ts';
import { readPlan } from './views/read-plan.ts';
import { readProject } from './views/read-project.ts';
import { readArtifact, readResult } from './views/read-result.ts';
import { readRun } from './views/read-run.ts';

/** The room's door, and the orchestrator role behind `start`. */
export function createOrchestration(deps: OrchestrationDeps): Orchestration {
  let role: Role | null = null;
  return {
    acceptProject: (principal, input, receipt) =>
      acceptProject(deps, principal, { input, receipt }),
    acceptFanout: (principal, input, receipt) => acceptFanout(deps, principal, { input, receipt }),
    rerun: (principal, input, receipt) => rerun(deps, principal, { input, receipt }),

    readProject: (principal, projectId) => readProject(deps, principal, projectId),
    listProjects: (principal, page) => listProjects(deps, principal, page),
    readRun: (principal, runId) => readRun(deps, principal, runId),
    listRuns: (principal, page) => listRuns(deps, principal, page),
    readFanout: (principal, taskId) => readFanout(deps, principal, taskId),
    readResult: (principal, runId) => readResult(deps, principal, runId),
    readArtifact: (principal, artifact) => readArtifact(deps, principal, artifact),
    readEvents: (principal, request) => readEvents(deps, principal, request),
    drawDiagram: (principal, runId) => drawDiagram(deps, principal, runId),

    answerQuestions: (principal, { runId, answers }) =>
      commandRun(deps, principal, { runId, order: { type: 'answer', answers } }),
    approvePlan: (principal, runId) =>
      commandRun(deps, principal, { runId, order: { type: 'approve' } }),
    readPlan: (principal, runId) => readPlan(deps, principal, runId),
    replacePlan: (principal, input) => replacePlan(deps, principal, input),
    patchPlan: (principal, patch) => patchPlan(deps, principal, patch),
    pauseRun: (principal, runId) =>
      commandRun(deps, principal, { runId, order: { type: 'pause' } }),
    resumeRun: (principal, runId) =>
      commandRun(deps, principal, { runId, order: { type: 'resume' } }),
    cancelRun: (principal, runId) =>
      commandRun(deps, principal, { runId, order: { type: 'cancel' } }),
    redriveRun: (principal, runId) => redriveRun(deps, principal, runId),
    labelAnswer: (principal, label) => labelAnswer(deps, principal, label),
    recordDelivery: (principal, runId) => recordDelivery(deps, principal, runId),

    async start() {
      role ??= startRole(deps);
    },
    async stop() {
      const stopping = role;
      role = null;
      await stopping?.stop();
    },
  };
}
