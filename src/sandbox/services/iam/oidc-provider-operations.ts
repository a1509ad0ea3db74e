/**
 * OIDC providers (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html).
 */
import { createHash } from 'node:crypto';
import type { Call, Input, Operation } from '../../core/service.ts';
import { iamAccount, iamArn, noSuchEntity } from './accounts.ts';
import { createOidcProvider } from './build.ts';
import {
  alreadyExists,
  authorize,
  type Context,
  invalidInput,
  limitExceeded,
  merged,
  read,
  requestTags,
  resourceTags,
  write,
} from './operation.ts';
import { page } from './paging.ts';
import { arnRule, requiredText, textList } from './query-input.ts';
import type { OidcProvider } from './state.ts';
import { readTagKeys, readTags, renderTags, withoutTags, withTags } from './tags.ts';

const providersPerAccount = 100;
const clientsPerProvider = 100;
const thumbprintsPerProvider = 5;

const create = write((call, input) => {
  const { world, account } = call;
  const url = requiredText(input, 'Url', { minimum: 1, maximum: 255 });
  const clientIds = textList(input, 'ClientIDList');
  const thumbprints = readThumbprints(input);
  const tags = readTags(input);
  const name = url.replace(/^https:\/\//i, '');
  authorize(call, iamArn(world, account, `oidc-provider/${name}`), requestTags(tags));
  checkUrl(url);
  for (const id of clientIds) checkClientId(id);
  const { oidcProviders } = iamAccount(world, account);
  if ([...oidcProviders.values()].some((other) => other.url.toLowerCase() === name.toLowerCase())) {
    throw alreadyExists(`Provider with url ${url} already exists.`);
  }
  checkClientCount(clientIds.length);
  if (oidcProviders.size >= providersPerAccount) {
    throw limitExceeded(`Cannot exceed quota for OpenIdConnectProvidersPerAccount: ${providersPerAccount}`);
  }
  const provider = createOidcProvider(world, account, {
    url,
    clientIds: [...new Set(clientIds)],
    // IAM looks up the certificate itself; there is none here, so that the name stands for it.
    thumbprints: thumbprints.length > 0 ? thumbprints : [createHash('sha1').update(name).digest('hex')],
    tags,
    createdAt: call.time.now(),
  });
  return { OpenIDConnectProviderArn: provider.arn, ...(tags.length === 0 ? {} : { Tags: renderTags(tags) }) };
});

/** HTTPS, a path at most: a port, a query or a fragment is refused. */
function checkUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const authority = /^https:\/\/([^/?#]*)/i.exec(url)?.[1];
  if (parsed?.protocol !== 'https:' || authority === undefined || !/^[a-z0-9.-]+$/i.test(authority)) {
    throw invalidInput('Invalid Open ID Connect Provider URL');
  }
  if (url.includes('?') || url.includes('#')) throw invalidInput('Invalid Open ID Connect Provider URL');
}

function checkClientId(id: string): void {
  if (id.length < 1 || id.length > 255) throw invalidInput('A client ID has from 1 to 255 characters.');
}

function checkClientCount(count: number): void {
  if (count > clientsPerProvider) {
    throw limitExceeded(`Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: ${clientsPerProvider}`);
  }
}

function readThumbprints(input: Input): readonly string[] {
  const thumbprints = textList(input, 'ThumbprintList');
  if (thumbprints.length > thumbprintsPerProvider) {
    throw invalidInput(`Thumbprint list must contain fewer than ${thumbprintsPerProvider + 1} entries.`);
  }
  for (const thumbprint of thumbprints) {
    if (!/^[0-9a-fA-F]{40}$/.test(thumbprint)) throw invalidInput('A thumbprint is 40 hexadecimal digits.');
  }
  return thumbprints;
}

function askProvider(call: Call, input: Input, context: Context = new Map()): OidcProvider {
  const arn = requiredText(input, 'OpenIDConnectProviderArn', arnRule);
  const provider = iamAccount(call.world, call.account).oidcProviders.get(arn);
  authorize(call, arn, merged(resourceTags(provider?.tags ?? []), context));
  if (provider === undefined) throw noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);
  return provider;
}

const get = read((call, input) => {
  const provider = askProvider(call, input);
  return {
    Url: provider.url,
    ClientIDList: provider.clientIds,
    ThumbprintList: provider.thumbprints,
    CreateDate: new Date(provider.createdAt),
    ...(provider.tags.length === 0 ? {} : { Tags: renderTags(provider.tags) }),
  };
});

const list = read((call) => {
  authorize(call, iamArn(call.world, call.account, 'oidc-provider/*'));
  const arns = [...iamAccount(call.world, call.account).oidcProviders.keys()].sort();
  return { OpenIDConnectProviderList: arns.map((Arn) => ({ Arn })) };
});

/** Roles that trust it stay as they are, and trust nobody then. Silent when there is none, as IAM is. */
const remove = write((call, input) => {
  const arn = requiredText(input, 'OpenIDConnectProviderArn', arnRule);
  const { oidcProviders } = iamAccount(call.world, call.account);
  authorize(call, arn, resourceTags(oidcProviders.get(arn)?.tags ?? []));
  oidcProviders.delete(arn);
  return undefined;
});

const addClient = write((call, input) => {
  const id = requiredText(input, 'ClientID', { minimum: 1, maximum: 255 });
  const provider = askProvider(call, input);
  if (provider.clientIds.includes(id)) return undefined;
  checkClientCount(provider.clientIds.length + 1);
  provider.clientIds = [...provider.clientIds, id];
  return undefined;
});

const removeClient = write((call, input) => {
  const id = requiredText(input, 'ClientID', { minimum: 1, maximum: 255 });
  const provider = askProvider(call, input);
  provider.clientIds = provider.clientIds.filter((other) => other !== id);
  return undefined;
});

const updateThumbprint = write((call, input) => {
  const thumbprints = readThumbprints(input);
  askProvider(call, input).thumbprints = thumbprints;
  return undefined;
});

const tag = write((call, input) => {
  const tags = readTags(input);
  const provider = askProvider(call, input, requestTags(tags));
  provider.tags = withTags(provider.tags, tags);
  return undefined;
});

const untag = write((call, input) => {
  const keys = readTagKeys(input);
  const provider = askProvider(call, input, new Map([['aws:tagkeys', keys]]));
  provider.tags = withoutTags(provider.tags, keys);
  return undefined;
});

const listTags = read((call, input) => {
  const { items, more } = page(input, askProvider(call, input).tags, ({ key }) => key);
  return { Tags: renderTags(items), ...more };
});

export const oidcProviderOperations: Readonly<Record<string, Operation>> = {
  AddClientIDToOpenIDConnectProvider: addClient,
  CreateOpenIDConnectProvider: create,
  DeleteOpenIDConnectProvider: remove,
  GetOpenIDConnectProvider: get,
  ListOpenIDConnectProviderTags: listTags,
  ListOpenIDConnectProviders: list,
  RemoveClientIDFromOpenIDConnectProvider: removeClient,
  TagOpenIDConnectProvider: tag,
  UntagOpenIDConnectProvider: untag,
  UpdateOpenIDConnectProviderThumbprint: updateThumbprint,
};
