import { think } from '../../simulator/mind/think.ts';
import type { Turn } from '../../simulator/wire/wire.ts';
import type { CallOrder } from '../../src/dispatch/index.ts';
import {
  collectAnswers,
  type Grounds,
  mergePanel,
  type PanelOutcome,
  type PassRate,
} from '../../src/results/index.ts';
import { fakeDispatch, modelInfo, outcomeOf } from '../../test/fake-dispatch.ts';
import { type PlantedPanel, panelModels } from './planted-panel.ts';

const uncalibrated: Grounds = { calibration: null, labels: 0 };

/** A panel through `mergePanel`, compared by the simulator's comparer; and whether what it kept is right. */
export async function askPanel(
  panel: PlantedPanel,
  passRate: PassRate,
): Promise<{ outcome: PanelOutcome; passed: boolean }> {
  const outcome = await mergePanel(
    {
      dispatch: fakeDispatch(
        compare,
        panelModels.map((model) => modelInfo(model)),
      ),
      call: {
        ...{ tenantId: 'default', lane: 'standard', owner: { requestId: 'bench' } },
        ...{ deadlineAt: Number.POSITIVE_INFINITY, signal: new AbortController().signal },
      },
      models: [panelModels[0]],
    },
    {
      ...{ title: 'Bench', instruction: panel.instruction, acceptance: panel.acceptance },
      ...{ outputSchema: null, artifactPath: null, passRate, grounds: uncalibrated },
      ...{ mayCall: true, members: panel.members.map(collect) },
    },
  );
  const right = (id: string) => panel.truth.get(id) ?? false;
  // A synthesis holds what all of them said.
  const passed = outcome.picked ? right(outcome.picked) : [...panel.truth.values()].every(Boolean);
  return { outcome, passed };
}

/** As answers reach a panel: what cleaning mends is mended. */
function collect(member: PlantedPanel['members'][number]): PlantedPanel['members'][number] {
  const [task] = collectAnswers([
    {
      ...{ id: member.id, key: member.id, title: '', kind: 'member', instruction: '' },
      ...{ acceptance: [], artifactPath: null, dependsOn: [], required: false, failure: null },
      ...{ output: member.output, model: member.model, confidence: null },
    },
  ]);
  return { ...member, output: task?.output ?? null };
}

function compare(order: CallOrder) {
  const turns: Turn[] = order.request.messages.map(({ role, content }) => ({
    role,
    text: typeof content === 'string' ? content : JSON.stringify(content),
  }));
  const text = think({
    ...{ seed: 'bench', author: panelModels[0], turns, missesCriterion: false },
    ...{ demand: { kind: 'object' as const }, room: order.request.maxOutputTokens ?? 4_000 },
  });
  return Promise.resolve(outcomeOf(order, text));
}
