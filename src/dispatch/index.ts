export type {
  Answering,
  CallOrder,
  CallOutcome,
  Dispatch,
  ModelInfo,
  PoolHeadroom,
} from './dispatch.ts';
