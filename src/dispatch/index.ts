export { CallError } from './call-error.ts';
export { createDispatch, type RunningDispatch } from './create-dispatch.ts';
export type { AccountDesk } from './desk/account-desk.ts';
export { checkModelClasses } from './desk/check-model-classes.ts';
export type { ProviderDesk } from './desk/create-provider-desk.ts';
export type {
  Answering,
  CallOrder,
  CallOutcome,
  Dispatch,
  ModelInfo,
  PoolHeadroom,
} from './dispatch.ts';
export type { DispatchDeps } from './dispatch-deps.ts';
export { createEstimates, type EstimatedCall } from './estimates/estimates.ts';
export { forgetAnswers, readKeptCost } from './kept-answers.ts';
