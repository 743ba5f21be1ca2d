import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { HeadraceError } from '../../platform/errors/headrace-error.ts';
import { plainWords } from '../../platform/plain-words.ts';

const maxNamedIssues = 5;
const partNames: Record<string, string> = { querystring: 'query' };

/** Parses each part of a request by its zod schema and refuses with `request_invalid` naming the fields. */
export const validateRequest: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const part = partNames[httpPart ?? ''] ?? httpPart ?? 'body';
  return (data) => {
    // Fastify says null where nothing was sent.
    const parsed = schema.safeParse(data ?? undefined, { error: plainWords });
    return parsed.success ? { value: parsed.data } : { error: describeIssues(parsed.error, part) };
  };
};

function describeIssues(error: z.ZodError, part: string): HeadraceError {
  const named = error.issues.slice(0, maxNamedIssues).map((issue) => nameIssue(issue, part));
  const more = error.issues.length - named.length;
  const sentences = named.map(({ where, message }) => `${where}: ${message}`);
  return new HeadraceError('request_invalid', {
    message: `${sentences.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`,
    where: named[0]?.where ?? part,
  });
}

function nameIssue(issue: z.core.$ZodIssue, part: string): { where: string; message: string } {
  const path = [part, ...issue.path.map(String)];
  if (issue.code === 'unrecognized_keys') {
    const [first = ''] = issue.keys;
    const keys = issue.keys.slice(0, maxNamedIssues).map((key) => `"${printable(key)}"`);
    return {
      where: [...path, printable(first)].join('.'),
      message: `unknown ${issue.keys.length > 1 ? 'fields' : 'field'} ${keys.join(', ')}`,
    };
  }
  const where = path.map(printable).join('.');
  // Nothing at all was sent: "is missing" would not say what.
  const missing = issue.path.length === 0 && part === 'body' && issue.code === 'invalid_type';
  return { where, message: missing ? 'a JSON object is needed' : issue.message };
}

/** A member's name comes from outside: cut, and without control characters. */
function printable(name: string): string {
  return name.replace(/\p{C}/gu, '�').slice(0, 64);
}
