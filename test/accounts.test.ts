import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { eventually } from './eventually.ts';
import { type } from './person.ts';
import { type Simulated, startSimulated } from './start-simulated.ts';
import { openTerminal } from './terminal.ts';

const model = 'anthropic/claude-sonnet-5-5';

/** A Headrace with no account of its own yet, in front of the simulator's vendors. */
async function start(t: TestContext) {
  const simulated = await startSimulated(t, { declares: 'none', latencyScale: 0 });
  const { simulator } = simulated;
  const known = (id: string) => {
    const found = simulator.accounts.find((account) => account.id === id);
    assert.ok(found, id);
    return found;
  };
  const secrets = simulator.accounts.map(({ secret }) => secret);
  const everything: string[] = [];
  /** Nothing that a person is shown may hold a key. */
  const run = async (argv: string[]) => {
    const variables = Object.fromEntries(
      simulator.accounts.map(({ id, secret }) => [
        `KEY_${id.toUpperCase().replaceAll('-', '_')}`,
        secret,
      ]),
    );
    const typed = await type(simulated, ['accounts', ...argv], {
      terminal: openTerminal([]),
      variables,
    });
    everything.push(typed.shown, typed.printed);
    return typed;
  };
  const chat = async () => {
    const response = await simulated.call('/v1/chat/completions', {
      body: { model, max_tokens: 50, messages: [{ role: 'user', content: 'Say mill.' }] },
    });
    return { status: response.status, account: response.headers.get('headrace-account') };
  };
  t.after(() => {
    for (const text of everything) {
      for (const secret of secrets) assert.ok(!text.includes(secret), 'a key was shown');
    }
  });
  return { simulated, simulator, known, run, chat };
}

async function write(
  simulated: Simulated,
  name: string,
  lines: readonly string[],
): Promise<string> {
  const path = join(simulated.dataDir, name);
  await writeFile(path, lines.join('\n'));
  return path;
}

async function setFaults(simulated: Simulated, revoked: readonly string[]): Promise<void> {
  const response = await fetch(`${simulated.simulatorUrl}/_simulator/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ revoked }),
  });
  assert.equal(response.status, 200);
}

describe('accounts, as a person at the command line meets them', () => {
  it('imports all or nothing, calls, quarantines and takes back, rotates, drains and removes', async (t) => {
    const { simulated, known, run, chat } = await start(t);
    const header = 'id,provider,entitlement,base_url,secret,rpm';
    const url = known('anthropic-a').base_url;
    const bad = await write(simulated, 'bad.csv', [
      header,
      `ant-a,anthropic,unit A,${url},\${KEY_ANTHROPIC_A},50`,
      `ant-b,anthropic,unit B,${url},\${KEY_NOWHERE},50`,
      `ant-c,anthropc,unit C,${url},\${KEY_ANTHROPIC_C},0`,
    ]);
    const refused = await run(['import', bad]);
    assert.equal(refused.code, 2);
    assert.match(refused.shown, /bad\.csv:3: .*names KEY_NOWHERE, which is not set/);
    assert.match(refused.shown, /bad\.csv:4: limits\[0\]\.rpm is 0/);
    assert.match((await run(['list'])).printed, /\(none\)/);

    const good = await write(simulated, 'good.csv', [
      header,
      `ant-a,anthropic,unit A,${url},\${KEY_ANTHROPIC_A},50`,
      `ant-b,anthropic,unit B,${url},\${KEY_ANTHROPIC_B},50`,
    ]);
    assert.match((await run(['import', good, '--dry-run'])).shown, /can be added/);
    assert.match((await run(['list'])).printed, /\(none\)/);
    const added = await run(['import', good]);
    assert.equal(added.code, 0, added.shown);
    assert.match((await run(['show', 'ant-a'])).printed, /\* +rpm +0 +50/);
    const first = await chat();
    assert.equal(first.status, 200);
    assert.ok(['ant-a', 'ant-b'].includes(String(first.account)), String(first.account));

    await setFaults(simulated, ['anthropic-a']);
    for (let calls = 0; calls < 4; calls += 1) assert.equal((await chat()).status, 200);
    const shrunken = await run(['list']);
    assert.match(shrunken.printed, /ant-a .*quarantined/);
    assert.match(shrunken.shown, /anthropic: 1 of 2 accounts in use \(ant-a is quarantined/);
    // One that a second's share holds back for a moment is the one that would be chosen next.
    const explained = (await run(['explain', '--model', model, '--tokens', '10'])).printed;
    assert.match(explained, /ant-b +(chosen|waits) +active/);
    assert.match(explained, /ant-a +waits +quarantined +It is quarantined \(credential\)/);
    assert.equal((await run(['test', 'ant-a'])).code, 1);
    await setFaults(simulated, []);
    const tested = await run(['test', 'ant-a']);
    assert.match(tested.printed, /k1 +accepted/);
    assert.match((await run(['list'])).printed, /ant-a .* active/);

    const rotated = await run([
      'credentials',
      'rotate',
      'ant-a',
      'k1',
      'k2',
      '--overlap',
      '1h',
      '--secret-env',
      'KEY_ANTHROPIC_C',
    ]);
    assert.match(rotated.printed, /k1 \(until .*\), k2/);
    const shown = await run(['show', 'ant-a']);
    assert.match(shown.printed, /k1 .*rotated out/);
    assert.match(shown.printed, /account\.took_back/);
    assert.equal((await run(['drain', 'ant-b'])).code, 0);
    for (let calls = 0; calls < 3; calls += 1) assert.equal((await chat()).account, 'ant-a');
    const revoked = await run(['credentials', 'revoke', 'ant-a', 'k1']);
    assert.match(revoked.shown, /key k1 of account ant-a is revoked/);
    assert.equal((await chat()).status, 200);
    assert.equal((await run(['remove', 'ant-b', '--yes'])).code, 0);
    assert.doesNotMatch((await run(['list'])).printed, /ant-b/);
    const bars = await run(['watch', '--json']);
    assert.ok(
      JSON.parse(bars.printed)[0].buckets.some((bucket: { used: number }) => bucket.used > 0),
    );
  });

  it('keeps accounts, their states and their keys over a restart, and refuses a twin with the reason', async (t) => {
    const { simulated, known, run } = await start(t);
    const openai = known('openai-a');
    const add = (id: string, key: string, more: string[] = []) =>
      run([
        'add',
        id,
        '--provider',
        'openai',
        '--base-url',
        openai.base_url,
        '--secret-env',
        key,
        ...more,
      ]);
    assert.equal((await add('oa-a', 'KEY_OPENAI_A')).code, 0);
    const twin = await add('oa-b', 'KEY_OPENAI_B');
    assert.equal(twin.code, 2);
    assert.match(twin.shown, /whose terms forbid several accounts as a way round their limits/);
    const same = await add('oa-c', 'KEY_OPENAI_A', ['--entitlement', 'unit C']);
    assert.match(same.shown, /is the same key as one of account oa-a/);
    const odd = await add('oa-d', 'KEY_OPENAI_B', ['--limit', 'gtp-5*:rpm=5']);
    assert.match(odd.shown, /model class "gtp-5\*", which no model of openai belongs to/);
    // Who types a command is told of commands and options, not of routes and bodies.
    const many = await run(['explain', '--model', 'gpt-5.6-sol', '--tokens', '999999999']);
    assert.match(many.shown, /input_tokens: expected at most.*\n.*--help describes the options/);
    const unknown = await run(['explain', '--model', 'gpt-5.6-soll', '--tokens', '1']);
    assert.match(unknown.shown, /Did you mean gpt-5\.6-sol\?.*headrace models list/);
    const nobody = await run(['show', 'oa-z']);
    assert.match(nobody.shown, /headrace accounts list names them/);
    for (const { shown } of [many, unknown, nobody]) {
      assert.doesNotMatch(shown, /openapi|(GET|POST) \/|\/v1\//);
    }
    const listed = await type(simulated, ['models', 'list'], { terminal: openTerminal([]) });
    assert.match(listed.printed, /^MODEL +CONTEXT +OUTPUT +USD PER MILLION$/m);
    assert.match(listed.printed, /^openai\/gpt-5\.6-sol +[\d,]+ +[\d,]+ +[\d.]+ in, [\d.]+ out$/m);
    const drain = ['providers', 'drain', 'openai'];
    assert.equal((await type(simulated, drain, { terminal: openTerminal([]) })).code, 0);
    const drained = await run(['explain', '--model', 'openai/gpt-5.6-sol', '--tokens', '10']);
    assert.equal(drained.code, 5, drained.shown);
    assert.match(drained.shown, /headrace providers resume openai takes it back/);
    assert.doesNotMatch(drained.printed, /chosen/);
    assert.equal((await run(['disable', 'oa-a'])).code, 0);
    await simulated.headrace.close();
    const again = await simulated.restart();
    await eventually(async () => {
      const response = await again.call('/api/v1/accounts/oa-a');
      const account = (await response.json()) as { state: string; managed_by: string };
      assert.deepEqual([account.state, account.managed_by], ['disabled', 'api']);
    });
    const metrics = await (await again.call('/metrics')).text();
    assert.match(metrics, /headrace_pool_accounts\{provider="openai",state="disabled"\} 1/);
    assert.ok(!metrics.includes(openai.secret));
  });
});
