import type { Clock } from '../platform/clock.ts';
import type { CanonicalAnswer, StreamEvent, Usage } from '../protocol/index.ts';
import type { Failure, Provider, WireCall, WireHeaders } from '../providers/index.ts';
import { createCallSignal } from './cut-off.ts';
import { endOfError } from './end-of-error.ts';
import { readReply } from './read-reply.ts';
import { readStream } from './read-stream.ts';
import type { TimeOuts } from './time-outs.ts';
import type { Transport } from './transport/transport.ts';

export interface ExchangeDeps {
  clock: Clock;
  transport: Transport;
}

export interface Exchange {
  provider: Provider;
  call: WireCall;
  secret: string;
  timeOuts: TimeOuts;
  deadlineAt: number;
  signal: AbortSignal;
  /** Hears text and reasoning as they come; awaited, so that a slow listener slows the vendor down. */
  onEvent: ((event: StreamEvent) => void | Promise<void>) | undefined;
}

/** How one wire call ended. Every way out of it is one of these; nothing is thrown. */
export type ExchangeEnd = ExchangeFacts &
  (
    | { kind: 'answered'; answer: CanonicalAnswer }
    | { kind: 'failed'; failure: Failure; billed: 'nothing' | 'unknown' | Usage }
    /** The caller went away, or what it listens with threw: `reason` says which. */
    | { kind: 'cancelled'; reason: unknown; billed: 'nothing' | 'unknown' }
  );

export interface ExchangeFacts {
  /** Epoch ms. */
  sentAt: number;
  /** `null`: no header came. */
  headers: WireHeaders | null;
  firstByteMs: number | null;
  firstTokenMs: number | null;
  /** Something of the answer was heard: another try would repeat it. */
  delivered: boolean;
  /** The text that came, complete or not. */
  text: string;
  /** The vendor was given up on for its silence. */
  timedOut: boolean;
}

/** Sends one call and reads its answer (step 15). */
export async function exchange(deps: ExchangeDeps, asked: Exchange): Promise<ExchangeEnd> {
  const { clock } = deps;
  const bounds = createCallSignal(clock, { caller: asked.signal, deadlineAt: asked.deadlineAt });
  const facts: ExchangeFacts = {
    sentAt: clock.now(),
    headers: null,
    firstByteMs: null,
    firstTokenMs: null,
    delivered: false,
    text: '',
    timedOut: false,
  };
  const { timeOuts, call } = asked;
  if (call.stream) bounds.phase('first_token', timeOuts.firstTokenMs);
  else bounds.phase('reply', timeOuts.replyMs);
  try {
    const response = await deps.transport.send(call, bounds.signal);
    facts.headers = response.headers;
    facts.firstByteMs = clock.now() - facts.sentAt;
    const isStream = call.stream && response.status === 200 && !isJson(response.headers);
    const reading = { clock, asked, response, facts, bounds };
    return isStream ? await readStream(reading) : await readReply(reading);
  } catch (error) {
    return endOfError(error, { asked, facts });
  } finally {
    bounds.release();
  }
}

/** Some hosts answer a streamed call with one document, for an error above all. */
function isJson(headers: WireHeaders): boolean {
  return String(headers['content-type'] ?? '').includes('application/json');
}
