import { describe, expect, it } from '@jest/globals';
import { accepts, draftOf, rejectionOf } from './sample-event.ts';

const name = 'typeform-responses';
const response = '/form_response';
const answers = `${response}/answers`;
const field = { id: 'f', type: 'short_text' };
const asEmail = (email: string) => ({ type: 'email', email, field });

describe('a response to a form at Typeform', () => {
  it('is a conversation with whoever gave it', () => {
    expect(draftOf(name)).toEqual({
      customer: { email: 'ana.lima@example.com' },
      externalId: 'typeform-response-u4f9k2m8z7c1b6n3x5a0s4d2g8h1j7l9',
      name: 'Tell us what went wrong',
      createdAt: '2026-10-15T08:15:02Z',
      custom: {
        formStr: 'pQ7rT2vX',
        answersTxt: [
          'What is your name?: Ana Lima',
          'How can we reach you?: ana.lima@example.com',
          'What went wrong?: The lamp arrived with a crack in its foot.',
          'What should we do about it?: Send it again',
          'How happy are you with us?: 3',
          'May we call you?: false',
        ].join('\n'),
      },
    });
  });

  it('is taken when it is complete, and not when it is a part of one', () => {
    expect(accepts(name, { type: 'form_response' })).toBe(true);
    for (const type of ['form_response_partial', undefined]) expect(accepts(name, { type })).toBe(false);
  });

  it.each([
    [
      'the first that is an address',
      { [answers]: [asEmail('x'), asEmail('a@example.com'), asEmail('b@example.com')] },
      { email: 'a@example.com' },
    ],
    [
      'the hidden field',
      { [answers]: [], [`${response}/hidden`]: { email: 'c@example.com' } },
      { email: 'c@example.com' },
    ],
    [
      'the hidden field',
      { [answers]: [asEmail('x')], [`${response}/hidden`]: { email: 'c@example.com' } },
      { email: 'c@example.com' },
    ],
    [
      'an answer before the hidden field',
      { [`${response}/hidden`]: { email: 'c@example.com' } },
      { email: 'ana.lima@example.com' },
    ],
    [
      'the response alone',
      { [answers]: undefined, [`${response}/hidden`]: undefined },
      { externalId: 'typeform-respondent-u4f9k2m8z7c1b6n3x5a0s4d2g8h1j7l9' },
    ],
    [
      'the response alone',
      { [answers]: null, [`${response}/hidden`]: { email: '' } },
      { externalId: 'typeform-respondent-u4f9k2m8z7c1b6n3x5a0s4d2g8h1j7l9' },
    ],
  ])('is with whom %s names: %j', (_, changes, customer) => {
    expect(draftOf(name, changes).customer).toEqual(customer);
  });

  it.each([
    ['a telephone number', { type: 'phone_number', phone_number: '+351 21 555 0100' }, '+351 21 555 0100'],
    ['a day', { type: 'date', date: '2026-10-01' }, '2026-10-01'],
    ['an address of the web', { type: 'url', url: 'https://example.com/a' }, 'https://example.com/a'],
    ['a file', { type: 'file_url', file_url: 'https://api.typeform.com/f' }, 'https://api.typeform.com/f'],
    ['nought', { type: 'number', number: 0 }, '0'],
    ['yes', { type: 'boolean', boolean: true }, 'true'],
    ['a choice', { type: 'choice', choice: { label: 'Lamp' } }, 'Lamp'],
    ['another choice', { type: 'choice', choice: { other: 'Rug' } }, 'Rug'],
    [
      'several choices',
      { type: 'choices', choices: { labels: ['Lamp', 'Chair'], other: 'Rug' } },
      'Lamp, Chair, Rug',
    ],
    ['a payment, which is not shown', { type: 'payment', payment: { amount: '5.00', last4: '4242' } }, ''],
  ])('shows %s', (_, answer, shown) => {
    const { custom } = draftOf(name, { [answers]: [{ ...answer, field }] });
    expect(custom?.['answersTxt']).toBe(`f: ${shown}`);
  });

  it('shows as much of long answers as an attribute can have', () => {
    const { custom } = draftOf(name, { [answers]: [{ type: 'text', text: '🦀'.repeat(2000), field }] });
    expect(custom?.['answersTxt']).toBe(`f: ${'🦀'.repeat(1020)}…`);
  });

  it('may have as many answers as a body of 4 MB holds', () => {
    const many = Array.from({ length: 150_000 }, () => ({ field: { id: 'f' } }));
    expect(draftOf(name, { [answers]: many }).customer).toEqual({
      externalId: 'typeform-respondent-u4f9k2m8z7c1b6n3x5a0s4d2g8h1j7l9',
    });
  });

  it.each([
    [{ [response]: undefined }, response],
    [{ [`${response}/token`]: 5 }, `${response}/token`],
    [{ [`${response}/form_id`]: undefined }, `${response}/form_id`],
    [{ [`${response}/submitted_at`]: null }, `${response}/submitted_at`],
    [{ [`${response}/definition`]: undefined }, `${response}/definition`],
    [{ [`${response}/definition/title`]: null }, `${response}/definition/title`],
    [{ [`${response}/definition/fields/2/title`]: 5 }, `${response}/definition/fields/2/title`],
    [{ [`${response}/hidden`]: { email: 5 } }, `${response}/hidden/email`],
    [{ [answers]: {} }, answers],
    [{ [`${answers}/1/field`]: undefined }, `${answers}/1/field`],
    [{ [`${answers}/1/email`]: 5 }, `${answers}/1/email`],
    [{ [`${answers}/3/choices/labels`]: 'x' }, `${answers}/3/choices/labels`],
    [{ [`${answers}/4/number`]: '3' }, `${answers}/4/number`],
  ])('is rejected with %j, and told where', (changes, place) => {
    expect(rejectionOf(name, changes)).toEqual({ status: 422, places: [place] });
  });
});
