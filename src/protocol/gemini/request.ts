import type { CanonicalRequest } from '../canonical.ts';
import { describeOutput, type StructuredOutput } from '../describe-output.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { splitTurns } from '../split-turns.ts';

export interface GeminiQuirks {
  structuredOutput: StructuredOutput;
  /** Whether `temperature` and `topP` are sent (deprecated by the vendor on 2026-07-21). */
  sampling: boolean;
  thinking: GeminiThinking | null;
}

export type GeminiThinking = {
  thinkingBudget?: number;
  thinkingLevel?: 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH';
  includeThoughts: boolean;
};

/** The model and whether to stream stand in the path, not in the body. */
export function writeGeminiRequest(request: CanonicalRequest, options: { quirks: GeminiQuirks }) {
  const { quirks } = options;
  const { system, turns } = splitTurns(describeOutput(request, quirks.structuredOutput));
  return omitUndefined({
    systemInstruction: system === null ? undefined : { parts: [{ text: system }] },
    contents: turns.map(({ role, content }) => ({
      role: role === 'assistant' ? 'model' : 'user',
      parts: [{ text: content }],
    })),
    generationConfig: writeGenerationConfig(request, quirks),
  });
}

function writeGenerationConfig(request: CanonicalRequest, quirks: GeminiQuirks) {
  return omitUndefined({
    maxOutputTokens: request.maxOutputTokens,
    temperature: quirks.sampling ? request.temperature : undefined,
    topP: quirks.sampling ? request.topP : undefined,
    stopSequences: request.stop,
    seed: request.seed,
    ...writeOutput(request.output, quirks.structuredOutput),
    thinkingConfig: quirks.thinking ?? undefined,
  });
}

function writeOutput(output: CanonicalRequest['output'], support: StructuredOutput) {
  if (output === undefined || output.type === 'text' || support === 'prompt') return {};
  const schema = output.type === 'json_schema' && support === 'schema' ? output.schema : undefined;
  return omitUndefined({ responseMimeType: 'application/json', responseJsonSchema: schema });
}
