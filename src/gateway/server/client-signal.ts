import type { FastifyReply } from 'fastify';

/** Aborted as soon as the client's connection is gone; never after the response was written. */
export function clientSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
