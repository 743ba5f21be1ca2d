import type { FastifyReply } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import type { HeadraceError } from '../../platform/errors/headrace-error.ts';
import {
  createOpenaiStreamWriter,
  type OpenaiStreamWriter,
  type StreamEvent,
  writeOpenaiError,
} from '../../protocol/index.ts';
import { type EventStream, openEventStream } from '../server/open-event-stream.ts';

export interface ChatSinkOptions {
  id: string;
  /** Epoch seconds. */
  created: number;
  includeUsage: boolean;
  clock: Clock;
}

/** Where the events of a streamed answer go: OpenAI's chunks. */
export interface ChatSink {
  /** Whether a byte has left, so that no status can be chosen any more. */
  opened(): boolean;
  /** Names the model and sets headers; without effect once opened. */
  announce(model: string, headers: Record<string, string>): void;
  /** Resolves when the client may be sent more; opens with the first event that has something to show. */
  write(event: StreamEvent): Promise<void>;
  finish(): Promise<void>;
  /** Ends without `[DONE]`, so that a cut answer never looks whole. */
  fail(failure: HeadraceError): Promise<void>;
}

export function createChatSink(reply: FastifyReply, options: ChatSinkOptions): ChatSink {
  const { clock, ...identity } = options;
  let writer: OpenaiStreamWriter | undefined;
  let model = '';
  let stream: EventStream | undefined;

  return {
    opened: () => stream !== undefined,
    announce(name, headers) {
      if (stream) return;
      model = name;
      reply.headers(headers);
    },
    async write(event) {
      writer ??= createOpenaiStreamWriter({ ...identity, model });
      for (const chunk of writer.write(event)) {
        stream ??= openEventStream(reply, clock);
        await stream.write(frame(chunk));
      }
    },
    async finish() {
      await stream?.write('data: [DONE]\n\n');
      stream?.end();
    },
    async fail(failure) {
      await stream?.write(frame(writeOpenaiError(failure)));
      stream?.end();
    },
  };
}

function frame(chunk: object): string {
  return `data: ${JSON.stringify(chunk)}\n\n`;
}
