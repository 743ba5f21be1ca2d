import { InvalidArgumentError } from 'commander';

/** A whole number from 0 on, of an option. */
export function readCount(text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new InvalidArgumentError('It is not a whole number.');
  return Number(text);
}

/** Any number; what it may be the gateway says. */
export function readNumber(text: string): number {
  if (!/^-?\d{1,9}(\.\d{1,9})?$/.test(text)) throw new InvalidArgumentError('It is not a number.');
  return Number(text);
}

/** An amount of money above 0, of an option. */
export function readAmount(text: string): number {
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(text) || Number(text) <= 0) {
    throw new InvalidArgumentError('It is not an amount such as 2.50.');
  }
  return Number(text);
}

/** How many models answer side by side: one alone is no panel. */
export function readPanel(text: string): number {
  if (!/^[2-8]$/.test(text)) throw new InvalidArgumentError('It is not a number from 2 to 8.');
  return Number(text);
}
