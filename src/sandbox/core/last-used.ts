/** When and where a key or a role was used last, as IAM shows it. */
import type { IssuedKey } from './caller.ts';
import type { Service } from './service.ts';
import type { World } from './world.ts';

export function markUsed(world: World, key: IssuedKey, at: number, region: string, service: Service): void {
  const { caller } = key;
  const account = world.iam.accounts.get(caller.account);
  if (caller.kind === 'user') {
    const record = account?.users.get(caller.userName)?.accessKeys.find((own) => own.accessKeyId === key.accessKeyId);
    if (record !== undefined) record.lastUsed = { at, region, service: service.signingNames[0] ?? service.id };
  } else if (caller.kind === 'role') {
    const role = account?.roles.get(caller.roleName);
    if (role !== undefined) role.lastUsed = { at, region };
  }
}
