import type { CanonicalAnswer, StreamEvent } from '../protocol/index.ts';
import type { Failure, ProviderStreamReader } from '../providers/index.ts';
import type { ExchangeEnd } from './exchange-end.ts';
import type { Reading } from './reading.ts';

type End = Extract<StreamEvent, { type: 'end' }>;

/** What has come of a stream so far, beyond `ExchangeFacts`. */
interface Received {
  end: End | null;
  reasoning: string;
}

/** A connection whose stream was read to its close can be kept; this long that is worth waiting for, ms. */
const lingerMs = 250;

/** Reads a streamed reply, passing on what comes as it comes; the end is passed on only where it is a good one. */
export async function readStream(reading: Reading): Promise<ExchangeEnd> {
  const reader = reading.asked.provider.createStreamReader(reading.asked.secret);
  const received: Received = { end: null, reasoning: '' };
  const chunks = reading.response.chunks[Symbol.asyncIterator]();
  await readToEnd({ reading, reader, received }, chunks);
  if (received.end === null) await take(reading, received, reader.end());
  else await readToClose(reading, chunks);
  return await conclude(reading, received, reader.failure(reading.clock.now()));
}

async function readToEnd(
  {
    reading,
    reader,
    received,
  }: { reading: Reading; reader: ProviderStreamReader; received: Received },
  chunks: AsyncIterator<Buffer>,
): Promise<void> {
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    await take(reading, received, reader.push(next.value));
    if (received.end !== null) return;
    // Keep-alive comments show that the connection lives, not that a token comes.
    if (reading.facts.firstTokenMs !== null) {
      reading.bounds.phase('idle', reading.asked.timeOuts.idleMs);
    }
  }
}

async function readToClose(reading: Reading, chunks: AsyncIterator<Buffer>): Promise<void> {
  reading.bounds.phase('idle', lingerMs);
  try {
    while (!(await chunks.next()).done) {}
  } catch {
    // The answer is complete: how the connection ends after it does not matter.
  }
}

async function take(
  { asked, facts, clock }: Reading,
  received: Received,
  events: readonly StreamEvent[],
): Promise<void> {
  for (const event of events) {
    if (event.type === 'end') {
      received.end = event;
      return;
    }
    if (event.type === 'text') facts.text += event.text;
    else received.reasoning += event.text;
    facts.firstTokenMs ??= clock.now() - facts.sentAt;
    if (!asked.onEvent) continue;
    facts.delivered = true;
    await asked.onEvent(event);
  }
}

async function conclude(
  reading: Reading,
  { end, reasoning }: Received,
  failure: Failure | null,
): Promise<ExchangeEnd> {
  const { asked, facts } = reading;
  const isThought = failure?.code === 'answer_blank' && reasoning.trim() !== '';
  if (end && isThought && asked.takesReasoning)
    return answered(reading, { ...end, finishReason: 'stop' }, reasoning);
  if (failure || !end) {
    const billed = end?.usage ?? 'unknown';
    return { kind: 'failed', failure: failure ?? cutFailure, billed, ...facts };
  }
  return answered(reading, end, reasoning);
}

async function answered(
  { asked, facts }: Reading,
  end: End,
  reasoning: string,
): Promise<ExchangeEnd> {
  const { id, model, finishReason, usage } = end;
  const answer: CanonicalAnswer = { id, model, text: facts.text, reasoning, finishReason, usage };
  if (asked.onEvent) await asked.onEvent(end);
  return { kind: 'answered', answer, ...facts };
}

const cutFailure: Failure = {
  kind: 'transient',
  scope: 'request',
  retryable: true,
  retryAfterMs: null,
  dimension: null,
  limit: null,
  until: null,
  provenance: 'guessed',
  code: 'stream_cut',
  message: 'The stream ended before the answer did.',
};
