/** Roles that providers, backends and readers of state assume, reported in the same words wherever they stand. */
import type { SourceFile } from '../../repository/index.ts';
import { readPlainCredential } from '../credential-value.ts';
import type { Report } from '../detector.ts';
import type { MethodKind } from '../inventory.ts';
import { type AssumedRole, onlyAccountOf, roleArnsOf } from './aws-arguments.ts';
import { plainString } from './expression.ts';
import type { ModuleCode } from './module-code.ts';
import { possibleTexts } from './possible-strings.ts';
import { reportPlace } from './report-place.ts';
import type { Settings } from './settings.ts';

/** The block or object that the roles belong to. */
export interface RoleOwner {
  readonly kind: MethodKind;
  readonly subject: string;
  readonly file: SourceFile;
  readonly module: ModuleCode;
}

/** Roles assumed with other credentials, first to last: a method and a finding of the detector's own severity. */
export function reportAssumedRoles(report: Report, owner: RoleOwner, roles: readonly AssumedRole[]): void {
  const [first] = roles;
  if (first === undefined) return;
  const { kind, subject, file, module } = owner;
  const roleArns = roleArnsOf(roles, module, file.text);
  const detail = `${subject} assumes ${describeRoles(roles.length, roleArns)}.`;
  reportPlace(report, {
    at: first.at,
    kind,
    class: 'indirect',
    usedBy: 'terraform',
    subject,
    stack: file.directory,
    roleArns,
    ...accountIn(roleArns),
    detail,
  });
}

/** The exchange of an OIDC token for a role: a method, and a finding where the token is written out. */
export function reportWebIdentity(report: Report, owner: RoleOwner, identity: Settings): void {
  const { kind, subject, file, module } = owner;
  const token = identity.get('web_identity_token');
  const text = token === undefined ? undefined : plainString(token.value);
  const written = token !== undefined && text !== undefined && readPlainCredential(text).kind === 'literal';
  if (written) {
    report.finding({
      at: token.start,
      identity: subject,
      usedBy: 'terraform',
      detail: `${subject} has a web_identity_token written out.`,
    });
  }
  const role = identity.get('role_arn')?.value;
  const roleArns = role === undefined ? [] : possibleTexts(role, module, file.text);
  report.method({
    at: identity.start,
    kind,
    class: written ? 'static' : 'dynamic',
    usedBy: 'terraform',
    subject,
    stack: file.directory,
    roleArns,
    ...accountIn(roleArns),
    detail: `${subject} exchanges an OIDC token for ${roleArns.join(', ') || 'the role in the environment'}.`,
  });
}

function accountIn(roleArns: readonly string[]): { readonly accountId?: string } {
  const accountId = onlyAccountOf(roleArns);
  return accountId === undefined ? {} : { accountId };
}

function describeRoles(hops: number, roleArns: readonly string[]): string {
  if (roleArns.length === 0) return 'a role named elsewhere';
  if (hops > 1) return `${hops} roles, one after the other: ${roleArns.join(', ')}`;
  return roleArns.length === 1 ? `${roleArns[0]}` : `one of ${roleArns.join(', ')}`;
}
