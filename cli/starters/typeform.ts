import * as z from 'zod/mini';
import { shortenTo } from '../../functions/conversations/text.ts';
import { typeform } from '../../functions/hooks/senders/typeform.ts';
import { source } from '../../functions/hooks/source.ts';

/** A form that was filled in at Typeform becomes a conversation with who filled it in. */
export default source({
  sender: typeform,
  accept: ({ type }) => type === 'form_response',
  // https://www.typeform.com/developers/webhooks/example-payload/
  payload: z.object({
    form_response: z.object({
      token: z.string(),
      submitted_at: z.string(),
      definition: z.object({ title: z.string() }),
    }),
  }),
  delivery: 'direct',
  draft: ({ form_response: response }) => ({
    customer: { externalId: `typeform-response-${response.token}` },
    externalId: `typeform-${response.token}`,
    name: shortenTo(256, response.definition.title),
    createdAt: response.submitted_at,
    custom: { formStr: response.definition.title },
  }),
});
