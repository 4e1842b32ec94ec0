import { localSystem } from '../contract/local-system.ts';
import { openServersIn, type ServersIn } from '../servers/servers-in.ts';

/** Opens the servers of the contract's local system: to bring about what no client can, e.g. a second delivery. */
export async function openServersBehind(): Promise<ServersIn> {
  await localSystem();
  return await openServersIn(process.env['CONTRACT_DATA_DIR'] ?? '');
}
