import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

const decoders = { gzip: createGunzip, br: createBrotliDecompress, deflate: createInflate };

/** A reply larger than this is no model's answer. Counted after decompression, so no bomb gets past it. */
export const maxReplyBytes = 32 * 1024 * 1024;

/** The body's bytes as they were before compression; throws above `maxReplyBytes`. */
export async function* decodeBody(body: Readable, encoding: string): AsyncGenerator<Buffer> {
  const decoded = decompress(body, encoding.trim().toLowerCase());
  let bytes = 0;
  for await (const chunk of decoded) {
    const buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > maxReplyBytes) throw new Error('The reply is larger than 32 MiB.');
    yield buffer;
  }
}

function decompress(body: Readable, encoding: string): Readable {
  if (encoding === '' || encoding === 'identity') return body;
  const create = Object.hasOwn(decoders, encoding)
    ? decoders[encoding as keyof typeof decoders]
    : null;
  if (!create) {
    body.destroy();
    throw new Error('The reply is compressed in a way that was not asked for.');
  }
  // The reader of the result sees the error; without a callback it would be thrown as well.
  return pipeline(body, create(), () => undefined);
}
