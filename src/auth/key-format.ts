import { createHmac, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const prefix = 'hr_live_';
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 28 × log2(62) = 166 bits: beyond guessing, so that a fast hash of it is enough. */
const randomLength = 28;
/** 62^6 > 2^32. */
const checksumLength = 6;
const shape = new RegExp(`^${prefix}[0-9A-Za-z]{${randomLength + checksumLength}}$`);

/**
 * A new key: a prefix that scanners of leaked secrets can look for, random characters, and their CRC32, by
 * which a scanner tells a key from noise without asking anyone
 * (https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/).
 */
export function makeKey(): string {
  const random = Array.from({ length: randomLength }, () => alphabet[randomInt(62)]).join('');
  return `${prefix}${random}${checksum(random)}`;
}

/** Whether a text that looks like one of our keys cannot be one, for its checksum is wrong. */
export function isMistyped(key: string): boolean {
  if (!key.startsWith(prefix)) return false;
  const random = key.slice(prefix.length, -checksumLength);
  return !shape.test(key) || key.slice(-checksumLength) !== checksum(random);
}

/** What may be shown of a key: enough to recognise it among others. */
export function displayPrefix(key: string): string {
  return key.startsWith(prefix) ? key.slice(0, prefix.length + 4) : `${key.slice(0, 4)}…`;
}

/** What is stored of a key (HMAC-SHA-256). */
export function hashKey(pepper: Buffer, key: string): Buffer {
  return createHmac('sha256', pepper).update(key).digest();
}

function checksum(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let place = 0; place < checksumLength; place += 1) {
    digits = alphabet.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}
