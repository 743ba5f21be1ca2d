import assert from 'node:assert/strict';
import test from 'node:test';
import { createPasswords } from './passwords.ts';

test('a password is verified against its stored text, which says how it was made', async () => {
  const passwords = createPasswords();
  const stored = await passwords.hash('correct horse');
  assert.match(stored, /^\$scrypt\$ln=14,r=8,p=5\$/);
  assert.equal(await passwords.verify('correct horse', stored), true);
  assert.equal(await passwords.verify('correct horsf', stored), false);
  assert.equal(await passwords.verify('', stored), false);
});

test('equal passwords are stored as different texts', async () => {
  const passwords = createPasswords();
  assert.notEqual(await passwords.hash('correct horse'), await passwords.hash('correct horse'));
});

test('a text made with other parameters is still understood', async () => {
  // RFC 7914, section 12: scrypt("pleaseletmein", "SodiumChloride", 16384, 8, 1), its first 32 bytes
  const salt = Buffer.from('SodiumChloride').toString('base64');
  const hash = '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2';
  const stored = `$scrypt$ln=14,r=8,p=1$${salt}$${Buffer.from(hash, 'hex').toString('base64')}`;
  assert.equal(await createPasswords().verify('pleaseletmein', stored), true);
});

test('a password is the same in every spelling of Unicode', async () => {
  const passwords = createPasswords();
  const stored = await passwords.hash('mật khẩu'.normalize('NFC'));
  assert.equal(await passwords.verify('mật khẩu'.normalize('NFD'), stored), true);
});

test('for nobody the answer is no, after as much work as for somebody', async () => {
  const passwords = createPasswords();
  const stored = await passwords.hash('correct horse');
  const time = async (against: string | undefined) => {
    const begun = process.cpuUsage();
    assert.equal(await passwords.verify('wrong', against), false);
    return process.cpuUsage(begun).user;
  };
  const [somebody, unknown] = [await time(stored), await time(undefined)];
  assert.ok(unknown > somebody / 4, `${unknown} µs against ${somebody} µs`);
});

test('a flood of logins is turned away, and served again when it has ebbed', async () => {
  const passwords = createPasswords({ longestQueue: 2 });
  const attempts = await Promise.allSettled(
    Array.from({ length: 5 }, async () => passwords.verify('wrong', undefined)),
  );
  const refused = attempts.filter((attempt) => attempt.status === 'rejected');
  assert.equal(refused.length, 3);
  for (const { reason } of refused) assert.equal(reason.code, 'no_capacity');
  assert.equal(await passwords.verify('wrong', undefined), false);
});
