import { z } from 'zod';
import type { StreamEvent } from '../canonical.ts';
import { parseWire } from '../parse-wire.ts';
import { type AnswerDecoder, createSseReader } from '../sse-reader.ts';
import type { StreamReader } from '../stream-reader.ts';
import { readAnthropicError } from './error.ts';
import { readAnthropicFinishReason } from './finish-reason.ts';
import {
  type AnthropicUsage,
  anthropicUsage,
  mergeAnthropicUsage,
  readAnthropicUsage,
} from './usage.ts';

const anthropicEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('message_start'),
    message: z.object({
      id: z.string().nullish(),
      model: z.string().nullish(),
      usage: anthropicUsage.nullish(),
    }),
  }),
  z.object({
    type: z.literal('content_block_start'),
    content_block: z.object({ type: z.string(), text: z.string().nullish() }),
  }),
  z.object({
    type: z.literal('content_block_delta'),
    delta: z.object({
      type: z.string(),
      text: z.string().nullish(),
      thinking: z.string().nullish(),
    }),
  }),
  z.object({
    type: z.literal('message_delta'),
    delta: z.object({ stop_reason: z.string().nullish() }),
    usage: anthropicUsage.nullish(),
  }),
  z.object({ type: z.literal('message_stop') }),
]);
type AnthropicEvent = z.infer<typeof anthropicEvent>;
const known = new Set<unknown>(anthropicEvent.options.map((option) => option.shape.type.value));
const typed = z.object({ type: z.string() });

/** Named events up to `message_stop`; there is no `[DONE]`. */
export function createAnthropicStreamReader(): StreamReader {
  return createSseReader(createDecoder());
}

function createDecoder(): AnswerDecoder {
  const identity = { id: null as string | null, model: '' };
  let stopReason: string | null = null;
  let usage: AnthropicUsage | null = null;
  const note = (event: AnthropicEvent) => {
    if (event.type === 'message_start') {
      identity.id = event.message.id ?? null;
      identity.model = event.message.model ?? '';
      usage = event.message.usage ?? null;
    }
    if (event.type === 'message_delta') {
      stopReason = event.delta.stop_reason ?? stopReason;
      if (event.usage) usage = mergeAnthropicUsage(usage, event.usage);
    }
  };
  const end = (): StreamEvent => ({
    type: 'end',
    ...identity,
    finishReason: readAnthropicFinishReason(stopReason),
    usage: usage === null ? null : readAnthropicUsage(usage),
  });
  return {
    decode({ data }) {
      const body: unknown = JSON.parse(data);
      const { type } = parseWire(typed, body, 'The stream event');
      if (type === 'error') {
        const message = readAnthropicError(body)?.message ?? 'The provider reported an error.';
        return { error: { body, message } };
      }
      // `ping`, `content_block_stop` and whatever the vendor adds ("clients should handle unknown event types").
      if (!known.has(type)) return { events: [] };
      const event = parseWire(anthropicEvent, body, `The ${type} event`);
      note(event);
      return { events: event.type === 'message_stop' ? [end()] : readDelta(event) };
    },
    close: () => null,
    identity: () => identity,
  };
}

function readDelta(event: AnthropicEvent): StreamEvent[] {
  if (event.type === 'content_block_start') {
    const { type, text } = event.content_block;
    return type === 'text' && text ? [{ type: 'text', text }] : [];
  }
  if (event.type !== 'content_block_delta') return [];
  const { delta } = event;
  if (delta.type === 'text_delta' && delta.text) return [{ type: 'text', text: delta.text }];
  if (delta.type === 'thinking_delta' && delta.thinking) {
    return [{ type: 'reasoning', text: delta.thinking }];
  }
  return [];
}
