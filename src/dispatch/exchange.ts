import type { Clock } from '../platform/clock.ts';
import type { WireHeaders } from '../providers/index.ts';
import { createCallSignal } from './cut-off.ts';
import { endOfError } from './end-of-error.ts';
import type { Exchange, ExchangeEnd, ExchangeFacts } from './exchange-end.ts';
import { readReply } from './read-reply.ts';
import { readStream } from './read-stream.ts';
import type { Transport } from './transport/transport.ts';

export interface ExchangeDeps {
  clock: Clock;
  transport: Transport;
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
  let written = false;
  if (call.stream) bounds.phase('first_byte', timeOuts.firstByteMs);
  else bounds.phase('reply', timeOuts.replyMs);
  try {
    const response = await deps.transport.send(call, bounds.signal, () => {
      written = true;
      facts.sentAt = clock.now();
      asked.onSent?.();
    });
    facts.headers = response.headers;
    facts.firstByteMs = clock.now() - facts.sentAt;
    if (call.stream) bounds.phase('first_token', timeOuts.firstTokenMs - facts.firstByteMs);
    asked.onHeaders?.(response.headers, facts.sentAt);
    const isStream = call.stream && response.status === 200 && !isJson(response.headers);
    const reading = { clock, asked, response, facts, bounds };
    return isStream ? await readStream(reading) : await readReply(reading);
  } catch (error) {
    return endOfError(error, { asked, facts, written });
  } finally {
    bounds.release();
  }
}

/** Some hosts answer a streamed call with one document, for an error above all. */
function isJson(headers: WireHeaders): boolean {
  return String(headers['content-type'] ?? '').includes('application/json');
}
