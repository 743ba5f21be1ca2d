import { z } from 'zod';
import type { CallReading, Demand, Turn } from '../wire.ts';
import { normalizeSchema } from './normalize-schema.ts';

const part = z.looseObject({ text: z.string().optional(), thought: z.boolean().optional() });
const contentOf = z.looseObject({
  role: z.enum(['user', 'model', 'function', 'system']).optional(),
  parts: z.array(part).default([]),
});

const generateRequest = z.looseObject({
  contents: z.array(contentOf).min(1),
  systemInstruction: contentOf.optional(),
  generationConfig: z
    .looseObject({
      maxOutputTokens: z.int().positive().optional(),
      responseMimeType: z.string().optional(),
      responseSchema: z.record(z.string(), z.unknown()).optional(),
      responseJsonSchema: z.record(z.string(), z.unknown()).optional(),
      thinkingConfig: z
        .looseObject({
          thinkingBudget: z.int().optional(),
          thinkingLevel: z.string().optional(),
          includeThoughts: z.boolean().optional(),
        })
        .optional(),
    })
    .optional(),
});
type GenerateRequest = z.infer<typeof generateRequest>;
type Config = NonNullable<GenerateRequest['generationConfig']>;

export function readGeminiCall(
  body: unknown,
  target: { model: string; stream: boolean },
): CallReading {
  const parsed = generateRequest.safeParse(body);
  if (!parsed.success) return refuse(explainIssue(parsed.error));
  const request = parsed.data;
  const config = request.generationConfig ?? {};
  const schema = config.responseSchema ?? config.responseJsonSchema;
  if (config.responseSchema && config.responseJsonSchema) {
    return refuse('Only one of response_schema and response_json_schema can be set.');
  }
  if (schema && config.responseMimeType !== 'application/json') {
    return refuse("Response schema is only supported with response mime type: 'application/json'");
  }
  const thinking = config.thinkingConfig?.thinkingBudget !== 0;
  return {
    ok: true,
    call: {
      ...target,
      turns: turnsOf(request),
      maxTokens: config.maxOutputTokens,
      demand: demandOf(config),
      thinking,
      showThinking: thinking && config.thinkingConfig?.includeThoughts === true,
      includeUsage: true,
    },
  };
}

function refuse(message: string): CallReading {
  return { ok: false, reason: { kind: 'invalid', message } };
}

function explainIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  const path = issue?.path.map(String).join('.') ?? '';
  return path === 'contents'
    ? '* GenerateContentRequest.contents: contents is not specified\n'
    : `Invalid value at '${path}': ${issue?.message}`;
}

function turnsOf(request: GenerateRequest): Turn[] {
  const turns = request.contents.map(
    (content): Turn => ({
      role: content.role === 'model' ? 'assistant' : 'user',
      text: joinParts(content.parts),
    }),
  );
  const system = request.systemInstruction;
  return system ? [{ role: 'system', text: joinParts(system.parts) }, ...turns] : turns;
}

function joinParts(parts: readonly z.infer<typeof part>[]): string {
  return parts
    .filter((item) => item.thought !== true)
    .map((item) => item.text ?? '')
    .join('\n');
}

function demandOf(config: Config): Demand {
  if (config.responseJsonSchema) return { kind: 'schema', schema: config.responseJsonSchema };
  if (config.responseSchema) {
    return { kind: 'schema', schema: normalizeSchema(config.responseSchema) };
  }
  return config.responseMimeType === 'application/json' ? { kind: 'object' } : { kind: 'text' };
}
