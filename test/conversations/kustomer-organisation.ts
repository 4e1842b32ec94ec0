import { expect } from '@jest/globals';
import type { CustomerName } from '../../functions/conversations/customer-ref.ts';
import { KustomerBudget } from '../../functions/conversations/kustomer-budget.ts';
import { KustomerClient } from '../../functions/conversations/kustomer-client.ts';
import { KustomerCustomers } from '../../functions/conversations/kustomer-customers.ts';
import { Problem } from '../../functions/lambda/problem.ts';
import { startCustomersServer, type CustomersServer } from '../servers/customers-server.ts';
import { startFaultyProxy, type FaultyProxy } from '../servers/faulty-proxy.ts';
import { author, objectId } from './asked.ts';

/** Somebody who may be a customer. */
export const ada: CustomerName = { kind: 'email', text: 'ada@example.com' };

/** A Kustomer organisation's customers, behind a proxy that spoils answers when told. */
export class KustomerOrganisation {
  readonly vendor: CustomersServer;
  readonly proxy: FaultyProxy;
  /** The time, for those who remember customers. */
  now = 0;

  constructor(vendor: CustomersServer, proxy: FaultyProxy) {
    this.vendor = vendor;
    this.proxy = proxy;
  }

  /** Begins anew, as before each test. */
  reset(): void {
    this.vendor.reset();
    this.proxy.reset();
    this.now = Date.UTC(2026, 0, 1);
  }

  /** What one environment of a function knows of the customers. */
  environment(settings: { mayCreate?: boolean; capacity?: number } = {}): KustomerCustomers {
    const budget = new KustomerBudget(0.2);
    const client = new KustomerClient({
      baseUrl: this.proxy.url,
      readKey: async () => 'key',
      budget,
      random: () => 0,
    });
    return new KustomerCustomers(client, { now: () => this.now, ...settings });
  }

  /** The methods that the vendor was asked with, in order. */
  methods(): string[] {
    return this.vendor.asked.map(({ method }) => method);
  }

  /** Stops the servers. */
  async close(): Promise<void> {
    await Promise.all([this.proxy.close(), this.vendor.close()]);
  }
}

/** Starts an organisation, for one test file. */
export async function startKustomerOrganisation(): Promise<KustomerOrganisation> {
  const vendor = await startCustomersServer();
  return new KustomerOrganisation(vendor, await startFaultyProxy(vendor.url));
}

/** The time until which an answer is waited for. */
export const inTime = (time = 2000): number => Date.now() + time;

/** Asks for the id of a customer by a name. */
export const idOf = (
  customers: KustomerCustomers,
  named: CustomerName = ada,
  until = inTime(),
): Promise<string> => customers.idOf({ org: author.org, customer: objectId(1), named }, until);

/** Expects an answer to be a refusal and returns that. */
export async function refusalOf(answer: Promise<unknown>): Promise<Problem> {
  const error = await answer.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Problem);
  return error as Problem;
}
