/** IAM Identity Center: one instance with its directory, permission sets, assignments, and the sessions of people. Four services work on it: sso-admin, identitystore, sso-oidc, the access portal. */
import type { Secret } from '../../../kernel/secret.ts';
import type { Tag } from '../iam/state.ts';

export interface IdentityCenterState {
  /** `arn:aws:sso:::instance/ssoins-…`. */
  readonly instanceArn: string;
  readonly identityStoreId: string;
  /** Account that runs it: the management account, or one it is delegated to. */
  readonly ownerAccount: string;
  readonly region: string;
  /** `https://acme.awsapps.com/start`. */
  readonly startUrl: string;
  readonly users: Map<string, DirectoryUser>;
  readonly groups: Map<string, DirectoryGroup>;
  readonly memberships: Map<string, { readonly id: string; readonly groupId: string; readonly userId: string }>;
  /** By ARN. */
  readonly permissionSets: Map<string, PermissionSet>;
  /** By `account|permissionSetArn|principalType|principalId`. */
  readonly assignments: Map<string, Assignment>;
  /** By request id. */
  readonly operations: Map<string, AsyncOperation>;
  /** Registered public clients by client id. */
  readonly clients: Map<string, RegisteredClient>;
  /** Device and authorization-code sign-ins that wait for a person or for the client. */
  readonly authorizations: Map<string, PendingAuthorization>;
  /** Portal sessions by access token. */
  readonly tokens: Map<string, PortalToken>;
  /** Request ids of `operations` that have not been carried out, oldest first. */
  readonly pendingOperations: string[];
  /** What AWS fixes or the console sets; drills and tests change it. */
  readonly settings: IdentityCenterSettings;
  /** Name of the instance. */
  name: string | undefined;
  /** Attributes for access control: the sources of a user's session tags, by key. `undefined`: not enabled. */
  accessControlAttributes: ReadonlyMap<string, readonly string[]> | undefined;
  /** Tags of the instance. */
  tags: readonly Tag[];
  /** Epoch milliseconds of the sso-admin calls of the last second, for the rate limit. */
  recentCalls: readonly number[];
}

export interface IdentityCenterSettings {
  /** AWS seconds that an assignment or a provisioning takes. */
  operationSeconds: number;
  /** AWS seconds of a portal session: 8 hours unless the console says otherwise, at most 90 days. */
  portalSessionSeconds: number;
  /** AWS seconds of an access token that can be refreshed: one hour. */
  accessTokenSeconds: number;
  /** Real seconds a device code waits for a person. */
  deviceCodeSeconds: number;
  /** Real seconds between two polls for a token. */
  pollIntervalSeconds: number;
  /** `reusable`: a refresh token works until the session ends, as some clients report it. */
  refreshTokens: 'single-use' | 'reusable';
  /** sso-admin calls a second before ThrottlingException; AWS has 20. `undefined`: no limit. */
  requestsPerSecond: number | undefined;
  /** CreateAccountAssignment calls in progress at a time; AWS has 10. `undefined`: no limit. */
  outstandingAssignments: number | undefined;
  /** IAM roles an account may hold. */
  rolesPerAccount: number;
}

export interface DirectoryUser {
  readonly id: string;
  userName: string;
  displayName: string;
  givenName: string;
  familyName: string;
  email: string | undefined;
  status: 'ENABLED' | 'DISABLED';
  readonly externalIds: readonly { readonly issuer: string; readonly id: string }[];
  /** Members of AWS's User shape that nothing here decides on, as they were sent: `Title`, `Addresses`, `Timezone`. */
  readonly profile: Map<string, unknown>;
}

export interface DirectoryGroup {
  readonly id: string;
  displayName: string;
  description: string | undefined;
}

export interface PermissionSet {
  readonly arn: string;
  readonly name: string;
  description: string | undefined;
  /** Seconds. */
  sessionDuration: number;
  /** As it was sent: `PT90M`. */
  sessionDurationText: string;
  relayState: string | undefined;
  readonly createdAt: number;
  tags: readonly Tag[];
  inlinePolicy: string | undefined;
  managedPolicies: readonly { readonly arn: string; readonly name: string }[];
  customerManagedPolicies: readonly { readonly name: string; readonly path: string }[];
  boundary:
    | { readonly managedPolicyArn: string }
    | { readonly customerManaged: { readonly name: string; readonly path: string } }
    | undefined;
  /** Grows with each change; an account is current when it was provisioned with this one. */
  revision: number;
  /** Account id → revision that its role was made from. */
  readonly provisioned: Map<string, number>;
  /** Account id → name of its role there: `AWSReservedSSO_<name>_<16 hex>`. */
  readonly roleNames: Map<string, string>;
  /** Made by Control Tower, which sets it up again when it is changed. */
  readonly owner: 'control-tower' | undefined;
}

export interface Assignment {
  readonly account: string;
  readonly permissionSetArn: string;
  readonly principalType: 'USER' | 'GROUP';
  readonly principalId: string;
  /** Absolute window, epoch milliseconds; outside it the portal gives nothing. keyless's own, AWS has none. */
  readonly from?: number;
  readonly until?: number;
}

export interface AsyncOperation {
  readonly requestId: string;
  readonly kind: 'create-assignment' | 'delete-assignment' | 'provision';
  readonly startedAt: number;
  /** When it will be over; the status is read from the clock. */
  readonly endsAt: number;
  /** Known when it was carried out; a refusal that is certain at the start is here from then. */
  outcome: 'SUCCEEDED' | 'FAILED';
  failureReason: string | undefined;
  /** `undefined`: all accounts it is provisioned to. */
  readonly account: string | undefined;
  readonly permissionSetArn: string;
  readonly principalType: 'USER' | 'GROUP' | undefined;
  readonly principalId: string | undefined;
  /** Carried out once, when it ends. */
  applied: boolean;
}

export interface RegisteredClient {
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly clientName: string;
  readonly scopes: readonly string[];
  readonly grantTypes: readonly string[];
  readonly redirectUris: readonly string[];
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export interface PendingAuthorization {
  /** Device code, or authorization request id. */
  readonly id: string;
  readonly kind: 'device' | 'code';
  readonly clientId: string;
  /** `ABCD-EFGH`, for the device flow. */
  readonly userCode: string | undefined;
  readonly redirectUri: string | undefined;
  readonly codeChallenge: string | undefined;
  readonly state: string | undefined;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
  /** Names it on its page and in the control API; knowing it redeems nothing. */
  readonly pageId: string;
  /** Guards the forms of its page. */
  readonly formToken: Secret;
  lastPolledAt: number | undefined;
  /** Id of the person, `denied`, or nobody yet. */
  decision: { readonly userId: string } | 'denied' | undefined;
  /** The authorization code that was handed out. */
  code: string | undefined;
  /** A token was handed out for it. */
  redeemed: boolean;
}

export interface PortalToken {
  /** Of the portal session; stays the same when the token is renewed. CloudTrail's `credentialId`. */
  readonly sessionId: string;
  readonly accessToken: Secret;
  readonly refreshToken: Secret | undefined;
  readonly clientId: string;
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** End of the portal session: no refresh after it. */
  readonly sessionEndsAt: number;
  revoked: boolean;
  refreshTokenUsed: boolean;
}
