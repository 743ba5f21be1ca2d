import type { Socket } from 'node:net';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import { createId } from '../../platform/ids.ts';
import { describeProblem, problemMediaType } from './problem.ts';

const reasons: Record<string, string> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'The request did not arrive in time.',
  HPE_HEADER_OVERFLOW: 'The headers are larger than 16 KiB.',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'The chunk extensions are too large.',
};

/** Answers what is not even HTTP (smuggling attempts included) and closes, for nothing behind it can be trusted. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const message = reasons[error.code ?? ''] ?? 'This is not a valid HTTP/1.1 request.';
  const problem = describeProblem(
    new HeadraceError('request_invalid', { message, fix: 'Send a well-formed HTTP/1.1 request.' }),
    createId('req'),
  );
  const body = JSON.stringify(problem);
  socket.end(
    [
      'HTTP/1.1 400 Bad Request',
      `content-type: ${problemMediaType}`,
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${problem.request_id}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
