import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { simulatedModels } from '../../models.ts';
import { findSchemaFault } from '../openai/check-strict-schema.ts';
import type { CallReading, Reason, Turn } from '../wire.ts';

const block = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  content: z.unknown().optional(),
});
const content = z.union([z.string(), z.array(block)]);

const messagesRequest = z.looseObject({
  model: z.string(),
  max_tokens: z.int().positive(),
  messages: z.array(z.looseObject({ role: z.enum(['user', 'assistant']), content })).min(1),
  system: content.nullish(),
  stream: z.boolean().nullish(),
  temperature: z.number().min(0).max(1).nullish(),
  thinking: z
    .discriminatedUnion('type', [
      z.looseObject({ type: z.literal('adaptive'), display: z.string().nullish() }),
      z.looseObject({ type: z.literal('disabled') }),
      z.looseObject({ type: z.literal('enabled'), budget_tokens: z.int().min(1024) }),
    ])
    .nullish(),
  output_config: z
    .looseObject({
      effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      format: z
        .looseObject({ type: z.literal('json_schema'), schema: z.record(z.string(), z.unknown()) })
        .nullish(),
    })
    .nullish(),
});
type MessagesRequest = z.infer<typeof messagesRequest>;

const versions = ['2023-06-01', '2026-10-21'];

export function readAnthropicCall(body: unknown, headers: IncomingHttpHeaders): CallReading {
  const version = headers['anthropic-version'];
  if (version === undefined) return refuse('anthropic-version: header is required');
  if (typeof version !== 'string' || !versions.includes(version)) {
    return refuse(`anthropic-version: "${String(version)}" is not a valid version`);
  }
  const parsed = messagesRequest.safeParse(body);
  if (!parsed.success) return { ok: false, reason: explainIssue(parsed.error) };
  const fault = findSampling(version, parsed.data) ?? findFault(parsed.data);
  return fault === undefined ? toCall(parsed.data) : refuse(fault);
}

function refuse(message: string): CallReading {
  return { ok: false, reason: { kind: 'invalid', message } };
}

/** Pydantic's words, as the vendor answers: `messages.0.role: …`, `max_tokens: Field required`. */
function explainIssue(error: z.ZodError): Reason {
  const issue = error.issues[0];
  const missing = issue?.code === 'invalid_type' && /undefined/.test(issue.message);
  const path = issue?.path.map(String).join('.') ?? '';
  return { kind: 'invalid', message: `${path}: ${missing ? 'Field required' : issue?.message}` };
}

/** Since 2026-10-21 sampling parameters are refused, even at their defaults (Anthropic, API versions). */
function findSampling(version: string, request: MessagesRequest): string | undefined {
  if (version < '2026-10-21') return undefined;
  const sent = ['temperature', 'top_p', 'top_k'].find((name) => name in request);
  return sent && `${sent}: Extra inputs are not permitted`;
}

function findFault(request: MessagesRequest): string | undefined {
  const model = simulatedModels.find(({ id }) => id === request.model);
  if (model && request.max_tokens > model.maxOutputTokens) {
    return `max_tokens: ${request.max_tokens} > ${model.maxOutputTokens}, which is the maximum allowed number of output tokens for ${model.id}`;
  }
  if (
    request.thinking?.type === 'enabled' &&
    request.thinking.budget_tokens >= request.max_tokens
  ) {
    return '`max_tokens` must be greater than `thinking.budget_tokens`.';
  }
  const empty = request.messages.findIndex(({ content }) => content.length === 0);
  if (empty >= 0) return `messages.${empty}: user messages must have non-empty content`;
  const fault = findSchemaFault(request.output_config?.format?.schema, { allRequired: false });
  return (
    fault &&
    `output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false`
  );
}

function toCall(request: MessagesRequest): CallReading {
  const thinking = request.thinking?.type === 'enabled' || request.thinking?.type === 'adaptive';
  const format = request.output_config?.format;
  const turns: Turn[] = request.messages.map((turn) => ({
    role: turn.role,
    text: textOf(turn.content),
  }));
  return {
    ok: true,
    call: {
      model: request.model,
      turns: request.system ? [{ role: 'system', text: textOf(request.system) }, ...turns] : turns,
      stream: request.stream === true,
      maxTokens: request.max_tokens,
      demand: format ? { kind: 'schema', schema: format.schema } : { kind: 'text' },
      thinking,
      showThinking: thinking,
      includeUsage: true,
    },
  };
}

function textOf(value: string | z.infer<typeof block>[]): string {
  if (typeof value === 'string') return value;
  return value
    .map((item) => item.text ?? (typeof item.content === 'string' ? item.content : ''))
    .join('\n');
}
