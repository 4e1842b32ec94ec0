import { ApiKeysTable } from '../functions/access/api-keys-table.ts';
import type { ApiKeyRecord } from '../functions/access/api-key.ts';
import { allApiKeys } from './all-api-keys.ts';
import { openAws } from './open-aws.ts';

/** The keys of one system: one by one, and all, for people to see. */
export interface Keys {
  table: ApiKeysTable;
  all(): Promise<ApiKeyRecord[]>;
  close(): Promise<void>;
}

/** Opens the keys of a deployed stage, or of the local system when none is named. Throws UsageError when the stage is not there. */
export async function openKeys(stage: string | undefined): Promise<Keys> {
  const aws = await openAws(stage);
  try {
    const table = aws.output('ApiKeysTable');
    return {
      table: new ApiKeysTable(aws.dynamodb, table),
      all: () => allApiKeys(aws.dynamodb, table),
      close: aws.close,
    };
  } catch (error) {
    await aws.close();
    throw error;
  }
}
