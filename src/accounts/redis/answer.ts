import { z } from 'zod';
import { limitDimensions } from '../../platform/config/config.ts';

// What lua/run.lua answers; cjson writes an empty list as an object.
const list = <T extends z.ZodType>(item: T) =>
  z.union([z.array(item), z.object({}).transform(() => [])]);

const amounts = z.array(z.number()).length(limitDimensions.length);
// Account, class, limits, what is used, calls that are out, ms until the first of what is used leaves (-1: nothing is).
const facts = [z.string(), z.string(), amounts, amounts, z.number(), z.number()] as const;
const seatPicture = z.tuple(facts);
/** Only a beat shows what others use, too: nothing is decided by it. */
const wholePicture = z.tuple([...facts, amounts]);
const dimension = z.enum(limitDimensions);

const reserveAnswer = z.union([
  z.tuple([z.literal('granted'), z.string(), z.number(), seatPicture]),
  z.tuple([
    z.literal('wait'),
    z.number(),
    z.boolean(),
    z.union([dimension, z.literal('pause')]),
    z.union([z.string(), z.literal(false)]),
  ]),
  z.tuple([z.literal('never'), dimension, z.number()]),
  z.tuple([z.literal('unusable')]),
  z.tuple([z.literal('pool')]),
]);

const pausePicture = z.tuple([
  z.string(),
  z.string(),
  z.number(),
  z.number(),
  z.boolean(),
  z.string(),
]);

const beatAnswer = z.tuple([z.number(), list(wholePicture), list(pausePicture)]);

const reply = z.union([
  z.object({ now: z.number(), lost: z.literal(true) }),
  z.object({
    now: z.number(),
    epoch: z.string(),
    count: z.number(),
    began: z.boolean(),
    answers: list(z.unknown()),
  }),
]);

export type SeatPicture = z.infer<typeof seatPicture> | z.infer<typeof wholePicture>;
export type PausePicture = z.infer<typeof pausePicture>;

export const parseReply = (text: string) => reply.parse(JSON.parse(text));
export const parseReserve = (answer: unknown) => reserveAnswer.parse(answer);
export const parseBeat = (answer: unknown) => beatAnswer.parse(answer);
