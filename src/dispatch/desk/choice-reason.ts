import type { ChoicePolicy } from '../../platform/config/config.ts';

/** An account that has room for the call, as far as the choice looks at it. */
export interface Contender {
  id: string;
  /** Smallest share of a limit that the call would leave, 0..1. */
  headroom: number;
  weight: number;
  priceFactor: number;
}

/** How the choice was asked for. */
export interface ChoiceTerms {
  affinity: string | undefined;
  policy: ChoicePolicy;
}

/** Why this account is chosen before every other that has room, in a sentence. */
export function reasonOfChosen(
  chosen: Contender,
  others: readonly Contender[],
  { affinity, policy }: ChoiceTerms,
): string {
  const left = `it leaves ${percent(chosen.headroom)} of its tightest limit`;
  if (affinity !== undefined)
    return `The conversation belongs here, and there is headroom: ${left}.`;
  if (policy === 'fill_first') return `The first to be filled (fill_first): ${left}.`;
  if (policy === 'soonest_reset_first')
    return `Its use is the first to leave (soonest_reset_first): ${left}.`;
  if (others.some((other) => isCheaperThan(chosen, other)))
    return `Cheapest (price factor ${chosen.priceFactor}) of those with nearly as much headroom: ${left}.`;
  if (others.some((other) => other.headroom > chosen.headroom))
    return `Most headroom for its weight of ${chosen.weight}: ${left}.`;
  return `Most headroom: ${left}.`;
}

/** Why an account that has room is not the chosen one, in a sentence. */
export function reasonOfFitting(
  own: Contender,
  chosen: Contender | null,
  { affinity, policy }: ChoiceTerms,
): string {
  const leaves = `It fits, and would leave ${percent(own.headroom)}`;
  if (!chosen) return `${leaves}.`;
  const theirs = `${chosen.id} leaves ${percent(chosen.headroom)}`;
  if (affinity !== undefined) return `${leaves}, but the conversation stays at ${chosen.id}.`;
  if (policy === 'fill_first') return `${leaves}, but ${chosen.id} is filled before it.`;
  if (policy === 'soonest_reset_first')
    return `${leaves}, but what ${chosen.id} used leaves sooner.`;
  if (isCheaperThan(chosen, own))
    return `${leaves}; ${theirs}, nearly as much, at a lower price (factor ${chosen.priceFactor}, here ${own.priceFactor}).`;
  if (own.headroom > chosen.headroom)
    return `${leaves}; ${theirs}, more for its weight of ${chosen.weight} (here ${own.weight}).`;
  if (own.headroom === chosen.headroom && own.weight === chosen.weight)
    return `${leaves}, no more than ${chosen.id}.`;
  return `${leaves}; ${theirs}.`;
}

/** Chosen for its price alone: by headroom and weight the other would have been. */
function isCheaperThan(chosen: Contender, other: Contender): boolean {
  return chosen.priceFactor < other.priceFactor && loadOf(chosen) >= loadOf(other);
}

function loadOf({ headroom, weight }: Contender): number {
  return (1 - headroom) / weight;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
