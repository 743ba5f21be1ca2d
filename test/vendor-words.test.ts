import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { eventually } from './eventually.ts';
import { type } from './person.ts';
import { startSimulated } from './start-simulated.ts';
import { openTerminal } from './terminal.ts';

/** A Headrace with one OpenAI account of its own whose limits nobody wrote down, and its operator. */
async function start(t: TestContext) {
  const simulated = await startSimulated(t, { declares: 'none', latencyScale: 0 });
  const account = simulated.simulator.accounts.find(({ id }) => id === 'openai-a');
  assert.ok(account?.admin);
  const { secret, base_url, admin } = account;
  const variables = { KEY: secret, ADMIN_KEY: admin.secret };
  const run = async (...argv: string[]) => {
    const typed = await type(simulated, ['accounts', ...argv], {
      terminal: openTerminal([]),
      variables,
    });
    for (const known of Object.values(variables)) {
      assert.ok(!`${typed.shown}${typed.printed}`.includes(known), 'a key was shown');
    }
    return typed;
  };
  const where = ['--provider', 'openai', '--base-url', base_url, '--secret-env', 'KEY'];
  const added = await run('add', 'oa', ...where);
  assert.equal(added.code, 0, added.shown);
  return { simulated, run, account, project: admin.project };
}

describe('what vendors say of an account, as its operator meets it', () => {
  it('takes the key of an administrator, asks with it and shows what it learnt', async (t) => {
    const { run, project } = await start(t);
    const add = (...more: string[]) =>
      run('credentials', 'add', 'oa', 'admin', '--secret-env', 'ADMIN_KEY', ...more);
    const vague = await add('--kind', 'admin');
    assert.equal(vague.code, 2);
    assert.match(vague.shown, /project is missing[\s\S]*such as proj_abc/);
    assert.match((await add('--project', project)).shown, /belongs to keys of kind admin/);
    const taken = await add('--kind', 'admin', '--project', project);
    assert.equal(taken.code, 0, taken.shown);

    const tested = await run('test', 'oa');
    assert.equal(tested.code, 0, tested.printed);
    assert.match(tested.printed, /k1 +accepted/);
    assert.match(tested.printed, /admin +accepted/);
    const shown = (await run('show', 'oa')).printed;
    assert.ok(shown.includes(`asks for the limits of ${project}`), shown);
    assert.match(shown, /gpt-5\.6-sol +rpm +0 +120/);
    assert.match((await run('list')).printed, /oa +openai +api +active +0 +1 /);
    assert.equal((await run('credentials', 'revoke', 'oa', 'admin')).code, 0);
    assert.doesNotMatch((await run('show', 'oa')).printed, /asks for the limits/);
  });

  it('says that somebody else uses an account, and what of it', async (t) => {
    const { simulated, run, account } = await start(t);
    const call = () =>
      simulated.call('/v1/chat/completions', {
        body: {
          model: 'openai/gpt-5.6-sol',
          max_tokens: 20,
          messages: [{ role: 'user', content: 'Say mill.' }],
        },
      });
    assert.equal((await call()).status, 200);
    assert.match((await run('show', 'oa')).printed, /others use +nothing that answers show/);
    for (let other = 0; other < 30; other += 1) {
      const reply = await fetch(`${account.base_url}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${account.secret}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          model: 'gpt-5.6-sol',
          max_completion_tokens: 10,
          messages: [{ role: 'user', content: `Hello ${other}.` }],
        }),
      });
      assert.equal(reply.status, 200, await reply.text());
    }
    assert.equal((await call()).status, 200);
    await eventually(async () => {
      const listed = await run('list');
      assert.match(listed.shown, /oa: others use \d+ % of what is used of rpm \(gpt-5\.6-sol\)\./);
    });
    assert.match((await run('show', 'oa')).printed, /others use +\d+ % of what is used of rpm/);
    const metrics = await (await simulated.call('/metrics')).text();
    const ratio =
      /headrace_account_foreign_use_ratio\{account="oa",models="gpt-5\.6-sol",dimension="rpm"\} (\S+)/;
    assert.ok(Number(ratio.exec(metrics)?.[1]) > 0.5, ratio.exec(metrics)?.[0] ?? metrics);
  });
});
