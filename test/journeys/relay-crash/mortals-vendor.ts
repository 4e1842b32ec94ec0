import { freshObjectId } from '../../../functions/conversations/identity.ts';
import { objectId } from '../../conversations/asked.ts';
import { openVendor } from '../../contract/relay/vendor.ts';
import { startCustomersServer } from '../../servers/customers-server.ts';
import { startFaultyProxy, type Fault } from '../../servers/faulty-proxy.ts';
import type { Delivery } from '../crash/asks.ts';
import { conversationsThere } from '../crash/read-back.ts';
import { openServersBehind } from '../servers-behind.ts';

/** The vendor of a system that dies: it lives on, with an organisation that nobody else has. */
export interface MortalsVendor {
  /** Where the relay finds it. */
  url: string;
  key: string;
  /** Has the vendor know customers by their ids. */
  addCustomers(ids: readonly string[]): void;
  /** Makes the conversation that has the externalId of a delivery, with an id of its own; resolves to that. */
  hold(clashing: Delivery): Promise<string>;
  /** From now on the first of further hand-overs, and every third, is answered 503, or none any more. */
  refuseSome(isSo: boolean): void;
  /** All conversations that it has: their ids by name. */
  conversations(): Promise<Map<string, string[]>>;
  close(): Promise<void>;
}

const path = { handOver: '/v1/conversations/bulk', batches: /^\/v1\/bulk\/([^/]+)\/batches/ };
/** Batches that it is asked about for the first time: every so many-eth is not there yet, or worked on still. */
const everySo = { absent: 2, working: 7 };

/** Resolves when it serves. `isSlow`: some bulks are under way when they are asked about first. */
export async function openMortalsVendor(isSlow: boolean): Promise<MortalsVendor> {
  const [vendor, servers] = await Promise.all([openVendor(), openServersBehind()]);
  const org = freshObjectId();
  const key = await vendor.newOrganisation(org);
  const customers = await startCustomersServer(vendor.url);
  const asked = new Set<string>();
  let handOvers = Number.NaN;
  const proxy = await startFaultyProxy(customers.url, ({ method, url }) => {
    if (method === 'POST' && url === path.handOver) return handOvers++ % 3 === 0 ? { status: 503 } : null;
    const bulk = path.batches.exec(url)?.[1];
    if (bulk === undefined || asked.has(bulk)) return null;
    asked.add(bulk);
    if (isSlow && asked.size % everySo.working === 0) return batches([{ attributes: { completed: false } }]);
    return asked.size % everySo.absent === 0 ? batches([]) : null;
  });
  return {
    url: proxy.url,
    key,
    addCustomers: (ids) => new Set(ids).forEach((id) => customers.add(id)),
    hold: async ({ holder }) => {
      const { customer, ...asIs } = holder!.json;
      const id = objectId(0xe000000 + Number(/\d+$/.exec(asIs.name)?.[0]));
      const response = await fetch(`${vendor.url}/v1/customers/${customer}/conversations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...asIs, id }),
      });
      if (response.status !== 201) throw new Error(`${asIs.name}: ${await response.text()}`);
      return id;
    },
    refuseSome: (isSo) => {
      handOvers = isSo ? 0 : Number.NaN;
    },
    conversations: () => conversationsThere(servers, { org }),
    close: async () => {
      await Promise.all([proxy.close(), customers.close()]);
      servers.close();
      vendor.close();
    },
  };
}

/** https://developer.kustomer.com/docs/guides/bulk-operations: batches may be added as the vendor goes on. */
function batches(data: object[]): Fault {
  return { status: 200, body: JSON.stringify({ data, meta: { page: 1, pages: 1 } }) };
}
