import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isHeadraceError } from '../../platform/errors/headrace-error.ts';
import type { Json } from '../../platform/json.ts';
import { parseModelJson } from './parse-model-json.ts';

/** `-0` is written `0`, so a round trip through JSON is the value that can come back. */
const anyObject = fc
  .dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1 })
  .map((value) => JSON.parse(JSON.stringify(value)) as Json);

/** What models write around their JSON; every one must leave the value as it was. */
const wrappings: Record<string, (json: string) => string> = {
  'a fence with its language': (json) => `\`\`\`json\n${json}\n\`\`\``,
  'a fence without one': (json) => `\`\`\`\n${json}\n\`\`\`\n`,
  'prose around it': (json) => `Here is the plan, as asked:\n\n${json}\n\nTell me if it's right!`,
  'prose and a fence': (json) => `Sure.\n\`\`\`json\n${json}\n\`\`\`\nDone.`,
  'a think block': (json) => `<think>I could say {"a": 1} or [2].</think>\n${json}`,
  'a think block that was never closed': (json) => `<think>Let me see.\n${json}`,
  'the end of a think block that the template opened': (json) => `Let me see.\n</think>\n\n${json}`,
  'think block, prose and fence': (json) =>
    `\n<think>\nhm\n</think>\nHere:\n\`\`\`json\n${json}\n\`\`\``,
  'a reference in the prose': (json) => `As said in [1]: ${json}`,
};

for (const [name, wrap] of Object.entries(wrappings)) {
  test(`any object comes back equal out of ${name}`, () => {
    fc.assert(
      fc.property(anyObject, fc.boolean(), (value, pretty) => {
        const text = wrap(JSON.stringify(value, null, pretty ? 2 : 0));
        // The reference is the longer bracket where the object is tiny; no model is that short.
        fc.pre(!name.startsWith('a reference') || text.length > 40);
        assert.deepEqual(parseModelJson(text).value, value);
      }),
    );
  });
}

const prose = fc.string({
  unit: fc.constantFrom('a', 'é', '世', ' ', ',', '.', '?', ':'),
  maxLength: 20,
});
const tamed = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.oneof(prose, fc.integer()), {
    minKeys: 1,
  })
  .map((value) => ({ ...value }));

const damages: Record<string, (json: string) => string> = {
  'a trailing comma': (json) => json.replace(/\}$/, ',}'),
  'a missing closing brace': (json) => json.replace(/\}$/, ''),
  comments: (json) => json.replace('{', '{ // the answer\n'),
  'unquoted keys': (json) => json.replaceAll(/"([a-z]+)":/g, '$1:'),
  'Python words': (json) => json.replace(/\}$/, ',"ok":True,"none":None}'),
};

for (const [name, damage] of Object.entries(damages)) {
  test(`an object with ${name} is repaired, and says so`, () => {
    fc.assert(
      fc.property(tamed, (value) => {
        const parsed = parseModelJson(`\`\`\`json\n${damage(JSON.stringify(value))}\n\`\`\``);
        const expected = name === 'Python words' ? { ...value, ok: true, none: null } : value;
        assert.deepEqual(parsed.value, expected);
        assert.ok(parsed.repairs.includes('syntax_repaired'));
      }),
    );
  });
}

test('LaTeX with single backslashes keeps its commands, even those that look like escapes', () => {
  const parsed = parseModelJson(
    String.raw`{"text": "\upcite{a} and \frac{1}{2} \beta \alpha \\ \"q\""}`,
  );
  assert.deepEqual(parsed.value, {
    text: String.raw`\upcite{a} and \frac{1}{2} \beta \alpha \ "q"`,
  });
  assert.deepEqual(parsed.repairs, ['escapes_fixed']);
});

test('JSON that is right as it came is not touched', () => {
  const text = '{"a": "</think> ``` \\f", "b": [1]}';
  assert.deepEqual(parseModelJson(text), { value: JSON.parse(text), repairs: [] });
});

test('a closing think tag inside a string of fenced JSON stays there', () => {
  const parsed = parseModelJson('```json\n{"a": "x </think> y", "b": 2}\n```');
  assert.deepEqual(parsed.value, { a: 'x </think> y', b: 2 });
});

test('the repairs are listed in the order in which they were made', () => {
  const { repairs } = parseModelJson('<think>x</think>Here:\n```json\n{"a": "\\d", "b": 1,}\n```');
  assert.deepEqual(repairs, [
    'thinking_removed',
    'fence_removed',
    'surroundings_removed',
    'escapes_fixed',
    'syntax_repaired',
  ]);
});

test('an answer that was cut inside a string and a fence keeps what had arrived', () => {
  const { value } = parseModelJson('```json\n{"a": ["one", "tw\n```');
  assert.deepEqual(value, { a: ['one', 'tw'] });
});

test('prose without JSON is answer_invalid, with the beginning of the answer', () => {
  assert.throws(
    () => parseModelJson('I am sorry, I cannot do that.'),
    (error) =>
      isHeadraceError(error) && error.code === 'answer_invalid' && /sorry/.test(error.message),
  );
});

test('nothing but answer_invalid is ever thrown', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    ',',
    ':',
    '<think>',
    '</think>',
    '```json\n',
    '\n',
    'a',
    '1',
    '\\u12',
    'null',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      try {
        parseModelJson(pieces.join(''));
      } catch (error) {
        assert.ok(isHeadraceError(error) && error.code === 'answer_invalid');
      }
    }),
    { numRuns: 2000 },
  );
});

test('a megabyte of open brackets is refused and not followed down', () => {
  // Parsed by recursion this would end the process, not the test.
  assert.throws(() => parseModelJson('['.repeat(1024 * 1024)), isHeadraceError);
});
