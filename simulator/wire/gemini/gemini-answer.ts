import { dataFrame, piecesOf } from '../sse.ts';
import type { Call, Frame, Reply } from '../wire.ts';

export function writeGeminiAnswer(call: Call, reply: Reply): unknown {
  const thought = call.showThinking ? [{ text: reply.reasoning, thought: true }] : [];
  return writeResponse(call, reply, {
    parts: [...thought, { text: reply.text }],
    finish: finishReason(reply),
    candidatesTokens: reply.usage.output - reply.usage.reasoning,
  });
}

/** Every event is a whole response object; the stream ends with the connection, without a mark. */
export function writeGeminiFrames(call: Call, reply: Reply): Frame[] {
  const { reasoning, output } = reply.usage;
  const frames: Frame[] = [];
  if (call.showThinking) {
    const parts = [{ text: reply.reasoning, thought: true }];
    const thought = writeResponse(call, reply, { parts, finish: undefined, candidatesTokens: 0 });
    frames.push(dataFrame(thought, reasoning));
  }
  const pieces = piecesOf(reply.text, output - reasoning);
  let sent = 0;
  for (const [index, piece] of pieces.entries()) {
    sent += piece.tokens;
    const last = index === pieces.length - 1;
    const shown = {
      parts: [{ text: piece.text }],
      finish: last ? finishReason(reply) : undefined,
      candidatesTokens: Math.round(sent),
    };
    const waits = index === 0 && !call.showThinking ? reasoning + piece.tokens : piece.tokens;
    frames.push(dataFrame(writeResponse(call, reply, shown), waits));
  }
  if (pieces.length > 0) return frames;
  const empty = { parts: [{ text: '' }], finish: finishReason(reply), candidatesTokens: 0 };
  return [...frames, dataFrame(writeResponse(call, reply, empty), 0)];
}

interface Shown {
  parts: unknown[];
  finish: string | undefined;
  candidatesTokens: number;
}

function writeResponse(call: Call, reply: Reply, shown: Shown): unknown {
  const { input, cached, reasoning } = reply.usage;
  return {
    candidates: [
      {
        content: { role: 'model', parts: shown.parts },
        ...(shown.finish ? { finishReason: shown.finish } : {}),
        index: 0,
      },
    ],
    // Thoughts stand outside the candidates' count; the total includes both.
    usageMetadata: {
      promptTokenCount: input,
      candidatesTokenCount: shown.candidatesTokens,
      totalTokenCount: input + shown.candidatesTokens + reasoning,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: input }],
      ...(cached > 0 ? { cachedContentTokenCount: cached } : {}),
      ...(reasoning > 0 ? { thoughtsTokenCount: reasoning } : {}),
    },
    modelVersion: call.model,
    responseId: reply.id.slice(0, 22),
  };
}

function finishReason(reply: Reply): string {
  return reply.finish === 'length' ? 'MAX_TOKENS' : 'STOP';
}
