import assert from 'node:assert/strict';
import { test } from 'node:test';
import type OpenAI from 'openai';
import type { CanonicalAnswer, StreamEvent } from '../canonical.ts';
import { readOpenaiAnswer } from './response.ts';
import { createOpenaiStreamReader } from './stream.ts';
import { createOpenaiStreamWriter, type OpenaiChunk } from './stream-writer.ts';
import { writeOpenaiAnswer } from './write-answer.ts';
import { writeOpenaiModel } from './write-model.ts';

// Compile only while the official package reads what we write.
type Assignable<Ours extends Theirs, Theirs> = Ours;
export type Checked = [
  Assignable<OpenaiChunk, OpenAI.ChatCompletionChunk>,
  Assignable<ReturnType<typeof writeOpenaiAnswer>, OpenAI.ChatCompletion>,
  Assignable<ReturnType<typeof writeOpenaiModel>, OpenAI.Model>,
];

const identity = { id: 'chatcmpl-9', created: 5, model: 'openai/m' };
const usage = { input: 5, output: 4, cachedInput: 2, cacheWriteInput: 1, reasoning: 3 };
const end: StreamEvent = { type: 'end', id: 'x', model: 'm', finishReason: 'length', usage };

test('what is written as a stream is read back as the same events', () => {
  const writer = createOpenaiStreamWriter({ ...identity, includeUsage: true });
  const events: StreamEvent[] = [
    { type: 'reasoning', text: 'Hm' },
    { type: 'text', text: 'Yes' },
    end,
  ];
  const reader = createOpenaiStreamReader();
  const body = events.flatMap((event) => writer.write(event));
  const sent = body.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('');
  const read = [...reader.push(`${sent}data: [DONE]\n\n`), ...reader.end()];
  assert.deepEqual(read, [...events.slice(0, 2), { ...end, id: 'chatcmpl-9', model: 'openai/m' }]);
});

test('the first chunk names the role, once', () => {
  const writer = createOpenaiStreamWriter({ ...identity, includeUsage: false });
  const chunks = ['a', 'b'].flatMap((text) => writer.write({ type: 'text', text }));
  assert.deepEqual(
    chunks.map((chunk) => chunk.choices[0]?.delta),
    [{ role: 'assistant', content: '' }, { content: 'a' }, { content: 'b' }],
  );
});

test('usage is sent only to those who asked for it', () => {
  const writer = createOpenaiStreamWriter({ ...identity, includeUsage: false });
  assert.equal(
    writer.write(end).some((chunk) => 'usage' in chunk),
    false,
  );
});

test('a stream that ended in error gets no finish reason', () => {
  const writer = createOpenaiStreamWriter({ ...identity, includeUsage: true });
  assert.deepEqual(writer.write({ ...end, finishReason: 'error', usage: null }), []);
});

test('what is written as an answer is read back as the same answer', () => {
  const answer: CanonicalAnswer = {
    id: 'chatcmpl-9',
    model: 'openai/m',
    text: 'Yes',
    reasoning: 'Hm',
    finishReason: 'stop',
    usage,
  };
  assert.deepEqual(readOpenaiAnswer(writeOpenaiAnswer(answer, identity)), answer);
});

test('a model is listed with its owner', () => {
  assert.deepEqual(writeOpenaiModel({ id: 'qwen/q', ownedBy: 'qwen', created: 1 }), {
    id: 'qwen/q',
    object: 'model',
    created: 1,
    owned_by: 'qwen',
  });
});
