import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportClaims } from './report-claims.ts';

const fate = (quote: string, result: string) =>
  reportClaims([{ taskId: 't1', quote }], result)[0]?.disposition;

test('a claim is used where the result says it, word for word or in like words', () => {
  const claim = 'The quay wall of Varna measures 450 metres.';
  assert.equal(fate(claim, `Much else. ${claim}`), 'used');
  assert.equal(fate(claim, 'At Varna the quay wall is 450 metres long.'), 'used');
  assert.equal(fate(claim, 'At Varna the quay wall is 540 metres long.'), 'rejected');
});

test('the same amount of something else is not the claim', () => {
  assert.equal(
    fate(
      'The quay wall of Varna measures 450 metres.',
      'The quay wall of Belmo measures 450 metres.',
    ),
    'rejected',
  );
  assert.equal(fate('据资料，Varna的堤墙长400米。', '据资料，Belmo的堤墙长400米。'), 'rejected');
});
