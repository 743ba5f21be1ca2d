export { type BilledUsage, dearestRates, priceCall, worstCase } from './price-call.ts';
export { createPrices, type PriceRow, type Prices } from './prices.ts';
export { type BudgetCost, reserveBudget } from './reserve-budget.ts';
export { type BudgetSettlement, settleBudget } from './settle-budget.ts';
