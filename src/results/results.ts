import type { CallOrder, Dispatch, ModelInfo } from '../dispatch/index.ts';
import type { JsonObject } from '../platform/json.ts';
import type { Calibration } from './calibrate.ts';

/** On whose behalf results calls models: the control task that merges or judges. */
export interface ResultsDeps {
  dispatch: Dispatch;
  /** Who pays, until when, and how to stop. */
  call: Pick<CallOrder, 'tenantId' | 'lane' | 'owner' | 'deadlineAt' | 'signal' | 'standIns'>;
  /** Orchestrator models, `provider/model`, best first. */
  models: readonly string[];
  /** What one call may take of a budget; `null` or left out: no budget bounds it. */
  callBudget?: CallBudget | null;
  /** Every model that may judge beside them; left out: the orchestrator models alone do. */
  judges?: readonly ModelInfo[];
}

/** Bounds of one call as a budget counts them: its input byte by byte. `null`: unbounded. */
export interface CallBudget {
  tokens: number | null;
  nanoUsd: number | null;
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
  /** Verbatim from the inputs; `brief` instead of a task where the brief is one side. */
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
  /** Between answers of different tasks, and between an answer and the brief. */
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
  /** 0..1. */
  value: number;
  calibrated: boolean;
  explanation: string;
  /** Expected calibration error of the fit on labels that it had not seen, 0..1; `null` while uncalibrated. */
  ece: number | null;
  /** Labelled outcomes that there are. */
  labels: number;
}

/** What confidence stands on beside the answer itself: the fit, `null` while there are too few labels. */
export interface Grounds {
  calibration: Calibration | null;
  labels: number;
}

/** How the models that were asked stand to the answer that was kept. */
export interface Votes {
  /** Families asked, and those that support the answer; a synthesis has no more than one behind it. */
  families: number;
  supporters: number;
  /** Families behind the strongest other answer. */
  runnerUp: number;
  /** How the answer scored by the task's acceptance criteria, 0..1; `null`: nobody compared. */
  rubric: number | null;
  /** Models asked, and those that answered. */
  members: number;
  answered: number;
  /** Share of the other answers that contradict it, 0..1. */
  contradicted: number;
}

export interface MergeInput {
  commission: Commission;
  /** The current revision of every work task, in plan order; superseded ones left out. */
  tasks: readonly AnsweredTask[];
  /** `false`: no model is asked; findings that one would have merged stand one after the other. */
  mayCall?: boolean;
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
  /** Why it did not answer. */
  failure?: string | null;
}

export interface PanelInput {
  title: string;
  instruction: string;
  acceptance: readonly string[];
  outputSchema: JsonObject | null;
  /** Where the answers are versions of one file, its path. */
  artifactPath: string | null;
  members: readonly PanelMember[];
  /** How answers to this kind of task were judged so far. */
  passRate: PassRate;
  grounds: Grounds;
  /** `false`: compare without calling a model (the fan-out interface). */
  mayCall: boolean;
}

/** What one model alone would have given: the ablest member that answered, beside the panel. */
export interface Baseline {
  /** Its task. */
  id: string;
  model: string;
  output: string;
  /** By the task's criteria, 0..1; `null`: nobody compared. */
  score: number | null;
  /** Which of the two a blind comparison in both orders prefers; `same`: the panel picked it; `null`: nobody compared. */
  preferred: 'panel' | 'baseline' | 'tie' | 'same' | null;
}

export interface PanelOutcome extends Votes, Pick<RatedAnswer, 'checks'> {
  /** What the panel answers. */
  output: string;
  route: MergeOutcome['route'];
  /** The member whose answer was picked; `null` for a synthesis or a vote. */
  picked: string | null;
  /** What most families say, in a sentence or the answer itself. */
  consensus: string[];
  contradictions: string[];
  /** What some members cover and others do not, and which members are missing altogether. */
  partialCoverage: string[];
  unique: string[];
  blindSpots: string[];
  baseline: Baseline;
  /** Every member with its score by the task's criteria, 0..1; `null`: nobody compared, or it did not answer. */
  scores: { id: string; model: string; score: number | null }[];
  confidence: Confidence;
  report: MergeReportEntry[];
}

export interface JudgeInput {
  commission: Commission;
  tasks: readonly AnsweredTask[];
  merge: Pick<MergeOutcome, 'result' | 'artifacts' | 'conflicts'>;
}

/** Judged and passed so far for a kind of task, over all runs of the tenant. */
export interface PassRate {
  passed: number;
  judged: number;
}

/** What the confidence of one answer is computed from. */
export interface RatedAnswer extends Votes, PassRate {
  /** Share of the deterministic checks that the answer passes, 0..1. */
  checks: number;
}

/** What the confidence of a result is computed from. */
export interface ConfidenceInput {
  tasks: readonly (RatedAnswer & { title: string; required: boolean })[];
  grounds: Grounds;
}
