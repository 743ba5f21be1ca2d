import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlannedTask } from './planned-task.ts';
import { writePlan } from './write-plan.ts';

const project = `Please build a tool that counts birds in photographs. Load the pictures in \`src/loader.py\`,
with resizing and normalisation. The detector should be implemented in \`src/detector.py\`. Train it in
\`src/train.py\` and show the progress. Save the counts to \`results/counts.csv\` and the trained weights as
\`weights.pt\` in the \`models/\` directory. Finally, write a report with examples and save it as \`results/report.pdf\`.`;

const paper = `# A paper on night trains

We are a city of 200,000 people without a night train. The council decides in May.

## What it must contain

1. A summary of one page with a recommendation.
2. The present state: lines, stations, passengers.
3. Three options compared: none, one line, two lines.
4. The cost: investment, operation, tickets.
5. Risks and what to do about them.

## Files

- \`tables/options.csv\`: one row per option.

## Manner

Short sentences. Every number carries its unit.`;

const briefs: Record<string, string> = {
  project,
  paper,
  question:
    'Research the effect of cargo bicycles on inner-city deliveries. Include current operators, costs per parcel, regulation in European cities, and effects on traffic.',
  chinese:
    '请为我写一份关于城市夜间公交的研究报告，包括现有线路、乘客需求、运营成本、安全问题以及其他城市的经验。最后评估在五年内推广的可能性。',
  vietnamese: `Hãy viết kế hoạch mở một thư viện nhỏ ở làng.

- Khảo sát nhu cầu của người dân
- Chọn địa điểm và sửa phòng
- Mua sách và lập danh mục
- Tuyển và đào tạo tình nguyện viên
- Ngân sách cho năm đầu tiên`,
};

function read(plan: string) {
  const lines = plan.split('\n').map((line) => JSON.parse(line));
  const tasks: PlannedTask[] = lines.filter((line) => 'id' in line);
  return { first: lines[0], last: lines.at(-1), tasks };
}

function planOf(brief: string, more = '') {
  return read(writePlan('seed', `<brief>\n${brief}\n</brief>${more}`));
}

function depthOf(tasks: readonly PlannedTask[]): number {
  const depths = new Map<string, number>();
  for (const { id, deps } of tasks) {
    depths.set(id, 1 + Math.max(0, ...deps.map((dep) => depths.get(dep.id) ?? 0)));
  }
  return Math.max(...depths.values());
}

for (const [name, brief] of Object.entries(briefs)) {
  test(`the plan of the ${name} brief is whole: earlier dependencies, criteria, an end`, () => {
    const { first, last, tasks } = planOf(brief);
    assert.ok(first.criteria.length >= 3);
    const { order, ...end } = last;
    assert.deepEqual(end, { end: true, count: tasks.length, single: null });
    // The abstract of a paper is written last and read first; the others read as they are written.
    assert.equal(order === undefined, name !== 'paper');
    assert.ok(tasks.length >= 5 && tasks.length <= 30, `${tasks.length} tasks`);
    assert.ok(depthOf(tasks) >= 3, `depth ${depthOf(tasks)}`);
    const known = new Set<string>();
    for (const task of tasks) {
      for (const dep of task.deps)
        assert.ok(known.has(dep.id) && dep.uses, `${task.id} ← ${dep.id}`);
      known.add(task.id);
      assert.ok(task.title && task.instruction && task.acceptance.length > 0);
      assert.equal(task.kind === 'file', task.path !== null);
    }
    assert.equal(known.size, tasks.length);
  });
}

test('every file of a project is a task, and what is produced waits for what produces it', () => {
  const { tasks } = planOf(project);
  const paths = tasks.flatMap(({ path }) => path ?? []);
  assert.deepEqual([...paths].sort(), [
    'models/weights.pt',
    'results/counts.csv',
    'results/report.pdf',
    'src/detector.py',
    'src/loader.py',
    'src/train.py',
  ]);
  const position = (path: string) => tasks.findIndex((task) => task.path === path);
  assert.ok(position('src/train.py') > position('src/loader.py'));
  assert.ok(position('results/counts.csv') > position('src/train.py'));
  assert.ok(position('results/report.pdf') > position('results/counts.csv'));
});

test('the sections of a listed brief keep its order, and its summary waits for them', () => {
  const { tasks } = planOf(paper);
  const titles = tasks.filter(({ kind }) => kind === 'section').map(({ title }) => title);
  assert.deepEqual(titles.slice(0, 4), [
    'Present state',
    'Three options compared',
    'Cost',
    'Risks and what to do about them',
  ]);
  assert.match(titles.at(-1)!, /^Summary/);
  assert.ok(tasks.some(({ path }) => path === 'tables/options.csv'));
});

test('what the brief enumerates becomes a section each, in its own language', () => {
  const chinese = planOf(briefs['chinese']!).tasks.map(({ title }) => title);
  for (const part of ['现有线路', '乘客需求', '运营成本', '安全问题']) {
    assert.ok(
      chinese.some((title) => title === part),
      part,
    );
  }
  const vietnamese = planOf(briefs['vietnamese']!).tasks.map(({ title }) => title);
  assert.ok(vietnamese.some((title) => title.includes('Ngân sách cho năm đầu tiên')));
});

test('a brief of one small thing is one task, and says why', () => {
  for (const brief of [
    'Write a haiku about rivers.',
    '写一首关于河流的短诗',
    'Viết một bài thơ ngắn về sông.',
  ]) {
    const { last, tasks } = planOf(brief);
    assert.equal(tasks.length, 1);
    assert.ok(last.single);
  }
});

test('what was accepted is not written again', () => {
  const whole = writePlan('seed', `<brief>\n${paper}\n</brief>`).split('\n');
  const accepted = whole.slice(0, 4).join('\n');
  const rest = writePlan(
    'seed',
    `<brief>\n${paper}\n</brief>\n<plan_so_far>\n${accepted}\n</plan_so_far>`,
  );
  assert.equal(rest, whole.slice(4).join('\n'));
});

test('the bounds that the format states are kept', () => {
  const format = '<format>\nAt most 9 tasks.\nAll `max_tokens` together at most 4000.\n</format>';
  const { tasks, last } = planOf(paper, `\n${format}`);
  assert.ok(tasks.length <= 9, `${tasks.length} tasks`);
  assert.equal(last.count, tasks.length);
  assert.ok(tasks.reduce((sum, task) => sum + task.max_tokens, 0) <= 4000);
});
