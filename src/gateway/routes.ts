import { addAccount } from './accounts/add-account.ts';
import { addCredential } from './accounts/add-credential.ts';
import { changeAccount } from './accounts/change-account.ts';
import { drainProvider } from './accounts/drain-provider.ts';
import { explainChoice } from './accounts/explain-choice.ts';
import { importAccounts } from './accounts/import-accounts.ts';
import { listAccounts } from './accounts/list-accounts.ts';
import { listProviders } from './accounts/list-providers.ts';
import { readAccount } from './accounts/read-account.ts';
import { removeAccount } from './accounts/remove-account.ts';
import { revokeCredential } from './accounts/revoke-credential.ts';
import { rotateCredential } from './accounts/rotate-credential.ts';
import { setAccountState } from './accounts/set-account-state.ts';
import { testAccount } from './accounts/test-account.ts';
import { readDocs } from './docs/read-docs.ts';
import { readOpenapi } from './docs/read-openapi.ts';
import { createTask } from './fanout/create-task.ts';
import { issueToken } from './fanout/issue-token.ts';
import { readTask } from './fanout/read-task.ts';
import { healthz } from './health/healthz.ts';
import { readyz } from './health/readyz.ts';
import { chatCompletions } from './inference/chat-completions.ts';
import { listModels } from './inference/list-models.ts';
import { readModel } from './inference/read-model.ts';
import { createKey } from './keys/create-key.ts';
import { listKeys } from './keys/list-keys.ts';
import { revokeKey } from './keys/revoke-key.ts';
import { readMetrics } from './metrics/read-metrics.ts';
import { createProject } from './projects/create-project.ts';
import { createRun } from './projects/create-run.ts';
import { listProjects } from './projects/list-projects.ts';
import { readProject } from './projects/read-project.ts';
import { answerQuestions } from './runs/answer-questions.ts';
import { approvePlan } from './runs/approve-plan.ts';
import { cancelRun } from './runs/cancel-run.ts';
import { drawDiagram } from './runs/draw-diagram.ts';
import { labelAnswer } from './runs/label-answer.ts';
import { listRuns } from './runs/list-runs.ts';
import { patchPlan } from './runs/patch-plan.ts';
import { pauseRun } from './runs/pause-run.ts';
import { readArtifact } from './runs/read-artifact.ts';
import { readPlan } from './runs/read-plan.ts';
import { readResult } from './runs/read-result.ts';
import { readRun } from './runs/read-run.ts';
import { redriveRun } from './runs/redrive-run.ts';
import { replacePlan } from './runs/replace-plan.ts';
import { resumeRun } from './runs/resume-run.ts';
import { streamEvents } from './runs/stream-events.ts';
import type { Route } from './server/gateway-app.ts';
import { addUser } from './users/add-user.ts';
import { disableUser } from './users/disable-user.ts';
import { listUsers } from './users/list-users.ts';

/** All that the gateway answers, in the order in which the API description shows it. */
export const routes: readonly Route[] = [
  createProject,
  listProjects,
  readProject,
  createRun,
  listRuns,
  readRun,
  streamEvents,
  readResult,
  readArtifact,
  drawDiagram,
  readPlan,
  replacePlan,
  patchPlan,
  approvePlan,
  answerQuestions,
  pauseRun,
  resumeRun,
  cancelRun,
  redriveRun,
  labelAnswer,
  issueToken,
  createTask,
  readTask,
  chatCompletions,
  listModels,
  readModel,
  listProviders,
  listUsers,
  addUser,
  disableUser,
  listKeys,
  createKey,
  revokeKey,
  listAccounts,
  addAccount,
  changeAccount,
  importAccounts,
  explainChoice,
  readAccount,
  removeAccount,
  setAccountState,
  testAccount,
  addCredential,
  rotateCredential,
  revokeCredential,
  drainProvider,
  readMetrics,
  healthz,
  readyz,
  readOpenapi,
  readDocs,
];
