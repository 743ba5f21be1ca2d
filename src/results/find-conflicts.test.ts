import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractClaims, readStatements } from './extract-claims.ts';
import { findConflicts } from './find-conflicts.ts';

const between = (...texts: string[]) =>
  findConflicts(
    texts.flatMap((output, index) =>
      readStatements(output).map((quote) => ({ taskId: `tsk_${index}`, quote })),
    ),
  );

test('another number for the same thing is a conflict, the same in another notation is none', () => {
  const [conflict, ...more] = between(
    'The new quay wall measures 450 metres. It is built of concrete.',
    'The new quay wall measures 540 metres.',
  );
  assert.equal(conflict?.kind, 'number');
  assert.deepEqual(conflict?.quotes, [
    { task_id: 'tsk_0', quote: 'The new quay wall measures 450 metres.' },
    { task_id: 'tsk_1', quote: 'The new quay wall measures 540 metres.' },
  ]);
  assert.deepEqual(more, []);
  assert.deepEqual(
    between('The project costs $1.2 million.', 'The project costs 1,200,000 USD.'),
    [],
  );
});

test('a denial of the same statement is a conflict, in Chinese and Vietnamese as well', () => {
  for (const [one, other] of [
    ['The gateway stores the prompts.', 'The gateway never stores the prompts.'],
    ['这个系统会保存用户的提示内容。', '这个系统不会保存用户的提示内容。'],
    ['Hệ thống có lưu lời nhắc.', 'Hệ thống không có lưu lời nhắc.'],
  ])
    assert.deepEqual(
      between(one ?? '', other ?? '').map(({ kind }) => kind),
      ['negation'],
      one,
    );
});

test('sentences of one mould about different subjects, years or steps are no conflict', () => {
  const towns = ['Varna', 'Belmo', 'Torri', 'Nesle', 'Kaltu', 'Dunso'];
  const texts = towns.map(
    (town, index) => `The quay wall of ${town} measures ${400 + index} metres.`,
  );
  assert.deepEqual(between(...texts), []);
  assert.deepEqual(
    between('Revenue in 2024 was 30 million dollars.', 'Revenue in 2025 was 45 million dollars.'),
    [],
  );
  assert.deepEqual(between('Step 1 takes 30 minutes.', 'Step 2 takes 45 minutes.'), []);
});

test('a Chinese sentence pattern filled in with other names is no conflict', () => {
  const towns = ['河内', '海防', '岘港', '顺化', '芹苴', '大叻', '芽庄', '归仁'];
  const mould = (from: number) =>
    towns.map((town, index) => `据登记资料，${town}的码头堤墙长${from + index}米。`).join('');
  const found = between(mould(400).slice(0, -20), mould(700));
  assert.ok(found.length > 0);
  for (const { quotes } of found) {
    const [one, other] = quotes.map(({ quote }) => quote.slice(6, 8));
    assert.equal(one, other);
  }
  assert.deepEqual(between('据资料，Varna的堤墙长400米。', '据资料，Belmo的堤墙长500米。'), []);
});

test('one task may weigh two numbers against each other', () => {
  assert.deepEqual(
    between('The dam is 30 metres high at low tide. The dam is 25 metres high at low tide.'),
    [],
  );
});

test('claims are the sentences with an amount, not headings, tables or code', () => {
  const output =
    '## 3 risks\n\nTide rises by 1.5 metres. Nobody knows why.\n\n| year | 2024 |\n\n```\nx = 12345678\n```\n- Repairs cost 3 million.';
  assert.deepEqual(
    extractClaims([{ id: 'a', output }]).map(({ quote }) => quote),
    ['Tide rises by 1.5 metres.', 'Repairs cost 3 million.'],
  );
});

test('the same is said in other words: another order, another source, a unit that tells the rest', () => {
  for (const [one, other] of [
    ['据登记资料，Varna的堤墙长400米。', '按我们的测量，Varna的堤墙的长度为500米。'],
    ['海防的堤墙每年的维修费用为300元。', '市政每年为维修海防的堤墙支出500元。'],
    ['该模型在测试集上的准确率达到92%。', '研究团队报告，模型在测试集上的准确率为85%。'],
    ['2023年中国新能源汽车销量为950万辆。', '中国新能源汽车销量在2023年是860万辆。'],
    ['The model reaches 92% on the test set.', 'On the test set the model is at 85%.'],
    ['According to the ministry, the bridge cost 30 euros.', 'The bridge costs 45 euros.'],
    ['The old bridge cost 30 euros, the auditors say.', 'The old bridge cost 45 euros.'],
    ['Theo báo cáo, cây cầu dài 450 mét.', 'Chiều dài của cây cầu là 540 mét.'],
    ['В порту работают 450 человек.', 'В порту работают 540 человек.'],
    ['港では450人が働いている。', '港では540人が働いている。'],
  ])
    assert.equal(between(one ?? '', other ?? '').length, 1, one);
});

test('one pattern with another name in it, or another doing, is no conflict', () => {
  for (const [one, other] of [
    ['训练集有60000张图像。', '测试集有10000张图像。'],
    ['The training set holds 60000 images.', 'The test set holds 10000 images.'],
    ['Toyota sold 300 cars in Hanoi last year.', 'Last year Toyota built 900 cars in Hanoi.'],
    ['The plant employs 300 people in Hanoi.', 'In Hanoi the sales office employs 40 people.'],
    ['In 2024 the revenue was 30 euros.', 'At the end of 2024 the debt was 45 euros.'],
    ['东部码头每天接待30艘船。', '西部码头每天接待45艘船。'],
  ])
    assert.deepEqual(between(one ?? '', other ?? ''), [], one);
});

test('the number in the name of a model or a molecule is no amount', () => {
  for (const [one, other] of [
    ['qwen/qwen3.8-max 的文本展示调度过程。', 'openai/gpt-6-astra 的文本展示调度过程。'],
    ['GPT-4 was released with the report.', 'GPT-5 was released with the report.'],
    ['The gas CO2 is in the air of towns.', 'The gas SO3 is in the air of towns.'],
  ])
    assert.deepEqual(between(one ?? '', other ?? ''), [], one);
});
