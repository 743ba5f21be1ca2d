export { createOrchestration } from './create-orchestration.ts';
export type { OrchestrationConfig, OrchestrationDeps } from './deps.ts';
export type {
  ArtifactDocument,
  AttemptDocument,
  Clarification,
  FanoutAnswer,
  FanoutDocument,
  FanoutSummary,
  Page,
  ProjectDocument,
  ProjectSummary,
  RunDocument,
  RunFailure,
  RunSettings,
  RunStatus,
  RunSummary,
  TaskDocument,
  UsageDocument,
} from './documents.ts';
export { runStatuses, terminalRunStatuses } from './documents.ts';
export type {
  Accepted,
  AcceptedFanout,
  ArtifactContent,
  AttachedFile,
  ClarificationAnswer,
  FanoutInput,
  Orchestration,
  PageRequest,
  Principal,
  ProjectInput,
  Receipt,
  Redriven,
  RerunInput,
  ResultDocument,
  RunOverrides,
  TaskOverrides,
} from './orchestration.ts';
