/** A number that names something: year 2, phase 3, 第三. It tells subjects apart, it does not measure them. */
const naming =
  /\b(?:19|20)\d\d\b(?!\s*[%$€£])|(?<![\p{L}])(?:years?|phases?|steps?|stages?|weeks?|days?|quarters?|versions?|options?|plans?|levels?|tiers?|sections?|tables?|figures?|chapters?|năm|tháng|tuần|ngày|bước|giai đoạn|phương án)\s+\d+(?!\s*%)|第\s*[\d一二三四五六七八九十]+|\d{4}年|\d+月/giu;

/** Letters and digits in one word: gpt-4, qwen3.8-max, CO2. */
const numberedName = /(?<![\p{L}\d])\p{Script=Latin}+-?\d[\p{Script=Latin}\d.-]*/giu;

/** Capitalised within a sentence, a single letter ("plan B") included. */
const properName = /(?<=[\p{L}\d,]\s)\p{Lu}[\p{L}\p{M}]*/gu;

/** Among Chinese signs every word of Latin letters, but for a unit behind its number. */
const foreignName = /(?<![\p{Script=Latin}\d.])(?<!\d\s)\p{Script=Latin}[\p{Script=Latin}\d]+/gu;

export interface Names {
  /** In lower case: proper names, years and numbered things. */
  names: string[];
  /** The text in lower case without the numbers that name: what is left of them measures. */
  measured: string;
}

/** What a statement is about, told from what it measures. */
export function readNames(statement: string): Names {
  const text = statement.toLowerCase();
  return {
    names: [
      ...(text.match(naming) ?? []),
      ...(text.match(numberedName) ?? []),
      ...readProperNames(statement),
    ],
    measured: text.replace(numberedName, ' ').replace(naming, ' '),
  };
}

/** In lower case; the first word of a statement in Latin letters is capitalised whatever it is. */
export function readProperNames(statement: string): string[] {
  const text = statement.toLowerCase();
  const capitalised = [...statement.matchAll(properName)].map(([name]) => name.toLowerCase());
  const foreign = /\p{Script=Han}/u.test(text) ? (text.match(foreignName) ?? []) : [];
  return [...capitalised, ...foreign];
}
