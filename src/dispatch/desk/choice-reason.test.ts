import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type ChoiceTerms,
  type Contender,
  reasonOfChosen,
  reasonOfFitting,
} from './choice-reason.ts';

const plain: ChoiceTerms = { affinity: undefined, policy: 'most_headroom' };

function contender(id: string, headroom: number, terms: Partial<Contender> = {}): Contender {
  return { id, headroom, weight: 1, priceFactor: 1, ...terms };
}

/** What is said of both, the chosen one first. */
function explain(chosen: Contender, other: Contender, terms = plain): [string, string] {
  return [reasonOfChosen(chosen, [other], terms), reasonOfFitting(other, chosen, terms)];
}

describe('the reason of a choice', () => {
  it('is headroom where nothing else decides', () => {
    assert.deepEqual(explain(contender('a', 0.9), contender('b', 0.725)), [
      'Most headroom: it leaves 90 % of its tightest limit.',
      'It fits, and would leave 72.5 %; a leaves 90 %.',
    ]);
    const [, equal] = explain(contender('a', 0.9), contender('b', 0.9));
    assert.equal(equal, 'It fits, and would leave 90 %, no more than a.');
  });

  it('is the weight where an account with more headroom is passed over for it', () => {
    assert.deepEqual(explain(contender('a', 0.8, { weight: 3 }), contender('b', 0.9)), [
      'Most headroom for its weight of 3: it leaves 80 % of its tightest limit.',
      'It fits, and would leave 90 %; a leaves 80 %, more for its weight of 3 (here 1).',
    ]);
  });

  it('is the price where the other would have been chosen without it', () => {
    assert.deepEqual(explain(contender('a', 0.88, { priceFactor: 0.8 }), contender('b', 0.9)), [
      'Cheapest (price factor 0.8) of those with nearly as much headroom: it leaves 88 % of its tightest limit.',
      'It fits, and would leave 90 %; a leaves 88 %, nearly as much, at a lower price (factor 0.8, here 1).',
    ]);
    const [ahead] = explain(contender('a', 0.95, { priceFactor: 0.8 }), contender('b', 0.9));
    assert.match(ahead, /^Most headroom:/);
  });

  it('is the conversation or the policy where one was asked for', () => {
    const pair = [contender('a', 0.5), contender('b', 0.9)] as const;
    const talk = explain(...pair, { ...plain, affinity: 'talk' });
    assert.match(talk.join(' '), /The conversation belongs here.* the conversation stays at a\./);
    const filled = explain(...pair, { ...plain, policy: 'fill_first' });
    assert.match(filled.join(' '), /The first to be filled.* a is filled before it\./);
    const soonest = explain(...pair, { ...plain, policy: 'soonest_reset_first' });
    assert.match(soonest.join(' '), /Its use is the first to leave.* a used leaves sooner\./);
  });
});
