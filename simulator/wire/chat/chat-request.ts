import { z } from 'zod';
import type { Call, CallReading, Demand, Reason, Turn } from '../wire.ts';

const part = z.looseObject({ type: z.string(), text: z.string().optional() });
const message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: z.union([z.string(), z.array(part), z.null()]).optional(),
});

export const responseFormat = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({
    type: z.literal('json_schema'),
    json_schema: z.looseObject({
      name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
      strict: z.boolean().nullish(),
      schema: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
]);

/** What OpenAI's chat completions, DeepSeek's and DashScope's compatible mode have in common. */
export const chatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.int().positive().nullish(),
  max_completion_tokens: z.int().positive().nullish(),
  response_format: responseFormat.nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  n: z.literal(1).nullish(),
  reasoning_effort: z.string().nullish(),
  thinking: z.looseObject({ type: z.enum(['enabled', 'disabled', 'adaptive']) }).nullish(),
  enable_thinking: z.boolean().nullish(),
  thinking_budget: z.int().nonnegative().nullish(),
});
export type ChatRequest = z.infer<typeof chatRequest>;

export type ChatReading = { ok: true; request: ChatRequest } | { ok: false; reason: Reason };

export function readChatRequest(body: unknown): ChatReading {
  const parsed = chatRequest.safeParse(body);
  if (!parsed.success) return { ok: false, reason: explainIssue(parsed.error) };
  const request = parsed.data;
  const wantsJson = request.response_format?.type === 'json_object';
  if (wantsJson && !/json/i.test(JSON.stringify(request.messages))) {
    const message =
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.";
    return { ok: false, reason: { kind: 'invalid', message, param: 'messages' } };
  }
  return { ok: true, request };
}

/** The first thing that is wrong, in the words of OpenAI's validator. */
export function explainIssue(error: z.ZodError): Reason {
  const issue = error.issues[0];
  const path = (issue?.path ?? []).reduce<string>(
    (name, key) =>
      typeof key === 'number' ? `${name}[${key}]` : name ? `${name}.${String(key)}` : String(key),
    '',
  );
  if (issue?.code === 'invalid_type' && /undefined/.test(issue.message)) {
    const message = `Missing required parameter: '${path}'.`;
    return { kind: 'invalid', message, param: path, code: 'missing_required_parameter' };
  }
  const code = issue?.code === 'invalid_type' ? 'invalid_type' : 'invalid_value';
  return {
    kind: 'invalid',
    message: `Invalid value for '${path}': ${issue?.message}`,
    param: path,
    code,
  };
}

export function turnsOf(messages: ChatRequest['messages']): Turn[] {
  return messages.map(({ role, content }) => ({
    role: role === 'developer' ? 'system' : role === 'function' ? 'tool' : role,
    text:
      typeof content === 'string'
        ? content
        : (content ?? []).map((item) => item.text ?? '').join('\n'),
  }));
}

export function demandOf(format: ChatRequest['response_format']): Demand {
  if (format?.type === 'json_object') return { kind: 'object' };
  if (format?.type !== 'json_schema') return { kind: 'text' };
  return { kind: 'schema', schema: format.json_schema.schema ?? {} };
}

/** The call of a chat request; what differs between the vendors is handed in. */
export function toCall(
  request: ChatRequest,
  own: Pick<Call, 'thinking' | 'showThinking' | 'maxTokens'>,
): CallReading {
  return {
    ok: true,
    call: {
      ...own,
      model: request.model,
      turns: turnsOf(request.messages),
      stream: request.stream === true,
      demand: demandOf(request.response_format),
      includeUsage: request.stream_options?.include_usage === true,
    },
  };
}
