/** What every operation of sso-admin does first: the rate, the account that may ask, the instance, the policies of the caller. */
import { AwsError } from '../../core/aws-error.ts';
import { ModelInput } from '../../core/model-input.ts';
import type { Call, Input, Operation, Output } from '../../core/service.ts';
import type { World } from '../../core/world.ts';
import { administrationOf, isOfManagementAccount } from '../identity-center/administration.ts';
import { ssoAccountArn } from '../identity-center/permission-set.ts';
import type { PermissionSet } from '../identity-center/state.ts';

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message, 400);
}

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, 400);
}

export function conflict(message: string): AwsError {
  return new AwsError('ConflictException', message, 400);
}

export class AdminCall {
  readonly call: Call;
  readonly input: ModelInput;
  readonly world: World;
  /** Epoch milliseconds in the world's time. */
  readonly now: number;

  constructor(call: Call, input: Input) {
    this.call = call;
    this.input = new ModelInput(input, invalid);
    this.world = call.world;
    this.now = call.time.now();
  }

  /** The instance that the input names, asked of the account and the region that run it. */
  instance(): void {
    const { identityCenter } = this.world;
    const arn = this.input.string('InstanceArn', { min: 10, max: 1224, pattern: instanceArnPattern });
    if (administrationOf(this.world, this.call.account) === 'none' || this.call.region !== identityCenter.region) {
      throw this.denied(arn);
    }
    if (arn !== identityCenter.instanceArn) throw notFound(`Instance with ARN ${arn} was not found.`);
  }

  /** The permission set that the input names. `account` is the target, where the operation has one. */
  permissionSet(access: 'read' | 'write', account?: string): PermissionSet {
    this.instance();
    const arn = this.input.string('PermissionSetArn', { min: 10, max: 1224, pattern: permissionSetArnPattern });
    const set = this.world.identityCenter.permissionSets.get(arn);
    this.authorize(arn, set);
    if (account !== undefined) this.authorize(ssoAccountArn(this.world, account), undefined);
    if (set === undefined) throw notFound(`PermissionSet with ARN ${arn} was not found.`);
    if (access === 'write') this.#keepOffManagementAccount(set, account);
    return set;
  }

  /** Asks for the instance, and for the resource if there is one. Call after `instance`. */
  authorize(resource?: string, set?: PermissionSet): void {
    const context = new Map(
      (set?.tags ?? []).map(({ key, value }): [string, string[]] => [`aws:resourcetag/${key.toLowerCase()}`, [value]]),
    );
    const action = `sso:${this.call.operation}`;
    this.call.authorize({ action, resource: this.world.identityCenter.instanceArn });
    if (resource !== undefined) this.call.authorize({ action, resource, context });
  }

  denied(resource: string): AwsError {
    const { caller, operation } = this.call;
    const who = 'arn' in caller ? caller.arn : caller.kind;
    return new AwsError(
      'AccessDeniedException',
      `User: ${who} is not authorized to perform: sso:${operation} on resource: ${resource}`,
      400,
    );
  }

  #keepOffManagementAccount(set: PermissionSet, account: string | undefined): void {
    if (administrationOf(this.world, this.call.account) === 'owner') return;
    const managed = account === this.world.organizations.managementAccount || isOfManagementAccount(this.world, set);
    if (managed) throw this.denied(set.arn);
  }
}

/** An operation by its name. */
export type AdminEntry = readonly [string, Operation];

export function adminOperation(
  name: string,
  access: 'read' | 'write',
  handle: (admin: AdminCall) => Output,
): AdminEntry {
  return [
    name,
    {
      readOnly: access === 'read',
      category: 'management',
      handle: (call, input) => {
        countCall(call);
        return handle(new AdminCall(call, input)) ?? {};
      },
    },
  ];
}

const instanceArnPattern = /arn:aws(-[a-z]{1,5}){0,3}:sso:::instance\/(sso)?ins-[a-zA-Z0-9-.]{16}/;
const permissionSetArnPattern =
  /arn:aws(-[a-z]{1,5}){0,3}:sso:::permissionSet\/(sso)?ins-[a-zA-Z0-9-.]{16}\/ps-[a-zA-Z0-9-./]{16}/;

/** All calls share one rate: https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html */
function countCall({ world: { identityCenter }, time }: Call): void {
  const { requestsPerSecond } = identityCenter.settings;
  if (requestsPerSecond === undefined) return;
  const now = time.now();
  const recent = identityCenter.recentCalls.filter((at) => now - at < 1000);
  identityCenter.recentCalls = [...recent, now];
  if (recent.length >= requestsPerSecond) throw new AwsError('ThrottlingException', 'Rate exceeded', 400);
}
