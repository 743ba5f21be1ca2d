type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'end';

interface Scan {
  text: string;
  at: number;
  /** The brackets that are open, outermost first. */
  open: ('{' | '[')[];
  expected: Expected;
}

const simpleEscapes = '"\\/bfnrt';
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;

/**
 * The offset of the first character with which `text` stops being JSON (RFC 8259), its length where
 * it ends too early, or -1 where nothing is wrong. V8 names the position in some messages only.
 */
export function findJsonError(text: string): number {
  const scan: Scan = { text, at: 0, open: [], expected: 'value' };
  for (;;) {
    scan.at = skipBlanks(text, scan.at);
    if (scan.at >= text.length) return scan.expected === 'end' ? -1 : text.length;
    const error = readers[scan.expected](scan);
    if (error >= 0) return error;
  }
}

/** Each reads what is expected and moves on, or gives the offset of what is wrong; -1 where nothing is. */
const readers: Record<Expected, (scan: Scan) => number> = {
  value: readValue,
  'value-or-end': (scan) => (closeBracket(scan) ? -1 : readValue(scan)),
  key: readKey,
  'key-or-end': (scan) => (closeBracket(scan) ? -1 : readKey(scan)),
  colon: (scan) => readPunctuation(scan, ':'),
  'comma-or-end': (scan) => (closeBracket(scan) ? -1 : readPunctuation(scan, ',')),
  end: (scan) => scan.at,
};

function readValue(scan: Scan): number {
  const character = scan.text[scan.at];
  if (character === '{' || character === '[') {
    scan.open.push(character);
    scan.expected = character === '{' ? 'key-or-end' : 'value-or-end';
    scan.at += 1;
    return -1;
  }
  return moveTo(scan, scanScalar(scan.text, scan.at), afterValue(scan));
}

function readKey(scan: Scan): number {
  return moveTo(scan, scanString(scan.text, scan.at), 'colon');
}

function readPunctuation(scan: Scan, wanted: ':' | ','): number {
  if (scan.text[scan.at] !== wanted) return scan.at;
  const afterComma = scan.open.at(-1) === '{' ? 'key' : 'value';
  scan.expected = wanted === ':' ? 'value' : afterComma;
  scan.at += 1;
  return -1;
}

function closeBracket(scan: Scan): boolean {
  const closing = scan.open.at(-1) === '{' ? '}' : ']';
  if (scan.text[scan.at] !== closing) return false;
  scan.open.pop();
  scan.expected = afterValue(scan);
  scan.at += 1;
  return true;
}

function afterValue(scan: Scan): Expected {
  return scan.open.length > 0 ? 'comma-or-end' : 'end';
}

function moveTo(scan: Scan, end: number, expected: Expected): number {
  if (end < 0) return -end - 1;
  scan.at = end;
  scan.expected = expected;
  return -1;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); isBlank(code); code = text.charCodeAt(at)) at += 1;
  return at;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** The offset behind the scalar, or `-(offset of the error) - 1`. */
function scanScalar(text: string, at: number): number {
  if (text[at] === '"') return scanString(text, at);
  for (const pattern of [number, word]) {
    pattern.lastIndex = at;
    if (pattern.test(text)) return pattern.lastIndex;
  }
  return -at - 1;
}

// By hand, because a regular expression over a string of megabytes exhausts its stack.
function scanString(text: string, start: number): number {
  if (text[start] !== '"') return -start - 1;
  let at = start + 1;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    // NaN (the text's end) fails this comparison as well.
    if (!(code >= 0x20)) return -at - 1;
    if (code === 0x5c) {
      const length = escapeLength(text, at);
      if (length === 0) return -at - 1;
      at += length;
    } else {
      at += 1;
    }
  }
}

function escapeLength(text: string, at: number): number {
  const kind = text[at + 1] ?? '';
  if (kind === 'u') return /^[0-9a-fA-F]{4}$/.test(text.slice(at + 2, at + 6)) ? 6 : 0;
  return kind !== '' && simpleEscapes.includes(kind) ? 2 : 0;
}
