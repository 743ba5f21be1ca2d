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

export interface MergeOutcome {
  /** Markdown. */
  result: string;
  report: MergeReportEntry[];
  artifacts: Artifact[];
  route: 'assembly' | 'synthesis' | 'judge_pick' | 'field_vote' | 'single';
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
}

export interface Confidence {
  value: number;
  calibrated: boolean;
  explanation: string;
}
