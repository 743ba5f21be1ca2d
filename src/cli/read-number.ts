import { InvalidArgumentError } from 'commander';
import { panelForm, panelSize } from '../platform/panel-size.ts';

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

/** How many models answer side by side, of an option. */
export function readPanel(text: string): number {
  const panel = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (panel >= panelSize.least && panel <= panelSize.most) return panel;
  throw new InvalidArgumentError(`It is not ${panelForm}.`);
}
