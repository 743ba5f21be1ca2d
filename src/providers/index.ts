export type { Failure } from './failure.ts';
export { findProvider, vendorIds } from './find-provider.ts';
export type { CallSize, Charge } from './limit.ts';
export { describeModel } from './models/describe-model.ts';
export type {
  KnownModel,
  Provider,
  ProviderStreamReader,
  QuotaEndpoint,
  WireCall,
  WireHeaders,
} from './provider.ts';
export type { QuotaPage, QuotaQuestion, StatedLimit } from './quota.ts';
export { readNetworkFailure } from './read-network-failure.ts';
