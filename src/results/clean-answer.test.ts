import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanFile, cleanProse } from './clean-answer.ts';

const talk = [
  'Certainly! Here is what you asked for:\n\nTEXT\n\nLet me know if you want it shorter!',
  '当然可以！以下是整理的内容：\n\nTEXT\n\n如果您需要调整，请随时告诉我！',
  'Chắc chắn rồi! Dưới đây là nội dung:\n\nTEXT\n\nHãy cho tôi biết nếu bạn muốn chỉnh sửa nhé!',
];

test('small talk before and after goes, from sections and from files', () => {
  for (const text of talk) {
    assert.equal(cleanProse(text.replace('TEXT', '## Costs\n\nHigh.')), '## Costs\n\nHigh.');
    assert.equal(cleanFile(text.replace('TEXT', 'a,b\n1,2')), 'a,b\n1,2\n');
  }
});

test('what a chat wraps in small talk and a fence comes out of both', () => {
  for (const text of talk) {
    const wrapped = text.replace('TEXT', '```markdown\n## Costs\n\nHigh.\n```');
    assert.equal(cleanProse(wrapped), '## Costs\n\nHigh.');
    assert.equal(cleanFile(wrapped), '## Costs\n\nHigh.\n');
  }
});

test('a lead-in to a list, and a guide that speaks to its readers, are no small talk', () => {
  for (const text of [
    'Here are the options:\n\n- build\n- wait',
    'Pilots ask first.\n\nIf you need help, call channel 12.',
    'Sure-footed goats climb.\n\nMore.',
  ]) {
    assert.equal(cleanProse(text), text);
  }
});

test('thoughts go, whether their tag was opened or not, from files too', () => {
  for (const thought of ['<think>\nHm.\n</think>\n', 'Hm, a table.\n</think>\n\n', 'Hm.</think>']) {
    assert.equal(cleanProse(`${thought}Real text.`), 'Real text.');
    assert.equal(cleanFile(`${thought}a,b\n1,2`), 'a,b\n1,2\n');
  }
});

test('a file that speaks of thinking tags keeps them', () => {
  const code = "const end = text.indexOf('</think>');\nconst start = text.indexOf('<think>');\n";
  assert.equal(cleanFile(code), code);
});

test('tags of the prompt go from prose and stay in code', () => {
  const code = '```html\n<section>\n<input type="text">\n</section>\n```';
  assert.equal(cleanProse(`<inputs>\nText.\n\n${code}\n</inputs>`), `Text.\n\n${code}`);
});

test('a fence round the whole that broke off is taken away, one inside is closed', () => {
  assert.equal(cleanProse('```markdown\n## Costs\n\nHigh, and'), '## Costs\n\nHigh, and');
  assert.equal(cleanProse('Run:\n\n```sh\nls'), 'Run:\n\n```sh\nls\n```');
});

test('a closing tag that a model copied from its prompt loses the mark that the prompt put into it', () => {
  assert.equal(cleanProse('Write `</\u200bbrief>` at its end.'), 'Write `</brief>` at its end.');
  assert.equal(cleanFile('<task>\n</\u200btask>\n'), '<task>\n</task>\n');
});
