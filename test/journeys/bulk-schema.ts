type Schema = Record<string, unknown>;

const text: Schema = { type: 'string' };
const flag: Schema = { type: 'boolean' };
const integer: Schema = { type: 'integer' };
const arrayOf = (items: Schema): Schema => ({ type: 'array', items });
/** An object in which every one of `properties` is required, and others may be. */
const record = (properties: Record<string, Schema>): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});
const related = record({ links: record({ self: text }), data: record({ type: text, id: text }) });

const attributes = {
  ids: { type: 'array' },
  context: text,
  status: { enum: ['queued', 'running', 'complete'] },
  v2: flag,
  payload: record({
    api: record({
      data: arrayOf({ type: 'object' }),
      path: text,
      user: record({
        id: text,
        userType: text,
        roles: arrayOf(text),
        orgName: text,
        subject: text,
        org: text,
      }),
      requestId: text,
      service: text,
      method: text,
    }),
  }),
  createdAt: text,
  updatedAt: text,
  completed: flag,
};
const bulk = (more: Record<string, Schema> = {}) =>
  record({
    data: record({
      type: { const: 'bulk' },
      id: text,
      attributes: record({ ...attributes, ...more }),
      relationships: record({ org: related, createdBy: related }),
      links: record({ self: text }),
    }),
  });

/** The published answer to POST /v1/conversations/bulk: https://developer.kustomer.com/api/core-resources/bulk-create-conversations */
export const bulkCreated = bulk();

/** The published answer to GET /v1/bulk/{id}, as far as an unfinished job has it: https://developer.kustomer.com/api/core-resources/get-bulk-operation-by-id */
export const bulkProgress = bulk({
  isLarge: flag,
  errors: { type: 'object' },
  batchErrors: flag,
  lastBatchError: { type: ['string', 'null'] },
  batches: record({ complete: integer, total: integer, idsTotal: integer }),
});

/** The published answer to GET /v1/bulk/{id}/batches: https://developer.kustomer.com/api/core-resources/get-bulk-operation-batches */
export const bulkBatches = record({
  data: arrayOf(
    record({
      id: text,
      attributes: record({
        status: { enum: ['queued', 'scheduled', 'complete'] },
        completed: flag,
        completedAt: { type: ['string', 'null'] },
        successCount: integer,
        failureCount: integer,
        objectIds: arrayOf(text),
        errors: arrayOf(record({ id: text, data: { type: 'object' } })),
        v2: flag,
        payload: attributes.payload,
      }),
      relationships: record({ org: related, bulk: related, createdBy: related }),
    }),
  ),
  meta: record({ page: integer, pages: integer, count: integer, limit: integer }),
});
