export { type Assignment, assignTasks } from './assign-tasks.ts';
export type { Carrier, Delivery } from './carrier.ts';
export { claimControlTask } from './claim-control-task.ts';
export { claimTasks } from './claim-tasks.ts';
export { type AnsweredClaim, completeTask, lockClaim, type TaskAnswer } from './complete-task.ts';
export { disownClaims } from './disown-claims.ts';
export { createEmbeddedCarrier } from './embedded/embedded-carrier.ts';
export { failTask } from './fail-task.ts';
export { type HandBack, handBack } from './hand-back.ts';
export { heartbeat, heartbeatTimeoutMs, signOff } from './heartbeat.ts';
export { heldClaims } from './held-claims.ts';
export { liveSlots } from './live-slots.ts';
export { moveTasks } from './move-tasks.ts';
export { leaseMs, maxTries } from './queue-deps.ts';
export {
  type ContextFile,
  readTaskContext,
  readTaskContexts,
  type TaskContext,
} from './read-task-contexts.ts';
export { readTask, readTasks, readTasksById } from './read-tasks.ts';
export { readyTasks } from './ready-tasks.ts';
export { recordAnswer, recordAnswers } from './record-answers.ts';
export { redriveTasks } from './redrive-tasks.ts';
export { refuseTask } from './refuse-task.ts';
export { renewLeases } from './renew-leases.ts';
export { settleTasks } from './settle-tasks.ts';
export { startRelay } from './start-relay.ts';
export { storeTasks } from './store-tasks.ts';
export { sweep } from './sweep.ts';
export type {
  Claim,
  ControlKind,
  Dependency,
  NewTask,
  OutputMeta,
  ReadyTask,
  ReworkNote,
  Task,
  TaskFailure,
  TaskKind,
  TaskMessage,
  TaskStatus,
} from './task.ts';
export { controlKinds } from './task.ts';
export { withdrawAssigned } from './withdraw-assigned.ts';
