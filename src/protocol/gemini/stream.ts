import type { FinishReason, StreamEvent, Usage } from '../canonical.ts';
import { parseWire } from '../parse-wire.ts';
import { type AnswerDecoder, createSseReader } from '../sse-reader.ts';
import type { StreamReader } from '../stream-reader.ts';
import { readGeminiError } from './error.ts';
import { finishReasonOf, type GeminiAnswer, geminiAnswer } from './response.ts';
import { readGeminiUsage } from './usage.ts';

/** Whole response objects until the connection closes; a failure may come as bare JSON. */
export function createGeminiStreamReader(): StreamReader {
  return createSseReader(createDecoder());
}

function createDecoder(): AnswerDecoder {
  const identity = { id: null as string | null, model: '' };
  let finishReason: FinishReason | null = null;
  let usage: Usage | null = null;
  return {
    decode({ data }) {
      const body: unknown = JSON.parse(data);
      const error = readGeminiError(body);
      if (error !== null) return { error: { body, message: error.message } };
      const answer = parseWire(geminiAnswer, body, 'The generateContent chunk');
      identity.id = answer.responseId ?? identity.id;
      identity.model = answer.modelVersion ?? identity.model;
      finishReason = finishReasonOf(answer) ?? finishReason;
      // Every chunk counts what was made so far; the last one counts all.
      if (answer.usageMetadata) usage = readGeminiUsage(answer.usageMetadata);
      return { events: readParts(answer) };
    },
    close: () => (finishReason === null ? null : { type: 'end', ...identity, finishReason, usage }),
    identity: () => identity,
  };
}

function readParts(answer: GeminiAnswer): StreamEvent[] {
  const events: StreamEvent[] = [];
  for (const part of answer.candidates?.[0]?.content?.parts ?? []) {
    if (part.text) events.push({ type: part.thought ? 'reasoning' : 'text', text: part.text });
  }
  return events;
}
