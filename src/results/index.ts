export { collectAnswers } from './collect.ts';
export { estimateConfidence } from './confidence.ts';
export { judgeResult } from './judge.ts';
export { mergeAnswers } from './merge.ts';
export { mergePanel } from './panel.ts';
export type {
  AnsweredTask,
  Artifact,
  Commission,
  Confidence,
  ConfidenceInput,
  Defect,
  JudgeInput,
  JudgeOutcome,
  MergeInput,
  MergeOutcome,
  MergeReportEntry,
  PanelInput,
  PanelMember,
  PanelOutcome,
  ResultsDeps,
  Span,
  Verdict,
} from './results.ts';
