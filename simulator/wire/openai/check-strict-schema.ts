import { z } from 'zod';

const node = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  $defs: z.record(z.string(), z.unknown()).optional(),
});

/**
 * What a constrained decoder refuses in a schema: an object that does not close itself with
 * `additionalProperties: false`, and (where `allRequired`) an optional property.
 * Returns the vendor's sentence about the first fault, or `undefined`.
 */
export function findSchemaFault(
  schema: unknown,
  rule: { allRequired: boolean; at?: string[] },
): string | undefined {
  const parsed = node.safeParse(schema);
  if (!parsed.success) return undefined;
  const at = rule.at ?? [];
  const { properties, additionalProperties, required = [], items, anyOf = [], $defs } = parsed.data;
  const where = `In context=(${at.map((key) => `'${key}'`).join(', ')})`;
  if (properties && additionalProperties !== false) {
    return `${where}, 'additionalProperties' is required to be supplied and to be false.`;
  }
  const missing = Object.keys(properties ?? {}).find((key) => !required.includes(key));
  if (rule.allRequired && missing !== undefined) {
    return `${where}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`;
  }
  const children: [string[], unknown][] = [
    ...Object.entries(properties ?? {}).map(([key, child]): [string[], unknown] => [
      ['properties', key],
      child,
    ]),
    ...Object.entries($defs ?? {}).map(([key, child]): [string[], unknown] => [
      ['$defs', key],
      child,
    ]),
    ...anyOf.map((child, index): [string[], unknown] => [['anyOf', String(index)], child]),
    [['items'], items],
  ];
  for (const [path, child] of children) {
    const fault = findSchemaFault(child, { ...rule, at: [...at, ...path] });
    if (fault) return fault;
  }
  return undefined;
}
