import { dataFrame, piecesOf } from '../sse.ts';
import type { Call, Frame, Reply } from '../wire.ts';

/** What the vendors of the chat shape add to it. */
export interface ChatDialect {
  idOf(reply: Reply): string;
  usage(reply: Reply): Record<string, unknown>;
  /** Fields of every answer and chunk. */
  extra: Record<string, unknown>;
  /** Whether a stream carries usage though the client did not ask (DeepSeek puts it in the last chunk). */
  usageInLastChunk: boolean;
  /** Fields of a whole message and of the first chunk's delta. */
  message: Record<string, unknown>;
}

export function writeChatAnswer(call: Call, reply: Reply, dialect: ChatDialect): unknown {
  return {
    id: dialect.idOf(reply),
    object: 'chat.completion',
    created: Math.floor(reply.createdAt / 1000),
    model: call.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: reply.text,
          ...dialect.message,
          ...(call.showThinking ? { reasoning_content: reply.reasoning } : {}),
        },
        logprobs: null,
        finish_reason: reply.finish,
      },
    ],
    usage: dialect.usage(reply),
    ...dialect.extra,
  };
}

export function writeChatFrames(call: Call, reply: Reply, dialect: ChatDialect): Frame[] {
  const chunk = (choices: unknown[], more: Record<string, unknown> = {}) => ({
    id: dialect.idOf(reply),
    object: 'chat.completion.chunk',
    created: Math.floor(reply.createdAt / 1000),
    model: call.model,
    choices,
    ...dialect.extra,
    ...(call.includeUsage ? { usage: null } : {}),
    ...more,
  });
  const choice = (delta: unknown, finish: string | null = null) => [
    { index: 0, delta, logprobs: null, finish_reason: finish },
  ];
  const { reasoning, output } = reply.usage;
  const frames = [dataFrame(chunk(choice({ role: 'assistant', content: '', ...dialect.message })))];
  if (call.showThinking) {
    for (const piece of piecesOf(reply.reasoning, reasoning)) {
      frames.push(dataFrame(chunk(choice({ reasoning_content: piece.text })), piece.tokens));
    }
  } else {
    frames[0] = { data: frames[0]?.data ?? '', tokens: reasoning };
  }
  for (const piece of piecesOf(reply.text, output - reasoning)) {
    frames.push(dataFrame(chunk(choice({ content: piece.text })), piece.tokens));
  }
  const usage = dialect.usage(reply);
  const last = dialect.usageInLastChunk ? { usage } : {};
  frames.push(dataFrame(chunk(choice({}, reply.finish), last)));
  if (call.includeUsage && !dialect.usageInLastChunk) frames.push(dataFrame(chunk([], { usage })));
  return [...frames, { data: 'data: [DONE]\n\n', tokens: 0 }];
}
