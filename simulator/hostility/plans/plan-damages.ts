import { breakPlan } from './break-plan.ts';
import { floodPlan } from './flood-plan.ts';
import { tanglePlan } from './tangle-plan.ts';
import { wrapPlan } from './wrap-plan.ts';

export const planDamages = { ...wrapPlan, ...breakPlan, ...tanglePlan, ...floodPlan };
