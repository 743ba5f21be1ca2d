import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { createVault } from './vault.ts';

const vault = createVault(Buffer.alloc(32, 1));
const owner = { accountId: 'openai-a', credentialId: 'k1' };

it('opens what it sealed, whatever the secret', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (secret) => {
      assert.equal(vault.open(owner, vault.seal(owner, secret)), secret);
    }),
  );
});

it('never seals the same way twice, nor shows the secret', () => {
  const [one, two] = [vault.seal(owner, 'sk-secret'), vault.seal(owner, 'sk-secret')];
  assert.notEqual(one.secret, two.secret);
  assert.notEqual(one.data_key, two.data_key);
  assert.ok(!JSON.stringify(one).includes(Buffer.from('sk-secret').toString('base64').slice(0, 8)));
});

it('does not open a record that was moved to another account or credential', () => {
  const sealed = vault.seal(owner, 'sk-secret');
  for (const other of [
    { ...owner, accountId: 'openai-b' },
    { ...owner, credentialId: 'k2' },
    { accountId: 'openai-a","k1', credentialId: '' },
  ]) {
    assert.throws(() => vault.open(other, sealed), { code: 'secret_undecryptable' });
  }
});

it('does not open a record of which one bit was changed', () => {
  const sealed = vault.seal(owner, 'sk-secret');
  for (const part of ['data_key', 'secret'] as const) {
    const bytes = Buffer.from(sealed[part], 'base64');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      const record = { ...sealed, [part]: changed.toString('base64') };
      assert.throws(() => vault.open(owner, record), { code: 'secret_undecryptable' });
    }
  }
});

it('does not open under another secret key, nor anything that is no record', () => {
  const other = createVault(Buffer.alloc(32, 2));
  const sealed = vault.seal(owner, 'sk-secret');
  for (const attempt of [() => other.open(owner, sealed), () => vault.open(owner, null)]) {
    assert.throws(attempt, { code: 'secret_undecryptable' });
  }
});

it('tells equal secrets by a fingerprint that depends on the secret key', () => {
  assert.equal(vault.fingerprint('sk-1'), vault.fingerprint('sk-1'));
  assert.notEqual(vault.fingerprint('sk-1'), vault.fingerprint('sk-2'));
  assert.notEqual(vault.fingerprint('sk-1'), createVault(Buffer.alloc(32, 2)).fingerprint('sk-1'));
  assert.match(vault.fingerprint('sk-1'), /^[0-9a-f]{16}$/);
});
