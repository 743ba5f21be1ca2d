import { z } from 'zod';
import { callerOf } from '../server/authenticate.ts';
import { problems } from '../server/document-failures.ts';
import type { Route } from '../server/gateway-app.ts';
import { idParams } from '../server/id-params.ts';

export const readArtifact: Route = (app, { orchestration }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/runs/:id/artifacts/*',
    schema: {
      operationId: 'readArtifact',
      tags: ['runs'],
      summary: "Download a file of the result by its path, as the run's artifacts list it",
      params: idParams.extend({ '*': z.string().min(1).max(1_024).describe('The path.') }),
      response: {
        200: {
          description: 'The file.',
          content: { 'application/octet-stream': { schema: z.custom<Buffer>() } },
        },
        ...problems,
      },
    },
    async handler(request, reply) {
      const { id: runId, '*': path } = request.params;
      const artifact = await orchestration.readArtifact(callerOf(request).principal, {
        runId,
        path,
      });
      // A model wrote it: always a download, and no page of our origin, whatever type it claims.
      return reply
        .type(textual(artifact.mediaType))
        .header('content-disposition', attachment(artifact.path))
        .send(artifact.content);
    },
  });
};

function textual(mediaType: string): string {
  return mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType;
}

/** RFC 6266, the name in UTF-8 by RFC 8187. */
function attachment(path: string): string {
  const name = path.split('/').at(-1) ?? path;
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename*=UTF-8''${encoded}`;
}
