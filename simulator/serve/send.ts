import type { ServerResponse } from 'node:http';

/** On everything that this server says, so that nobody takes it for a vendor. */
export const simulatedHeader = { 'x-simulated': 'true' } as const;

export function sendJson(
  response: ServerResponse,
  status: number,
  content: { body: unknown; headers?: Record<string, string> },
): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    ...content.headers,
    ...simulatedHeader,
  });
  response.end(JSON.stringify(content.body));
}
