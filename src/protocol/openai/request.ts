import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalMessage, CanonicalRequest } from '../canonical.ts';
import { isStrictSchema } from '../close-schema.ts';
import { describeOutput, type StructuredOutput } from '../describe-output.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { foldSystem } from '../split-turns.ts';

/** How one host of this format differs from the others, for one model. */
export interface OpenaiQuirks {
  maxTokensField: 'max_tokens' | 'max_completion_tokens';
  /** `fold`: the model wants its system prompt inside the first user message. */
  systemRole: 'system' | 'developer' | 'fold';
  structuredOutput: StructuredOutput;
  /** Whether `temperature` and `top_p` are sent: reasoning models reject or ignore them. */
  sampling: boolean;
  seed: boolean;
  userField: 'user' | 'user_id' | 'safety_identifier' | null;
  /** The model answers only as a stream. */
  streamOnly: boolean;
  reasoning: ReasoningFields;
}

/** What switches reasoning on, off and up at the hosts that can. */
export type ReasoningFields = {
  reasoning_effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'max';
  thinking?: { type: 'enabled' | 'disabled' };
  enable_thinking?: boolean;
  thinking_budget?: number;
};

export function writeOpenaiRequest(
  request: CanonicalRequest,
  options: { stream: boolean; quirks: OpenaiQuirks },
) {
  const { quirks } = options;
  const stream = options.stream || quirks.streamOnly;
  return omitUndefined({
    model: request.model,
    messages: writeMessages(request, quirks),
    ...writeMaxTokens(request.maxOutputTokens, quirks),
    temperature: quirks.sampling ? request.temperature : undefined,
    top_p: quirks.sampling ? request.topP : undefined,
    stop: request.stop,
    seed: quirks.seed ? request.seed : undefined,
    response_format: writeResponseFormat(request.output, quirks.structuredOutput),
    ...writeUser(request.user, quirks),
    ...quirks.reasoning,
    stream: stream ? true : undefined,
    stream_options: stream ? { include_usage: true } : undefined,
  });
}

function writeMessages(request: CanonicalRequest, quirks: OpenaiQuirks) {
  const described = describeOutput(request, quirks.structuredOutput);
  const role = quirks.systemRole;
  if (role === 'fold') return foldSystem(described).map(({ role, content }) => ({ role, content }));
  return described.map((message) => writeMessage(message, role));
}

function writeMessage({ role, content }: CanonicalMessage, systemRole: 'system' | 'developer') {
  return { role: role === 'system' ? systemRole : role, content };
}

function writeMaxTokens(
  maxOutputTokens: number,
  quirks: OpenaiQuirks,
): { max_tokens?: number; max_completion_tokens?: number } {
  return quirks.maxTokensField === 'max_tokens'
    ? { max_tokens: maxOutputTokens }
    : { max_completion_tokens: maxOutputTokens };
}

function writeUser(
  user: string | undefined,
  quirks: OpenaiQuirks,
): { user?: string; user_id?: string; safety_identifier?: string } {
  if (user === undefined || quirks.userField === null) return {};
  return { [quirks.userField]: user };
}

type ResponseFormat =
  | { type: 'json_object' }
  | {
      type: 'json_schema';
      json_schema: { name: string; schema: JsonObject; strict: boolean };
    };

function writeResponseFormat(
  output: CanonicalRequest['output'],
  support: StructuredOutput,
): ResponseFormat | undefined {
  if (output === undefined || output.type === 'text' || support === 'prompt') return undefined;
  if (output.type === 'json' || support === 'json') return { type: 'json_object' };
  const { name, schema } = output;
  return {
    type: 'json_schema',
    json_schema: { name, schema, strict: isStrictSchema(schema) },
  };
}
