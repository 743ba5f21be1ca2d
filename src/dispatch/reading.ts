import type { Clock } from '../platform/clock.ts';
import type { CallSignal } from './cut-off.ts';
import type { Exchange, ExchangeFacts } from './exchange-end.ts';
import type { WireResponse } from './transport/transport.ts';

/** A reply whose head has come, and what is told of it. */
export interface Reading {
  clock: Clock;
  asked: Exchange;
  response: WireResponse;
  facts: ExchangeFacts;
  bounds: CallSignal;
}
