import type { ModelInfo } from '../../dispatch/index.ts';

/** When a model was made is the vendor's to know; OpenAI's clients only need the field. */
const created = 0;

export function describeModel({ id, provider }: ModelInfo) {
  return { id, ownedBy: provider, created };
}
