import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Content, GenerationConfig } from '@google/genai';
import type { CanonicalRequest } from '../canonical.ts';
import { readGeminiBlock, readGeminiError } from './error.ts';
import { type GeminiQuirks, writeGeminiRequest } from './request.ts';
import { readGeminiAnswer } from './response.ts';
import { createGeminiStreamReader } from './stream.ts';

const quirks: GeminiQuirks = { structuredOutput: 'schema', sampling: true, thinking: null };
const request: CanonicalRequest = {
  model: 'gemini-3.6-flash',
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello' },
    { role: 'user', content: 'Go on' },
  ],
  maxOutputTokens: 64,
};

// Compiles only while what we write is what the vendor's own package takes. Its enums are nominal
// and its `thinkingLevel` is one of them, so that field is checked by its values below.
const body = writeGeminiRequest(request, { quirks });
body.contents satisfies Content[];
type Config = Omit<NonNullable<typeof body.generationConfig>, 'thinkingConfig'>;
({}) as Config satisfies GenerationConfig;

test('the assistant is called model and the system prompt has a field of its own', () => {
  assert.deepEqual(body, {
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
    contents: [
      { role: 'user', parts: [{ text: 'Hi' }] },
      { role: 'model', parts: [{ text: 'Hello' }] },
      { role: 'user', parts: [{ text: 'Go on' }] },
    ],
    generationConfig: { maxOutputTokens: 64 },
  });
});

test('a schema goes into responseJsonSchema with its media type, thinking into its config', () => {
  const schema = { type: 'object', properties: {} };
  const written = writeGeminiRequest(
    { ...request, output: { type: 'json_schema', name: 'n', schema }, stop: ['X'], seed: 1 },
    { quirks: { ...quirks, thinking: { thinkingLevel: 'LOW', includeThoughts: true } } },
  );
  assert.deepEqual(written.generationConfig, {
    maxOutputTokens: 64,
    stopSequences: ['X'],
    seed: 1,
    responseMimeType: 'application/json',
    responseJsonSchema: schema,
    thinkingConfig: { thinkingLevel: 'LOW', includeThoughts: true },
  });
});

const recorded = {
  responseId: 'r1',
  modelVersion: 'gemini-3.6-flash',
  candidates: [
    {
      index: 0,
      finishReason: 'STOP',
      content: {
        role: 'model',
        parts: [
          { text: 'Hm', thought: true },
          { text: 'Yes', thoughtSignature: 'c2ln' },
        ],
      },
    },
  ],
  usageMetadata: {
    promptTokenCount: 100,
    cachedContentTokenCount: 60,
    toolUsePromptTokenCount: 5,
    candidatesTokenCount: 20,
    thoughtsTokenCount: 30,
    totalTokenCount: 155,
  },
};

test('thoughts are reasoning, and counted outside the candidates', () => {
  assert.deepEqual(readGeminiAnswer(recorded), {
    id: 'r1',
    model: 'gemini-3.6-flash',
    text: 'Yes',
    reasoning: 'Hm',
    finishReason: 'stop',
    usage: { input: 105, output: 50, cachedInput: 60, cacheWriteInput: 0, reasoning: 30 },
  });
});

test('a blocked prompt comes with status 200 and no candidate', () => {
  const blocked = { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } };
  assert.equal(readGeminiAnswer(blocked).finishReason, 'content_filter');
  assert.equal(readGeminiBlock(blocked), 'PROHIBITED_CONTENT');
  assert.equal(readGeminiBlock(recorded), null);
});

test('a blocked answer names the filter that ended it', () => {
  for (const finishReason of ['SAFETY', 'RECITATION', 'PROHIBITED_CONTENT', 'SPII', 'BLOCKLIST']) {
    const body = { candidates: [{ finishReason }] };
    assert.equal(readGeminiAnswer(body).finishReason, 'content_filter');
    assert.equal(readGeminiBlock(body), finishReason);
  }
});

function read(...pushes: string[]) {
  const reader = createGeminiStreamReader();
  const events = [...pushes.flatMap((text) => reader.push(text)), ...reader.end()];
  return { events, error: reader.error() };
}
const sse = (chunk: object) => `data: ${JSON.stringify(chunk)}\r\n\r\n`;
const part = (fields: object) => ({ candidates: [{ content: { parts: [fields] } }] });

test('a stream ends at the end of file, with the last usage', () => {
  const { events, error } = read(
    sse({ ...part({ text: 'Hm', thought: true }), usageMetadata: { promptTokenCount: 100 } }),
    sse(part({ text: 'Y' })),
    sse({ ...recorded, candidates: [{ finishReason: 'MAX_TOKENS' }] }).trimEnd(),
  );
  assert.equal(error, null);
  assert.deepEqual(events, [
    { type: 'reasoning', text: 'Hm' },
    { type: 'text', text: 'Y' },
    {
      type: 'end',
      id: 'r1',
      model: 'gemini-3.6-flash',
      finishReason: 'length',
      usage: { input: 105, output: 50, cachedInput: 60, cacheWriteInput: 0, reasoning: 30 },
    },
  ]);
});

test('a stream that closes before a finish reason was cut', () => {
  const { events, error } = read(sse(part({ text: 'Y' })));
  const end = events.at(-1);
  assert.ok(end?.type === 'end' && end.finishReason === 'error' && end.usage === null);
  assert.equal(error?.body, null);
});

const unavailable = { error: { code: 503, message: 'overloaded', status: 'UNAVAILABLE' } };

test('an error as bare JSON, alone or after chunks, ends the stream with its document', () => {
  for (const before of ['', sse(part({ text: 'Y' }))]) {
    const { events, error } = read(before, `${JSON.stringify(unavailable, null, 2)}\n`);
    const end = events.at(-1);
    assert.ok(end?.type === 'end' && end.finishReason === 'error');
    assert.deepEqual(error?.body, unavailable);
  }
});

test('an error as an event of the stream ends it as well', () => {
  assert.deepEqual(read(sse(unavailable)).error, { body: unavailable, message: 'overloaded' });
});

test('quota violations and the retry delay are read out of the details', () => {
  const body = {
    error: {
      code: 429,
      message: 'Quota exceeded',
      status: 'RESOURCE_EXHAUSTED',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
          violations: [{ quotaMetric: 'm', quotaId: 'PerDay', quotaValue: '250' }],
        },
        { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '26.5s' },
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RATE_LIMIT_EXCEEDED' },
      ],
    },
  };
  const expected = {
    message: 'Quota exceeded',
    status: 'RESOURCE_EXHAUSTED',
    violations: [{ quotaMetric: 'm', quotaId: 'PerDay', quotaValue: 250 }],
    retryDelayMs: 26_500,
    reason: 'RATE_LIMIT_EXCEEDED',
  };
  assert.deepEqual(readGeminiError(body), expected);
  assert.deepEqual(readGeminiError([body]), expected);
});
