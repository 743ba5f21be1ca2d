import type { StreamEvent } from './canonical.ts';
import { createSseSplitter, type SseMessage } from './sse.ts';
import type { StreamReader, WireError } from './stream-reader.ts';

export type EndEvent = Extract<StreamEvent, { type: 'end' }>;

/** What one wire format makes of the messages of a stream. */
export interface AnswerDecoder {
  /** The events of one message, or the error document that it is. Throws where it is unreadable. */
  decode(message: SseMessage): { events: StreamEvent[] } | { error: WireError };
  /** The end of a connection that closed without a terminal message; `null`: it was cut. */
  close(): EndEvent | null;
  /** Whose answer it was, as far as it was said. */
  identity(): { id: string | null; model: string };
}

/** A `StreamReader` over server-sent events: ends once, and ends badly where the stream was cut. */
export function createSseReader(decoder: AnswerDecoder): StreamReader {
  const splitter = createSseSplitter();
  let ended = false;
  let failure: WireError | null = null;

  const fail = (error: WireError): StreamEvent[] => {
    ended = true;
    failure = error;
    return [{ type: 'end', ...decoder.identity(), finishReason: 'error', usage: null }];
  };
  const readMessage = (message: SseMessage): StreamEvent[] => {
    if (ended || message.data.trim() === '') return [];
    const decoded = decoder.decode(message);
    if ('error' in decoded) return fail(decoded.error);
    ended = decoded.events.at(-1)?.type === 'end';
    return decoded.events;
  };
  const read = (split: () => SseMessage[]): StreamEvent[] => {
    if (ended) return [];
    const events: StreamEvent[] = [];
    try {
      for (const message of split()) events.push(...readMessage(message));
    } catch (cause) {
      events.push(...fail({ body: null, message: tellUnreadable(cause) }));
    }
    return events;
  };
  return {
    push: (chunk) => read(() => splitter.push(chunk)),
    end: () => {
      const events = read(() => splitter.end());
      if (ended) return events;
      const last = decoder.close();
      if (last === null) return [...events, ...fail(readStray(splitter.stray()))];
      ended = true;
      return [...events, last];
    },
    error: () => failure,
  };
}

function tellUnreadable(cause: unknown): string {
  if (cause instanceof SyntaxError)
    return `The provider sent something that is no valid JSON (${cause.message}).`;
  return cause instanceof Error ? cause.message : 'The stream is unreadable.';
}

/** A reply that was no event stream: an error document sent bare, or nothing. */
function readStray(text: string): WireError {
  const cut = { body: null, message: 'The stream was cut before its end.' };
  if (text === '') return cut;
  try {
    return { body: JSON.parse(text), message: 'The provider sent a document instead of a stream.' };
  } catch {
    return cut;
  }
}
