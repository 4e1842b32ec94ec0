import { describe, expect, it } from '@jest/globals';
import { createRoles, grants, readRoles } from '../../functions/access/role.ts';

describe('a role', () => {
  it.each([
    ['org', 'org.user.conversation.write'],
    ['org.user', 'org.user.conversation.write'],
    ['org.user.conversation', 'org.user.conversation.write'],
    ['org.user.conversation', 'org.user.conversation.read'],
    ['org.user.conversation.write', 'org.user.conversation.write'],
    ['org.permission.conversation', 'org.permission.conversation.create'],
  ])('%s grants %s', (granted, role) => {
    expect(grants([granted], role)).toBe(true);
  });

  it.each([
    ['org.user.conversation.write', 'org.user.conversation.read'],
    ['org.user.conversation.read', 'org.user.conversation.write'],
    ['org.user.conversation.write', 'org.user.conversation'],
    ['org.user.conversation.write', 'org'],
    ['org.permission', 'org.user.conversation.write'],
    ['org.admin', 'org.user.conversation.write'],
    ['org.user.conv', 'org.user.conversation.write'],
    ['or', 'org.user.conversation.write'],
    ['org.', 'org.user.conversation.write'],
    ['ORG', 'org.user.conversation.write'],
    ['*', 'org.user.conversation.write'],
    ['', 'org.user.conversation.write'],
    ['org.user.conversation.writer', 'org.user.conversation.write'],
  ])('%s does not grant %s', (granted, role) => {
    expect(grants([granted], role)).toBe(false);
  });

  it('is granted by any one of a key’s roles, and by none when there is none', () => {
    expect(grants(['org.hooks', 'org.user'], 'org.user.conversation.read')).toBe(true);
    expect(grants([], 'org.user.conversation.read')).toBe(false);
  });

  it('of the contract is what the routes ask for', () => {
    expect(createRoles).toEqual(['org.user.conversation.write', 'org.permission.conversation.create']);
    expect(readRoles).toEqual(['org.user.conversation.read', 'org.permission.conversation.read']);
  });
});
