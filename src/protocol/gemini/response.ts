import { z } from 'zod';
import type { CanonicalAnswer, FinishReason } from '../canonical.ts';
import { parseWire } from '../parse-wire.ts';
import { readGeminiFinishReason } from './finish-reason.ts';
import { geminiUsage, readGeminiUsage } from './usage.ts';

/** One answer, or one chunk of a stream: they have the same shape. */
export const geminiAnswer = z.object({
  responseId: z.string().nullish(),
  modelVersion: z.string().nullish(),
  candidates: z
    .array(
      z.object({
        content: z
          .object({
            parts: z
              .array(z.object({ text: z.string().nullish(), thought: z.boolean().nullish() }))
              .nullish(),
          })
          .nullish(),
        finishReason: z.string().nullish(),
      }),
    )
    .nullish(),
  promptFeedback: z.object({ blockReason: z.string().nullish() }).nullish(),
  usageMetadata: geminiUsage.nullish(),
});
export type GeminiAnswer = z.infer<typeof geminiAnswer>;

/** A chunk may hold usage alone; a whole answer has a candidate, or says why it has none. */
const wholeAnswer = geminiAnswer.refine(
  (answer) => (answer.candidates?.length ?? 0) > 0 || answer.promptFeedback?.blockReason,
  { path: ['candidates'], message: 'there is none' },
);

/** Filters come with status 200: a blocked prompt has no candidate, a blocked answer an empty one. */
export function readGeminiAnswer(body: unknown): CanonicalAnswer {
  const answer = parseWire(wholeAnswer, body, 'The generateContent response');
  return {
    id: answer.responseId ?? null,
    model: answer.modelVersion ?? '',
    text: joinParts(answer, false),
    reasoning: joinParts(answer, true),
    finishReason: finishReasonOf(answer) ?? 'unknown',
    usage: answer.usageMetadata ? readGeminiUsage(answer.usageMetadata) : null,
  };
}

/** `null`: it goes on. */
export function finishReasonOf(answer: GeminiAnswer): FinishReason | null {
  if (answer.promptFeedback?.blockReason) return 'content_filter';
  const reason = answer.candidates?.[0]?.finishReason;
  return reason ? readGeminiFinishReason(reason) : null;
}

function joinParts(answer: GeminiAnswer, thought: boolean): string {
  const parts = answer.candidates?.[0]?.content?.parts ?? [];
  return parts
    .filter((part) => (part.thought ?? false) === thought)
    .map((part) => part.text ?? '')
    .join('');
}
