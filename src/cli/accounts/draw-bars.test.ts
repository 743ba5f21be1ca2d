import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import picocolors from 'picocolors';
import stringWidth from 'string-width';
import type { AccountDocument } from './account-document.ts';
import { type BarFrame, drawBars } from './draw-bars.ts';

const now = Date.UTC(2026, 0, 1);
const plain = picocolors.createColors(false);

type Bucket = NonNullable<AccountDocument['buckets']>[number];

/** `use`: what counts, of which limit. */
function bucket(
  dimension: string,
  use: [number, number | null],
  over: Partial<Bucket> = {},
): Bucket {
  const [used, limit] = use;
  return { models: ['*'], dimension, used, limit, learning: false, foreign: 0, ...over };
}

function account(buckets: Bucket[], over: Partial<AccountDocument> = {}): AccountDocument {
  return {
    ...{ id: 'openai-a', provider: 'openai', managed_by: 'api', owner_email: null },
    ...{ entitlement: null, models: [], limits: [], weight: 1, price_factor: 1 },
    ...{ state: 'active', state_reason: null, state_until: null, in_flight: 2 },
    ...{ foreign_use: null, pauses: [], credentials: [] },
    buckets,
    ...over,
  };
}

function draw(accounts: AccountDocument[], over: Partial<BarFrame> = {}): string[] {
  return drawBars({ accounts, now, columns: 80, rows: 24, colors: plain, ...over }).split('\n');
}

const barOf = (line = '') => /[█░]+/.exec(line)?.[0] ?? '';
const filledOf = (line = '') => (barOf(line).match(/█/g) ?? []).length;

describe('the bars of accounts watch', () => {
  it('are as full as the limit is used, of one length, and fit the terminal with the longest numbers', () => {
    const [head, ...lines] = draw([
      account([
        bucket('rpm', [250, 500]),
        bucket('tpm', [1_999_999, 2_000_000], { learning: true }),
        bucket('concurrency', [1, 1_000_000]),
        bucket('rpd', [12, 10]),
        bucket('otpm', [0, 100]),
      ]),
    ]);
    assert.equal(head, 'openai-a active · 2 calls');
    const width = barOf(lines[0]).length;
    assert.ok(width >= 10, `${width}`);
    for (const line of lines) {
      assert.equal(barOf(line).length, width, line);
      assert.ok(stringWidth(line) < 80, line);
    }
    // Half, all but one call of it, one call, more than allowed, nothing.
    assert.deepEqual(lines.map(filledOf), [Math.ceil(width / 2), width - 1, 1, width, 0]);
    assert.match(lines[0] ?? '', /^ {2}rpm +\* +█+░+ 250 of 500$/);
    assert.match(lines[1] ?? '', / 1,999,999 of 2,000,000 learnt$/);
  });

  it('show use of what has no known bound, and nothing of what is neither used nor bounded', () => {
    const lines = draw([account([bucket('tpm', [3, null]), bucket('otpm', [0, null])])]);
    assert.equal(lines.length, 2);
    assert.match(lines[1] ?? '', /░ 3 of \?$/);
    assert.equal(filledOf(lines[1]), 0);
  });

  it('say what holds an account back and until when', () => {
    const cooling = account([], {
      state: 'cooling',
      state_until: new Date(now + 42_000).toISOString(),
    });
    assert.deepEqual(draw([cooling]), ['openai-a cooling in 42s · 2 calls']);
    const disabled = account([], { state: 'disabled', in_flight: 1 });
    assert.deepEqual(draw([disabled]), ['openai-a disabled · 1 call']);
  });

  it('turn yellow and red as the limit comes near', () => {
    const colors = picocolors.createColors(true);
    const [, ...lines] = draw(
      [account([bucket('rpm', [50, 100]), bucket('tpm', [70, 100]), bucket('itpm', [95, 100])])],
      { colors },
    );
    const paints = [colors.green, colors.yellow, colors.red].map(
      (paint) => paint('█').split('█')[0],
    );
    assert.equal(new Set(paints).size, 3);
    for (const [index, paint] of paints.entries()) {
      assert.ok(lines[index]?.includes(`${paint}█`), lines[index]);
    }
  });

  it('count the lines for which the terminal has no room', () => {
    const many = Array.from({ length: 20 }, (_, index) =>
      account([bucket('rpm', [1, 10])], { id: `a${index}` }),
    );
    const lines = draw(many, { rows: 12 });
    assert.equal(lines.length, 10);
    assert.equal(lines.at(-1), '… and 31 more lines');
    assert.equal(draw(many, { rows: Number.POSITIVE_INFINITY }).length, 40);
  });

  it('leave the models out where the terminal is narrow, and count wide characters twice', () => {
    const narrow = draw([account([bucket('rpm', [5, 10], { models: ['gpt-5.6-sol'] })])], {
      columns: 50,
    });
    assert.doesNotMatch(narrow.join('\n'), /gpt/);
    assert.ok(narrow.every((line) => stringWidth(line) <= 50));
    const lines = draw([
      account([bucket('rpm', [5, 10], { models: ['通义千问'] }), bucket('tpm', [5, 10])]),
    ]).slice(1);
    const [one, other] = lines.map((line) => stringWidth(line.slice(0, line.indexOf('█'))));
    assert.equal(one, other);
  });
});
