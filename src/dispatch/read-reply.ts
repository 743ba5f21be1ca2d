import type { Exchange, ExchangeEnd, ExchangeFacts } from './exchange-end.ts';
import type { Reading } from './reading.ts';

/** Reads a reply that comes as one document, of any status. */
export async function readReply(reading: Reading): Promise<ExchangeEnd> {
  const { asked, response, facts, clock } = reading;
  const parts: Buffer[] = [];
  for await (const chunk of response.chunks) parts.push(chunk);
  const reply = {
    status: response.status,
    headers: response.headers,
    body: Buffer.concat(parts).toString('utf8'),
    secret: asked.secret,
  };
  const read = asked.provider.readReply(reply, clock.now());
  if (!read.ok) {
    // A vendor that refuses with a status bills nothing; one that answered nonsense may.
    const refused = response.status < 200 || response.status > 299;
    const billed = refused ? 'nothing' : 'unknown';
    return { kind: 'failed', failure: read.failure, billed, ...facts };
  }
  const { answer } = read;
  facts.text = answer.text;
  facts.firstTokenMs = clock.now() - facts.sentAt;
  if (asked.onEvent) await tellWhole(answer, asked.onEvent, facts);
  return { kind: 'answered', answer, ...facts };
}

type Answer = Extract<ExchangeEnd, { kind: 'answered' }>['answer'];

/** A host that does not stream still answers a caller who does. */
async function tellWhole(
  answer: Answer,
  onEvent: NonNullable<Exchange['onEvent']>,
  facts: ExchangeFacts,
): Promise<void> {
  facts.delivered = true;
  if (answer.reasoning !== '') await onEvent({ type: 'reasoning', text: answer.reasoning });
  if (answer.text !== '') await onEvent({ type: 'text', text: answer.text });
  const { id, model, finishReason, usage } = answer;
  await onEvent({ type: 'end', id, model, finishReason, usage });
}
