import type { Claim } from './extract-claims.ts';
import { normalizeQuote } from './read-criterion.ts';
import { readProperNames } from './read-names.ts';
import { isSameQuantity, type Quantity, readQuantities } from './read-quantities.ts';
import type { ClaimReport, Span } from './results.ts';
import { fourGrams, splitSentences } from './spans.ts';

/** A paraphrase keeps the amounts and about this share of the character 4-grams. */
const paraphrase = 0.3;

interface Sentence extends Span {
  normal: string;
  quantities: Quantity[];
  grams: Set<string> | null;
}

/** Where the result says each claim: word for word, or with the same amounts in like words. */
export function reportClaims(claims: readonly Claim[], result: string): ClaimReport[] {
  const sentences = splitSentences(result).map(({ start, end }): Sentence => {
    const text = result.slice(start, end);
    return {
      ...{ start, end },
      normal: normalizeQuote(text),
      quantities: readQuantities(text),
      grams: null,
    };
  });
  const byValue = new Map<number, Sentence[]>();
  for (const sentence of sentences)
    for (const value of new Set(sentence.quantities.map((quantity) => quantity.value)))
      byValue.set(value, [...(byValue.get(value) ?? []), sentence]);
  return claims.map((claim) => {
    const quantities = readQuantities(claim.quote);
    const spans = (byValue.get(quantities[0]?.value ?? Number.NaN) ?? [])
      .filter((sentence) => says(sentence, claim.quote, quantities))
      .map(({ start, end }) => ({ start, end }));
    return {
      task_id: claim.taskId,
      text: claim.quote,
      disposition: spans.length > 0 ? 'used' : 'rejected',
      reason: spans.length > 0 ? 'The result says it.' : 'The result does not say it.',
      spans,
    };
  });
}

/** Of the proper names of a quotation none is in the sentence: the same amount, of something else. */
function speaksOfAnother(normal: string, quote: string): boolean {
  const names = readProperNames(quote);
  return names.length > 0 && !names.some((name) => normal.includes(name));
}

function says(sentence: Sentence, quote: string, quantities: readonly Quantity[]): boolean {
  if (sentence.normal.includes(normalizeQuote(quote))) return true;
  const isNamed = (quantity: Quantity) =>
    sentence.quantities.some((other) => isSameQuantity(quantity, other));
  if (!quantities.every(isNamed) || speaksOfAnother(sentence.normal, quote)) return false;
  sentence.grams ??= fourGrams(sentence.normal);
  const { grams } = sentence;
  const own = [...fourGrams(quote)];
  return own.filter((gram) => grams.has(gram)).length >= own.length * paraphrase;
}
