/** A sandbox with Identity Center in it, and signing in as somebody with the real clients. */
import * as identityStore from '@aws-sdk/client-identitystore';
import * as organizations from '@aws-sdk/client-organizations';
import * as portal from '@aws-sdk/client-sso';
import * as ssoAdmin from '@aws-sdk/client-sso-admin';
import * as oidc from '@aws-sdk/client-sso-oidc';
import {
  CreateTokenCommand,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from '@aws-sdk/client-sso-oidc';
import type { RecordCall } from '../../src/sandbox/core/call-outcome.ts';
import { createManagedPolicy } from '../../src/sandbox/services/iam/build.ts';
import { approveSignIn } from '../../src/sandbox/services/identity-center/approve.ts';
import {
  addMember,
  assign,
  createGroup,
  createPermissionSet,
  createUser,
} from '../../src/sandbox/services/identity-center/build.ts';
import type { DirectoryGroup, DirectoryUser, PermissionSet } from '../../src/sandbox/services/identity-center/state.ts';
import { identityStoreService } from '../../src/sandbox/services/identitystore/service.ts';
import { organizationsService } from '../../src/sandbox/services/organizations/service.ts';
import { ssoAdminService } from '../../src/sandbox/services/sso-admin/service.ts';
import { ssoOidcService } from '../../src/sandbox/services/sso-oidc/service.ts';
import { ssoPortalService } from '../../src/sandbox/services/sso-portal/service.ts';
import { stsService } from '../../src/sandbox/services/sts/service.ts';
import { withCheckedShapes } from './response-shapes.ts';
import { makeSandbox, type TestSandbox } from './sandbox-client.ts';

export const management = '111111111111';
export const production = '222222222222';
export const staging = '333333333333';
export const startUrl = 'https://acme.awsapps.com/start';

export interface IdentityCenterSandbox extends TestSandbox {
  /** In group engineers. */
  readonly ada: DirectoryUser;
  /** In no group. */
  readonly bob: DirectoryUser;
  readonly engineers: DirectoryGroup;
  /** Assigned to the engineers in production. */
  readonly deploy: PermissionSet;
}

export function makeIdentityCenter(more: { readonly record?: RecordCall } = {}): IdentityCenterSandbox {
  const sandbox = makeSandbox({
    services: [
      withCheckedShapes(ssoOidcService, oidc, [
        'ShowAuthorizePage',
        'SubmitAuthorizePage',
        'ShowDevicePage',
        'SubmitDevicePage',
      ]),
      // The model has no ForbiddenException; clients print it as they get it.
      withCheckedShapes(ssoPortalService, portal, ['ForbiddenException']),
      withCheckedShapes(ssoAdminService, ssoAdmin),
      withCheckedShapes(identityStoreService, identityStore),
      withCheckedShapes(organizationsService, organizations),
      stsService,
    ],
    ...more,
  });
  const { world } = sandbox;
  const at = sandbox.time.now();
  const ada = createUser(world, { userName: 'ada', displayName: 'Ada Lovelace', email: 'ada@example.com' });
  const bob = createUser(world, { userName: 'bob', displayName: 'Bob' });
  const engineers = createGroup(world, { displayName: 'engineers' });
  addMember(world, engineers.id, ada.id);
  const deploy = createPermissionSet(world, {
    name: 'Deploy',
    createdAt: at,
    sessionDuration: 2 * 3600,
    inlinePolicy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
    }),
  });
  assign(world, { account: production, permissionSet: deploy, principal: { type: 'GROUP', id: engineers.id }, at });
  return Object.assign(sandbox, { ada, bob, engineers, deploy });
}

export interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** By the device flow, as the AWS CLI does. */
export async function signIn(sandbox: TestSandbox, userName: string): Promise<SignedIn> {
  const client = sandbox.connect(SSOOIDCClient);
  const registered = await client.send(
    new RegisterClientCommand({ clientName: 'test', clientType: 'public', scopes: ['sso:account:access'] }),
  );
  const { clientId = '', clientSecret = '' } = registered;
  const device = await client.send(new StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl }));
  approveSignIn(sandbox.world, { userCode: device.userCode ?? '', userName });
  const token = await client.send(
    new CreateTokenCommand({
      clientId,
      clientSecret,
      grantType: 'urn:ietf:params:oauth:grant-type:device_code',
      deviceCode: device.deviceCode,
    }),
  );
  return {
    accessToken: token.accessToken ?? '',
    refreshToken: token.refreshToken ?? '',
    expiresIn: token.expiresIn ?? 0,
    clientId,
    clientSecret,
  };
}

/** A customer managed policy that allows nothing of interest. */
export function addPolicy(sandbox: TestSandbox, account: string, name: string): void {
  createManagedPolicy(sandbox.world, account, {
    name,
    createdAt: sandbox.time.now(),
    text: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }],
    }),
  });
}
