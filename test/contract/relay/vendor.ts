import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { mintApiKey } from '../../../functions/access/api-key.ts';
import { ApiKeysTable } from '../../../functions/access/api-keys-table.ts';
import { freshObjectId } from '../../../functions/conversations/identity.ts';
import { KustomerBudget } from '../../../functions/conversations/kustomer-budget.ts';
import { KustomerClient } from '../../../functions/conversations/kustomer-client.ts';
import { KustomerStore } from '../../../functions/conversations/kustomer-store.ts';
import { author, customer, objectId } from '../../conversations/asked.ts';
import { openServersBehind } from '../../journeys/servers-behind.ts';
import { localSystem } from '../local-system.ts';

/** The vendor: the local system of the contract's tests, which keeps its conversations in DynamoDB and speaks the vendor's contract. */
export interface Vendor {
  url: string;
  /** The key of an organisation that has nothing yet, with that id if one is given. It may create as much as it wants for the customers of the tests. */
  newOrganisation(org?: string): Promise<string>;
  close(): void;
}

/** Milliseconds that a test's calls may take. */
const timeLeft = 20_000;

/** Resolves when the vendor serves. */
export async function openVendor(): Promise<Vendor> {
  const { url } = await localSystem();
  const servers = await openServersBehind();
  const keys = new ApiKeysTable(servers.dynamodb, servers.apiKeysTable);
  return {
    url,
    newOrganisation: async (org = freshObjectId()) => {
      const { key, record } = mintApiKey({
        ...author,
        org,
        roles: ['org.user.conversation', 'org.user.bulk'],
      });
      await keys.put(record);
      const minute = Math.floor(Date.now() / 60_000);
      for (const whose of [customer, objectId(77)]) {
        for (const at of [minute, minute + 1]) {
          const pk = { S: `customer#${whose}#key#${record.id}#minute#${at}` };
          const Item = { pk, creates: { N: '-1000000' } };
          await servers.dynamodb.send(new PutItemCommand({ TableName: servers.limitsTable, Item }));
        }
      }
      return key;
    },
    close: () => servers.close(),
  };
}

/** A store of the conversations behind `key`, which a caller knows as those of the tests' organisation. */
export function storeAt(
  baseUrl: string,
  key: string,
  { time = timeLeft, reservedShare = 0.2 } = {},
): KustomerStore {
  const budget = new KustomerBudget(reservedShare);
  const client = new KustomerClient({ baseUrl, readKey: async () => key, budget });
  return new KustomerStore({ client, org: author.org, requestBytes: 100_000, timeLeft: () => time });
}
