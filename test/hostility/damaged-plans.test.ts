import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type DamageName, namesOf } from '../../simulator/hostility/damage-settings.ts';
import { type DamagedRun, runDamaged } from './run-damaged.ts';

interface Expectation {
  /** Of the repairs that the run's events name. */
  repair: string | null;
  /** Nothing of the plan was lost: its tasks are those of an undamaged one. */
  whole: boolean;
}

const expected: Record<string, Expectation> = {
  'plan.fenced': { repair: 'fenced', whole: true },
  'plan.thinking': { repair: 'thinking', whole: true },
  'plan.unopened_thinking': { repair: 'thinking', whole: true },
  'plan.in_reasoning': { repair: 'thinking', whole: true },
  'plan.prose': { repair: null, whole: true },
  'plan.array': { repair: 'wrapped', whole: true },
  'plan.document': { repair: 'wrapped', whole: true },
  'plan.truncated': { repair: 'truncated', whole: false },
  'plan.without_end': { repair: 'truncated', whole: true },
  'plan.bad_escapes': { repair: 'bad_escape', whole: true },
  'plan.trailing_commas': { repair: 'bad_json', whole: true },
  'plan.empty': { repair: 'single_task', whole: false },
  'plan.unknown_dependency': { repair: 'unknown_dependency', whole: true },
  'plan.self_dependency': { repair: 'cyclic_dependency', whole: true },
  'plan.forward_dependency': { repair: 'forward_dependency', whole: true },
  'plan.cyclic_dependency': { repair: 'cyclic_dependency', whole: true },
  'plan.duplicate_ids': { repair: 'duplicate_id', whole: true },
  'plan.shuffled_ids': { repair: 'forward_dependency', whole: true },
  'plan.unknown_model': { repair: 'unknown_model', whole: true },
  'plan.foreign_fields': { repair: 'unknown_kind', whole: true },
  'plan.flood': { repair: 'too_many_tasks', whole: false },
};

describe('every plan of a run arrives damaged, and the run ends with a judged result', {
  concurrency: 3,
}, () => {
  let undamaged: Promise<DamagedRun> | null = null;

  it('every kind of damaged plan has its test', () => {
    assert.deepEqual(Object.keys(expected).toSorted(), namesOf('plans').toSorted());
  });

  for (const [name, { repair, whole }] of Object.entries(expected)) {
    it(name, { timeout: 90_000 }, async (t) => {
      const { events, damage, titles } = await runDamaged(t, {
        damage: { only: name as DamageName },
      });
      assert.ok((damage['plans']?.kinds[name] ?? 0) > 0);
      const repairs = events.filter(({ type }) => type === 'plan.line_repaired');
      const whats = repairs.map(({ data }) => data['what']);
      if (repair !== null) assert.ok(whats.includes(repair), `on the record: ${whats.join(' ')}`);
      const note = events.find(({ type }) => type === 'plan.completed')?.data['note'];
      if (whole) assert.deepEqual(titles.toSorted(), await kindTitles(t));
      else assert.ok(note, 'what may be lost is said');
    });
  }

  async function kindTitles(t: Parameters<typeof runDamaged>[0]): Promise<string[]> {
    undamaged ??= runDamaged(t, {});
    return (await undamaged).titles.toSorted();
  }
});
