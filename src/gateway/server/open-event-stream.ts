import type { FastifyReply } from 'fastify';
import type { Clock } from '../../platform/clock.ts';

/** A client that takes nothing for this long holds a socket and an upstream call for nobody. */
const stallMs = 60_000;

const sseHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  // nginx buffers a response unless told not to, and events would come in lumps.
  'x-accel-buffering': 'no',
};

export interface EventStream {
  /**
   * Resolves when the client may be sent more. Nothing is written to a client that is gone; its
   * signal tells. A client that stalls for a minute is cut off.
   */
  write(chunk: string): Promise<void>;
  end(): void;
}

/**
 * Takes the response over from Fastify and sends its headers at once. Written by hand and not piped:
 * only so does a producer wait for the slowest client without a buffer that grows between them.
 */
export function openEventStream(reply: FastifyReply, clock: Clock): EventStream {
  reply.headers(sseHeaders);
  reply.hijack();
  const { raw } = reply;
  // A socket that breaks while nobody waits on it must not end the process.
  raw.on('error', () => raw.destroy());
  raw.writeHead(reply.statusCode, headersOf(reply));
  raw.flushHeaders();
  return {
    async write(chunk) {
      if (raw.destroyed || raw.writableEnded || raw.write(chunk)) return;
      await new Promise<void>((resolve) => {
        const cancelStall = clock.setTimer(stallMs, () => raw.destroy());
        const settle = () => {
          cancelStall();
          raw.off('drain', settle).off('close', settle);
          resolve();
        };
        raw.on('drain', settle).on('close', settle);
      });
    },
    end() {
      raw.end();
    },
  };
}

function headersOf(reply: FastifyReply): Record<string, string | string[] | number> {
  const defined = Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(defined);
}
