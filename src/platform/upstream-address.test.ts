import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isHeadraceError } from './errors/headrace-error.ts';
import {
  createUpstreamPolicy,
  judgeUpstreamAddress,
  judgeUpstreamUrl,
} from './upstream-address.ts';

const closed = createUpstreamPolicy([]);
const office = createUpstreamPolicy(['10.0.0.0/8', '127.0.0.1/32', 'fd12::/16']);
const everything = createUpstreamPolicy(['0.0.0.0/0', '::/0']);

const forbidden = { code: 'address_forbidden' };

test('a public https address is accepted', () => {
  for (const url of [
    'https://api.openai.com/v1',
    'https://8.8.8.8/v1',
    'https://[2606:4700::1]/',
  ]) {
    assert.equal(judgeUpstreamUrl(url, closed).protocol, 'https:');
  }
});

test('a private address is accepted only within the allowed networks', () => {
  for (const url of [
    'http://10.0.0.7:8000/v1',
    'http://127.0.0.1:11434',
    'http://localhost:1',
    'http://[fd12::1]/',
  ]) {
    assert.throws(() => judgeUpstreamUrl(url, closed), forbidden, url);
    assert.ok(judgeUpstreamUrl(url, office), url);
  }
  for (const url of [
    'https://192.168.1.1',
    'https://[::1]/',
    'https://127.0.0.2/',
    'https://100.64.1.1/',
  ]) {
    assert.throws(() => judgeUpstreamUrl(url, office), forbidden, url);
  }
});

test('plain http never leaves for the public internet', () => {
  assert.throws(() => judgeUpstreamUrl('http://8.8.8.8/v1', office), forbidden);
  assert.throws(() => judgeUpstreamUrl('http://vllm.example.com/v1', closed), forbidden);
  assert.throws(
    () => judgeUpstreamAddress('8.8.8.8', { policy: office, secure: false }),
    forbidden,
  );
});

test('a metadata service is refused in every spelling, whatever is allowed', () => {
  const spellings = [
    'http://169.254.169.254/latest',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://0251.0376.0251.0376/',
    'http://[::ffff:169.254.169.254]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[2002:a9fe:a9fe::]/',
    'http://[fd00:ec2::254]/',
    'http://100.100.100.200/',
    'https://METADATA.google.internal./computeMetadata',
  ];
  for (const url of spellings)
    assert.throws(() => judgeUpstreamUrl(url, everything), forbidden, url);
});

test('a URL with credentials, a query or another scheme is refused without repeating it', () => {
  for (const url of [
    'https://user:hunter2@api.example.com',
    'https://a.example/?key=hunter2',
    'file:///hunter2',
    'hunter2',
  ]) {
    assert.throws(
      () => judgeUpstreamUrl(url, closed),
      (error) =>
        isHeadraceError(error) &&
        error.code === 'address_forbidden' &&
        !error.message.includes('hunter2'),
    );
  }
});

test('a name that resolves into a private network is refused when it connects', () => {
  assert.ok(judgeUpstreamUrl('https://innocent.example', closed));
  for (const address of ['127.0.0.1', '10.1.2.3', '::1', '::ffff:10.0.0.1', 'fe80::1%eth0', '::']) {
    assert.throws(
      () => judgeUpstreamAddress(address, { policy: closed, secure: true }),
      forbidden,
      address,
    );
  }
});

test('a malformed network in the allowlist is a configuration error', () => {
  for (const cidr of ['10.0.0.0', '10.0.0.0/33', 'ten/8', '::/129', '10.0.0.0/8/8', '']) {
    assert.throws(() => createUpstreamPolicy([cidr]), { code: 'config_invalid' }, cidr);
  }
});

test('an IPv4 address and its mapped IPv6 form get the same judgement', () => {
  const accepts = (address: string) => {
    try {
      judgeUpstreamAddress(address, { policy: office, secure: true });
      return true;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(fc.ipV4(), (address) => accepts(address) === accepts(`::ffff:${address}`)),
    { numRuns: 500 },
  );
});

test('any text is judged without another error than ours', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.ipV6().map((ip) => `http://[${ip}]/`),
      ),
      (text) => {
        try {
          judgeUpstreamUrl(text, closed);
        } catch (error) {
          assert.ok(isHeadraceError(error), String(error));
        }
      },
    ),
  );
});
