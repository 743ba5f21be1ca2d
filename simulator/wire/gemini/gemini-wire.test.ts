import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, GoogleGenAI, Type } from '@google/genai';
import { startSimulator } from '../../index.ts';

const model = 'gemini-3.6-flash';
const contents = 'Tell me about tides in a harbour.';

async function start(t: { after(run: () => Promise<void>): void }) {
  const simulator = await startSimulator({ latencyScale: 0 });
  t.after(() => simulator.close());
  const account = simulator.accounts.find(({ provider }) => provider === 'gemini')!;
  const open = (apiKey: string) =>
    new GoogleGenAI({ apiKey, httpOptions: { baseUrl: account.base_url } });
  return { client: open(account.secret), open, account };
}

test('the official client reads an answer; thoughts count outside the candidates', async (t) => {
  const { client } = await start(t);
  const answer = await client.models.generateContent({ model, contents });
  assert.match(answer.text!, /tides/);
  assert.equal(answer.candidates![0]!.finishReason, 'STOP');
  const usage = answer.usageMetadata!;
  assert.ok(usage.thoughtsTokenCount! > 0);
  assert.equal(
    usage.totalTokenCount,
    usage.promptTokenCount! + usage.candidatesTokenCount! + usage.thoughtsTokenCount!,
  );
});

test('a stream of whole objects ends with its last one and adds up to the answer', async (t) => {
  const { client } = await start(t);
  const config = { thinkingConfig: { includeThoughts: true } };
  const whole = await client.models.generateContent({ model, contents, config });
  const chunks = [];
  for await (const chunk of await client.models.generateContentStream({
    model,
    contents,
    config,
  })) {
    chunks.push(chunk);
  }
  assert.equal(chunks[0]!.candidates![0]!.content!.parts![0]!.thought, true);
  assert.equal(chunks.map(({ text }) => text ?? '').join(''), whole.text);
  assert.deepEqual(chunks.at(-1)!.usageMetadata, whole.usageMetadata);
});

test('a cap that binds ends the answer with MAX_TOKENS', async (t) => {
  const { client } = await start(t);
  const answer = await client.models.generateContent({
    model,
    contents,
    config: { maxOutputTokens: 9 },
  });
  assert.equal(answer.candidates![0]!.finishReason, 'MAX_TOKENS');
});

test('both kinds of schema are answered by an instance', async (t) => {
  const { client } = await start(t);
  const ask = async (config: object) => {
    const answer = await client.models.generateContent({
      model,
      contents,
      config: { responseMimeType: 'application/json', ...config },
    });
    return JSON.parse(answer.text!);
  };
  const typed = await ask({
    responseSchema: {
      type: Type.OBJECT,
      properties: { height: { type: Type.INTEGER }, note: { type: Type.STRING, nullable: true } },
      required: ['height'],
    },
  });
  assert.ok(Number.isInteger(typed.height));
  const plain = await ask({
    responseJsonSchema: {
      type: 'object',
      properties: { high: { type: 'boolean' } },
      required: ['high'],
    },
  });
  assert.equal(plain.high, true);
});

test('a wrong key is answered with 400 and its reason, an unknown model with 404', async (t) => {
  const { client, open } = await start(t);
  await assert.rejects(open('AIzaWrong').models.generateContent({ model, contents }), (error) => {
    assert.ok(error instanceof ApiError);
    assert.equal(error.status, 400);
    assert.match(error.message, /API_KEY_INVALID/);
    return true;
  });
  await assert.rejects(
    client.models.generateContent({ model: 'gemini-0', contents }),
    (error) => error instanceof ApiError && error.status === 404,
  );
});

test('the list of models states input and output limits', async (t) => {
  const { client } = await start(t);
  const found = [];
  for await (const listed of await client.models.list()) found.push(listed);
  assert.ok(
    found.some(
      ({ name, inputTokenLimit }) => name === `models/${model}` && inputTokenLimit === 1_048_576,
    ),
  );
});
