export { CallError } from './call-error.ts';
export { createDispatch, type RunningDispatch } from './create-dispatch.ts';
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
