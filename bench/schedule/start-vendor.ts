import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { answerDocument, answerStream } from './answer-document.ts';
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
      const type = body.stream ? 'text/event-stream' : 'application/json';
      response.writeHead(200, { 'content-type': type });
      response.end(body.stream ? answerStream(text) : answerDocument(text));
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
