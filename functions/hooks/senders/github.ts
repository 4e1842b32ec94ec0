import { parseJson } from '../../lambda/json-body.ts';
import { badRequest } from '../../lambda/problem.ts';
import type { Sender } from '../sender.ts';

/** What tells GitHub's events apart: the event's name, and its action where it has one. */
export interface GithubEnvelope {
  event: string;
  action: string | undefined;
}

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers */
export const github: Sender<GithubEnvelope> = {
  name: 'github',
  scheme: { hash: 'sha256', header: 'x-hub-signature-256', label: 'sha256=', encoding: 'hex' },
  eventId: ({ headers }) => headers['x-github-delivery'],
  payload: ({ headers, body }) =>
    headers['content-type']?.startsWith('application/x-www-form-urlencoded')
      ? parseJson(Buffer.from(formField(body, 'payload')))
      : parseJson(body),
  envelope: ({ headers }, payload) => {
    const { action } = (payload ?? {}) as { action?: unknown };
    return {
      event: headers['x-github-event'] ?? '',
      action: typeof action === 'string' ? action : undefined,
    };
  },
  isHandshake: ({ event }) => event === 'ping',
};

function formField(body: Buffer, name: string): string {
  const value = new URLSearchParams(body.toString()).get(name);
  if (value === null) throw badRequest({ title: `The form has no field ${name}`, pointer: '' });
  return value;
}
