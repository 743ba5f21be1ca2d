import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wireFaults } from './faults.ts';
import { damageNames } from './hostility/damage-settings.ts';
import { readFaults } from './read-faults.ts';

test('every fault of the wire can be typed with its share, and an account’s key be refused', () => {
  for (const fault of wireFaults)
    assert.deepEqual(readFaults(`${fault}=0.25`), {
      faults: { rates: { [fault]: 0.25 } },
      damage: {},
    });
  assert.deepEqual(readFaults('hang=0.1, rate_limited=1, revoked=openai-a, revoked=qwen-b'), {
    faults: { rates: { hang: 0.1, rate_limited: 1 }, revoked: ['openai-a', 'qwen-b'] },
    damage: {},
  });
});

test('every damage can be typed by its name, and the share of each kind of answers', () => {
  for (const name of damageNames)
    assert.deepEqual(readFaults(`damage=${name}`), {
      faults: { rates: {} },
      damage: { only: [name] },
    });
  assert.deepEqual(readFaults('plans=1,answers=0'), {
    faults: { rates: {} },
    damage: { plans: 1, answers: 0 },
  });
});

test('what is no fault, no share or no damage is told with what there is', () => {
  for (const typed of ['hanging=0.1', 'hang=2', 'hang=often', 'damage=plan.odd', 'plans=-1']) {
    const read = readFaults(typed);
    assert.ok('problem' in read, typed);
    assert.match(read.problem, /is not understood.*rate_limited_bare.*plan\.fenced/);
  }
  const bare = readFaults('hang');
  assert.ok('problem' in bare);
  assert.match(bare.problem, /names no share, such as hang=0\.2/);
});
