import type { CanonicalMessage, CanonicalRequest } from './canonical.ts';

/** How far a model can be held to a structure: by schema, to any JSON, or only by asking. */
export type StructuredOutput = 'schema' | 'json' | 'prompt';

/**
 * The messages with the asked structure put into words, where the model's own means do not carry it.
 * JSON mode needs the word "JSON" in the prompt as well: OpenAI and DeepSeek answer 400 without it.
 */
export function describeOutput(
  request: Pick<CanonicalRequest, 'messages' | 'output'>,
  support: StructuredOutput,
): CanonicalMessage[] {
  const instruction = instructionFor(request.output, support);
  if (instruction === null) return request.messages;
  const last = request.messages.findLastIndex((message) => message.role === 'system');
  if (last < 0) return [{ role: 'system', content: instruction }, ...request.messages];
  return request.messages.map((message, index) =>
    index === last ? { ...message, content: `${message.content}\n\n${instruction}` } : message,
  );
}

function instructionFor(
  output: CanonicalRequest['output'],
  support: StructuredOutput,
): string | null {
  if (output === undefined || output.type === 'text') return null;
  const bare = 'Answer with one JSON object only: no prose, no code fence.';
  if (output.type === 'json') return bare;
  if (support === 'schema') return null;
  return `${bare} It must be valid against this JSON schema:\n${JSON.stringify(output.schema)}`;
}
