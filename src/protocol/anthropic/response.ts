import { z } from 'zod';
import type { CanonicalAnswer } from '../canonical.ts';
import { parseWire } from '../parse-wire.ts';
import { readAnthropicFinishReason } from './finish-reason.ts';
import { anthropicUsage, readAnthropicUsage } from './usage.ts';

const anthropicAnswer = z.object({
  id: z.string().nullish(),
  model: z.string().nullish(),
  // Redacted thinking, tool use and citations come as blocks of other types and carry no text of ours.
  content: z.array(
    z.object({ type: z.string(), text: z.string().nullish(), thinking: z.string().nullish() }),
  ),
  stop_reason: z.string().nullish(),
  usage: anthropicUsage.nullish(),
});

export function readAnthropicAnswer(body: unknown): CanonicalAnswer {
  const answer = parseWire(anthropicAnswer, body, 'The message');
  return {
    id: answer.id ?? null,
    model: answer.model ?? '',
    text: answer.content.map((block) => (block.type === 'text' ? (block.text ?? '') : '')).join(''),
    reasoning: answer.content
      .map((block) => (block.type === 'thinking' ? (block.thinking ?? '') : ''))
      .join(''),
    finishReason: readAnthropicFinishReason(answer.stop_reason),
    usage: answer.usage ? readAnthropicUsage(answer.usage) : null,
  };
}
