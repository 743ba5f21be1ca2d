import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import type { RunSettings } from '../documents.ts';
import type { LeastAnswer } from './least-answer.ts';

/**
 * A budget that pays for nothing is refused before anything is spent, with the least that would do.
 * @throws HeadraceError `budget_too_small`
 */
export function refuseTooSmall({ usd, tokens }: RunSettings['budget'], least: LeastAnswer): void {
  if (tokens !== null && tokens < least.tokens) {
    refuse('budget.tokens', `${tokens} tokens`, `${least.tokens} tokens`);
  }
  if (usd !== null && least.nanoUsd !== null && Math.round(usd * 1e9) < least.nanoUsd) {
    const cheapest = `${writeUsd(least.nanoUsd)} USD (at ${least.model}, the cheapest of its models)`;
    refuse('budget.usd', `${usd} USD`, cheapest);
  }
}

function refuse(where: string, given: string, least: string): never {
  throw new HeadraceError('budget_too_small', {
    message: `A budget of ${given} does not pay for even one short answer to this brief, which takes at least ${least}.`,
    where,
  });
}

/** Rounded up: what is named must suffice. */
function writeUsd(nanoUsd: number): string {
  return (Math.ceil(nanoUsd / 100) / 1e7).toFixed(7).replace(/0+$/, '');
}
