import { z } from 'zod';
import type { FinishReason, StreamEvent, Usage } from '../canonical.ts';
import { parseWire } from '../parse-wire.ts';
import { type AnswerDecoder, createSseReader, type EndEvent } from '../sse-reader.ts';
import type { StreamReader } from '../stream-reader.ts';
import { readOpenaiError } from './error.ts';
import { readOpenaiFinishReason } from './finish-reason.ts';
import { openaiContent } from './response.ts';
import { openaiUsage, readOpenaiUsage } from './usage.ts';

const openaiChunk = z.object({
  id: z.string().nullish(),
  model: z.string().nullish(),
  // Empty in the chunk that carries the usage.
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: openaiContent,
            refusal: z.string().nullish(),
            reasoning_content: z.string().nullish(),
            reasoning: z.string().nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: openaiUsage.nullish(),
});
type Chunk = z.infer<typeof openaiChunk>;

/** Unnamed `data:` chunks up to `data: [DONE]`; the usage comes in a last chunk without choices. */
export function createOpenaiStreamReader(): StreamReader {
  return createSseReader(createDecoder());
}

function createDecoder(): AnswerDecoder {
  const identity = { id: null as string | null, model: '' };
  let finishReason: FinishReason | null = null;
  let usage: Usage | null = null;
  const end = (): EndEvent => ({
    type: 'end',
    ...identity,
    finishReason: finishReason ?? 'unknown',
    usage,
  });
  const note = (chunk: Chunk) => {
    identity.id = chunk.id || identity.id;
    identity.model = chunk.model || identity.model;
    if (chunk.usage) usage = readOpenaiUsage(chunk.usage);
    const choice = chunk.choices?.[0];
    if (choice?.finish_reason) finishReason ??= readOpenaiFinishReason(choice.finish_reason);
    if (choice?.delta?.refusal) finishReason = 'content_filter';
  };
  return {
    decode({ data }) {
      if (data.trim() === '[DONE]') return { events: [end()] };
      const body: unknown = JSON.parse(data);
      const error = readInStreamError(body);
      if (error !== null) return { error };
      const chunk = parseWire(openaiChunk, body, 'The chat completion chunk');
      note(chunk);
      return { events: readDelta(chunk) };
    },
    // Some compatible hosts leave out [DONE]; an answer with its finish reason is whole all the same.
    close: () => (finishReason === null ? null : end()),
    identity: () => identity,
  };
}

function readInStreamError(body: unknown) {
  if (typeof body !== 'object' || body === null || !('error' in body) || !body.error) return null;
  return { body, message: readOpenaiError(body)?.message ?? 'The provider reported an error.' };
}

function readDelta(chunk: Chunk): StreamEvent[] {
  const delta = chunk.choices?.[0]?.delta;
  const reasoning = delta?.reasoning_content || delta?.reasoning;
  const text = delta?.content || delta?.refusal;
  const events: StreamEvent[] = [];
  if (reasoning) events.push({ type: 'reasoning', text: reasoning });
  if (text) events.push({ type: 'text', text });
  return events;
}
