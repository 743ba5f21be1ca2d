import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fillSchema } from './fill-schema.ts';
import { fitsSchema } from './fits-schema.ts';

const leaf = fc.oneof(
  fc.record({ type: fc.constant('string'), minLength: fc.nat(8) }),
  fc.record({ type: fc.constant('string'), format: fc.constantFrom('date-time', 'email', 'uuid') }),
  fc
    .integer({ min: -20, max: 20 })
    .map((minimum) => ({ type: 'integer', minimum, maximum: minimum + 3 })),
  fc.constant({ type: 'boolean' }),
  fc
    .array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 })
    .map((values) => ({ enum: values })),
);

const { schema } = fc.letrec<{ schema: object; object: object; list: object }>((tie) => ({
  schema: fc.oneof({ maxDepth: 3 }, leaf, tie('object'), tie('list')),
  object: fc
    .dictionary(fc.constantFrom('name', 'summary', 'count', 'parts'), tie('schema'), { minKeys: 1 })
    .map((properties) => ({
      type: 'object',
      properties,
      required: Object.keys(properties),
      additionalProperties: false,
    })),
  list: tie('schema').map((items) => ({ type: 'array', items, minItems: 1, maxItems: 3 })),
}));

test('what is filled in fits its schema', () => {
  fc.assert(
    fc.property(schema, (given) => {
      assert.ok(fitsSchema(given, fillSchema(given, 'Tides rise twice a day in the old harbour.')));
    }),
  );
});

test('a schema that refers to itself comes to an end', () => {
  const tree = {
    $defs: {
      node: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          parts: { type: 'array', items: { $ref: '#/$defs/node' } },
        },
        required: ['name', 'parts'],
      },
    },
    $ref: '#/$defs/node',
  };
  assert.ok(JSON.stringify(fillSchema(tree, 'tides')).length < 200_000);
});
