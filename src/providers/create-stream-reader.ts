import type { StreamEvent, StreamReader, WireError } from '../protocol/index.ts';
import { type Failure, type Verdict, verdicts } from './failure.ts';
import { makeFailure } from './make-failure.ts';
import type { ProviderStreamReader, WireReply } from './provider.ts';

type EndEvent = Extract<StreamEvent, { type: 'end' }>;
type ReadFailure = (reply: WireReply, nowMs: number) => Failure;

/**
 * A wire format's reader that can also say why a stream is of no use. Leading blanks are held back
 * until text follows, so that a call whose answer is blank can be repeated: nothing of it was shown.
 */
export function createProviderStreamReader(
  reader: StreamReader,
  readFailure: ReadFailure,
): ProviderStreamReader {
  let held = '';
  let sawText = false;
  let last: EndEvent | null = null;

  const isBlank = (end: EndEvent) =>
    !sawText && (end.finishReason === 'stop' || (held !== '' && end.finishReason === 'length'));
  const pass = (event: StreamEvent): StreamEvent[] => {
    if (event.type === 'reasoning') return [event];
    if (event.type === 'end') {
      last = event;
      return [isBlank(event) ? { ...event, finishReason: 'error' } : event];
    }
    if (sawText) return [event];
    held += event.text;
    if (held.trim() === '') return [];
    sawText = true;
    return [{ type: 'text', text: held }];
  };
  return {
    push: (chunk) => reader.push(chunk).flatMap(pass),
    end: () => reader.end().flatMap(pass),
    failure(nowMs) {
      const error = reader.error();
      if (error !== null) return readStreamError(error, nowMs, readFailure);
      if (last === null) return null;
      if (isBlank(last)) return describe(nowMs, 'answer_blank');
      if (last.finishReason === 'error') return describe(nowMs, 'answer_incomplete');
      if (last.finishReason !== 'content_filter' || sawText) return null;
      return describe(nowMs, 'content_filter');
    },
  };
}

const ends = {
  answer_blank: [verdicts.trouble, 'The provider answered with nothing.'],
  answer_incomplete: [verdicts.trouble, 'The provider stopped in the middle of the answer.'],
  content_filter: [verdicts.filtered, "The provider's filter refused the call."],
} as const satisfies Record<string, readonly [Verdict, string]>;

function describe(nowMs: number, code: keyof typeof ends): Failure {
  const [verdict, message] = ends[code];
  return makeFailure(streamReply(null), nowMs, { verdict, evidence: { code, message } });
}

/** What the provider said inside the stream, or that the stream was cut. */
function readStreamError(error: WireError, nowMs: number, readFailure: ReadFailure): Failure {
  const reply = streamReply(error.body);
  const stated = error.body === null ? null : readFailure(reply, nowMs);
  if (stated !== null && stated.kind !== 'unknown') return stated;
  const code = error.body === null ? 'stream_cut' : 'stream_error';
  const evidence = { code, message: error.message };
  return makeFailure(reply, nowMs, { verdict: verdicts.trouble, evidence });
}

/** The stream had begun well: its status was 200 and its headers say nothing about the error. */
function streamReply(body: unknown): WireReply {
  return { status: 200, headers: {}, body: JSON.stringify(body) };
}
