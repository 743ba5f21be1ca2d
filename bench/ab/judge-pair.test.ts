import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgePair } from './judge-pair.ts';

interface Asked {
  system: string;
  user: string;
}

/** A judge that answers `say` of the two candidates in the order in which it was shown them. */
async function judgeBy(say: (one: string, other: string) => string, room = 10_000) {
  const asked: Asked[] = [];
  const judgement = await judgePair(
    {
      api: {
        async complete(request) {
          asked.push(request);
          const [one = '', other = ''] = [
            ...request.user.matchAll(/<candidate label="[AB]">\n([\s\S]*?)\n<\/candidate>/g),
          ].map(([, text = '']) => text);
          const text = say(one, other);
          return { text, finishReason: 'stop', inputTokens: 100, outputTokens: 10, costUsd: 0.001 };
        },
      },
      model: 'gemini/judge',
      room,
    },
    { brief: 'Name the rivers.', first: 'Rhine and Elbe.', second: 'Rhine.' },
  );
  return { judgement, asked };
}

const prefer = (label: string) => `{"reason":"so","best":"${label}"}`;

test('who is better in both orders has won, whichever place it stood in', async () => {
  const longer = await judgeBy((one, other) => prefer(one.length > other.length ? 'A' : 'B'));
  assert.equal(longer.judgement.winner, 'first');
  const shorter = await judgeBy((one, other) => prefer(one.length < other.length ? 'A' : 'B'));
  assert.equal(shorter.judgement.winner, 'second');
  assert.equal(shorter.judgement.flipped, false);
});

test('a judge that prefers a place makes no winner, and its flip is counted', async () => {
  for (const place of ['A', 'B']) {
    const { judgement } = await judgeBy(() => prefer(place));
    assert.deepEqual([judgement.winner, judgement.flipped], [null, true]);
  }
  const calm = await judgeBy(() => prefer('tie'));
  assert.deepEqual([calm.judgement.winner, calm.judgement.flipped], [null, false]);
  const torn = await judgeBy((one) => prefer(one.includes('Elbe') ? 'A' : 'tie'));
  assert.deepEqual([torn.judgement.winner, torn.judgement.flipped], [null, true]);
});

test('what cannot be read is asked for once more, and is then no verdict for anybody', async () => {
  const { judgement, asked } = await judgeBy(() => 'Both are lovely.');
  assert.equal(judgement.unreadable, true);
  assert.equal(judgement.winner, null);
  assert.equal(asked.length, 4);
  assert.equal(judgement.tokens, 440);
  assert.equal(judgement.nanoUsd, 4_000_000);
});

test('the judge is told the brief and two letters, not who wrote what, and both are cut alike', async () => {
  const { asked } = await judgeBy(() => prefer('A'), 8);
  assert.equal(asked.length, 2);
  for (const { user } of asked) {
    assert.match(user, /Name the rivers\./);
    assert.doesNotMatch(user, /graph|strong|cheap|provider/i);
    assert.ok(!user.includes('Elbe'));
  }
});
