import { describe, expect, it } from '@jest/globals';
import { accepts, draftOf, rejectionOf } from './sample-event.ts';

const name = 'pagerduty-incidents';
const incident = '/event/data';

describe('an incident at PagerDuty', () => {
  it('is a conversation with its service', () => {
    expect(draftOf(name)).toEqual({
      customer: { externalId: 'pagerduty-service-PF9KMXH' },
      externalId: 'pagerduty-incident-Q1L5XKZ7N0P2RT',
      name: 'Card payments fail in Europe',
      createdAt: '2026-10-15T03:21:47Z',
      custom: {
        numberNum: 318,
        serviceStr: 'Checkout',
        incidentUrl: 'https://aster-and-oak.pagerduty.com/incidents/Q1L5XKZ7N0P2RT',
        urgencyStr: 'high',
        priorityStr: 'P1',
      },
    });
  });

  it('is taken when it is triggered, and not when anything else happens', () => {
    expect(accepts(name, { type: 'incident.triggered' })).toBe(true);
    for (const type of ['incident.acknowledged', 'incident.resolved', 'service.updated', undefined]) {
      expect(accepts(name, { type })).toBe(false);
    }
  });

  it('has no urgency and no priority when it was given none', () => {
    for (const none of [null, undefined]) {
      const { custom } = draftOf(name, { [`${incident}/urgency`]: none, [`${incident}/priority`]: none });
      expect(Object.keys(custom ?? {})).toEqual(['numberNum', 'serviceStr', 'incidentUrl']);
    }
  });

  it.each([
    [{ '/event': undefined }, '/event'],
    [{ [incident]: null }, incident],
    [{ [`${incident}/id`]: 5 }, `${incident}/id`],
    [{ [`${incident}/number`]: '318' }, `${incident}/number`],
    [{ [`${incident}/title`]: null }, `${incident}/title`],
    [{ [`${incident}/html_url`]: undefined }, `${incident}/html_url`],
    [{ [`${incident}/created_at`]: 5 }, `${incident}/created_at`],
    [{ [`${incident}/urgency`]: 5 }, `${incident}/urgency`],
    [{ [`${incident}/priority`]: 'P1' }, `${incident}/priority`],
    [{ [`${incident}/service`]: null }, `${incident}/service`],
    [{ [`${incident}/service/id`]: undefined }, `${incident}/service/id`],
    [{ [`${incident}/service/summary`]: 5 }, `${incident}/service/summary`],
  ])('is rejected with %j, and told where', (changes, place) => {
    expect(rejectionOf(name, changes)).toEqual({ status: 422, places: [place] });
  });
});
