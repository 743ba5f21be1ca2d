import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countTokens } from '../../tokens.ts';
import type { Damaged } from '../damage.ts';
import { answerTo, inflict } from '../given-answer.ts';
import { answerDamages } from './answer-damages.ts';

function commission(kind: string, inputs: string, path = ''): string {
  return `<brief>\nWrite a paper for a town of 48,000 people. The tides of the town matter.\n</brief>
<task title="Tides" kind="${kind}" path="${path}">\nWrite on the tides. The brief says: “The tides of the town matter.”\n</task>
<acceptance>\n- covers tides and currents\n- compares two options for harbours\n</acceptance>
<inputs>\n<input task="t1" title="Notes" uses="facts">\n${inputs}\n</input>\n</inputs>`;
}

const notes = '*Simulated text by openai/gpt-5.6-sol: …*\n\nThe harbour holds 140 boats in summer.';
const given = answerTo('worker', commission('section', notes));

const expected: Record<keyof typeof answerDamages, (damaged: Damaged) => void> = {
  'answer.missed_criterion': ({ text }) => {
    assert.match(given.text, /two options/i);
    assert.doesNotMatch(text, /two options/i);
    assert.match(text, /currents/);
  },
  'answer.contradiction': ({ text }) => {
    assert.match(given.text, /140 boats/);
    assert.match(text, /240 boats/);
    assert.doesNotMatch(text, /140/);
  },
  'answer.thinking': ({ text }) => assert.match(text, /^<think>\n[\s\S]+\n<\/think>\n\n## Tides/),
  'answer.empty': ({ text }) => assert.equal(text.trim(), ''),
  'answer.truncated': ({ text, cut }) => {
    assert.equal(cut, true);
    assert.ok(given.text.startsWith(text) && text.length < given.text.length * 0.9);
  },
  'answer.overlong': ({ text, cut }) => {
    assert.equal(cut, true);
    const last = given.text.split(/\n{2,}/).at(-1) ?? '';
    assert.ok(text.split(last).length > 20, 'it repeats its end');
  },
  'answer.fenced': ({ text }) => assert.equal(text, `\`\`\`markdown\n${given.text}\n\`\`\``),
  'answer.chatter': ({ text }) =>
    assert.match(text, /^Certainly![^#]+\n\n## Tides[\s\S]+Let me know/),
};

for (const [name, check] of Object.entries(expected)) {
  test(`${name} is what it says`, () => {
    check(inflict(answerDamages[name as keyof typeof answerDamages], given));
  });
}

test('a thought without its opening tag is left over as well', () => {
  const { text } = inflict(answerDamages['answer.thinking'], given, 0.6);
  assert.doesNotMatch(text, /<think>/);
  assert.match(text, /<\/think>\n\n## Tides/);
});

test('where the inputs have no number, the brief is contradicted, in a sentence of its own', () => {
  const { text } = inflict(
    answerDamages['answer.contradiction'],
    answerTo('worker', commission('section', 'The harbour holds many boats.')),
  );
  assert.match(text, /Write a paper for a town of 58,000 people\.$/);
});

test('an entry of the brief that is told otherwise becomes a sentence', () => {
  const brief = commission('section', 'The harbour holds many boats.').replace(
    /<brief>[\s\S]*?<\/brief>/,
    '<brief>\n- Budget below 900 €\n</brief>',
  );
  const { text } = inflict(answerDamages['answer.contradiction'], answerTo('worker', brief));
  assert.match(text, /\n\nBudget below 100 €\.$/);
});

test('neither a file nor a demanded shape gets a sentence too many, and the name of a model is no number', () => {
  const contradict = answerDamages['answer.contradiction'];
  const file = answerTo('worker', commission('file', 'Many boats.', 'a.json'));
  assert.equal(
    contradict(file, () => 0),
    undefined,
  );
  assert.equal(
    contradict({ ...given, free: false }, () => 0),
    undefined,
  );
  const bare = commission('section', 'The model openai/gpt-5.61 met claude-opus-55 in lane_12.');
  const unnumbered = answerTo('worker', bare.replace('48,000', 'many'));
  assert.match(
    inflict(contradict, unnumbered).text,
    /It is not the case that “The model openai\/gpt-5\.61 met claude-opus-55 in lane_12”\.$/,
  );
  const alone = bare.replace('48,000', 'many').replace(/<inputs>[\s\S]*/, '');
  assert.throws(() => inflict(contradict, answerTo('worker', alone)));
});

test('whoever was told which statement was wrong contradicts no more, and else may do so again', () => {
  const contradict = answerDamages['answer.contradiction'];
  const again = (note: string) =>
    contradict(
      answerTo(
        'worker',
        `${commission('section', 'In 2024 it held 140 boats.')}\n<rework>\n- ${note}\n</rework>`,
      ),
      () => 0,
    );
  assert.equal(
    again('“A” contradicts nothing: Instead of “240” say what “B” says, “140”.'),
    undefined,
  );
  assert.notEqual(again('“A” ends with a takeaway: Add one.'), undefined);
});

test('an answer that runs on stays within some thousand tokens, also where nobody set a cap', () => {
  const { text } = inflict(answerDamages['answer.overlong'], { ...given, room: Infinity });
  assert.ok(countTokens(text) < 10_000, `${countTokens(text)} tokens`);
});
