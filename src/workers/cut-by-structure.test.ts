import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cutByStructure } from './cut-by-structure.ts';

const filler = (word: string) =>
  `${`The ${word} of the mill are described at length. `.repeat(40)}`;
const report = [
  'A short word at the beginning.',
  `## History\n\n${filler('years')}`,
  `## Costs\n\n${filler('prices')}\n\nThe wheel costs 4,700 euros.`,
  `## Staff\n\n${filler('millers')}`,
].join('\n\n');

test('of a long input the sections stay that the task said it uses, of the others the headings', () => {
  const cut = cutByStructure(report, { uses: 'the costs of the wheel', limitBytes: 2_400 });
  assert.ok(Buffer.byteLength(cut) <= 2_400);
  assert.match(cut, /The wheel costs 4,700 euros\./);
  assert.match(cut, /^A short word at the beginning\./);
  assert.match(cut, /## History\n\n\[… \d+ characters left out …\]\n\n## Costs/);
  assert.match(cut, /## Staff\n\n\[… \d+ characters left out …\]$/);
});

test('where nothing is named the first sections stay, in their order', () => {
  const cut = cutByStructure(report, { uses: '', limitBytes: 2_600 });
  assert.match(cut, /The years of the mill/);
  assert.doesNotMatch(cut, /4,700/);
});

test('a Chinese section is found by its signs, and a hash within code is no section', () => {
  const text = `## 历史\n\n${'水车的历史。'.repeat(200)}\n\n## 费用\n\n${'水车的费用。'.repeat(100)}共四千七百元。`;
  assert.match(cutByStructure(text, { uses: '费用', limitBytes: 2_200 }), /共四千七百元/);
  const code = `\`\`\`sh\n# not a section\n${'echo turn\n'.repeat(300)}\`\`\``;
  assert.match(cutByStructure(code, { uses: '', limitBytes: 500 }), /^```sh\n# not a section/);
});

test('whatever the text and what is used, the cut fits, and what fits is not cut', () => {
  const line = fc.oneof(
    fc.constantFrom('## Costs', '# Risks', '### 费用', '```', ''),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
  );
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 80 }),
      fc.string({ maxLength: 20 }),
      fc.integer({ min: 60, max: 4_000 }),
      (lines, uses, limitBytes) => {
        const text = lines.join('\n');
        const cut = cutByStructure(text, { uses, limitBytes });
        assert.ok(Buffer.byteLength(cut) <= limitBytes, `${Buffer.byteLength(cut)} bytes`);
        if (Buffer.byteLength(text) <= limitBytes) assert.equal(cut, text);
      },
    ),
    { numRuns: 200 },
  );
});
