/** Gemini's `responseSchema` is OpenAPI's subset with upper-case types; the rest speaks JSON Schema. */
export function normalizeSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(normalizeSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema)
    .filter(([key]) => key !== 'nullable' && key !== 'propertyOrdering')
    .map(([key, value]): [string, unknown] => {
      if (key === 'type' && typeof value === 'string') {
        const type = value.toLowerCase();
        return [key, 'nullable' in schema && schema.nullable === true ? [type, 'null'] : type];
      }
      const counted = /^(min|max)(Items|Length|Properties)$/.test(key) && typeof value === 'string';
      return [key, counted ? Number(value) : normalizeSchema(value)];
    });
  return Object.fromEntries(entries);
}
