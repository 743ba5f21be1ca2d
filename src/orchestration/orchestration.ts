import type { Lane } from '../platform/lanes.ts';
import type { RunEvent, Tx } from '../platform/store/store.ts';
import type {
  FanoutDocument,
  Page,
  PlanDocument,
  ProjectDocument,
  ProjectSummary,
  RunDocument,
  RunSettings,
  RunStatus,
  RunSummary,
} from './documents.ts';

/** Who asks. A foreign id is answered like an unknown one: `not_found`. */
export interface Principal {
  tenantId: string;
  userId: string | null;
  role: 'admin' | 'member';
}

/** What the gateway knows about the request that it passes on; steps ①–③ are recorded from it. */
export interface Receipt {
  requestId: string;
  /** Epoch ms. */
  receivedAt: number;
  /** How the caller proved who it is: `key`, `token`, `cli`. Never the secret. */
  authMethod: string;
  traceId: string;
  /**
   * Called inside the accepting transaction, before its events are appended: the answer to an
   * Idempotency-Key is stored here, so that a crash loses neither it nor the acceptance alone.
   * Where it throws, nothing is accepted. Only writes through `tx`: a retried transaction calls it again.
   */
  beforeCommit?: ((tx: Tx, accepted: Accepted | AcceptedFanout) => Promise<void>) | undefined;
}

export interface AttachedFile {
  name: string;
  mediaType: string;
  content: Buffer;
}

export interface ProjectInput {
  brief: string;
  files?: AttachedFile[] | undefined;
  /** Names as people write them; each must resolve. */
  models?: string[] | undefined;
  orchestrator?: string | undefined;
  clarify?: RunSettings['clarify'] | undefined;
  approve?: RunSettings['approve'] | undefined;
  panel?: number | undefined;
  budget?: { usd?: number | undefined; tokens?: number | undefined } | undefined;
  timeoutMs?: number | undefined;
  lane?: Lane | undefined;
  /** Rounds of rework at most, 0..2; 1 where omitted. */
  rework?: number | undefined;
}

export interface FanoutInput {
  prompt: string;
  /** 1000 where omitted. */
  maxTokens?: number | undefined;
  /** 0.7 where omitted. */
  temperature?: number | undefined;
  models: string[];
}

export interface TaskOverrides {
  model?: string | undefined;
  instruction?: string | undefined;
  maxTokens?: number | undefined;
}

export interface RunOverrides {
  settings?: Omit<ProjectInput, 'brief' | 'files'> | undefined;
  /** By task id or by the planner's key (`t1`). */
  tasks?: Record<string, TaskOverrides> | undefined;
}

export interface RerunInput {
  projectId: string;
  /** A run of the project; its latest where omitted. */
  fromRun?: string | undefined;
  /**
   * A task (id or key) of that run: it and all that depends on it run again, everything else is
   * copied with its output. Omitted: everything runs again, from the clarification on.
   */
  fromTask?: string | undefined;
  overrides?: RunOverrides | undefined;
}

/** The answer to an accepted project or rerun. */
export interface Accepted {
  id: string;
  run_id: string;
  number: number;
  status: RunStatus;
}

export interface AcceptedFanout {
  task_id: string;
  status: 'pending';
  simulated: boolean;
  subtasks_count: number;
}

export interface PageRequest {
  cursor?: string | undefined;
  /** 1..200; 50 where omitted. */
  limit?: number | undefined;
}

export interface ClarificationAnswer {
  /** Position of the question in the run's `clarifications`, from 0. */
  index: number;
  answer: string;
}

/** A task of a plan as a person writes it; what is left out is as the planner's lines have it. */
export interface PlanLine {
  key: string;
  title: string;
  instruction: string;
  kind?: 'section' | 'file' | 'research' | undefined;
  deps?: { id: string; uses: string }[] | undefined;
  acceptance?: string[] | undefined;
  maxTokens?: number | undefined;
  required?: boolean | undefined;
  path?: string | null | undefined;
  models?: string[] | undefined;
  panel?: number | undefined;
}

/** Fields of a task to change; what is left out stays. */
export type PlanFields = { [Field in keyof Omit<PlanLine, 'key'>]?: PlanLine[Field] | undefined };

/** One change of a running plan; `id` is a task's id or key. */
export type PlanOperation =
  | { op: 'add'; task: PlanLine }
  | { op: 'change'; id: string; set: PlanFields }
  | { op: 'cancel'; id: string };

export interface PlanPatch {
  runId: string;
  /** The version that the person saw: another one is refused. */
  version: number;
  operations: readonly PlanOperation[];
}

export interface Redriven {
  /** Dead tasks that live again. */
  redriven: number;
  /** The run in which they do. */
  run_id: string;
}

export interface LabelInput {
  runId: string;
  /** Id, or the planner's key. */
  task: string;
  /** Whether the answer was right. */
  passed: boolean;
}

/** What is known to be right or wrong; from three hundred of them on, confidence is calibrated. */
export interface LabelDocument {
  run_id: string;
  task_id: string;
  passed: boolean;
  source: 'person';
}

export interface ResultDocument {
  run_id: string;
  status: RunStatus;
  /** Markdown. */
  result: string;
}

export interface ArtifactContent {
  path: string;
  mediaType: string;
  content: Buffer;
}

/**
 * The door of the room. Throws `HeadraceError`: `not_found`, `conflict` where the run's state does not
 * allow the command, `brief_empty`, `brief_too_large`, `model_unknown`, `request_invalid`, `no_accounts`.
 */
export interface Orchestration {
  /** Durable when it resolves: the run is accepted and goes on by itself. */
  acceptProject(principal: Principal, input: ProjectInput, receipt: Receipt): Promise<Accepted>;
  acceptFanout(principal: Principal, input: FanoutInput, receipt: Receipt): Promise<AcceptedFanout>;
  rerun(principal: Principal, input: RerunInput, receipt: Receipt): Promise<Accepted>;

  readProject(principal: Principal, projectId: string): Promise<ProjectDocument>;
  listProjects(principal: Principal, page: PageRequest): Promise<Page<ProjectSummary>>;
  readRun(principal: Principal, runId: string): Promise<RunDocument>;
  listRuns(
    principal: Principal,
    page: PageRequest & { projectId?: string | undefined },
  ): Promise<Page<RunSummary>>;
  readFanout(principal: Principal, taskId: string): Promise<FanoutDocument>;
  /** `conflict` while there is none. */
  readResult(principal: Principal, runId: string): Promise<ResultDocument>;
  readArtifact(
    principal: Principal,
    artifact: { runId: string; path: string },
  ): Promise<ArtifactContent>;
  /** Events numbered above `after`, oldest first; at most `limit` (500). */
  readEvents(
    principal: Principal,
    request: { runId: string; after?: number; limit?: number },
  ): Promise<RunEvent[]>;
  /** A Mermaid sequence diagram of what this run recorded. */
  drawDiagram(principal: Principal, runId: string): Promise<string>;

  /** Questions left out keep their defaults. */
  answerQuestions(
    principal: Principal,
    input: { runId: string; answers: readonly ClarificationAnswer[] },
  ): Promise<RunSummary>;
  approvePlan(principal: Principal, runId: string): Promise<RunSummary>;
  readPlan(principal: Principal, runId: string): Promise<PlanDocument>;
  /** While the run waits for approval. The same plan again changes nothing. */
  replacePlan(
    principal: Principal,
    input: { runId: string; version?: number | undefined; tasks: readonly PlanLine[] },
  ): Promise<PlanDocument>;
  /** All of its operations or none; only over tasks that nobody has begun. */
  patchPlan(principal: Principal, patch: PlanPatch): Promise<PlanDocument>;
  /** Withdraws what is assigned; what runs finishes. */
  pauseRun(principal: Principal, runId: string): Promise<RunSummary>;
  resumeRun(principal: Principal, runId: string): Promise<RunSummary>;
  /** The run has ended when this resolves; workers hear of it within 2 s. Cancelling twice is no error. */
  cancelRun(principal: Principal, runId: string): Promise<RunSummary>;
  /** Gives a run's dead tasks another life; once the run has ended, in a new run that copies the rest. */
  redriveRun(principal: Principal, runId: string): Promise<Redriven>;
  /** A person's word on whether an answer was right. */
  labelAnswer(principal: Principal, label: LabelInput): Promise<LabelDocument>;
  /** Step ㉒, once per run: its client has the result. */
  recordDelivery(principal: Principal, runId: string): Promise<void>;

  /** Starts the orchestrator role: advancing, balancing, and the control tasks. */
  start(): Promise<void>;
  /** Lets what runs finish its transaction and stops; leases of unfinished control tasks lapse. */
  stop(): Promise<void>;
}
