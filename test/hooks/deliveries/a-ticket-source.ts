import * as z from 'zod/mini';
import { jsonEvent } from '../../../functions/hooks/read-events.ts';
import { hmacSha256 } from '../../../functions/hooks/scheme.ts';
import type { Sender } from '../../../functions/hooks/sender.ts';
import { source, type AnySource, type SourceDraft } from '../../../functions/hooks/source.ts';

interface Ticket {
  id: string;
  kind?: string | undefined;
  title?: unknown;
}

const sender: Sender<string> = {
  name: 'tickets',
  scheme: {
    kind: 'signature',
    headers: [{ signature: 'x-signature' }],
    form: 'one',
    encoding: 'hex',
    signed: ['body'],
    methods: [hmacSha256('')],
  },
  deadline: 10,
  misfit: 'accept',
  success: 'verdict',
  reads: [],
  events: jsonEvent((payload) => {
    const { id, kind = '' } = payload as Ticket;
    return { id, envelope: kind };
  }),
};

/** A source whose events are `{ id, kind, title }`: it takes those of the kind `ticket` that have a title. */
export function ticketSource(
  draft: (title: string) => SourceDraft = (name) => ({ customer: { externalId: 'somebody' }, name }),
  accept: (kind: string) => boolean = (kind) => kind === 'ticket',
): AnySource {
  return source({
    sender,
    accept,
    payload: z.object({ title: z.string() }),
    delivery: 'queued',
    draft: ({ title }) => draft(title),
  });
}

/** The body of an event that it takes, unless `more` says otherwise. */
export function ticket(id: string, more: Partial<Ticket> = {}): Buffer {
  return Buffer.from(JSON.stringify({ id, kind: 'ticket', title: `Ticket ${id}`, ...more }));
}
