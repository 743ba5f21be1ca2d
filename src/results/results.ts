import type { CallOrder, Dispatch, ModelInfo } from '../dispatch/index.ts';
import type { JsonObject } from '../platform/json.ts';

/** On whose behalf results calls models: the control task that merges or judges. */
export interface ResultsDeps {
  dispatch: Dispatch;
  /** Who pays, until when, and how to stop. */
  call: Pick<CallOrder, 'tenantId' | 'lane' | 'owner' | 'deadlineAt' | 'signal'>;
  /** Orchestrator models, `provider/model`, best first. */
  models: readonly string[];
  /** Every model that may judge beside them; left out: the orchestrator models alone do. */
  judges?: readonly ModelInfo[];
}

/** What was asked, as the person and the clarification left it. */
export interface Commission {
  brief: string;
  clarifications: readonly { question: string; answer: string }[];
  /** Fixed yes/no criteria of the whole result. */
  criteria: readonly string[];
}

/** An answered (or failed) task as merging and judging see it. */
export interface AnsweredTask {
  id: string;
  key: string;
  title: string;
  kind: string;
  instruction: string;
  acceptance: string[];
  artifactPath: string | null;
  dependsOn: string[];
  required: boolean;
  /** `null`: it failed or was cancelled. */
  output: string | null;
  /** The model stopped at its output cap. */
  brokeOff?: boolean;
  failure: string | null;
  model: string | null;
  confidence: number | null;
}

export interface Span {
  /** UTF-16 offsets into the result, end exclusive. */
  start: number;
  end: number;
}

export interface MergeReportEntry {
  task_id: string;
  disposition: 'used' | 'superseded' | 'rejected';
  reason: string;
  spans: Span[];
}

export interface Artifact {
  path: string;
  media_type: string;
  bytes: number;
  sha256: string;
  task_id: string;
  content: string;
}

/** Two inputs that cannot both be right. */
export interface Conflict {
  kind: 'number' | 'negation';
  /** Verbatim from the inputs. */
  quotes: { task_id: string; quote: string }[];
  /** Both quotations in a line. */
  text: string;
}

/** What became of one statement of an input. */
export interface ClaimReport {
  task_id: string;
  /** Verbatim from the input. */
  text: string;
  disposition: 'used' | 'rejected';
  reason: string;
  /** Where the result says it. */
  spans: Span[];
}

export interface MergeOutcome {
  /** Markdown. */
  result: string;
  report: MergeReportEntry[];
  artifacts: Artifact[];
  route: 'assembly' | 'synthesis' | 'judge_pick' | 'field_vote' | 'single';
  /** What became of every statement with an amount. */
  claims: ClaimReport[];
  /** Between answers of different tasks. */
  conflicts: Conflict[];
}

export interface Verdict {
  decision: 'pass' | 'partial' | 'fail';
  criteria: { text: string; met: boolean; evidence: string }[];
}

export interface Defect {
  /** A task id of the run. */
  task_id: string;
  criterion: string;
  fix: string;
}

export interface JudgeOutcome {
  verdict: Verdict;
  /** Named tasks to rework; empty when nothing can be mended. */
  defects: Defect[];
  judgeModel: string;
  judges: {
    /** A family that wrote nothing, a jury of three, or the orchestrator for want of either. */
    kind: 'outsider' | 'jury' | 'orchestrator';
    /** Who was asked, `provider/model`. */
    models: string[];
    /** Opinions that could be read, over all jurors and orders; 0: no verdict. */
    readable: number;
  };
}

export interface Confidence {
  value: number;
  calibrated: boolean;
  explanation: string;
}

export interface MergeInput {
  commission: Commission;
  /** The current revision of every work task, in plan order; superseded ones left out. */
  tasks: readonly AnsweredTask[];
}

export interface PanelMember {
  /** The member task's id. */
  id: string;
  /** `provider/model`. */
  model: string;
  /** The vendor's family: one vote each. */
  family: string;
  /** `null`: it failed; a member that fails costs its answer only. */
  output: string | null;
}

export interface PanelInput {
  title: string;
  instruction: string;
  acceptance: readonly string[];
  outputSchema: JsonObject | null;
  /** Where the answers are versions of one file, its path. */
  artifactPath: string | null;
  members: readonly PanelMember[];
  /** Share of judged tasks of this kind that passed, 0..1. */
  passRate: number;
  /** `false`: compare without calling a model (the fan-out interface). */
  mayCall: boolean;
}

export interface PanelOutcome {
  /** What the panel answers. */
  output: string;
  route: MergeOutcome['route'];
  /** The member whose answer was picked; `null` for a synthesis or a vote. */
  picked: string | null;
  /** What most families say, in a sentence or the answer itself. */
  consensus: string[];
  contradictions: string[];
  unique: string[];
  blindSpots: string[];
  /** The single strongest member's answer, for comparison beside the panel's. */
  baseline: string;
  confidence: Confidence;
  /** Families asked, and those that support the output; a synthesis has no more than one behind it. */
  families: number;
  supporters: number;
  report: MergeReportEntry[];
}

export interface JudgeInput {
  commission: Commission;
  tasks: readonly AnsweredTask[];
  merge: Pick<MergeOutcome, 'result' | 'artifacts'>;
}

/** What confidence is computed from: one entry per required task. */
export interface ConfidenceInput {
  tasks: readonly {
    title: string;
    required: boolean;
    /** Families that answered. */
    families: number;
    /** Families that support the answer that was kept. */
    supporters: number;
    /** Judged and passed so far for this kind of task, over all runs of the tenant. */
    passed: number;
    judged: number;
  }[];
}
