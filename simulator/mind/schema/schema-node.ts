import { z } from 'zod';

/** The part of JSON Schema that vendors accept for structured outputs. */
export const schemaNode = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  $ref: z.string().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  pattern: z.string().optional(),
  format: z.string().optional(),
});
export type SchemaNode = z.infer<typeof schemaNode>;

export function readNode(schema: unknown): SchemaNode {
  const parsed = schemaNode.safeParse(schema);
  return parsed.success ? parsed.data : {};
}

/** The node that `#/$defs/x` names within `root`. */
export function resolveReference(root: unknown, reference: string): unknown {
  return reference
    .replace(/^#\/?/, '')
    .split('/')
    .filter((step) => step !== '')
    .reduce<unknown>((node, step) => {
      if (typeof node !== 'object' || node === null) return undefined;
      return Object.entries(node).find(([key]) => key === step)?.[1];
    }, root);
}
