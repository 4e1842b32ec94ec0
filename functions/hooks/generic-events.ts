import type { VerifiedDelivery } from './delivery.ts';
import { hashedEventId, textAt } from './read-body.ts';
import { jsonOrFormEvent } from './read-events.ts';
import type { Sender } from './sender.ts';

/** Where a delivery says something: a header, or a field of the body by its path. */
type Place = { header: string } | { field: readonly string[] };

/** What is to be told of a sender that no file in senders/ knows. */
export interface GenericOptions {
  name: string;
  /** Where the id of an event stands; `body` where it has none: the same bytes are the same event then. */
  eventId: Place | 'body';
  /** Where its type stands: in the field `type` unless told. */
  eventType?: Place;
  /** Seconds, 10 unless told. */
  deadline?: number;
  /** What is said to an event that does not fit: it is refused unless told. */
  misfit?: Sender<unknown>['misfit'];
  /** What is said when all is well: our verdict unless told. */
  success?: Sender<unknown>['success'];
}

/** What tells the events of such a sender apart. */
export interface GenericEnvelope {
  type: string | undefined;
}

/** Everything of such a sender but how it proves itself. Its bodies are JSON, or forms. */
export function genericParts(options: GenericOptions): Omit<Sender<GenericEnvelope>, 'scheme'> {
  const { name, eventId, eventType = { field: ['type'] } } = options;
  const { deadline = 10, misfit = 'refuse', success = 'verdict' } = options;
  const headers = [eventId, eventType].flatMap((place) =>
    typeof place === 'object' && 'header' in place ? [place.header.toLowerCase()] : [],
  );
  return {
    name,
    deadline,
    misfit,
    success,
    reads: ['content-type', ...headers],
    events: jsonOrFormEvent((payload, delivery) => ({
      id: eventId === 'body' ? hashedEventId(delivery.body) : textIn(eventId, payload, delivery),
      envelope: { type: textIn(eventType, payload, delivery) },
    })),
  };
}

function textIn(place: Place, payload: unknown, { headers }: VerifiedDelivery): string | undefined {
  return 'header' in place ? headers[place.header.toLowerCase()] : textAt(payload, ...place.field);
}
