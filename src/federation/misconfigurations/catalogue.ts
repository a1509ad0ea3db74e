/** The nineteen classes, in the order in which they are counted. */
import type { IssuerSample } from '../samples.ts';
import { exact, type Misconfiguration, subjectLike, type TrustExample } from './misconfiguration.ts';

/** The sample's own subject beside one that is written by mistake. */
function badSubject(sample: IssuerSample, subject: string | undefined, reason: string): TrustExample | string {
  if (subject === undefined) return reason;
  return { bad: { statements: [subjectLike(sample, subject)] }, fixed: { statements: [exact(sample)] } };
}

const oneTenant = 'the issuer belongs to one tenant';
const audience = ({ audience }: IssuerSample) => ({ StringEquals: { aud: audience } });

export const misconfigurations: readonly Misconfiguration[] = [
  {
    number: 1,
    id: 'no-subject',
    title: 'No condition at all',
    why: 'Every token of the issuer for an audience of the provider gets in, whoever asked for it.',
    fix: 'Compare `aud` and `sub` with StringEquals.',
    shows: 'outsider',
    example: (sample) => ({ bad: { statements: [{}] }, fixed: { statements: [exact(sample)] } }),
  },
  {
    number: 2,
    id: 'leading-wildcard',
    title: 'A wildcard before the tenant',
    why: 'The part that says whose job it is may be anything.',
    fix: 'Write owner and repository out.',
    shows: 'outsider',
    example: (sample) => badSubject(sample, sample.subjects.leadingWildcard, ''),
  },
  {
    number: 3,
    id: 'tenant-prefix',
    title: "The tenant's name as a prefix",
    why: 'Names that begin alike match too, and anybody can register one: `acme*` matches `acme-evil/…`.',
    fix: 'End the name with its separator: `acme/`.',
    shows: 'outsider',
    example: (sample) => badSubject(sample, sample.subjects.tenantPrefix, oneTenant),
  },
  {
    number: 4,
    id: 'tenant-only',
    title: 'Everything of the tenant',
    why: 'Each repository or project of the organisation gets in, the least protected one included.',
    fix: 'Name the repository.',
    shows: 'outsider',
    example: (sample) =>
      badSubject(sample, sample.subjects.tenant, 'the subject begins with the repository, there is no tenant in it'),
  },
  {
    number: 5,
    id: 'any-context',
    title: 'Every run of the repository',
    why: 'The last part says what kind of run it is: pull requests, plans and branches of anybody match.',
    fix: 'Name the environment, branch or phase.',
    shows: 'outsider',
    example: (sample) => badSubject(sample, sample.subjects.source, 'the subject ends with the project'),
  },
  {
    number: 6,
    id: 'any-environment',
    title: 'Every environment',
    why: 'On most plans whoever can push can name a new environment, which has no protection.',
    fix: 'Name the environment.',
    shows: 'outsider',
    example: (sample) => badSubject(sample, sample.subjects.anyEnvironment, 'its subjects have no environment'),
  },
  {
    number: 7,
    id: 'true-when-missing',
    title: 'An operator that holds when the key is missing',
    why: '`…IfExists`, `ForAllValues:` and negated operators are true of a token without the claim.',
    fix: 'Use the plain operator.',
    shows: 'outsider',
    example: (sample) => ({
      bad: {
        statements: [
          {
            condition: {
              ...audience(sample),
              'ForAllValues:StringEquals': { keyless_no_such_claim: 'live' },
              StringNotLike: { sub: sample.subjects.otherTenant },
            },
          },
        ],
      },
      fixed: { statements: [exact(sample)] },
    }),
  },
  {
    number: 8,
    id: 'no-audience',
    title: 'The audience is not compared',
    why: 'A token that was made for another service of the provider gets in: who receives it there can use it here.',
    fix: 'Compare `aud`, and take client ids that nobody needs off the provider.',
    shows: 'outsider',
    example: (sample) => {
      const clientIds = [sample.audience, 'https://other-service.example'];
      const { condition } = exact(sample);
      const { aud: _, ...equal } = condition?.StringEquals ?? {};
      const rest = { ...condition, StringEquals: equal };
      const kept = Object.fromEntries(Object.entries(rest).filter(([, claims]) => Object.keys(claims).length > 0));
      return {
        bad: { statements: [{ condition: kept }], clientIds },
        fixed: { statements: [exact(sample)], clientIds },
        intended: { ...sample.intended, pieces: { ...sample.intended.pieces, aud: sample.audience } },
      };
    },
  },
  {
    number: 9,
    id: 'audience-only',
    title: 'The audience is the only control',
    why: 'Whoever asks the issuer for a token names the audience.',
    fix: 'Compare `sub` too.',
    shows: 'outsider',
    example: (sample) => ({
      bad: { statements: [{ condition: audience(sample) }] },
      fixed: { statements: [exact(sample)] },
    }),
  },
  {
    number: 10,
    id: 'no-such-key',
    title: 'A condition on a claim that is no key',
    why: 'STS makes condition keys of a few claims only; a comparison with any other never holds.',
    fix: 'Put what the claim says into `sub`, or use one of the keys of the issuer.',
    shows: 'refused',
    example: (sample) => ({
      bad: { statements: [exact(sample, { keyless_no_such_claim: 'live' })] },
      fixed: { statements: [exact(sample)] },
    }),
  },
  {
    number: 11,
    id: 'wrong-case',
    title: 'Spelled in another case',
    why: 'Values are compared with regard to case, and the token has the name as it was registered.',
    fix: 'Write the name as the issuer does.',
    shows: 'refused',
    example: (sample) => badSubject(sample, sample.subjects.wrongCase, ''),
  },
  {
    number: 12,
    id: 'name-without-id',
    title: 'A name that can change hands',
    why: 'After a rename, a transfer or a deletion somebody else can hold the name; and tokens with ids no longer match.',
    fix: 'Compare the form with ids, or the id besides the name.',
    shows: 'outsider',
    example: (sample) => {
      if (sample.withIds === undefined) return 'its tokens carry no ids that STS can compare';
      const { intended, subject, keys } = sample.withIds;
      return {
        bad: { statements: [exact(sample)] },
        fixed: { statements: [subjectLike(sample, subject, keys)] },
        intended,
      };
    },
  },
  {
    number: 13,
    id: 'wildcard-under-equals',
    title: 'A wildcard under StringEquals',
    why: 'StringEquals takes `*` for a star: no token has one, so nobody gets in.',
    fix: 'Write the value out, or use StringLike where a part really changes.',
    shows: 'refused',
    example: (sample) => ({
      bad: {
        statements: [{ condition: { StringEquals: { aud: sample.audience, sub: `${sample.subject.slice(0, -1)}*` } } }],
      },
      fixed: { statements: [exact(sample)] },
    }),
  },
  {
    number: 14,
    id: 'statement-beside',
    title: 'A second statement lets in what the first keeps out',
    why: 'Statements are alternatives: the widest decides.',
    fix: 'Put all conditions into one statement.',
    shows: 'outsider',
    example: (sample) => ({
      bad: { statements: [exact(sample), { condition: audience(sample) }] },
      fixed: { statements: [exact(sample)] },
    }),
  },
  {
    number: 15,
    id: 'workflow-without-ref',
    title: 'A reusable workflow at any ref',
    why: 'Whoever can push a branch to the repository of the workflow decides what the job does.',
    fix: 'End `job_workflow_ref` with `@refs/tags/…` or a commit.',
    shows: 'outsider',
    example: (sample) => {
      if (sample.reusableWorkflow === undefined) return '`job_workflow_ref` is no key of this issuer';
      const { repository, file, ref } = sample.reusableWorkflow;
      const workflow = `${repository}/.github/workflows/${file}@`;
      const bad = exact(sample);
      return {
        bad: {
          statements: [{ condition: { ...bad.condition, StringLike: { job_workflow_ref: `${workflow}*` } } }],
        },
        fixed: { statements: [exact(sample, { job_workflow_ref: `${workflow}${ref}` })] },
        intended: {
          ...sample.intended,
          pieces: { ...sample.intended.pieces, workflowRepository: repository, workflowFile: `${file}@${ref}` },
        },
      };
    },
  },
  {
    number: 16,
    id: 'other-tenant',
    title: 'The subject of somebody else',
    why: 'A copied policy still names the organisation it came from, and lets that one in.',
    fix: 'Name your own.',
    shows: 'outsider',
    example: (sample) => badSubject(sample, sample.subjects.otherTenant, ''),
  },
  {
    number: 17,
    id: 'wrong-action',
    title: 'A federated principal with sts:AssumeRole',
    why: 'Tokens are exchanged by AssumeRoleWithWebIdentity; this statement allows nothing.',
    fix: 'Allow `sts:AssumeRoleWithWebIdentity`.',
    shows: 'refused',
    example: (sample) => ({
      bad: { statements: [{ ...exact(sample), action: 'sts:AssumeRole' }] },
      fixed: { statements: [exact(sample)] },
    }),
  },
  {
    number: 18,
    id: 'any-branch',
    title: 'Every branch',
    why: 'Whoever can push can make a branch with a name that matches.',
    fix: 'Name the protected branch, or an environment with deployment branch rules.',
    shows: 'outsider',
    example: (sample) => badSubject(sample, sample.subjects.anyBranch, 'its subjects have no branch'),
  },
  {
    number: 19,
    id: 'key-of-the-hosted-issuer',
    title: 'Keys of the hosted issuer on a self-hosted one',
    why: 'STS makes condition keys of the claims of gitlab.com and github.com only; a self-hosted issuer has `aud` and `sub`.',
    fix: 'Put it into `sub`.',
    shows: 'refused',
    example: (sample) => {
      if (sample.foreignKey === undefined) return 'not a self-hosted issuer';
      return {
        bad: { statements: [exact(sample, { [sample.foreignKey]: 'acme/infra' })] },
        fixed: { statements: [exact(sample)] },
      };
    },
  },
];
