/** What every operation of the identity store does first: the account that may ask, the store, the policies of the caller. */
import { formatArn } from '../../../aws/arn.ts';
import { AwsError } from '../../core/aws-error.ts';
import { ModelInput, type StringRules } from '../../core/model-input.ts';
import type { Call, Input, Operation, Output } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import { administrationOf } from '../identity-center/administration.ts';
import { identityStoreArn } from '../identity-center/permission-set.ts';
import type { DirectoryGroup, DirectoryUser } from '../identity-center/state.ts';

export type ResourceType = 'GROUP' | 'USER' | 'IDENTITY_STORE' | 'GROUP_MEMBERSHIP';

export const idRules: StringRules = {
  min: 1,
  max: 47,
  pattern: /([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}/,
};
export const textRules: StringRules = {
  min: 1,
  max: 1024,
  pattern: /[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r \u00a0\u3000]+/u,
};
export const userNameRules: StringRules = { min: 1, max: 128, pattern: /[\p{L}\p{M}\p{S}\p{N}\p{P}]+/u };

export class StoreCall {
  readonly call: Call;
  readonly input: ModelInput;
  readonly world: World;

  constructor(call: Call, input: Input) {
    this.call = call;
    this.input = new ModelInput(input, (message) => this.refusal('ValidationException', message));
    this.world = call.world;
  }

  /** Checks `IdentityStoreId` and asks for it and the resources: `user/…`, `group/…`, `membership/…`, or `/*` of them. */
  enter(...resources: readonly string[]): void {
    const { world, call } = this;
    const { identityStoreId, region } = world.identityCenter;
    const id = this.input.string('IdentityStoreId', { min: 1, max: 36 });
    const action = `identitystore:${call.operation}`;
    if (administrationOf(world, call.account) === 'none' || call.region !== region) {
      const who = 'arn' in call.caller ? call.caller.arn : call.caller.kind;
      throw this.refusal('AccessDeniedException', `User: ${who} is not authorized to perform: ${action}`);
    }
    if (id !== identityStoreId) throw this.notFound('IDENTITY_STORE', id, 'IdentityStore');
    call.authorize({ action, resource: identityStoreArn(world) });
    for (const resource of resources) call.authorize({ action, resource: storeArn(world, resource) });
  }

  user(id: string): DirectoryUser {
    const user = this.world.identityCenter.users.get(id);
    if (user === undefined) throw this.notFound('USER', id, 'User');
    return user;
  }

  group(id: string): DirectoryGroup {
    const group = this.world.identityCenter.groups.get(id);
    if (group === undefined) throw this.notFound('GROUP', id, 'Group');
    return group;
  }

  notFound(type: ResourceType, id: string | undefined, what: string): AwsError {
    // Asked by id, AWS shouts; asked by name, it does not.
    const message = id === undefined ? `${what} not found` : `${what.toUpperCase()} not found.`;
    return this.refusal('ResourceNotFoundException', message, {
      ResourceType: type,
      ...(id === undefined ? {} : { ResourceId: id }),
    });
  }

  duplicate(what: string): AwsError {
    return this.refusal('ConflictException', `Duplicate ${what}`, { Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION' });
  }

  refusal(code: string, message: string, members: Readonly<Record<string, unknown>> = {}): AwsError {
    return new AwsError(code, message, 400, { members: { ...members, RequestId: this.call.requestId } });
  }
}

/** An operation by its name. */
export type StoreEntry = readonly [string, Operation];

export function storeOperation(
  name: string,
  access: 'read' | 'write',
  handle: (store: StoreCall) => Output,
): StoreEntry {
  return [
    name,
    {
      readOnly: access === 'read',
      category: 'management',
      handle: (call, input) => handle(new StoreCall(call, input)) ?? {},
    },
  ];
}

/** `arn:aws:identitystore:::user/…`: people, groups and memberships have no account in their ARN. */
function storeArn(world: World, resource: string): string {
  return formatArn({ partition: world.partition, service: 'identitystore', region: '', account: '', resource });
}
