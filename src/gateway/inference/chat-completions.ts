import type { FastifyReply, FastifyRequest } from 'fastify';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import { createId } from '../../platform/ids.ts';
import { writeOpenaiAnswer } from '../../protocol/index.ts';
import { callerOf } from '../server/authenticate.ts';
import { clientSignal } from '../server/client-signal.ts';
import { describeClosing } from '../server/describe-closing.ts';
import { openaiErrors } from '../server/document-failures.ts';
import type { GatewayContext, Route } from '../server/gateway-app.ts';
import { describeCall } from './call-headers.ts';
import { readChatOrder } from './chat-order.ts';
import { chatAnswers, chatInput } from './chat-schemas.ts';
import { createChatSink } from './chat-sink.ts';
import { streamChat } from './stream-chat.ts';

/** Bytes: a context of a million tokens, generously escaped. */
const bodyLimit = 16 << 20;

export const chatCompletions: Route = (app, context) => {
  app.route({
    method: 'POST',
    url: '/v1/chat/completions',
    bodyLimit,
    schema: {
      operationId: 'createChatCompletion',
      tags: ['inference'],
      summary: "Ask any provider's model in OpenAI's format, streamed or not",
      description:
        'The headers headrace-provider, -model, -attempts, -cost-usd (not streamed) and -simulated tell who answered.',
      body: chatInput,
      response: { 200: chatAnswers, ...openaiErrors },
    },
    // The schema above describes; the wire format's own reader decides, and says why in its words.
    validatorCompiler: () => (value) => ({ value }),
    async handler(request, reply) {
      const gone = clientSignal(reply);
      try {
        await answerChat(context, { request, reply }, gone);
      } catch (error) {
        if (!gone.aborted) throw context.abandoning.aborted ? describeClosing(error) : error;
        // Nobody is there to be told, and what an aborted call throws is no failure of ours.
        reply.hijack();
      }
      return reply;
    },
  });
};

async function answerChat(
  context: GatewayContext,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  gone: AbortSignal,
): Promise<void> {
  const { principal } = callerOf(request);
  const { chat, order } = readChatOrder(context.dispatch, request.body, {
    principal,
    requestId: request.id,
    now: request.receivedAt,
    signal: AbortSignal.any([gone, context.abandoning]),
  });
  const identity = {
    id: `chatcmpl-${createId('req').slice('req_'.length)}`,
    created: Math.floor(request.receivedAt / 1_000),
  };
  if (chat.stream) {
    const { includeUsage } = chat;
    const sink = createChatSink(reply, { ...identity, includeUsage, clock: context.clock });
    await streamChat(context, { order, principal }, sink);
    return;
  }
  const outcome = await context.dispatch.call(order);
  if (outcome.answer.finishReason === 'error') throw new HeadraceError('upstream_failed');
  const model = `${outcome.provider}/${outcome.model}`;
  reply.headers(describeCall(outcome, principal));
  reply.send(writeOpenaiAnswer(outcome.answer, { ...identity, model }));
}
