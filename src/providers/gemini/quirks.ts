import type { CanonicalRequest, GeminiQuirks, GeminiThinking } from '../../protocol/index.ts';

/** Thinking budgets of the 2.x models, in tokens. */
const budgets = { low: 1024, medium: 8192, high: 24_576 };

export function quirksOf(request: CanonicalRequest): GeminiQuirks {
  const version = versionOf(request.model);
  return {
    structuredOutput: /^gemma/.test(request.model) ? 'prompt' : 'schema',
    // Deprecated on 2026-07-21: from 3.0 on the models are tuned for their own default.
    sampling: version < 3,
    thinking: version >= 3 ? thinkingLevel(request) : thinkingBudget(request, version),
  };
}

/** `gemini-3.6-flash` → 3.6; `gemini-flash-latest` counts as newest, `gemma` as older. */
function versionOf(model: string): number {
  if (/gemma/.test(model)) return 0;
  const version = /gemini-(\d+(?:\.\d+)?)/.exec(model)?.[1];
  return version === undefined ? Infinity : Number(version);
}

function thinkingLevel({ model, reasoning }: CanonicalRequest): GeminiThinking | null {
  if (reasoning === undefined) return null;
  if (reasoning !== 'off') return { thinkingLevel: upper[reasoning], includeThoughts: true };
  // Nothing switches it off; Pro does not know MINIMAL.
  return { thinkingLevel: /pro/.test(model) ? 'LOW' : 'MINIMAL', includeThoughts: false };
}

const upper = { low: 'LOW', medium: 'MEDIUM', high: 'HIGH' } as const;

function thinkingBudget({ model, reasoning }: CanonicalRequest, version: number) {
  if (reasoning === undefined || version < 2.5) return null;
  if (reasoning !== 'off') return { thinkingBudget: budgets[reasoning], includeThoughts: true };
  // 2.5 Pro cannot go below 128.
  return { thinkingBudget: /pro/.test(model) ? 128 : 0, includeThoughts: false };
}
