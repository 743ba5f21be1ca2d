import assert from 'node:assert/strict';
import { it } from 'node:test';
import { nextMidnight } from './next-midnight.ts';

const pacific = 'America/Los_Angeles';

it('finds midnight on ordinary days, in UTC and elsewhere', () => {
  const noon = Date.UTC(2026, 6, 1, 12, 30, 15, 250);
  assert.equal(nextMidnight(noon, 'UTC'), Date.UTC(2026, 6, 2));
  assert.equal(nextMidnight(noon, pacific), Date.UTC(2026, 6, 2, 7));
});

it('finds midnight over both changes of summer time', () => {
  // 2026-03-08 has 23 hours in California, 2026-11-01 has 25.
  assert.equal(nextMidnight(Date.UTC(2026, 2, 8, 8, 30), pacific), Date.UTC(2026, 2, 9, 7));
  assert.equal(nextMidnight(Date.UTC(2026, 10, 1, 7, 30), pacific), Date.UTC(2026, 10, 2, 8));
});

it('is in the future at midnight itself', () => {
  const midnight = Date.UTC(2026, 6, 2, 7);
  assert.equal(nextMidnight(midnight, pacific), midnight + 86_400_000);
});
