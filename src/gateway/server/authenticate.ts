import type { FastifyRequest } from 'fastify';
import type { Receipt } from '../../orchestration/index.ts';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { GatewayAuth } from '../gateway-deps.ts';
import type { Caller } from './gateway-app.ts';

/** Step ②: asks auth who calls, before a byte of the body is read. Unknown routes belong to nobody. */
export async function authenticateRequest(
  auth: GatewayAuth,
  request: FastifyRequest,
): Promise<void> {
  const { access = 'member' } = request.routeOptions.config;
  if (access === 'public' || request.is404) return;
  const { method, tenantId, userId, role } = await auth.authenticate(request.headers);
  request.caller = { principal: { tenantId, userId, role }, method };
  if (access === 'admin' && role !== 'admin') throw new HeadraceError('forbidden');
}

/** Throws rather than let a route work for nobody, should it lose its access rule one day. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new HeadraceError('unauthenticated');
  return request.caller;
}

/** What is recorded of the request as steps ①–③. */
export function receiptOf(request: FastifyRequest): Receipt {
  return {
    requestId: request.id,
    receivedAt: request.receivedAt,
    authMethod: callerOf(request).method,
    traceId: request.traceId,
  };
}
