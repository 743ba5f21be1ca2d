import type { FastifyReply } from 'fastify';
import { type Principal, type RunStatus, terminalRunStatuses } from '../../orchestration/index.ts';
import { errorFields } from '../../platform/log.ts';
import type { GatewayContext } from '../server/gateway-app.ts';

const terminal: readonly RunStatus[] = terminalRunStatuses;

export function hasEnded(status: RunStatus): boolean {
  return terminal.includes(status);
}

/** Step ㉒. Losing the record must not cost the client its result, so a failure is logged only. */
export async function recordDelivery(
  { orchestration, log }: Pick<GatewayContext, 'orchestration' | 'log'>,
  principal: Principal,
  runId: string,
): Promise<void> {
  await orchestration.recordDelivery(principal, runId).catch((error: unknown) => {
    log.warn('delivery.not_recorded', { run_id: runId, ...errorFields(error) });
  });
}

/** Records the delivery once the last byte is written: a client that left before has no result. */
export function deliverAfterwards(
  context: Pick<GatewayContext, 'orchestration' | 'log'>,
  { reply, principal, runId }: { reply: FastifyReply; principal: Principal; runId: string },
): void {
  if (reply.request.method === 'HEAD') return;
  reply.raw.once('finish', () => void recordDelivery(context, principal, runId));
}
