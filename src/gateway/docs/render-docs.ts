import { createHash } from 'node:crypto';
import { z } from 'zod';

const styles = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h2 { margin-top: 2.5rem; text-transform: capitalize; }
details { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .4rem; margin: .5rem 0; padding: .5rem .8rem; }
summary { cursor: pointer; min-height: 24px; }
summary code { font-weight: 600; }
pre { overflow-x: auto; padding: .6rem; background: color-mix(in srgb, currentColor 8%, transparent); }
`;

const styleHash = createHash('sha256').update(styles).digest('base64');

/** Nothing is loaded and nothing runs: the page is text and one known style sheet. */
export const docsPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const operationSchema = z.object({
  operationId: z.string().optional(),
  tags: z.array(z.string()).optional(),
  summary: z.string().optional(),
  description: z.string().optional(),
  parameters: z.unknown().optional(),
  requestBody: z.unknown().optional(),
  responses: z.unknown().optional(),
});
type Operation = z.infer<typeof operationSchema>;

const documentSchema = z.object({
  info: z.object({ title: z.string(), description: z.string().optional() }),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()).optional() }).optional(),
});

/** The API description as one page of plain HTML. */
export function renderDocs(openapi: object): string {
  const { info, paths, components } = documentSchema.parse(openapi);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => tagOf(operation)))];
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => tagOf(operation) === tag);
    return `<section><h2>${escapeHtml(tag)}</h2>${own.map(renderOperation).join('')}</section>`;
  });
  const schemas = Object.entries(components?.schemas ?? {}).map(
    ([name, schema]) =>
      `<details><summary><code>${escapeHtml(name)}</code></summary>${renderJson(schema)}</details>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(info.title)} API</title><style>${styles}</style></head>
<body><header><h1>${escapeHtml(info.title)} API</h1><p>${escapeHtml(info.description ?? '')}</p>
<p>As a document: <a href="openapi.json">openapi.json</a></p></header>
<main>${sections.join('')}<section><h2>Schemas</h2>${schemas.join('')}</section></main></body></html>`;
}

function tagOf(operation: Operation): string {
  return operation.tags?.[0] ?? 'other';
}

function renderOperation(entry: { path: string; method: string; operation: Operation }): string {
  const { path, method, operation } = entry;
  const parts = [
    ['Parameters', operation.parameters],
    ['Request body', operation.requestBody],
    ['Responses', operation.responses],
  ] as const;
  const bodies = parts
    .filter(([, content]) => content !== undefined)
    .map(([title, content]) => `<h3>${title}</h3>${renderJson(content)}`);
  const text = operation.description ? `<p>${escapeHtml(operation.description)}</p>` : '';
  return `<details id="${escapeHtml(operation.operationId ?? `${method}-${path}`)}">
<summary><code>${method.toUpperCase()} ${escapeHtml(path)}</code> ${escapeHtml(operation.summary ?? '')}</summary>
${text}${bodies.join('')}</details>`;
}

function renderJson(content: unknown): string {
  return `<pre>${escapeHtml(JSON.stringify(content, null, 2))}</pre>`;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
