import type { CanonicalAnswer } from '../canonical.ts';
import { writeOpenaiFinishReason } from './finish-reason.ts';
import { writeOpenaiUsage } from './usage.ts';

/** What the gateway gives an answer: its own id, when it was made (epoch seconds), the model's name. */
export interface AnswerIdentity {
  id: string;
  created: number;
  model: string;
}

/** A `chat.completion`; reasoning goes beside the content, as DeepSeek and vLLM do it. */
export function writeOpenaiAnswer(answer: CanonicalAnswer, identity: AnswerIdentity) {
  return {
    id: identity.id,
    object: 'chat.completion' as const,
    created: identity.created,
    model: identity.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant' as const,
          content: answer.text,
          refusal: null,
          ...(answer.reasoning === '' ? {} : { reasoning_content: answer.reasoning }),
        },
        logprobs: null,
        finish_reason: writeOpenaiFinishReason(answer.finishReason),
      },
    ],
    ...(answer.usage === null ? {} : { usage: writeOpenaiUsage(answer.usage) }),
  };
}
