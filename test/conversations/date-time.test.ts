import { describe, expect, it } from '@jest/globals';
import { isDateTime, toUtc } from '../../functions/conversations/date-time.ts';

describe('a date-time', () => {
  it.each([
    ['2016-11-09T02:46:29Z', '2016-11-09T02:46:29.000Z'],
    ['2016-11-09T02:46:29.7Z', '2016-11-09T02:46:29.700Z'],
    ['2016-11-09T02:46:29.789Z', '2016-11-09T02:46:29.789Z'],
    ['2016-11-09T02:46:29.789999999Z', '2016-11-09T02:46:29.789Z'],
    ['2016-11-09T02:46:29+05:30', '2016-11-08T21:16:29.000Z'],
    ['2016-11-09T02:46:29-08:00', '2016-11-09T10:46:29.000Z'],
    ['2016-11-09T02:46:29-00:00', '2016-11-09T02:46:29.000Z'],
    ['2020-02-29T00:00:00Z', '2020-02-29T00:00:00.000Z'],
    ['2000-02-29T23:59:59+23:59', '2000-02-29T00:00:59.000Z'],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is %s', (text, utc) => {
    expect(isDateTime(text)).toBe(true);
    expect(toUtc(text)).toBe(utc);
  });

  it.each([
    ['', 'nothing'],
    ['2016-11-09', 'a date alone'],
    ['02:46:29Z', 'a time alone'],
    ['2016-11-09T02:46:29', 'without an offset'],
    ['2016-11-09T02:46Z', 'without seconds'],
    ['2016-11-09 02:46:29Z', 'with a blank between'],
    ['2016-11-09T02:46:29+0530', 'an offset without its colon'],
    ['2016-11-09T02:46:29+5:30', 'an offset of one digit'],
    ['2016-11-09T02:46:29+24:00', 'an offset of a day'],
    ['2016-11-09T02:46:29.Z', 'a point without digits'],
    ['2016-11-09T02:46:29,5Z', 'a comma for a point'],
    ['2016-13-01T00:00:00Z', 'a thirteenth month'],
    ['2016-00-01T00:00:00Z', 'a month zero'],
    ['2016-11-31T00:00:00Z', 'the 31st of November'],
    ['2019-02-29T00:00:00Z', 'the 29th of February of a common year'],
    ['1900-02-29T00:00:00Z', 'the 29th of February 1900'],
    ['2016-11-09T24:00:00Z', 'the hour 24'],
    ['2016-11-09T23:60:00Z', 'a minute 60'],
    ['2016-12-31T23:59:60Z', 'a leap second'],
    ['2016-1-9T02:46:29Z', 'digits left out'],
    ['+002016-11-09T02:46:29Z', 'a year of six digits'],
    ['-2016-11-09T02:46:29Z', 'a negative year'],
    ['0000-01-01T00:00:00+00:01', 'before the year 0 in UTC'],
    ['9999-12-31T23:59:59-00:01', 'after the year 9999 in UTC'],
    ['2016-11-09T02:46:29Z ', 'followed by a blank'],
    ['2016-11-09T02:46:29Z\n', 'followed by a line end'],
    ['２０１６-11-09T02:46:29Z', 'with digits that are not ASCII'],
    ['1478659589789', 'milliseconds'],
    ['Wed, 09 Nov 2016 02:46:29 GMT', 'as HTTP writes it'],
  ])('is not %j: %s', (text) => {
    expect(isDateTime(text)).toBe(false);
  });
});
