import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeSchema, isStrictSchema } from './close-schema.ts';

const open = {
  type: 'object',
  properties: {
    // A property that is named like a keyword is a schema all the same.
    properties: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
    list: { type: 'array', items: { type: 'object', properties: {} } },
    choice: { enum: [{ properties: 1 }] },
  },
  required: ['properties', 'list', 'choice'],
};

test('every object of a closed schema is closed, and data in it is left alone', () => {
  assert.deepEqual(closeSchema(open), {
    type: 'object',
    properties: {
      properties: {
        type: 'object',
        properties: { a: { type: 'string' } },
        required: ['a'],
        additionalProperties: false,
      },
      list: {
        type: 'array',
        items: { type: 'object', properties: {}, additionalProperties: false },
      },
      choice: { enum: [{ properties: 1 }] },
    },
    required: ['properties', 'list', 'choice'],
    additionalProperties: false,
  });
});

test('a schema is strict only where every object is closed and requires all it has', () => {
  assert.equal(isStrictSchema(open), false);
  assert.equal(isStrictSchema(closeSchema(open)), true);
});

test('a closed schema that requires everything is strict; one optional property ends that', () => {
  const strict = {
    type: 'object',
    properties: { a: { type: 'string' } },
    required: ['a'],
    additionalProperties: false,
  };
  assert.equal(isStrictSchema(strict), true);
  assert.equal(isStrictSchema({ ...strict, required: [] }), false);
  assert.equal(isStrictSchema({ type: 'object' }), false);
});
