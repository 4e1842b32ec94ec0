import { expect } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';

type Schema = Record<string, unknown>;

const text: Schema = { type: 'string' };
const integer: Schema = { type: 'integer' };
const flag: Schema = { type: 'boolean' };
const array: Schema = { type: 'array' };
const object: Schema = { type: 'object' };
const textOrNull: Schema = { type: 'string', nullable: true };
const arrayOf = (items: Schema): Schema => ({ type: 'array', items });
/** An object in which every one of `properties` is required, and others may be. */
const record = (properties: Record<string, Schema>): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});

const links = record({ self: text });
const related = record({ links, data: record({ type: text, id: text }) });

const conversation = (channels: Schema): Schema =>
  record({
    type: text,
    id: text,
    attributes: record({
      name: text,
      channels,
      status: text,
      messageCount: integer,
      noteCount: integer,
      satisfaction: integer,
      createdAt: text,
      updatedAt: text,
      modifiedAt: text,
      tags: array,
      suggestedTags: array,
      sentiment: object,
      lastMessageIn: object,
      assignedUsers: array,
      assignedTeams: array,
      firstResponse: object,
      direction: text,
      outboundMessageCount: integer,
      rev: integer,
    }),
    relationships: record({
      org: related,
      customer: related,
      messages: record({ links }),
      createdBy: related,
      modifiedBy: related,
    }),
    links,
  });

const user = record({
  id: text,
  userType: text,
  roles: arrayOf(text),
  orgName: text,
  subject: text,
  org: text,
});

const bulk = record({
  type: text,
  id: text,
  attributes: record({
    ids: array,
    context: text,
    status: text,
    v2: flag,
    payload: record({
      api: record({
        data: arrayOf(record({ externalId: text, name: text })),
        path: text,
        user,
        requestId: text,
        service: text,
        method: text,
      }),
    }),
    createdAt: text,
    updatedAt: text,
    completed: flag,
  }),
  relationships: record({ org: related, createdBy: related }),
  links,
});

/** The contract's one shape of errors (section 14), which satisfies both that the vendor documents. */
const error: Schema = {
  ...record({ status: integer, code: text, title: text, message: text, detail: text }),
  properties: {
    status: integer,
    code: { type: 'string', minLength: 1 },
    title: { type: 'string', minLength: 1 },
    message: { type: 'string', minLength: 1 },
    detail: { type: 'string', minLength: 1 },
    source: {
      type: 'object',
      properties: { pointer: text, parameter: text },
      additionalProperties: false,
      minProperties: 1,
    },
    meta: object,
  },
  additionalProperties: false,
};

/** The answers as the vendor's API description publishes them, and errors as the contract decides. */
const schemas = {
  conversation: record({ data: conversation(array) }),
  conversations: record({
    meta: record({ pageSize: integer, page: integer }),
    data: arrayOf(conversation(arrayOf(text))),
    links: record({ self: text, first: text, prev: textOrNull, next: textOrNull }),
  }),
  bulk: record({ data: bulk }),
  errors: {
    ...record({ errors: array }),
    properties: { errors: { type: 'array', items: error, minItems: 1 } },
  },
};

const ajv = new Ajv({ strict: true, allErrors: true });
const validators = Object.fromEntries(
  Object.entries(schemas).map(([name, schema]) => [name, ajv.compile(schema)]),
) as Record<keyof typeof schemas, ValidateFunction>;

/** What the schema of the name finds wrong with an answer's body: nothing, when it is as published. */
export function faultsOf(name: keyof typeof schemas, body: unknown): string[] {
  const validate = validators[name];
  validate(body);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** Expects an answer's body to be as the schema of the name has it. */
export function expectPublished(name: keyof typeof schemas, body: unknown): void {
  expect(faultsOf(name, body)).toEqual([]);
}
