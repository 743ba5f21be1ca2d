import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { clusterAnswers, extractAnswer } from './cluster.ts';

const voters = (...texts: string[]) =>
  texts.map((text, index) => ({ family: `family${index}`, text }));

test('answers that differ only in form stand in one group', () => {
  const groups = clusterAnswers(voters('The total is **1,200**.', 'the total is 1200', 'Total: 7'));
  assert.deepEqual(groups[0]?.members.toSorted(), [0, 1]);
  assert.equal(groups.length, 2);
});

test('a negation or another number keeps alike sentences apart', () => {
  assert.equal(
    clusterAnswers(voters('The cache is safe to share.', 'The cache is not safe to share.')).length,
    2,
  );
  assert.equal(
    clusterAnswers(voters('It takes 30 days to ripen.', 'It takes 80 days to ripen.')).length,
    2,
  );
  assert.equal(clusterAnswers(voters('这个方案可以上线使用', '这个方案不可以上线使用')).length, 2);
});

test('amounts agree across notations, and a unit that differs keeps answers apart', () => {
  assert.equal(
    clusterAnswers(
      voters(
        'The dredging costs $1.2 million a year.',
        'The dredging costs 1,200,000 USD a year.',
        'The dredging costs 1.2 million EUR a year.',
      ),
    )[0]?.families,
    2,
  );
});

test('one amount in two notations is one answer, and another amount another', () => {
  const write = (amount: number): string[] => [
    `${amount}`,
    `${amount}.0`,
    `${amount}.00`,
    amount.toLocaleString('en-US'),
    `${amount.toLocaleString('en-US')}.0`,
  ];
  const mould = fc.constantFrom(
    (text: string) => text,
    (text: string) => `**${text}**.`,
    (text: string) => `${text}%`,
    (text: string) => `${text} %`,
    (text: string) => `It takes ${text} days.`,
    (text: string) => `共有 ${text} 艘船`,
  );
  fc.assert(
    fc.property(fc.nat(9_999_999), fc.nat(9_999_999), mould, (amount, other, say) => {
      const forms = write(amount).map(say);
      assert.equal(clusterAnswers(voters(...forms)).length, 1, forms.join(' | '));
      const groups = clusterAnswers(
        voters(...forms, ...(other === amount ? [] : [say(`${other}`)])),
      );
      assert.equal(groups.length, other === amount ? 1 : 2);
    }),
  );
  for (const [one, two] of [
    ['50%', '50 %'],
    ['50 percent', '50%'],
    ['$3 million', '3,000,000 USD'],
    ['0.50', '0.5'],
  ])
    assert.equal(clusterAnswers(voters(one ?? '', two ?? '')).length, 1, `${one} = ${two}`);
  assert.equal(clusterAnswers(voters('50', '50%')).length, 2);
  assert.equal(clusterAnswers(voters('3.10.1', '3.1.2')).length, 2, 'versions are no amounts');
  for (const [one, two, groups] of [
    ['It needs Python 3.10 or newer.', 'It needs Python 3.1 or newer.', 2],
    ['It needs version 3.10 of it.', 'It needs version 3.1 of it.', 2],
    ['It needs **Python 3.10** or newer.', 'It needs Python 3.10 or newer', 1],
    ['The ratio is 2.50 in all years.', 'The ratio is 2.5 in all years.', 1],
    ['Revenue 2.50 Million euros.', 'Revenue 2.5 million euros.', 1],
    ['It costs USD 2.50 a day.', 'It costs USD 2.5 a day.', 1],
    ['Price 2.50 USD a day.', 'Price 2.5 USD a day.', 1],
  ] as const)
    assert.equal(clusterAnswers(voters(one, two)).length, groups, `${one} ${two}`);
});

test('a model may join what is worded differently, never what differs in a number or a negation', () => {
  const texts = voters(
    'Store the sessions in Redis.',
    'Redis should hold them.',
    'Do not use Redis.',
  );
  const pairs = [
    { left: 0, right: 1, same: true },
    { left: 0, right: 2, same: true },
    { left: 1, right: 2, same: true },
  ];
  assert.equal(clusterAnswers(texts).length, 3);
  assert.deepEqual(
    clusterAnswers(texts, { judged: pairs }).map((group) => group.families),
    [2, 1],
  );
  const alike = voters('Keep the cache in memory.', 'Keep the cache in memory now.');
  assert.equal(clusterAnswers(alike).length, 1);
  assert.equal(clusterAnswers(alike, { judged: [{ left: 0, right: 1, same: false }] }).length, 2);
});

test('answers that contradict each other somewhere stand apart though they begin alike', () => {
  const texts = voters(
    'Alike from the first word.',
    'Alike from the first word.',
    'Alike, from word one.',
  );
  const opposed = [{ left: 0, right: 1 }];
  const groups = clusterAnswers(texts, { opposed });
  assert.ok(groups.every(({ members }) => !(members.includes(0) && members.includes(1))));
});

test('several models of one family are one vote', () => {
  const groups = clusterAnswers([
    { family: 'openai', text: 'Hanoi is the capital.' },
    { family: 'openai', text: 'Hanoi is the capital' },
    { family: 'qwen', text: 'Huế was the capital once' },
    { family: 'gemini', text: 'Huế was the capital once.' },
  ]);
  assert.deepEqual(groups[0]?.members.toSorted(), [2, 3]);
  assert.equal(groups[0]?.families, 2);
  assert.equal(groups[1]?.families, 1);
});

test('every answer is in exactly one group, whatever the texts', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { maxLength: 7 }),
      (texts) => {
        const members = clusterAnswers(voters(...texts)).flatMap((group) => group.members);
        assert.deepEqual(
          members.toSorted((a, b) => a - b),
          texts.map((_, index) => index),
        );
      },
    ),
  );
});

test('the explicit conclusion of a long answer is what is compared', () => {
  const long = `${'Reasoning about the matter. '.repeat(30)}\n\nConclusion: use two queues.`;
  assert.equal(extractAnswer(long), 'use two queues.');
});
