/** Clients of SSO OIDC: RegisterClient, and who a request claims to be. */
import { Secret } from '../../../kernel/secret.ts';
import type { Call, Input, WireResponse } from '../../core/service.ts';
import type { RegisteredClient } from '../identity-center/state.ts';
import { oidcEndpoint } from './endpoints.ts';
import { jsonAnswer, oidcError } from './oidc-error.ts';

export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const grants: readonly string[] = ['authorization_code', deviceGrant, 'refresh_token'];

/** AWS seconds; 90 days. */
const registrationSeconds = 90 * 24 * 3600;

export function registerClient(call: Call, input: Input): WireResponse {
  // CloudTrail lists CreateToken only: https://docs.aws.amazon.com/singlesignon/latest/userguide/sso-info-in-cloudtrail.html
  call.event.unrecorded = true;
  const { world, time } = call;
  const clientName = text(input, 'clientName');
  if (text(input, 'clientType') !== 'public') {
    throw oidcError('InvalidClientMetadataException', 'clientType must be "public".');
  }
  const scopes = texts(input, 'scopes');
  for (const scope of scopes) {
    if (!/^[a-z][a-z0-9_]*(:[a-z0-9_]+)*$/i.test(scope)) {
      throw oidcError('InvalidScopeException', `The scope "${scope}" is not valid.`);
    }
  }
  const grantTypes = texts(input, 'grantTypes');
  for (const grant of grantTypes) {
    if (!grants.includes(grant)) {
      throw oidcError('UnsupportedGrantTypeException', `The grant type "${grant}" is not supported.`);
    }
  }
  const redirectUris = texts(input, 'redirectUris');
  for (const uri of redirectUris) {
    if (!isRedirectUri(uri)) {
      throw oidcError(
        'InvalidRedirectUriException',
        `The redirect URI "${uri}" is neither https nor http to loopback.`,
      );
    }
  }
  if (grantTypes.includes('authorization_code') && redirectUris.length === 0) {
    throw oidcError('InvalidRequestException', 'The grant type authorization_code needs redirectUris.');
  }
  const issuerUrl = optionalText(input, 'issuerUrl');
  if (issuerUrl !== undefined && !isStartUrl(call, issuerUrl)) {
    throw oidcError('InvalidRequestException', `issuerUrl "${issuerUrl}" is not the start URL of this directory.`);
  }
  const issuedAt = time.now();
  const client: RegisteredClient = {
    clientId: world.ids.alphanumeric(22),
    clientSecret: new Secret(world.ids.alphanumeric(96)),
    clientName,
    scopes,
    grantTypes,
    redirectUris,
    issuedAt,
    expiresAt: issuedAt + time.lifetime(registrationSeconds),
  };
  world.identityCenter.clients.set(client.clientId, client);
  const endpoint = oidcEndpoint(call);
  return jsonAnswer({
    clientId: client.clientId,
    clientSecret: client.clientSecret.reveal(),
    clientIdIssuedAt: Math.floor(issuedAt / 1000),
    clientSecretExpiresAt: Math.floor(client.expiresAt / 1000),
    authorizationEndpoint: `${endpoint}/authorize`,
    tokenEndpoint: `${endpoint}/token`,
  });
}

/** The client that the request names and proves to be. Throws InvalidClientException, also when its registration is over. */
export function authenticateClient(call: Call, input: Input): RegisteredClient {
  const client = call.world.identityCenter.clients.get(text(input, 'clientId'));
  const secret = new Secret(text(input, 'clientSecret'));
  if (client === undefined || !client.clientSecret.equals(secret)) {
    throw oidcError('InvalidClientException', 'The client is unknown, or its secret is another.');
  }
  if (call.time.now() >= client.expiresAt) {
    throw oidcError('InvalidClientException', 'The registration of the client has expired.');
  }
  return client;
}

/** A registration without grant types is of a client that knows the device flow only. */
export function mayUseGrant({ grantTypes }: RegisteredClient, grant: string): boolean {
  return grantTypes.length === 0 ? grant !== 'authorization_code' : grantTypes.includes(grant);
}

/** A loopback address matches whatever its port is (RFC 8252, section 7.3); all else must be the same. */
export function matchesRedirectUri(client: RegisteredClient, asked: string): boolean {
  const plain = withoutLoopbackPort(asked);
  return isRedirectUri(asked) && client.redirectUris.some((uri) => uri === asked || withoutLoopbackPort(uri) === plain);
}

/** A trailing `/`, `#` or `#/` does not make it another one; an instance's own issuer URL is taken too. */
export function isStartUrl(call: Call, url: string): boolean {
  const { startUrl, instanceArn } = call.world.identityCenter;
  const plain = (text: string): string => text.replace(/[/#]+$/, '').toLowerCase();
  const issuer = `https://identitycenter.amazonaws.com/${instanceArn.slice(instanceArn.lastIndexOf('/') + 1)}`;
  return plain(url) === plain(startUrl) || plain(url) === issuer;
}

/** A required parameter. */
export function text(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined) throw oidcError('InvalidRequestException', `The parameter ${name} is missing.`);
  return value;
}

export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw oidcError('InvalidRequestException', `The parameter ${name} is not a string.`);
  return value;
}

export function texts(input: Input, name: string): readonly string[] {
  const value = input[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw oidcError('InvalidRequestException', `The parameter ${name} is not a list of strings.`);
  }
  return value;
}

function isRedirectUri(uri: string): boolean {
  const url = URL.parse(uri);
  if (url === null || url.hash !== '' || url.username !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

function withoutLoopbackPort(uri: string): string {
  const url = URL.parse(uri);
  if (url === null) return uri;
  if (url.protocol === 'http:' && isLoopback(url.hostname)) url.port = '';
  return url.href;
}

function isLoopback(hostname: string): boolean {
  return hostname === '127.0.0.1' || hostname === '[::1]' || hostname === 'localhost';
}
