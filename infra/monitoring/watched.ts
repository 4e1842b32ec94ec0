import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { TableV2, type CfnGlobalTable } from 'aws-cdk-lib/aws-dynamodb';
import type { CfnFunction, Function } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Stack } from 'aws-cdk-lib';
import { IntakeFunction } from '../constructs/intake-function.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';

/** A function that is watched. */
export interface WatchedFunction {
  /** As its handler: kebab-case. */
  name: string;
  lambda: Function;
  /** What it is for: its routes, mostly. */
  description: string;
}

/** A table that is watched. */
export interface WatchedTable {
  /** Kebab-case. */
  name: string;
  table: TableV2;
  /** Names of its indexes. */
  indexes: readonly string[];
}

/** All of a stage that is watched. */
export interface Watched {
  api: HttpApi;
  /** Of the API: a line for each request. */
  accessLog: LogGroup;
  /** Every function there is, however it came to be: none can be forgotten. */
  functions: readonly WatchedFunction[];
  /** Every table there is. */
  tables: readonly WatchedTable[];
  drafts: Queue;
  deadLetters: Queue;
  /** Names of the webhook sources that there are at the stage. */
  sources: readonly string[];
}

/** Finds what there is to be watched in a stage's stacks. */
export function watched(api: Stack, stateful: StatefulStack): Watched {
  const tables = stateful.node.findAll().filter((each) => each instanceof TableV2);
  const functions = api.node.findAll().filter((each) => each instanceof IntakeFunction);
  return {
    api: api.node.findAll().find((each) => each instanceof HttpApi)!,
    accessLog: api.node.findChild('AccessLog') as LogGroup,
    functions: functions.map(({ node, lambda }) => ({
      name: kebabCase(node.id),
      lambda,
      description: (lambda.node.defaultChild as CfnFunction).description ?? node.id,
    })),
    tables: tables.map((table) => ({
      name: kebabCase(table.node.id),
      table,
      indexes: indexesOf(table),
    })),
    drafts: stateful.drafts,
    deadLetters: stateful.deadLetters,
    sources: Object.keys(stateful.hookSecrets),
  };
}

/** The function of a name. Throws an Error when there is none. */
export function functionNamed({ functions }: Watched, name: string): WatchedFunction {
  const found = functions.find((each) => each.name === name);
  if (!found) throw new Error(`There is no function ${name} to be watched`);
  return found;
}

function indexesOf(table: TableV2): string[] {
  const { globalSecondaryIndexes } = table.node.defaultChild as CfnGlobalTable;
  const indexes = Stack.of(table).resolve(globalSecondaryIndexes) as { indexName: string }[] | undefined;
  return (indexes ?? []).map(({ indexName }) => indexName);
}

function kebabCase(name: string): string {
  return name.replaceAll(/\B[A-Z]/g, '-$&').toLowerCase();
}
