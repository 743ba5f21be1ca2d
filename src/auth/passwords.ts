import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { HeadraceError } from '../platform/errors/headrace-error.ts';

export interface Passwords {
  /** The text to store: algorithm, parameters, salt and hash. */
  hash(password: string): Promise<string>;
  /** With `undefined` for the stored text (nobody of that name) it takes as long, and answers `false`. */
  verify(password: string, stored: string | undefined): Promise<boolean>;
}

// OWASP's password storage cheat sheet: N=2^14, r=8, p=5 is as strong as its N=2^17, p=1 with an eighth of
// the memory, 16 MiB.
const cost = { ln: 14, r: 8, p: 5 };
const hashBytes = 32;
/** Each costs a tenth of a second of a core: who came later would have given up before their turn. */
const defaultLongestQueue = 50;

/** scrypt (RFC 7914), one at a time: in parallel it would take every thread that files and DNS wait for. */
export function createPasswords({ longestQueue = defaultLongestQueue } = {}): Passwords {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    if (waiting >= longestQueue) {
      throw new HeadraceError('no_capacity', {
        message: 'Too many passwords are being checked.',
        fix: 'Repeat the request in a moment.',
        retryAfterMs: 2_000,
      });
    }
    waiting += 1;
    const answer = last.then(work).finally(() => {
      waiting -= 1;
    });
    last = answer.catch(() => undefined);
    return answer;
  };

  return {
    async hash(password) {
      const salt = randomBytes(16);
      const hash = await inTurn(() => derive(password, salt, cost));
      return write({ ...cost, salt, hash });
    },
    async verify(password, stored) {
      const expected = parse(stored ?? nobody);
      const actual = await inTurn(() => derive(password, expected.salt, expected));
      return timingSafeEqual(actual, expected.hash) && stored !== undefined;
    },
  };
}

interface Stored {
  /** log2 of N. */
  ln: number;
  r: number;
  p: number;
  salt: Buffer;
  hash: Buffer;
}

/** The PHC string format, as other programs write it: https://github.com/P-H-C/phc-string-format */
function write({ ln, r, p, salt, hash }: Stored): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

const pattern =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]{16,}={0,2})\$([\w+/]{43}=)$/;

function parse(text: string): Stored {
  const [, ln, r, p, salt = '', hash = ''] = pattern.exec(text) ?? [];
  if (ln === undefined) {
    throw new HeadraceError('internal', { message: 'A stored password hash is not readable.' });
  }
  return {
    ln: Number(ln),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

const nobody = write({ ...cost, salt: Buffer.alloc(16), hash: Buffer.alloc(hashBytes) });

function derive(
  password: string,
  salt: Buffer,
  { ln, r, p }: Pick<Stored, 'ln' | 'r' | 'p'>,
): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r };
  return new Promise((resolve, reject) => {
    // One password has several spellings in Unicode, and keyboards differ in which they send.
    scrypt(password.normalize('NFKC'), salt, hashBytes, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}
