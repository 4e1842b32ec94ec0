import { describe, expect, it } from '@jest/globals';
import { conversationFrom, conversationResource } from '../../functions/conversations/conversation.ts';
import { asked, author, customer, objectId } from './asked.ts';
import { publishedConversation } from './published-conversation.ts';

const time = new Date('2016-11-09T02:46:29.789Z');

describe('a conversation', () => {
  it('shows as the published example does, with the priority besides', () => {
    const resource = conversationResource(
      asked('request-1', { id: '58228e05d4e96711004eccb7', name: 'New Conversation' }),
    );
    const { attributes } = publishedConversation;
    expect(resource).toEqual({ ...publishedConversation, attributes: { ...attributes, priority: 3 } });
    expect(Object.keys(resource.attributes)).toEqual([...Object.keys(attributes), 'priority']);
  });

  it('has an empty name unless it was given one', () => {
    expect(conversationResource(asked('request-1')).attributes.name).toBe('');
  });

  it('shows all that was given, the externalId first', () => {
    const given = {
      externalId: 'order-1',
      name: 'One',
      status: 'done',
      direction: 'out',
      priority: 5,
      tags: ['vip'],
      assignedUsers: [objectId(2)],
      assignedTeams: [objectId(3)],
      importedAt: '2016-11-10T00:00:00.000Z',
      replyChannel: 'email',
      defaultLang: 'en_us',
      campaign: objectId(4),
      queue: { id: 'q', external: 'amazon-connect' },
      custom: { planStr: 'gold', seatsNum: 0, noteStr: null },
    } as const;
    const conversation = asked('request-1', {
      ...given,
      tags: [...given.tags],
      assignedUsers: [...given.assignedUsers],
      assignedTeams: [...given.assignedTeams],
    });
    const { attributes } = conversationResource(conversation);
    expect(attributes).toMatchObject(given);
    expect(Object.keys(attributes)[0]).toBe('externalId');
  });

  it('shows null where null was given, and nothing where nothing was', () => {
    const { attributes } = conversationResource(
      asked('request-1', { replyChannel: null, defaultLang: null }),
    );
    expect(attributes).toMatchObject({ replyChannel: null, defaultLang: null });
    expect(Object.keys(attributes)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(externalId|importedAt|campaign|queue|custom)$/)]),
    );
  });

  it('tells nothing of who asked for it', () => {
    expect(JSON.stringify(conversationResource(asked('request-1')))).not.toContain('request-1');
  });

  it('was created when the draft says, else now; changed now in either case', () => {
    const origin = { kind: 'api', requestId: 'request-1' } as const;
    const createdAt = '2001-01-01T00:00:00.000Z';
    const dated = conversationFrom({ customer, createdAt }, author, origin, time);
    expect(dated).toMatchObject({ createdAt, updatedAt: time.toISOString() });
    const { attributes } = conversationResource(dated);
    expect(attributes).toMatchObject({
      createdAt,
      updatedAt: time.toISOString(),
      modifiedAt: time.toISOString(),
    });
    expect(conversationFrom({ customer }, author, origin, time).createdAt).toBe(time.toISOString());
  });

  it('belongs to the organisation and user that wrote it', () => {
    const origin = { kind: 'hook', source: 'github-issues', event: 'e' } as const;
    expect(conversationFrom({ customer }, author, origin, time)).toMatchObject({
      org: author.org,
      createdBy: author.user,
      origin: 'hook#github-issues#e',
    });
  });
});
