export type { Failure, FailureKind } from './failure.ts';
export { type CompatibleHost, findProvider, vendorIds } from './find-provider.ts';
export {
  type CallSize,
  type Charge,
  type LimitDimension,
  type LimitRules,
  limitDimensions,
  type ObservedLimit,
} from './limit.ts';
export { catalogueAsOf } from './models/catalogue.ts';
export { describeModel } from './models/describe-model.ts';
export type {
  CallTarget,
  KnownModel,
  ProbeTarget,
  Provider,
  ProviderStreamReader,
  ReplyReading,
  WireCall,
  WireHeaders,
  WireReply,
} from './provider.ts';
export { readNetworkFailure } from './read-network-failure.ts';
