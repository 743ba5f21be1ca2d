import { z } from 'zod';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import { errorFields } from '../../platform/log.ts';
import { terminalEvents } from '../../platform/steps.ts';
import { callerOf } from '../server/authenticate.ts';
import { clientSignal } from '../server/client-signal.ts';
import { problems } from '../server/document-failures.ts';
import type { GatewayContext, Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';
import { openEventStream } from '../server/open-event-stream.ts';
import { hasEnded, recordDelivery } from './delivery.ts';
import { type FollowRequest, followRun } from './follow-run.ts';

const eventsQuery = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('As Last-Event-ID, for clients that cannot set headers.'),
});

export const streamEvents: Route = (app, context) => {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:id/events',
    // Otherwise HEAD would follow the run to its end to say nothing.
    exposeHeadRoute: false,
    schema: {
      operationId: 'streamEvents',
      tags: ['runs'],
      summary: "Follow a run's events (SSE) up to the terminal one",
      description:
        'id: is the number of the event, event: its type. Last-Event-ID resumes with nothing missed or repeated; 204 says that there is nothing more to come.',
      params: idParams,
      querystring: eventsQuery,
      response: {
        200: {
          description: 'Events as they happen.',
          content: { 'text/event-stream': { schema: z.string() } },
        },
        204: z.undefined().describe('The run has ended and the client has all of it.'),
        ...problems,
      },
    },
    async handler(request, reply) {
      const { principal } = callerOf(request);
      const runId = request.params.id;
      const after = readLastEventId(request.headers['last-event-id']) ?? request.query.after ?? 0;
      if (!(await moreIsToCome(context, { principal, runId, after })))
        return reply.code(204).send();
      const signal = AbortSignal.any([clientSignal(reply), context.stopping]);
      const onEnd = () => recordDelivery(context, principal, runId);
      const stream = openEventStream(reply, context.clock);
      try {
        for await (const chunk of followRun(context, { principal, runId, after, signal, onEnd })) {
          await stream.write(chunk);
        }
      } catch (error) {
        // The status is sent: all that is left is to end, and the client resumes where it was.
        context.log.warn('events.cut', { run_id: runId, ...errorFields(error) });
      }
      stream.end();
      return reply;
    },
  });
};

function readLastEventId(header: string | string[] | undefined): number | undefined {
  if (header === undefined || header === '') return undefined;
  const number = typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : -1;
  if (number >= 0) return number;
  throw new HeadraceError('request_invalid', {
    message: 'Last-Event-ID is not the number of an event.',
    where: 'header.last-event-id',
  });
}

/**
 * Whether the terminal event lies ahead of `after`. An EventSource that is cut off behind it would
 * come back for ever; 204 stops it. Throws `not_found` while a status can still be sent.
 */
async function moreIsToCome(
  { orchestration }: Pick<GatewayContext, 'orchestration'>,
  { principal, runId, after }: Pick<FollowRequest, 'principal' | 'runId' | 'after'>,
): Promise<boolean> {
  const [next] = await orchestration.readEvents(principal, { runId, after, limit: 1 });
  if (next && next.type !== 'result.delivered') return true;
  const run = await orchestration.readRun(principal, runId);
  if (!hasEnded(run.status)) return true;
  // It may have ended between the two reads, and then its last events are ahead after all.
  const rest = await orchestration.readEvents(principal, { runId, after });
  return rest.some(({ type }) => terminalEvents.includes(type));
}
