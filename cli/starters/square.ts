import * as z from 'zod/mini';
import { square } from '../../functions/hooks/senders/square.ts';
import { source } from '../../functions/hooks/source.ts';

/** A booking made at Square becomes a conversation with the customer. */
export default source({
  sender: square,
  accept: ({ type }) => type === 'booking.created',
  // https://developer.squareup.com/reference/square/bookings-api/webhooks/booking.created
  payload: z.object({
    data: z.object({
      object: z.object({
        booking: z.object({ id: z.string(), customer_id: z.string(), start_at: z.string() }),
      }),
    }),
  }),
  delivery: 'queued',
  draft: ({
    data: {
      object: { booking },
    },
  }) => ({
    customer: { externalId: `square-customer-${booking.customer_id}` },
    externalId: `square-booking-${booking.id}`,
    name: `Booking for ${booking.start_at}`,
    custom: { startAt: booking.start_at },
  }),
});
