import type { JsonObject } from '../platform/json.ts';
import type { CanonicalAnswer } from '../protocol/index.ts';
import { createProviderStreamReader } from './create-stream-reader.ts';
import { verdicts } from './failure.ts';
import { joinUrl } from './join-url.ts';
import { makeFailure, parseBody } from './make-failure.ts';
import type { Provider, ReplyReading, WireCall, WireReply } from './provider.ts';
import type { QuotaQuestion, QuotaSource } from './quota.ts';
import type { Vendor, WireFormat } from './vendor.ts';

/** A vendor's files and the wire format it speaks, as one provider. */
export function createProvider<Quirks>(
  vendor: Vendor<Quirks>,
  format: WireFormat<Quirks>,
): Provider {
  const { address, limits } = vendor;
  return {
    id: vendor.id,
    limits: limits.rules,
    models: vendor.models,
    buildCall(request, { stream, secret, baseUrl }) {
      const quirks = vendor.quirksOf(request);
      const streamed = stream || format.isStreamOnly(quirks);
      const path = address.callPath(request.model, streamed);
      return {
        method: 'POST',
        url: joinUrl(baseUrl ?? address.baseUrl, path),
        headers: {
          'content-type': 'application/json',
          accept: streamed ? 'text/event-stream' : 'application/json',
          ...vendor.authenticate(secret),
        },
        body: format.writeRequest(request, { stream: streamed, quirks }) as JsonObject,
        stream: streamed,
      };
    },
    quotas: vendor.quotas.map((source) => ({
      ...source,
      build: (question, cursor, secret) => buildQuota(vendor, source, { question, cursor, secret }),
    })),
    buildProbe: ({ secret, baseUrl }) => ({
      method: 'GET',
      url: joinUrl(baseUrl ?? address.baseUrl, address.modelsPath),
      headers: { accept: 'application/json', ...vendor.authenticate(secret) },
      body: null,
      stream: false,
    }),
    readReply: (reply, nowMs) => readReply({ vendor, format }, reply, nowMs),
    createStreamReader: (secret) =>
      createProviderStreamReader(format.createStreamReader(), (reply, nowMs) =>
        vendor.readFailure(secret === undefined ? reply : { ...reply, secret }, nowMs),
      ),
    readLimits: limits.readLimits,
    charge: limits.charge,
    settle: limits.settle,
  };
}

function buildQuota<Quirks>(
  { address, authenticate }: Vendor<Quirks>,
  source: QuotaSource,
  asked: { question: QuotaQuestion; cursor: string | null; secret: string },
): WireCall | null {
  const { question, cursor, secret } = asked;
  const baseUrl = question.baseUrl ?? address.baseUrl;
  const url = source.address({ ...question, baseUrl }, cursor);
  if (url === null) return null;
  const headers = { accept: 'application/json', ...authenticate(secret) };
  return { method: 'GET', url, headers, body: null, stream: false };
}

interface Parts<Quirks> {
  vendor: Vendor<Quirks>;
  format: WireFormat<Quirks>;
}

function readReply<Quirks>(
  { vendor, format }: Parts<Quirks>,
  reply: WireReply,
  nowMs: number,
): ReplyReading {
  if (reply.status < 200 || reply.status > 299) {
    return { ok: false, failure: vendor.readFailure(reply, nowMs) };
  }
  const failWith = (code: string, message: string): ReplyReading => ({
    ok: false,
    failure: makeFailure(reply, nowMs, { verdict: verdicts.trouble, evidence: { code, message } }),
  });
  let answer: CanonicalAnswer;
  try {
    answer = format.readAnswer(parseBody(reply.body));
  } catch (cause) {
    // Some hosts send an error document with status 200.
    const failure = vendor.readFailure(reply, nowMs);
    if (failure.kind !== 'unknown') return { ok: false, failure };
    return failWith('answer_unreadable', cause instanceof Error ? cause.message : '');
  }
  if (answer.finishReason === 'error') {
    return failWith('answer_incomplete', 'The provider stopped in the middle of the answer.');
  }
  if (answer.finishReason === 'content_filter' && answer.text === '') {
    return { ok: false, failure: readBlock(vendor.readFailure(reply, nowMs), reply, nowMs) };
  }
  if (isBlank(answer)) return failWith('answer_blank', 'The provider answered with nothing.');
  return { ok: true, answer };
}

/** A refused answer: the vendor's own reason where it gave one. */
function readBlock(
  failure: ReturnType<typeof makeFailure>,
  reply: WireReply,
  nowMs: number,
): ReturnType<typeof makeFailure> {
  if (failure.kind === 'content') return failure;
  return makeFailure(reply, nowMs, {
    verdict: verdicts.filtered,
    evidence: { code: 'content_filter', message: "The provider's filter refused the call." },
  });
}

/**
 * DeepSeek's JSON mode now and then returns an empty text, or blanks up to the cap. An empty text cut
 * at the cap is something else: the model spent all of it on reasoning.
 */
function isBlank({ text, finishReason }: CanonicalAnswer): boolean {
  return text.trim() === '' && (text !== '' || finishReason === 'stop');
}
