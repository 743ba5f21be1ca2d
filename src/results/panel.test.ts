import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeDispatch } from '../../test/fake-dispatch.ts';
import { HeadraceError } from '../platform/errors/headrace-error.ts';
import { mergePanel } from './panel.ts';
import type { PanelInput, PanelMember, ResultsDeps } from './results.ts';

/** A comparer that prefers what says `favourite`; `merger` is what a synthesis becomes. */
function depsPreferring(favourite: string, merger = ''): ResultsDeps & { roles: string[] } {
  const roles: string[] = [];
  const dispatch = fakeDispatch((order) => {
    const system = order.request.messages[0]?.content ?? '';
    const prompt = order.request.messages.at(-1)?.content ?? '';
    const role = /^You are Headrace's (\w+)/.exec(system)?.[1] ?? '';
    roles.push(role);
    if (role === 'merger') return merger;
    const shown = [...prompt.matchAll(/<candidate label="(.)">\n([\s\S]*?)\n<\/candidate>/g)];
    const isBest = (text = '') => text.includes(favourite);
    return JSON.stringify({
      best: shown.find(([, , text]) => isBest(text))?.[1] ?? null,
      scores: shown.map(([, label, text]) => ({ label, score: isBest(text) ? 9 : 4 })),
    });
  });
  const call: ResultsDeps['call'] = {
    ...{ tenantId: 'default', lane: 'standard', owner: { requestId: 'req_1' } },
    ...{ deadlineAt: Number.POSITIVE_INFINITY, signal: new AbortController().signal },
  };
  return { roles, dispatch, call, models: ['openai/large'] };
}

function panelOf(members: readonly PanelMember[]): PanelInput {
  return {
    ...{ title: 'Wheel', instruction: 'Which wheel?', acceptance: [], outputSchema: null },
    ...{ artifactPath: null, passRate: { passed: 0, judged: 0 }, mayCall: true, members },
    grounds: { calibration: null, labels: 0 },
  };
}

const saying = (...outputs: (string | null)[]) =>
  outputs.map(
    (output, index): PanelMember => ({
      ...{ id: `m${index}`, model: `f${index}/large`, family: `f${index}`, output },
      failure: output === null ? 'The next call can cost up to 1 USD.' : null,
    }),
  );

test('beside the picked answer stands what the ablest model alone would have given, and which is preferred', async () => {
  const members = saying(
    'An overshot wheel.',
    'A breast wheel, here.',
    'No wheel at all, sell it.',
  );
  const panel = await mergePanel(depsPreferring('breast'), panelOf(members));
  assert.equal(panel.picked, 'm1');
  assert.deepEqual(panel.baseline, {
    ...{ id: 'm0', model: 'f0/large', output: 'An overshot wheel.' },
    ...{ score: 0.4, preferred: 'panel' },
  });
  assert.deepEqual(
    panel.scores.map(({ id, score }) => [id, score]),
    [
      ['m0', 0.4],
      ['m1', 0.9],
      ['m2', 0.4],
    ],
  );
  const same = await mergePanel(depsPreferring('overshot'), panelOf(members));
  assert.equal(same.baseline.preferred, 'same');
});

test('a synthesis is compared with the ablest answer alone, and gives way where that one is better', async () => {
  const texts = [
    'Dredging keeps the northern channel open for deep ships through every winter. ',
    'Kindergartens need quiet gardens, patient teachers and small, sunny classrooms. ',
  ].map((text) => text.repeat(8));
  const merged = `Merged: ${texts.join('\n\n')}`;
  const deps = depsPreferring('Merged', merged);
  const better = await mergePanel(deps, panelOf(saying(...texts)));
  assert.equal(better.route, 'synthesis');
  assert.equal(better.baseline.preferred, 'panel');
  assert.equal(
    deps.roles.filter((role) => role === 'comparer').length,
    4,
    'pair and baseline, twice',
  );
  const worse = await mergePanel(
    depsPreferring('no such words', merged),
    panelOf(saying(...texts)),
  );
  assert.equal(worse.baseline.preferred, 'tie');
  assert.equal(worse.route, 'synthesis');
  const lost = await mergePanel(
    depsPreferring('every winter. Dredging', 'Merged: Dredging keeps it open.\n\nGardens.'),
    panelOf(saying(...texts)),
  );
  assert.deepEqual(
    [lost.baseline.preferred, lost.route, lost.picked],
    ['baseline', 'judge_pick', 'm0'],
  );
  assert.equal(lost.output, texts[0]);
});

test('a synthesis that nobody can pay to compare stands unmeasured', async () => {
  const texts = ['Dredging keeps channels open. ', 'Gardens need patient teachers. '].map((text) =>
    text.repeat(20),
  );
  const deps = depsPreferring('nothing', texts.join('\n\n'));
  const call = deps.dispatch.call;
  let merged = false;
  deps.dispatch.call = async (order) => {
    if (merged) throw new HeadraceError('budget_exhausted');
    const outcome = await call(order);
    merged = deps.roles.at(-1) === 'merger';
    return outcome;
  };
  const panel = await mergePanel(deps, panelOf(saying(...texts)));
  assert.equal(panel.route, 'synthesis');
  assert.equal(panel.baseline.preferred, null);
});

test('a panel that lost members says who is missing and why, and is less sure', async () => {
  const members = saying('The wheel is 4 metres wide.', 'The wheel is 4 metres wide.', null);
  const panel = await mergePanel(depsPreferring(''), panelOf(members));
  assert.deepEqual([panel.members, panel.answered, panel.supporters], [3, 2, 2]);
  assert.match(panel.partialCoverage.join('\n'), /2 of 3 models answered.*f2\/large.*1 USD/);
  assert.match(panel.report[2]?.reason ?? '', /did not answer: The next call/);
  assert.match(panel.confidence.explanation, /1 of 3 models did not answer/);
  const whole = await mergePanel(depsPreferring(''), panelOf(members.slice(0, 2)));
  assert.ok(whole.confidence.value > panel.confidence.value);
  assert.deepEqual(whole.partialCoverage, []);
});

test('of long answers that begin alike, those that contradict each other are not counted together', async () => {
  const beginning = 'The mill stands by the river and has been at work for very long. '.repeat(8);
  const members = saying(
    `${beginning}\n\nThe wheel of the mill is 9 metres wide.`,
    `${beginning}\n\nThe wheel of the mill is 4 metres wide.`,
    `${beginning}\n\nThe wheel of the mill is 4 metres wide.`,
  );
  const panel = await mergePanel(depsPreferring('no such words'), panelOf(members));
  assert.equal(panel.picked, 'm1');
  assert.deepEqual([panel.supporters, panel.runnerUp, panel.contradicted], [2, 1, 0.5]);
});

test('a panel whose comparison the budget does not cover goes by what most say, and says so', async () => {
  const deps = depsPreferring('');
  deps.dispatch.call = async () => {
    throw new HeadraceError('budget_exhausted', { message: 'Two cents are left.' });
  };
  const same = 'The wheel is 4 metres wide.';
  const members = saying('The wheel is 9 metres wide.', same, same);
  const panel = await mergePanel(deps, panelOf(members));
  assert.deepEqual([panel.picked, panel.supporters], ['m1', 2]);
  assert.equal(panel.route, 'judge_pick');
  assert.match(panel.partialCoverage.join('\n'), /not all compared: Two cents are left/);
});
