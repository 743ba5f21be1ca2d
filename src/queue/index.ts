export { type Assignment, assignTask } from './assign-task.ts';
export type { Carrier, Delivery } from './carrier.ts';
export { claimControlTask } from './claim-control-task.ts';
export { claimTask } from './claim-task.ts';
export { completeTask, type FencedWrite, lockClaim, type TaskAnswer } from './complete-task.ts';
export { deadTasks } from './dead-tasks.ts';
export { createEmbeddedCarrier } from './embedded/embedded-carrier.ts';
export { failTask, failTaskIn } from './fail-task.ts';
export { type HandBack, handBack } from './hand-back.ts';
export { hasLiveWork } from './has-live-work.ts';
export { heartbeat, heartbeatTimeoutMs, signOff, type WorkerBeat } from './heartbeat.ts';
export { heldClaims } from './held-claims.ts';
export { laneWeights } from './lane-weights.ts';
export { type LiveSlots, liveSlots } from './live-slots.ts';
export { leaseMs, maxTries, type QueueDeps } from './queue-deps.ts';
export {
  type ContextFile,
  type ContextInput,
  readTaskContext,
  type TaskContext,
} from './read-task-context.ts';
export { type ReadOptions, readTask, readTasks, readTasksById } from './read-tasks.ts';
export { readyTasks } from './ready-tasks.ts';
export { recordAnswer } from './record-answer.ts';
export { redriveTasks } from './redrive-tasks.ts';
export { refuseTask } from './refuse-task.ts';
export { relayOutbox } from './relay-outbox.ts';
export { renewLease, renewLeases } from './renew-lease.ts';
export { settleTasks } from './settle-tasks.ts';
export { startUpkeep, type UpkeepDeps } from './start-upkeep.ts';
export { storeTasks } from './store-tasks.ts';
export { type SweepOptions, type Swept, sweep } from './sweep.ts';
export {
  type Claim,
  type ControlKind,
  controlKinds,
  type Dependency,
  type NewTask,
  type OutputMeta,
  type ReadyTask,
  type ReworkNote,
  type Task,
  type TaskChange,
  type TaskFailure,
  type TaskKind,
  type TaskMessage,
  type TaskStatus,
  type WorkKind,
  workKinds,
} from './task.ts';
export { withdrawAssigned } from './withdraw-assigned.ts';
