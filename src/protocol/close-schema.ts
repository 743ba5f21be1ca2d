import type { Json, JsonObject } from '../platform/json.ts';

/** Keywords whose value is a map of names to schemas. */
const schemaMaps = new Set(['properties', '$defs', 'definitions']);
/** Keywords whose value is data, not a schema. */
const dataKeywords = new Set(['enum', 'const', 'default', 'examples', 'required', 'type']);

/**
 * The schema with every object closed (`additionalProperties: false`), which vendors ask of schemas
 * that they enforce. What is valid against it is valid against the original.
 */
export function closeSchema(schema: JsonObject): JsonObject {
  const closed = Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, closeKeyword(keyword, value)]),
  );
  const open = isObject(schema['properties']) && !Object.hasOwn(schema, 'additionalProperties');
  return open ? { ...closed, additionalProperties: false } : closed;
}

/** Whether OpenAI takes the schema with `strict: true`: objects closed and every property required. */
export function isStrictSchema(schema: Json): boolean {
  if (Array.isArray(schema)) return schema.every(isStrictSchema);
  if (!isObject(schema)) return true;
  const { properties, required } = schema;
  if (isObject(properties)) {
    const names = Array.isArray(required) ? required : [];
    if (schema['additionalProperties'] !== false) return false;
    if (!Object.keys(properties).every((name) => names.includes(name))) return false;
  } else if (schema['type'] === 'object') {
    return false;
  }
  return Object.entries(schema).every(
    ([keyword, value]) => dataKeywords.has(keyword) || isStrictKeyword(keyword, value),
  );
}

function isStrictKeyword(keyword: string, value: Json): boolean {
  if (schemaMaps.has(keyword) && isObject(value)) return Object.values(value).every(isStrictSchema);
  return isStrictSchema(value);
}

function closeKeyword(keyword: string, value: Json): Json {
  if (dataKeywords.has(keyword)) return value;
  if (Array.isArray(value)) {
    return value.map((entry) => (isObject(entry) ? closeSchema(entry) : entry));
  }
  if (!isObject(value)) return value;
  if (!schemaMaps.has(keyword)) return closeSchema(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name,
      isObject(entry) ? closeSchema(entry) : entry,
    ]),
  );
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
