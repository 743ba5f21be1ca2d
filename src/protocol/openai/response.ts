import { z } from 'zod';
import type { CanonicalAnswer } from '../canonical.ts';
import { parseWire } from '../parse-wire.ts';
import { readOpenaiFinishReason } from './finish-reason.ts';
import { openaiUsage, readOpenaiUsage } from './usage.ts';

/** Text, or the parts of which some hosts make it. */
export const openaiContent = z
  .union([z.string(), z.array(z.object({ type: z.string(), text: z.string().optional() }))])
  .nullish()
  .transform((content) => {
    if (typeof content === 'string') return content;
    return (content ?? []).map((part) => (part.type === 'text' ? (part.text ?? '') : '')).join('');
  });

const openaiAnswer = z.object({
  id: z.string().nullish(),
  model: z.string().nullish(),
  choices: z
    .array(
      z.object({
        message: z.object({
          content: openaiContent,
          refusal: z.string().nullish(),
          // DeepSeek, DashScope and vLLM call it so; newer vLLM and Ollama `reasoning`.
          reasoning_content: z.string().nullish(),
          reasoning: z.string().nullish(),
        }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: openaiUsage.nullish(),
});

export function readOpenaiAnswer(body: unknown): CanonicalAnswer {
  const answer = parseWire(openaiAnswer, body, 'The chat completion');
  const [choice] = answer.choices;
  const refusal = choice?.message.refusal ?? '';
  const reason = readOpenaiFinishReason(choice?.finish_reason);
  return {
    id: answer.id ?? null,
    model: answer.model ?? '',
    text: choice?.message.content || refusal,
    reasoning: choice?.message.reasoning_content ?? choice?.message.reasoning ?? '',
    finishReason: refusal === '' ? reason : 'content_filter',
    usage: answer.usage ? readOpenaiUsage(answer.usage) : null,
  };
}
