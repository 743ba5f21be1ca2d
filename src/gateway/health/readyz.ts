import { z } from 'zod';
import type { Store } from '../../platform/store/store.ts';
import type { GatewayContext, Route } from '../server/gateway-app.ts';

const pingTimeoutMs = 1_000;

const readiness = z.object({
  status: z.enum(['ready', 'not_ready']),
  reasons: z.array(z.string()).describe('What is missing; empty when ready.'),
});

export const readyz: Route = (app, context) => {
  app.route({
    method: 'GET',
    url: '/readyz',
    config: { access: 'public' },
    schema: {
      operationId: 'readyz',
      tags: ['health'],
      summary: 'Whether requests can be served',
      response: { 200: readiness, 503: readiness },
    },
    async handler(_request, reply) {
      const reasons = await findReasons(context);
      return reasons.length === 0
        ? { status: 'ready' as const, reasons }
        : reply.code(503).send({ status: 'not_ready', reasons });
    },
  });
};

async function findReasons({ store, stopping, readiness: more = [] }: GatewayContext) {
  if (stopping.aborted) return ['The gateway is closing.'];
  const checks = [() => checkStore(store), ...more];
  const found = await Promise.all(
    // A check that fails says no more than that: nobody has shown a key to see its message.
    checks.map((check) => check().catch(() => 'A check failed; see the log.')),
  );
  return found.filter((reason) => reason !== null);
}

async function checkStore(store: Store): Promise<string | null> {
  try {
    await store.ping(pingTimeoutMs);
  } catch {
    return 'The store does not answer.';
  }
  try {
    // Only a migrated schema has this function, and only a role with its rights may call it.
    await store.transaction('system', (tx) => tx.query('SELECT headrace_now()'));
    return null;
  } catch {
    return 'The store answers, but its schema cannot be used: migrate it.';
  }
}
