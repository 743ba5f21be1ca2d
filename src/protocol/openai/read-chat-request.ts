import { z } from 'zod';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { JsonObject } from '../../platform/json.ts';
import { plainWords } from '../../platform/plain-words.ts';
import type { CanonicalMessage, CanonicalRequest } from '../canonical.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { dropNeutral } from './drop-neutral.ts';

export interface OpenaiChatRequest {
  request: Omit<CanonicalRequest, 'model'>;
  /** As the client wrote it: a name, `provider/model` or an alias. */
  model: string;
  stream: boolean;
  /** The client wants a last chunk with the usage. */
  includeUsage: boolean;
  /** `prompt_cache_key`: calls with the same one do well to stay on one account. */
  affinity: string | null;
}

const content = z.union([
  z.string(),
  z
    .array(z.strictObject({ type: z.literal('text'), text: z.string() }))
    .transform((parts) => parts.map((part) => part.text).join('')),
]);
const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.enum(['system', 'developer']), content }),
  z.strictObject({ role: z.literal('user'), content }),
  // Reasoning that a client sends back is never context; clients repeat our own answers whole.
  z.strictObject({
    role: z.literal('assistant'),
    content,
    reasoning_content: z.string().optional(),
  }),
]);
const responseFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({
      name: z.string().min(1).max(64),
      schema: z.record(z.string(), z.json()),
      strict: z.boolean().optional(),
    }),
  }),
]);
const tokens = z.number().int().positive().optional();

const chatRequest = z.strictObject({
  model: z.string().min(1),
  messages: z.array(message).min(1),
  max_tokens: tokens,
  max_completion_tokens: tokens,
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().min(0).max(1).optional(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(4)]).optional(),
  seed: z.number().int().optional(),
  user: z.string().optional(),
  safety_identifier: z.string().optional(),
  prompt_cache_key: z.string().optional(),
  reasoning_effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).optional(),
  response_format: responseFormat.optional(),
  stream: z.boolean().optional(),
  stream_options: z.strictObject({ include_usage: z.boolean().optional() }).optional(),
});
type ChatRequest = z.infer<typeof chatRequest>;

/**
 * A client's `POST /v1/chat/completions`. What cannot be carried to every provider (tools, images,
 * `n` above 1, logprobs, …) is refused with `request_invalid` naming the field, never dropped.
 */
export function readOpenaiChatRequest(
  body: unknown,
  options: { defaultMaxOutputTokens: number },
): OpenaiChatRequest {
  const parsed = chatRequest.safeParse(dropNeutral(body), { error: plainWords });
  if (!parsed.success) throw describeIssue(parsed.error.issues[0]);
  const chat = parsed.data;
  return {
    request: omitUndefined({
      messages: chat.messages.map(readMessage),
      maxOutputTokens:
        chat.max_completion_tokens ?? chat.max_tokens ?? options.defaultMaxOutputTokens,
      temperature: chat.temperature,
      topP: chat.top_p,
      stop: typeof chat.stop === 'string' ? [chat.stop] : chat.stop,
      seed: chat.seed,
      output: readOutput(chat.response_format),
      reasoning: chat.reasoning_effort === undefined ? undefined : efforts[chat.reasoning_effort],
      user: chat.safety_identifier ?? chat.user,
    }),
    model: chat.model,
    stream: chat.stream ?? false,
    includeUsage: chat.stream_options?.include_usage ?? false,
    affinity: chat.prompt_cache_key ?? null,
  };
}

/** Seven levels of one vendor onto the four that all have. */
const efforts = {
  none: 'off',
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
} as const;

function readMessage({ role, content }: ChatRequest['messages'][number]): CanonicalMessage {
  return { role: role === 'developer' ? 'system' : role, content };
}

function readOutput(format: ChatRequest['response_format']): CanonicalRequest['output'] {
  if (format === undefined) return undefined;
  if (format.type === 'text') return { type: 'text' };
  if (format.type === 'json_object') return { type: 'json' };
  const { name, schema } = format.json_schema;
  return { type: 'json_schema', name, schema: schema as JsonObject };
}

function describeIssue(issue: z.core.$ZodIssue | undefined): HeadraceError {
  const deepest = innermost(issue);
  const path = [...(deepest?.path ?? [])].map(String);
  if (deepest?.code === 'unrecognized_keys') {
    const where = [...path, deepest.keys[0] ?? ''].join('.');
    return new HeadraceError('request_invalid', {
      message: `"${where}" cannot be carried to every provider.`,
      where,
      fix: 'Leave the field out.',
    });
  }
  const where = path.join('.') || 'body';
  return new HeadraceError('request_invalid', {
    message: `"${where}" is not valid: ${deepest?.message ?? 'unreadable'}.`,
    where,
  });
}

/** Of a union the branch that came furthest: a list of parts says which part is wrong. */
function innermost(issue: z.core.$ZodIssue | undefined): z.core.$ZodIssue | undefined {
  if (issue?.code !== 'invalid_union') return issue;
  const branches = issue.errors.flat().map((inner) => innermost(inner) ?? inner);
  const furthest = branches.toSorted((one, other) => other.path.length - one.path.length)[0];
  return furthest === undefined || furthest.path.length === 0
    ? issue
    : { ...furthest, path: [...issue.path, ...furthest.path] };
}
