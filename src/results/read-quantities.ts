export interface Quantity {
  value: number;
  /** `%`, an ISO currency, or empty. */
  unit: string;
}

const scales: Record<string, number> = {
  k: 1e3,
  thousand: 1e3,
  nghìn: 1e3,
  ngàn: 1e3,
  million: 1e6,
  millions: 1e6,
  mn: 1e6,
  mio: 1e6,
  triệu: 1e6,
  billion: 1e9,
  billions: 1e9,
  bn: 1e9,
  tỷ: 1e9,
  tỉ: 1e9,
  trillion: 1e12,
  万亿: 1e12,
  十亿: 1e9,
  亿: 1e8,
  千万: 1e7,
  百万: 1e6,
  万: 1e4,
  千: 1e3,
};

const units: Record<string, string> = {
  '%': '%',
  percent: '%',
  'per cent': '%',
  'phần trăm': '%',
  $: 'USD',
  us$: 'USD',
  usd: 'USD',
  dollars: 'USD',
  đô: 'USD',
  'đô la': 'USD',
  美元: 'USD',
  '€': 'EUR',
  eur: 'EUR',
  euros: 'EUR',
  欧元: 'EUR',
  '£': 'GBP',
  gbp: 'GBP',
  '¥': 'CNY',
  cny: 'CNY',
  rmb: 'CNY',
  元: 'CNY',
  人民币: 'CNY',
  '₫': 'VND',
  đ: 'VND',
  vnd: 'VND',
  vnđ: 'VND',
  đồng: 'VND',
};

const words: Record<string, number> = {
  ...numbered('one two three four five six seven eight nine ten eleven twelve'),
  ...numbered('một hai ba bốn năm sáu bảy tám chín mười'),
};

function numbered(list: string): Record<string, number> {
  return Object.fromEntries(list.split(' ').map((word, index) => [word, index + 1]));
}

const anyOf = (table: Record<string, unknown>) =>
  Object.keys(table)
    .toSorted((one, other) => other.length - one.length)
    .map((key) => (/[a-zđà-ỹ]$/iu.test(key) ? `${key}(?![\\p{L}\\d])` : key.replace('$', '\\$')))
    .join('|');

/** Not within a name: the 4 of gpt-4, the 8 of qwen3.8. */
const digits = String.raw`(?<![\p{Script=Latin}\d_]|\p{Script=Latin}[-−]|\d[.,])(?<sign>[-−]?)(?<digits>\d+(?:[.,\u00a0\u202f]\d+)*)`;
const tail = `(?:\\s?(?<scale>${anyOf(scales)}))?(?:\\s?(?<unit>${anyOf(units)}))?`;
const written = new RegExp(
  `(?<before>us\\$|[$€£¥₫]|百分之)?\\s?${digits}${tail}|` +
    `(?<![\\p{L}\\d])(?<word>${Object.keys(words).join('|')})(?=\\s(?:${anyOf(scales)}|${anyOf(units)}))${renamed(tail)}|` +
    '(?<percent>百分之)?(?<han>[一二两三四五六七八九十百千万亿]{2,})(?<hanUnit>美元|欧元|人民币|元)?',
  'giu',
);

/** The same groups under other names: a name may stand once in a pattern. */
function renamed(pattern: string): string {
  return pattern.replace('<scale>', '<wordScale>').replace('<unit>', '<wordUnit>');
}

/**
 * The amounts that a text names, in one notation: `1,200`, `1.2k` and `1,2 nghìn` are the same. A
 * lone `m` may be metres and scales nothing. Number words count only before a scale or a unit
 * ("two million", "ba phần trăm"), since "one" is more often no number.
 */
export function readQuantities(text: string): Quantity[] {
  return [...text.toLowerCase().matchAll(written)].flatMap(({ groups = {} }) => {
    const quantity = readMatch(groups);
    return quantity && Number.isFinite(quantity.value) ? [quantity] : [];
  });
}

/** One number; 3.10.1 is a version and 2026.11.21 a day. */
const plainNumber =
  /^\d+(?:[.,]\d+)?$|^\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?:\.\d+)?$|^\d{1,3}(?:\.\d{3})+,\d+$/;

/** The text in lower case with its amounts in one notation: `1,000` and `1 k`, `42.0` and `42`, `50 %` and `50 percent` alike. */
export function writeQuantities(text: string): string {
  return text.toLowerCase().replace(written, (match: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Groups;
    const quantity = readMatch(groups);
    const isOne = groups['digits'] === undefined || plainNumber.test(groups['digits']);
    if (!isOne || !quantity || !Number.isFinite(quantity.value)) return match;
    const lead = /^\s/.test(match) ? ' ' : '';
    return `${lead}${quantity.value}${quantity.unit.toLowerCase()}`;
  });
}

/** Behind a name (`Python 3.10`) or a word like "version". */
const versioned =
  /(?<name>\p{Lu}[\p{L}.+#-]*|\b(?:versions?|release|section|chapter|phiên bản)|版本|§)(?<gap>[ \u00a0]?v?)(?<major>\d+)\.(?<minor>\d+)(?![.,]?\d)/gu;
const measured = new RegExp(`^\\s?(?:${anyOf(scales)}|${anyOf(units)})`, 'iu');
/** Of what follows a number, enough for any scale or unit. */
const longestUnit = 12;

/** The text with the parts of versions set apart: 3.10 and 3.1 are the same amount, and two versions. */
export function markVersions(text: string): string {
  return text.replace(versioned, (match: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Groups;
    const end = (rest.at(-3) as number) + match.length;
    const isAmount =
      unitOf(groups['name']?.toLowerCase()) !== '' ||
      measured.test(text.slice(end, end + longestUnit));
    return isAmount
      ? match
      : `${groups['name']}${groups['gap']}${groups['major']}·${groups['minor']}`;
  });
}

type Groups = Record<string, string | undefined>;

function readMatch(groups: Groups): Quantity | null {
  if (groups['han'] !== undefined) return readHanMatch(groups, groups['han']);
  if (groups['word'] !== undefined) {
    const value = (words[groups['word']] ?? 0) * scaleOf(groups['wordScale']);
    return { value: exact(value), unit: unitOf(groups['wordUnit']) };
  }
  const sign = groups['sign'] ? -1 : 1;
  const value = sign * readDigits(groups['digits'] ?? '') * scaleOf(groups['scale']);
  const before = groups['before'] === '百分之' ? '%' : groups['before'];
  return { value: exact(value), unit: unitOf(groups['unit'] ?? before) };
}

function readHanMatch(groups: Groups, han: string): Quantity | null {
  const value = readHan(han);
  const unit = groups['percent'] ? '%' : unitOf(groups['hanUnit']);
  return value === null ? null : { value, unit };
}

function unitOf(name: string | undefined): string {
  return name === undefined ? '' : (units[name] ?? '');
}

function scaleOf(name: string | undefined): number {
  return name === undefined ? 1 : (scales[name] ?? 1);
}

/** 1.1 × 1,000,000 is not exactly 1,100,000 in floating point. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}

/** Groups of three after the first sign are thousands, unless it is one group after a full stop alone: 1.234 is a decimal, 1.234,5 is not. */
function readDigits(text: string): number {
  const plain = text.replace(/[\u00a0\u202f]/g, '');
  if (/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(plain)) return Number(plain.replaceAll(',', ''));
  if (/^\d{1,3}(?:\.\d{3})+,\d+$|^\d{1,3}(?:\.\d{3}){2,}$/.test(plain))
    return Number(plain.replaceAll('.', '').replace(',', '.'));
  return Number.parseFloat(plain.replace(/^(\d+),(\d+)$/, '$1.$2'));
}

const hanDigits: Record<string, number> = {
  ...numberedHan('一二三四五六七八九'),
  两: 2,
};
const hanScales: Record<string, number> = { 十: 10, 百: 100, 千: 1e3, 万: 1e4, 亿: 1e8 };

function numberedHan(list: string): Record<string, number> {
  return Object.fromEntries([...list].map((sign, index) => [sign, index + 1]));
}

/** 三百二十万 → 3,200,000; `null` for signs that are no number in a row (一一, 万一 "just in case"). */
function readHan(text: string): number | null {
  let total = 0;
  let section = 0;
  let digit = 0;
  for (const sign of text) {
    const scale = hanScales[sign];
    if (scale === undefined) {
      if (digit !== 0) return null;
      digit = hanDigits[sign] ?? 0;
    } else if (scale >= 1e4) {
      if (section + digit === 0) return null;
      total += (section + digit) * scale;
      section = 0;
      digit = 0;
    } else {
      section += (digit || 1) * scale;
      digit = 0;
    }
  }
  return total + section + digit;
}

/** Whether both name the same amounts; a currency that one side leaves out is no difference, a per cent sign is. */
export function agreeOnQuantities(left: readonly Quantity[], right: readonly Quantity[]): boolean {
  const missing = (from: readonly Quantity[], to: readonly Quantity[]) =>
    from.some((one) => !to.some((other) => isSameQuantity(one, other)));
  return !missing(left, right) && !missing(right, left);
}

export function isSameQuantity(one: Quantity, other: Quantity): boolean {
  return one.value === other.value && isComparable(one, other);
}

export function isComparable(one: Quantity, other: Quantity): boolean {
  if (one.unit === other.unit) return true;
  return one.unit !== '%' && other.unit !== '%' && (one.unit === '' || other.unit === '');
}
