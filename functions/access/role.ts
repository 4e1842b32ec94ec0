/** Does a key with `granted` roles have `role`? A role grants itself and everything below its dotted prefix. */
export function grants(granted: readonly string[], role: string): boolean {
  return granted.some((own) => role === own || role.startsWith(`${own}.`));
}

/** Any one of these may create conversations. */
export const createRoles = ['org.user.conversation.write', 'org.permission.conversation.create'];
/** Any one of these may read them. */
export const readRoles = ['org.user.conversation.read', 'org.permission.conversation.read'];
/** Any one of these may follow bulk jobs. */
export const bulkReadRoles = ['org.user.bulk.read', 'org.permission.bulk.read'];
/** Any one of these may read the deliveries of webhooks, with what they brought. */
export const hookReadRoles = ['org.user.hook.read', 'org.permission.hook.read'];
/** Any one of these may replay them. */
export const hookWriteRoles = ['org.user.hook.write', 'org.permission.hook.write'];
