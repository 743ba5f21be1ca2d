import type { IncomingHttpHeaders } from 'node:http';
import { modelsOf, type SimulatedModel } from '../../models.ts';
import type { Route, Wire } from '../wire.ts';
import { writeGeminiAnswer, writeGeminiFrames } from './gemini-answer.ts';
import { refuseAsGemini } from './gemini-refuse.ts';
import { readGeminiCall } from './gemini-request.ts';

export const geminiWire: Wire = {
  provider: 'gemini',
  requestIdHeader: undefined,
  secretOf,
  route: routeGemini,
  readCall: (body, route) =>
    readGeminiCall(body, { model: route.model ?? '', stream: route.stream === true }),
  refuse: refuseAsGemini,
  limitHeaders: () => ({}),
  answer: writeGeminiAnswer,
  frames: writeGeminiFrames,
};

function secretOf(headers: IncomingHttpHeaders, url: URL): string | undefined {
  const key = headers['x-goog-api-key'];
  return typeof key === 'string' ? key : (url.searchParams.get('key') ?? undefined);
}

/** The official client asks `v1` since 2026 and `v1beta` before; both speak the same. */
function routeGemini(method: string, fullPath: string, url: URL): Route | undefined {
  const path = fullPath.replace(/^\/v1(?:beta)?(?=\/)/, '');
  const call = /^\/models\/([^/:]+):(generateContent|streamGenerateContent)$/.exec(path);
  if (method === 'POST' && call) {
    const stream = call[2] === 'streamGenerateContent';
    // Without alt=sse the vendor streams one JSON array, which nothing here speaks.
    if (stream && url.searchParams.get('alt') !== 'sse') return undefined;
    return { kind: 'call', model: call[1], stream };
  }
  if (method !== 'GET') return undefined;
  const models = modelsOf('gemini');
  if (path === '/models') {
    return { kind: 'read', answer: () => ({ models: models.map(describeModel) }) };
  }
  const model = models.find(({ id }) => path === `/models/${id}`);
  return model && { kind: 'read', answer: () => describeModel(model) };
}

function describeModel(model: SimulatedModel) {
  return {
    name: `models/${model.id}`,
    version: '001',
    displayName: model.id.replace(
      /(^|-)(\w)/g,
      (_, dash, first) => `${dash && ' '}${first.toUpperCase()}`,
    ),
    description: 'Simulated: shows scheduling, not answer quality.',
    inputTokenLimit: model.contextTokens,
    outputTokenLimit: model.maxOutputTokens,
    supportedGenerationMethods: ['generateContent', 'countTokens'],
    thinking: true,
  };
}
