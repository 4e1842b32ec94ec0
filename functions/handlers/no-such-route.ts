import { httpHandler } from '../lambda/http-chain.ts';
import { notFound } from '../lambda/problem.ts';

/** Whatever no other route takes: the contract's 404, where API Gateway's own has another form. */
export const handler = httpHandler(async () => {
  throw notFound('route');
});
