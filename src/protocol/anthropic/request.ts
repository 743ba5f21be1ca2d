import type { CanonicalRequest } from '../canonical.ts';
import { closeSchema } from '../close-schema.ts';
import { describeOutput, type StructuredOutput } from '../describe-output.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { splitTurns } from '../split-turns.ts';

export interface AnthropicQuirks {
  structuredOutput: StructuredOutput;
  /** Whether `temperature` and `top_p` are sent: today's models know them no more. */
  sampling: boolean;
  thinking: AnthropicThinking | null;
  effort: 'low' | 'medium' | 'high' | null;
}

export type AnthropicThinking =
  | { type: 'disabled' }
  | { type: 'adaptive'; display: 'summarized' }
  | { type: 'enabled'; budget_tokens: number };

export function writeAnthropicRequest(
  request: CanonicalRequest,
  options: { stream: boolean; quirks: AnthropicQuirks },
) {
  const { quirks } = options;
  const messages = describeOutput(request, quirks.structuredOutput);
  const { system, turns } = splitTurns(messages);
  return omitUndefined({
    model: request.model,
    max_tokens: request.maxOutputTokens,
    system: system ?? undefined,
    messages: turns.map(({ role, content }) => ({ role: turnRole(role), content })),
    stop_sequences: request.stop,
    thinking: quirks.thinking ?? undefined,
    output_config: writeOutputConfig(request, quirks),
    metadata: request.user === undefined ? undefined : { user_id: request.user },
    ...writeSampling(request, quirks),
    stream: options.stream ? true : undefined,
  });
}

function turnRole(role: CanonicalRequest['messages'][number]['role']): 'user' | 'assistant' {
  return role === 'assistant' ? 'assistant' : 'user';
}

function writeOutputConfig(request: CanonicalRequest, quirks: AnthropicQuirks) {
  const { output } = request;
  const enforced = output?.type === 'json_schema' && quirks.structuredOutput === 'schema';
  const format = enforced
    ? { type: 'json_schema' as const, schema: closeSchema(output.schema) }
    : undefined;
  const effort = quirks.effort ?? undefined;
  return format === undefined && effort === undefined
    ? undefined
    : omitUndefined({ effort, format });
}

/** The range ends at 1 where OpenAI's ends at 2, and the two together are rejected. */
function writeSampling(
  request: CanonicalRequest,
  quirks: AnthropicQuirks,
): { temperature?: number; top_p?: number } {
  if (!quirks.sampling) return {};
  if (request.temperature !== undefined) return { temperature: Math.min(request.temperature, 1) };
  return request.topP === undefined ? {} : { top_p: request.topP };
}
