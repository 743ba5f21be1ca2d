import type { IncomingHttpHeaders } from 'node:http';

export function bearerSecret(headers: IncomingHttpHeaders): string | undefined {
  return /^bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}
