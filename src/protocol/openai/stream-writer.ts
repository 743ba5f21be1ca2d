import type { StreamEvent, Usage } from '../canonical.ts';
import { writeOpenaiFinishReason } from './finish-reason.ts';
import { writeOpenaiUsage } from './usage.ts';
import type { AnswerIdentity } from './write-answer.ts';

export type OpenaiChunk = {
  id: string;
  object: 'chat.completion.chunk';
  created: number;
  model: string;
  choices: {
    index: number;
    delta: { role?: 'assistant'; content?: string; reasoning_content?: string };
    finish_reason: 'stop' | 'length' | 'content_filter' | 'tool_calls' | null;
  }[];
  usage?: ReturnType<typeof writeOpenaiUsage> | null;
};

export interface OpenaiStreamWriter {
  /**
   * The chunks of one event; the gateway frames them and sends `[DONE]` after the end. An end with
   * `finishReason: 'error'` yields none: the gateway sends an error instead, so that a cut answer
   * never looks whole.
   */
  write(event: StreamEvent): OpenaiChunk[];
}

export function createOpenaiStreamWriter(
  options: AnswerIdentity & { includeUsage: boolean },
): OpenaiStreamWriter {
  let opened = false;
  const chunk = (choices: OpenaiChunk['choices'], usage: Usage | null = null): OpenaiChunk => ({
    id: options.id,
    object: 'chat.completion.chunk',
    created: options.created,
    model: options.model,
    choices,
    // Where it was asked for, every chunk has the field and only the last one a value.
    ...(options.includeUsage ? { usage: usage === null ? null : writeOpenaiUsage(usage) } : {}),
  });
  const delta = (fields: OpenaiChunk['choices'][number]['delta']) =>
    chunk([{ index: 0, delta: fields, finish_reason: null }]);
  const open = (): OpenaiChunk[] => {
    if (opened) return [];
    opened = true;
    return [delta({ role: 'assistant', content: '' })];
  };
  return {
    write(event) {
      if (event.type === 'text') return [...open(), delta({ content: event.text })];
      if (event.type === 'reasoning') return [...open(), delta({ reasoning_content: event.text })];
      if (event.finishReason === 'error') return [];
      const reason = writeOpenaiFinishReason(event.finishReason);
      const last = chunk([{ index: 0, delta: {}, finish_reason: reason }]);
      const counted = options.includeUsage && event.usage !== null;
      return [...open(), last, ...(counted ? [chunk([], event.usage)] : [])];
    },
  };
}
