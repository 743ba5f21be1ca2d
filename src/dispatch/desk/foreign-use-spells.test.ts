import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createForeignUseSpells } from './foreign-use-spells.ts';

/** Looks every 10 s at these shares; answers the turns with their seconds. */
function play(shares: readonly number[], shared: string[] = []): [number, string][] {
  const spells = createForeignUseSpells(new Set(shared));
  return shares.flatMap((share, index): [number, string][] => {
    const turn = spells.judge('a', share, index * 10_000);
    return turn === null ? [] : [[index * 10, turn]];
  });
}

const looks = (count: number, share: number) => Array.from({ length: count }, () => share);

it('tells of others after a minute of them, and that they are gone after five without', () => {
  const spell = [...looks(30, 0.34), ...looks(40, 0.02)];
  assert.deepEqual(play(spell), [
    [60, 'began'],
    [600, 'ended'],
  ]);
});

it('tells nothing of a share that comes and goes', () => {
  const flicker = Array.from({ length: 200 }, (_, index) => (index % 6 === 5 ? 0.02 : 0.5));
  assert.deepEqual(play(flicker), []);
});

it('tells once of a share that wanders around the bound', () => {
  const wandering = Array.from({ length: 200 }, (_, index) => (index % 10 < 7 ? 0.25 : 0.15));
  assert.deepEqual(play(wandering), [[60, 'began']]);
});

it('goes on where the process before it stopped', () => {
  assert.deepEqual(play(looks(10, 0.4), ['a']), []);
  assert.deepEqual(play(looks(40, 0), ['a']), [[300, 'ended']]);
});
