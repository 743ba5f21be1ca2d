import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type } from './person.ts';
import { startSimulated } from './start-simulated.ts';
import { openTerminal } from './terminal.ts';

const model = 'anthropic/claude-sonnet-5-5';
const other = 'anthropic/claude-opus-5-5';

async function start(t: TestContext) {
  const simulated = await startSimulated(t, { kind: true, latencyScale: 0 });
  const run = (...argv: string[]) =>
    type(simulated, ['providers', ...argv], { terminal: openTerminal([]) });
  /** The lines of `providers list`, by model. */
  const states = async () => {
    const { code, printed } = await run('list');
    assert.equal(code, 0);
    const lines = printed.trim().split('\n').slice(1);
    return new Map(
      lines.map((line) => {
        const [name = '', state = ''] = line.split(/ {2,}/);
        return [name, state];
      }),
    );
  };
  const chat = async (asked: string) => {
    const response = await simulated.call('/v1/chat/completions', {
      body: { model: asked, max_tokens: 50, messages: [{ role: 'user', content: 'Say mill.' }] },
      headers: { 'headrace-timeout': '2s' },
    });
    await response.arrayBuffer();
    return response.status;
  };
  return { simulated, run, states, chat };
}

describe('providers, as an operator at the command line takes them out and back', () => {
  it('lists every model that can be called, as a table and as JSON', async (t) => {
    const { run, states } = await start(t);
    const listed = await states();
    assert.equal(listed.get(model), 'open for calls');
    const providers = new Set([...listed.keys()].map((id) => id.split('/')[0]));
    assert.deepEqual([...providers], ['anthropic', 'deepseek', 'gemini', 'openai', 'qwen']);
    const { printed } = await run('list', '--json');
    const data = JSON.parse(printed) as { id: string; drained: boolean }[];
    assert.deepEqual(
      data.map(({ id, drained }) => [id, drained]),
      [...providers].map((id) => [id, false]),
    );
  });

  it('drains one model, written with its provider or without, and takes it back', async (t) => {
    const { run, states, chat } = await start(t);
    for (const written of [model, model.replace('anthropic/', '')]) {
      const drained = await run('drain', 'anthropic', '--model', written);
      assert.equal(drained.code, 0, drained.shown);
      assert.match(drained.shown, /anthropic\/claude-sonnet-5-5 is drained/);
      const during = await states();
      assert.equal(during.get(model), 'drained');
      assert.equal(during.get(other), 'open for calls');
      assert.equal(await chat(other), 200);
      const back = await run('resume', 'anthropic', '--model', written);
      assert.match(back.shown, /anthropic\/claude-sonnet-5-5 is back/);
      assert.equal((await states()).get(model), 'open for calls');
      assert.equal(await chat(model), 200);
    }
  });

  it('drains all of a provider and nothing of the others, over a restart too', async (t) => {
    const { simulated, run, states, chat } = await start(t);
    assert.match((await run('drain', 'anthropic')).shown, /anthropic is drained/);
    for (const [id, state] of await states()) {
      assert.equal(state, id.startsWith('anthropic/') ? 'drained' : 'open for calls', id);
    }
    assert.equal(await chat('deepseek/deepseek-flash'), 200);
    const alone = await run('resume', 'anthropic', '--model', model);
    assert.notEqual(alone.code, 0);
    assert.match(alone.shown, /All of anthropic is drained.*\n.*providers resume anthropic/);
    await simulated.headrace.close();
    const again = await simulated.restart();
    const list = await type(again, ['providers', 'list'], { terminal: openTerminal([]) });
    assert.match(list.printed, new RegExp(`${model} +drained`));
    const back = await type(again, ['providers', 'resume', 'anthropic'], {
      terminal: openTerminal([]),
    });
    assert.equal(back.code, 0, back.shown);
    const after = await type(again, ['providers', 'list'], { terminal: openTerminal([]) });
    assert.doesNotMatch(after.printed, /drained/);
  });

  it('says what is wrong with a name that nothing has', async (t) => {
    const { run } = await start(t);
    const nobody = await run('drain', 'antropic');
    assert.notEqual(nobody.code, 0);
    assert.match(nobody.shown, /antropic/);
    const nothing = await run('drain', 'anthropic', '--model', 'claude-sonnet-55');
    assert.notEqual(nothing.code, 0);
    assert.match(nothing.shown, /claude-sonnet-55/);
  });
});
