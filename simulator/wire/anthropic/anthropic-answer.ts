import { eventFrame, piecesOf } from '../sse.ts';
import type { Call, Frame, Reply } from '../wire.ts';

export function writeAnthropicAnswer(call: Call, reply: Reply): unknown {
  return {
    ...openMessage(call, reply),
    content: [
      ...(reply.reasoning
        ? [{ type: 'thinking', thinking: reply.reasoning, signature: signatureOf(reply) }]
        : []),
      { type: 'text', text: reply.text, citations: null },
    ],
    stop_reason: stopReason(reply),
    usage: usageOf(reply, reply.usage.output),
  };
}

export function writeAnthropicFrames(call: Call, reply: Reply): Frame[] {
  const { reasoning, output } = reply.usage;
  const message = { ...openMessage(call, reply), usage: usageOf(reply, 1) };
  const frames = [eventFrame({ type: 'message_start', ...{ message } })];
  let index = 0;
  if (reply.reasoning) {
    frames.push(...writeThinking(reply, reasoning));
    index = 1;
  }
  frames.push(
    eventFrame({
      type: 'content_block_start',
      ...{ index, content_block: { type: 'text', text: '', citations: null } },
    }),
    eventFrame({ type: 'ping' }),
  );
  for (const piece of piecesOf(reply.text, output - reasoning)) {
    frames.push(deltaFrame(index, { type: 'text_delta', text: piece.text }, piece.tokens));
  }
  return [
    ...frames,
    eventFrame({ type: 'content_block_stop', ...{ index } }),
    eventFrame({
      type: 'message_delta',
      ...{
        delta: {
          stop_reason: stopReason(reply),
          stop_sequence: null,
          stop_details: null,
          container: null,
        },
        usage: usageOf(reply, output),
      },
    }),
    eventFrame({ type: 'message_stop' }),
  ];
}

function writeThinking(reply: Reply, tokens: number): Frame[] {
  return [
    eventFrame({
      type: 'content_block_start',
      ...{ index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
    }),
    ...piecesOf(reply.reasoning, tokens).map((piece) =>
      deltaFrame(0, { type: 'thinking_delta', thinking: piece.text }, piece.tokens),
    ),
    deltaFrame(0, { type: 'signature_delta', signature: signatureOf(reply) }, 0),
    eventFrame({ type: 'content_block_stop', ...{ index: 0 } }),
  ];
}

function deltaFrame(index: number, delta: unknown, tokens: number): Frame {
  return eventFrame({ type: 'content_block_delta', ...{ index, delta } }, tokens);
}

function openMessage(call: Call, reply: Reply) {
  return {
    id: `msg_sim${reply.id.slice(0, 21)}`,
    type: 'message',
    role: 'assistant',
    model: call.model,
    content: [] as unknown[],
    stop_reason: null as string | null,
    stop_sequence: null,
    stop_details: null,
    container: null,
  };
}

function stopReason(reply: Reply): string {
  return reply.finish === 'length' ? 'max_tokens' : 'end_turn';
}

/** `input_tokens` counts only what follows the last cache breakpoint. */
function usageOf({ usage }: Reply, output: number) {
  return {
    input_tokens: usage.input - usage.cached,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: usage.cached,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { thinking_tokens: output === 1 ? 0 : usage.reasoning },
    server_tool_use: null,
    service_tier: 'standard',
  };
}

function signatureOf(reply: Reply): string {
  return Buffer.from(`simulated:${reply.id}`).toString('base64');
}
