import assert from 'node:assert/strict';
import test from 'node:test';
import { chooseServerUser, parsePasswd } from './server-user.ts';

test('an ordinary user runs the server as themselves', async () => {
  assert.equal(await chooseServerUser('/nowhere', 1000), null);
});

test('root is replaced by postgres or nobody', async () => {
  const user = await chooseServerUser('/nowhere', 0);
  assert.match(user!.name, /^(postgres|nobody)$/);
  assert.ok(user!.uid > 0);
});

test('lines of /etc/passwd that are no users are passed over', () => {
  assert.deepEqual(parsePasswd('# users\n\nnobody:x:65534:65533:nobody:/:/bin/false\n+::::\n'), [
    { name: 'nobody', uid: 65534, gid: 65533 },
  ]);
});
