import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal, Receipt } from '../../orchestration/index.ts';
import type { Store } from '../../platform/store/store.ts';
import { callerOf, receiptOf } from './authenticate.ts';
import { createOnce } from './create-once.ts';

/**
 * Lets orchestration accept what a request asks, at most once per `Idempotency-Key`: the answer is stored
 * in the very transaction that accepts.
 */
export function acceptOnce<Accepted extends object>(
  store: Store,
  exchange: { request: FastifyRequest; reply: FastifyReply },
  accept: (principal: Principal, receipt: Receipt) => Promise<Accepted>,
): Promise<Accepted> {
  const { principal } = callerOf(exchange.request);
  const receipt = receiptOf(exchange.request);
  return createOnce(store, exchange, {
    status: 202,
    create: (beforeCommit) => accept(principal, { ...receipt, beforeCommit }),
  });
}
