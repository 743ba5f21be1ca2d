import { createParser } from 'eventsource-parser';

export interface SseMessage {
  /** The `event:` field, `null` for an unnamed message. */
  event: string | null;
  data: string;
}

export interface SseSplitter {
  push(chunk: Uint8Array | string): SseMessage[];
  /** What a last message without its blank line held. */
  end(): SseMessage[];
  /** What came after the last message, such as a bare JSON error document. */
  stray(): string;
}

/** A provider's single event beyond this is broken or hostile, not an answer. */
const largestMessage = 16 * 1024 * 1024;
const largestStray = 64 * 1024;

/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) out of bytes
 * cut anywhere. Comments (`: keep-alive`) and blank lines yield nothing.
 */
export function createSseSplitter(): SseSplitter {
  const decoder = new TextDecoder();
  let messages: SseMessage[] = [];
  let unread = '';
  const parser = createParser({
    maxBufferSize: largestMessage,
    onEvent: ({ event, data }) => {
      messages.push({ event: event ?? null, data });
    },
  });
  const take = (text: string) => {
    messages = [];
    parser.feed(text);
    // The parser drops lines that are no field, so what follows the last message is kept here.
    if (messages.length > 0) unread = text.slice(endOfLastBlankLine(text));
    else if (unread.length < largestStray) unread += text;
    return messages;
  };
  return {
    push: (chunk) =>
      take(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })),
    // Gemini ends at the end of file, which need not be a blank line.
    end: () => take(`${decoder.decode()}\n\n`),
    stray: () => unread.trim(),
  };
}

function endOfLastBlankLine(text: string): number {
  let end = 0;
  for (const match of text.matchAll(/\r\n\r\n|\n\n|\r\r/g)) end = match.index + match[0].length;
  return end;
}
