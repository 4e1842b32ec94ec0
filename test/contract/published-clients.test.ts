import { beforeAll } from '@jest/globals';
import { localSystem, type LocalSystem } from './local-system.ts';
import { publishedClients } from './published-clients.ts';

let system: LocalSystem;
beforeAll(async () => {
  system = await localSystem();
}, 90_000);

publishedClients('DynamoDB', () => system);
