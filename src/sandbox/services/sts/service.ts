import type { Service } from '../../core/service.ts';
import { assumeRole } from './assume-role.ts';
import {
  assumeRoleWithSaml,
  decodeAuthorizationMessage,
  getAccessKeyInfo,
  getCallerIdentity,
  getSessionToken,
} from './caller.ts';
import { assumeRoleWithWebIdentity } from './web-identity.ts';

/** AWS STS; what it promises stands in `sts.md`. */
export const stsService: Service = {
  id: 'sts',
  eventSource: 'sts.amazonaws.com',
  protocol: 'query',
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  signingNames: ['sts'],
  hostPrefixes: ['sts'],
  accessDenied: { code: 'AccessDenied', status: 403 },
  operations: new Map([
    ['AssumeRole', assumeRole],
    ['AssumeRoleWithSAML', assumeRoleWithSaml],
    ['AssumeRoleWithWebIdentity', assumeRoleWithWebIdentity],
    ['DecodeAuthorizationMessage', decodeAuthorizationMessage],
    ['GetAccessKeyInfo', getAccessKeyInfo],
    ['GetCallerIdentity', getCallerIdentity],
    ['GetSessionToken', getSessionToken],
  ]),
};
