import { limitDimensions } from '../../platform/config/config.ts';
import type { Observation } from '../limiter.ts';
import type { Picture } from './picture.ts';

/** Tells whether a vendor stated a limit that the server has not been told of yet, as far as this process knows. */
export function createLimitNews(
  picture: Pick<Picture, 'seatOf'>,
): (observation: Observation) => boolean {
  const told = new Map<string, number>();
  return ({ accountId, modelClass, seen }) => {
    const known = picture.seatOf({ accountId, modelClass });
    let isNews = false;
    for (const { dimension, limit } of seen) {
      const place = `${accountId}\n${modelClass}\n${dimension}`;
      if (limit === null || told.get(place) === limit) continue;
      told.set(place, limit);
      isNews ||= known?.limits[limitDimensions.indexOf(dimension)] !== limit;
    }
    return isNews;
  };
}
