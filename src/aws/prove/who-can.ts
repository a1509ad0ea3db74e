/**
 * Who can do something by a resource policy (a bucket's, a key's, a role's trust): everybody it names, and those it does
 * not name but lets in. Each is asked with an identity policy that allows everything, because what other accounts allow
 * their own is theirs to say.
 */
import type { Policy, Statement } from '../policy/document.ts';
import { parsePolicy } from '../policy/parse.ts';
import type { AccessRequest, NamedPolicy, PolicyPrincipal } from '../policy/request.ts';
import { actionDimension, allowedRequests, keyDimension, resourceDimension } from './allowed-requests.ts';
import { type KeySet, TextSet } from './key-set.ts';
import { Language } from './language.ts';
import { arnPatternLanguage, type KnownValue, noVariables } from './pattern-language.ts';
import { witness } from './witness.ts';

export interface WhoCanQuestion {
  readonly policy: Policy;
  /** `s3:GetObject`. */
  readonly action: string;
  /** ARN, which may hold wildcards. `*` for a trust policy. */
  readonly resource: string;
  readonly resourceAccount: string;
  /** `o-…` of our organisation. */
  readonly organizationId?: string;
  /** Trust policies and key policies decide alone: `required`. */
  readonly resourcePolicy?: 'sufficient' | 'required';
}

export interface Access {
  readonly who: PolicyPrincipal;
  /** `named`: the policy says so. `stranger`: nobody of ours. */
  readonly standing: 'named' | 'stranger' | 'anonymous';
  /** The shortest request that is allowed. */
  readonly witness: AccessRequest;
}

/** An account that is nobody's: AWS gives out no such id. */
const strangerAccount = '999999999999';

/**
 * Empty for a kind of caller is a proof: no request of theirs is allowed.
 *
 * @throws Undecidable where the policy cannot be decided exactly
 */
export function whoCan(question: WhoCanQuestion): readonly Access[] {
  const candidates: readonly (readonly [PolicyPrincipal, Access['standing']])[] = [
    ...namedPrincipals(question.policy).map((principal) => [principal, 'named'] as const),
    [stranger, 'stranger'],
    [{ type: 'anonymous' }, 'anonymous'],
  ];
  return candidates.flatMap(([who, standing]) => {
    const shown = requestOf(who, question);
    return shown === undefined ? [] : [{ who, standing, witness: shown }];
  });
}

const stranger: PolicyPrincipal = {
  type: 'role-session',
  account: strangerAccount,
  roleArn: `arn:aws:iam::${strangerAccount}:role/any`,
  arn: `arn:aws:sts::${strangerAccount}:assumed-role/any/session`,
};

function requestOf(who: PolicyPrincipal, question: WhoCanQuestion): AccessRequest | undefined {
  const { policy, action, resource, resourceAccount, resourcePolicy } = question;
  const box = new Map<string, KeySet>([
    [actionDimension, new TextSet(false, Language.of(action.toLowerCase()))],
    [resourceDimension, new TextSet(false, arnPatternLanguage(resource, noVariables, 'filled-up'))],
    ...identityOf(who, question),
  ]);
  const region = allowedRequests(
    { principal: who, resourceAccount, within: [box], known: (key) => knownOf(who, key) },
    {
      identity: [allowsEverything],
      resource: { name: 'resource policy', policy },
      ...(resourcePolicy && { resourcePolicy }),
    },
  );
  return witness(region, who, resourceAccount);
}

/**
 * Callers without an account have none of the keys that describe one.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties
 */
function knownOf(who: PolicyPrincipal, key: string): KnownValue {
  if ('account' in who) return 'unknown';
  if (key === 'aws:principaltype' && who.type === 'anonymous') return { value: 'Anonymous' };
  return /^aws:(principal(account|arn|org|tag|type)|user)/.test(key) ? 'missing' : 'unknown';
}

/** What the global keys say of a caller; a stranger can be anybody but one of us. */
function identityOf(who: PolicyPrincipal, { organizationId }: WhoCanQuestion): readonly (readonly [string, KeySet])[] {
  if (!('account' in who)) return [];
  const text = (language: Language): TextSet => new TextSet(false, language);
  const own = who.type === 'role-session' ? who.roleArn : who.arn;
  const isStranger = who === stranger;
  const organization = organizationId === undefined ? Language.all : Language.of(organizationId);
  return [
    [keyDimension('aws:PrincipalAccount'), text(Language.of(who.account))],
    [
      keyDimension('aws:PrincipalArn'),
      text(
        isStranger ? arnPatternLanguage(`arn:aws:iam::${who.account}:*`, noVariables, 'as-it-is') : Language.of(own),
      ),
    ],
    ...(isStranger && organizationId !== undefined
      ? [[keyDimension('aws:PrincipalOrgID'), text(organization.not())] as const]
      : []),
  ];
}

/** Everybody whom a statement with Allow names, as callers. */
function namedPrincipals(policy: Policy): readonly PolicyPrincipal[] {
  const named = policy.statements.filter(({ effect }) => effect === 'Allow').flatMap(principalsOf);
  return [...new Map(named.map((principal) => [JSON.stringify(principal), principal])).values()];
}

function principalsOf({ principal }: Statement): readonly PolicyPrincipal[] {
  if (principal === undefined || principal.negated) return [];
  return [
    ...principal.aws.flatMap(callerOf),
    ...principal.service.map((name): PolicyPrincipal => ({ type: 'service', name })),
    ...principal.federated.map((provider): PolicyPrincipal => ({ type: 'federated', provider })),
  ];
}

/** An account is asked as one of its roles, because its root user is not who comes. Unique ids name nobody by themselves. */
function callerOf(name: string): readonly PolicyPrincipal[] {
  const [, , service, , account = /^\d{12}$/.test(name) ? name : '', resource = 'root'] = name.split(':');
  if (account === '') return [];
  if (resource === 'root') return [session(account, 'any', 'session')];
  if (resource.startsWith('user/')) return [{ type: 'user', account, arn: name }];
  if (service === 'sts') {
    const [, role = '', sessionName = ''] = resource.split('/');
    return [{ ...session(account, role, sessionName), arn: name }];
  }
  const role = resource.slice(resource.lastIndexOf('/') + 1);
  return [{ ...session(account, role, 'session'), roleArn: name }];
}

function session(account: string, role: string, name: string): Extract<PolicyPrincipal, { type: 'role-session' }> {
  return {
    type: 'role-session',
    account,
    roleArn: `arn:aws:iam::${account}:role/${role}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
  };
}

const allowsEverything: NamedPolicy = { name: 'everything', policy: everythingPolicy() };

function everythingPolicy(): Policy {
  const parsed = parsePolicy(
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
    'identity',
  );
  return parsed.ok ? parsed.policy : { version: '2012-10-17', id: undefined, statements: [] };
}
