import type { Verdict } from './results.ts';

/** One criterion as one juror saw it: met only with a quotation that stands in the result. */
export function readCriterion(
  text: string,
  said: { met: boolean; evidence?: string | null | undefined } | undefined,
  result: string,
): Verdict['criteria'][number] {
  if (!said) return { text, met: false, evidence: 'The judge gave no readable verdict on this.' };
  const quote = said.evidence?.trim() ?? '';
  if (!said.met) return { text, met: false, evidence: quote };
  return isQuoted(quote, result)
    ? { text, met: true, evidence: quote }
    : {
        text,
        met: false,
        evidence: `Called met, but its quotation is not in the result: ${quote.slice(0, 200)}`,
      };
}

/** White space, Markdown marks and an ellipsis at the ends do not make a quotation false. */
export function isQuoted(quote: string, result: string): boolean {
  const core = normalizeQuote(quote.replace(/^[\s"'“”«»…]+|[\s"'“”«»…]+$/g, ''));
  return core.length >= 4 && normalizeQuote(result).includes(core);
}

export function normalizeQuote(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\s*_#`>|]+/gu, ' ')
    .trim();
}
