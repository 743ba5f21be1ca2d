import type { Lane } from '../platform/lanes.ts';
import type { TaskKind, TaskStatus } from '../queue/index.ts';
import type { Artifact, Confidence, MergeReportEntry, Verdict } from '../results/index.ts';

export const runStatuses = [
  'queued',
  'clarifying',
  'awaiting_input',
  'planning',
  'awaiting_approval',
  'running',
  'merging',
  'judging',
  'paused',
  'succeeded',
  'failed',
  'cancelled',
] as const;
export type RunStatus = (typeof runStatuses)[number];

export const terminalRunStatuses = ['succeeded', 'failed', 'cancelled'] as const;

export interface Clarification {
  question: string;
  /** The default, until a person answers. */
  answer: string;
  source: 'default' | 'person';
}

export interface ClarificationDocument extends Clarification {
  /** By which an answer names its question, from 0. */
  index: number;
}

export interface AttemptDocument {
  id: string;
  /** `provider/model`. */
  model: string;
  account: string;
  /** `null` while it runs. */
  outcome: 'succeeded' | 'failed' | 'unknown' | 'cancelled' | null;
  failure: { kind: string | null; message: string } | null;
  /** ISO 8601, as every time of these documents. */
  started_at: string;
  finished_at: string | null;
  input_tokens: number | null;
  output_tokens: number | null;
  /** `null`: the model has no price, or the attempt has not ended. */
  cost_usd: number | null;
  /** Nobody told what it used, so it counts with the whole of what was reserved: an upper bound. */
  as_reserved: boolean;
}

export interface TaskDocument {
  id: string;
  title: string;
  kind: TaskKind;
  depends_on: string[];
  lane: Lane;
  status: TaskStatus;
  attempts: AttemptDocument[];
  output: string | null;
  /** Only of a panel that has compared its members' answers. */
  panel?: PanelDocument;
}

export interface PanelDocument {
  route: string;
  /** The member task whose answer was taken; `null` for a synthesis or a vote. */
  picked: string | null;
  families: number;
  supporters: number;
  /** What the ablest model alone would have given, beside the panel's answer. */
  baseline: {
    task_id: string;
    model: string;
    /** By the task's criteria, 0..1; `null`: nobody compared. */
    score: number | null;
    /** Which a blind comparison in both orders prefers; `same`: it is the panel's; `null`: nobody compared. */
    preferred: 'panel' | 'baseline' | 'tie' | 'same' | null;
  };
  members: { task_id: string; model: string; score: number | null }[];
  consensus: string[];
  contradictions: string[];
  /** What only some members cover, and which members are missing. */
  partial_coverage: string[];
  unique: string[];
  blind_spots: string[];
}

/** A task of a plan. Its first ten fields are what a person may write, as the planner's lines have them. */
export interface PlanTaskDocument {
  /** The planner's id (`t1`), by which dependencies name it. */
  key: string;
  title: string;
  instruction: string;
  kind: 'section' | 'file' | 'research';
  /** By key; earlier tasks only. */
  deps: { id: string; uses: string }[];
  acceptance: string[];
  max_tokens: number;
  required: boolean;
  /** Of a file of the result. */
  path: string | null;
  /** `provider/model`, best first; empty: any. */
  models: string[];
  /** Models that answer it side by side; 0: one answers. */
  panel: number;
  id: string;
  depends_on: string[];
  lane: Lane;
  status: TaskStatus;
}

/** `GET /api/v1/runs/{id}/plan` */
export interface PlanDocument {
  run_id: string;
  status: RunStatus;
  /** Counts the changes that people made, from 1. */
  version: number;
  /** As far as they were accepted; each depends on earlier ones only. */
  tasks: PlanTaskDocument[];
}

/** What is to be said of a run's plan beside its tasks. */
export interface PlanFacts {
  /** Why the brief is one task; `null` where it was split. */
  single: string | null;
  /** What a damaged plan may have lost; `null`: nothing that is known of. */
  note: string | null;
}

export interface UsageDocument {
  input_tokens: number;
  output_tokens: number;
  /** `null` where an attempt with tokens has no price. */
  cost_usd: number | null;
}

export type ArtifactDocument = Omit<Artifact, 'content'>;

export interface RunFailure {
  /** A code of the error catalogue. */
  code: string;
  message: string;
}

/** `GET /api/v1/runs/{id}`, and what `headrace run --json` prints. */
export interface RunDocument {
  id: string;
  project_id: string;
  number: number;
  status: RunStatus;
  simulated: boolean;
  /** Rounds of judging that ended. */
  rounds: number;
  started_at: string | null;
  finished_at: string | null;
  clarifications: ClarificationDocument[];
  /** While questions wait: when their defaults hold. */
  answers_due_at: string | null;
  plan: PlanFacts;
  tasks: TaskDocument[];
  merge_report: MergeReportEntry[];
  verdict: Verdict | null;
  confidence: Confidence | null;
  usage: UsageDocument;
  artifacts: ArtifactDocument[];
  /** Markdown. */
  result: string | null;
  /** Only where the run failed, or was cut by its budget or its time-out. */
  failure?: RunFailure;
}

/** A run as lists show it. */
export interface RunSummary {
  id: string;
  project_id: string;
  /** Of its project: how the brief begins. */
  title: string;
  number: number;
  status: RunStatus;
  simulated: boolean;
  rounds: number;
  decision: Verdict['decision'] | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  usage: UsageDocument;
}

export interface FileDocument {
  name: string;
  media_type: string;
  bytes: number;
}

export interface ProjectSummary {
  id: string;
  kind: 'brief' | 'fanout';
  title: string;
  created_at: string;
}

export interface ProjectDocument extends ProjectSummary {
  brief: string;
  files: FileDocument[];
  settings: RunSettings;
  runs: { id: string; number: number; status: RunStatus }[];
}

/** What a project asks of its runs, as stored; every run holds its own copy. */
export interface RunSettings {
  /** `provider/model`; empty: every model of every account. */
  models: string[];
  /** `provider/model`; `null`: chosen by Headrace. */
  orchestrator: string | null;
  clarify: 'ask' | 'auto' | 'off';
  approve: 'ask' | 'auto';
  /** Answers per section; 0: only where the planner asks for several. */
  panel: number;
  budget: { usd: number | null; tokens: number | null };
  timeout_ms: number;
  lane: Lane;
  /** Rounds of rework at most, 0..2. */
  rework: number;
  /** Sampling temperature of the tasks; `null`: the provider's own. */
  temperature: number | null;
}

export interface Page<T> {
  items: T[];
  /** Passed as `cursor` to read what follows; `null` at the end. */
  next_cursor: string | null;
}

/** `GET /tasks/{task_id}` of the fan-out interface. */
export interface FanoutDocument {
  task_id: string;
  status: 'pending' | 'processing' | 'completed' | 'failed';
  simulated: boolean;
  results: FanoutAnswer[];
  summary: FanoutSummary | null;
}

export interface FanoutAnswer {
  /** `provider/model`. */
  model: string;
  status: 'pending' | 'processing' | 'completed' | 'failed';
  content: string | null;
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null;
  cost_usd: number | null;
  latency_ms: number | null;
  error: string | null;
}

export interface FanoutSummary {
  /** What the answers agree on. */
  consensus: string[];
  /** 0..1, or `null` where too few answered. */
  confidence_score: number | null;
  calibrated: boolean;
  /** Expected calibration error; `null` while uncalibrated. */
  ece: number | null;
  /** Labelled outcomes that there are. */
  labels: number;
  /** Which models are missing, and why. */
  partial_coverage: string[];
  explanation: string;
  /** The answer that the comparison found best. */
  best_model: string | null;
  contradictions: string[];
  unique: string[];
  blind_spots: string[];
}
