/** A page that leaves out an operation, or promises one that is not there, is not true. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { identityStoreService } from './identitystore/service.ts';
import { organizationsService } from './organizations/service.ts';
import { ssoAdminService } from './sso-admin/service.ts';
import { ssoOidcService } from './sso-oidc/service.ts';
import { ssoPortalService } from './sso-portal/service.ts';

test.each([ssoOidcService, ssoPortalService, ssoAdminService, identityStoreService, organizationsService])(
  'the page of $id names every operation, and promises no other',
  ({ id, operations }) => {
    const page = readFileSync(new URL(`./${id}/${id}.md`, import.meta.url), 'utf8');
    const [promised = ''] = page.split('## What it leaves out');
    const verbs =
      'Add|Attach|Create|Delete|Deregister|Describe|Detach|Disable|Enable|Get|Is|List|Logout|Move|Provision|Put|Register|Show|Start|Submit|Tag|Untag|Update';
    const named = [...promised.matchAll(new RegExp(`\`((?:${verbs})\\w*)\``, 'g'))].map(([, name]) => name);
    expect([...operations.keys()].filter((name) => !named.includes(name) && !promised.includes(`\`${name}\``))).toEqual(
      [],
    );
    expect(named.filter((name) => !operations.has(name as string))).toEqual([]);
  },
);
