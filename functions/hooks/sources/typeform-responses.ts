import * as z from 'zod/mini';
import { shortenTo } from '../../conversations/text.ts';
import { firstCustomer } from '../first-customer.ts';
import { typeform } from '../senders/typeform.ts';
import { source } from '../source.ts';

const text = z.nullish(z.string());
const answer = z.object({
  field: z.object({ id: z.string() }),
  text,
  email: text,
  phone_number: text,
  date: text,
  url: text,
  file_url: text,
  number: z.nullish(z.number()),
  boolean: z.nullish(z.boolean()),
  choice: z.nullish(z.object({ label: text, other: text })),
  choices: z.nullish(z.object({ labels: z.nullish(z.array(z.string())), other: text })),
});

/**
 * A response to a form at Typeform becomes a conversation with whoever gave it: known by the first answer that is an email address,
 * else by the form's hidden field `email`, else by the response alone.
 */
export default source({
  sender: typeform,
  accept: ({ type }) => type === 'form_response',
  // https://www.typeform.com/developers/webhooks/example-payload/
  payload: z.object({
    form_response: z.object({
      form_id: z.string(),
      token: z.string(),
      submitted_at: z.string(),
      hidden: z.nullish(z.object({ email: text })),
      definition: z.object({
        title: z.string(),
        fields: z.array(z.object({ id: z.string(), title: z.string() })),
      }),
      // Questions without an answer are left out.
      answers: z.nullish(z.array(answer)),
    }),
  }),
  delivery: 'direct',
  draft({ form_response: { form_id, token, submitted_at, hidden, definition, answers } }) {
    const given = answers ?? [];
    const titles = new Map(definition.fields.map(({ id, title }) => [id, title]));
    const lines = given.map((each) => `${titles.get(each.field.id) ?? each.field.id}: ${textOf(each)}`);
    const unknown = { externalId: `typeform-respondent-${token}` };
    return {
      customer:
        firstCustomer([...given.map(({ email }) => ({ email })), { email: hidden?.email }]) ?? unknown,
      externalId: `typeform-response-${token}`,
      name: shortenTo(256, definition.title),
      createdAt: submitted_at,
      custom: { formStr: form_id, answersTxt: shortenTo(1024, lines.join('\n')) },
    };
  },
});

/** An answer has the one field that its type names; of one that is none of these nothing is shown. */
function textOf(given: z.infer<typeof answer>): string {
  const { choice, choices } = given;
  const plain = [given.text, given.email, given.phone_number, given.date, given.url, given.file_url];
  const chosen = [choice?.label, choice?.other, ...(choices?.labels ?? []), choices?.other];
  return [...plain, given.number, given.boolean, ...chosen]
    .filter((part) => part !== undefined && part !== null)
    .join(', ');
}
