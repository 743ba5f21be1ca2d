export {
  applyWeights,
  calibrate,
  calibrationError,
  type Features,
  featureNames,
  type Label,
} from './calibrate.ts';
export { passedChecks } from './check-result.ts';
export { collectAnswers } from './collect.ts';
export { estimateConfidence, measureFeatures, rateAnswer, singleVote } from './confidence.ts';
export { judgeResult } from './judge.ts';
export { mergeAnswers } from './merge.ts';
export { mergePanel } from './panel.ts';
export type {
  AnsweredTask,
  Artifact,
  Baseline,
  CallBudget,
  Commission,
  Confidence,
  ConfidenceInput,
  Defect,
  Grounds,
  JudgeInput,
  JudgeOutcome,
  MergeInput,
  MergeOutcome,
  MergeReportEntry,
  PanelInput,
  PanelMember,
  PanelOutcome,
  PassRate,
  RatedAnswer,
  ResultsDeps,
  Span,
  Verdict,
  Votes,
} from './results.ts';
