import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Part } from './play-part.ts';

export interface Vendor {
  url: string;
  close(): Promise<void>;
}

const request = z.object({
  stream: z.boolean().optional(),
  messages: z.array(z.object({ content: z.string() })),
});

/** An OpenAI-compatible host that answers every prompt with its part, after its time. */
export async function startVendor(play: (prompt: string) => Part): Promise<Vendor> {
  const server = createServer(async (incoming, response) => {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const began = performance.now();
      const body = request.parse(JSON.parse(Buffer.concat(chunks).toString()));
      const { text, ms } = play(body.messages.map(({ content }) => content).join('\n'));
      await sleep(Math.max(0, ms - (performance.now() - began)));
      if (body.stream) stream(response, text);
      else answer(response, text);
    } catch (error) {
      console.error(error);
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: String(error) } }));
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const usage = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };
const identity = { id: 'chatcmpl-1', model: 'model', created: 0 };

function answer(response: ServerResponse, content: string): void {
  const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }];
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ ...identity, object: 'chat.completion', choices, usage }));
}

function stream(response: ServerResponse, content: string): void {
  const chunk = (choices: object[], more: object = {}) =>
    `data: ${JSON.stringify({ ...identity, object: 'chat.completion.chunk', choices, ...more })}\n\n`;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(
    [
      chunk([{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }]),
      chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
      chunk([], { usage }),
      'data: [DONE]\n\n',
    ].join(''),
  );
}
