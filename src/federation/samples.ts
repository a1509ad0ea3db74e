/**
 * One team per issuer, with the token of one job that should get in, and the subjects that people write for it by mistake.
 * The misconfigurations are shown on them, and what the prover says of each is tried out on the embedded STS.
 */
import { github, githubCompatible } from './issuers/github.ts';
import { gitlab, selfHostedGitlab } from './issuers/gitlab.ts';
import { hcpTerraform } from './issuers/hcp-terraform.ts';
import { azureDevops, bitbucket, buildkite, circleci, spacelift } from './issuers/other-pipelines.ts';
import type { IntendedTokens, IssuerGrammar } from './token-grammar.ts';

export interface IssuerSample {
  readonly grammar: IssuerGrammar;
  readonly audience: string;
  readonly intended: IntendedTokens;
  /** The subject, exact but for pieces that change from run to run (`*`). */
  readonly subject: string;
  readonly subjects: {
    /** A wildcard stands before the tenant. */
    readonly leadingWildcard: string;
    /** The tenant's name as a prefix: other names begin like it. `undefined` where the issuer belongs to one tenant. */
    readonly tenantPrefix?: string;
    /** Everything of the tenant. */
    readonly tenant?: string;
    /** Everything of the repository, workspace or project. */
    readonly source?: string;
    readonly anyEnvironment?: string;
    readonly anyBranch?: string;
    /** The subject of somebody else. */
    readonly otherTenant: string;
    readonly wrongCase: string;
  };
  /** For issuers that put ids into the token: the same job, with them. */
  readonly withIds?: {
    readonly intended: IntendedTokens;
    readonly subject: string;
    readonly keys: Readonly<Record<string, string>>;
  };
  /** For a reusable workflow: its file, at a ref. */
  readonly reusableWorkflow?: { readonly repository: string; readonly file: string; readonly ref: string };
  /** Keys that this self-hosted issuer's team took from the documentation of the hosted one. */
  readonly foreignKey?: string;
}

const uuid = (digit: string): string => [8, 4, 4, 4, 12].map((length) => digit.repeat(length)).join('-');

const githubSubjects: Omit<IssuerSample, 'grammar' | 'audience' | 'intended'> = {
  subject: 'repo:acme/infra:environment:live',
  subjects: {
    leadingWildcard: 'repo:*:environment:live',
    tenantPrefix: 'repo:acme*',
    tenant: 'repo:acme/*',
    source: 'repo:acme/infra:*',
    anyEnvironment: 'repo:acme/infra:environment:*',
    anyBranch: 'repo:acme/infra:ref:refs/heads/*',
    otherTenant: 'repo:other/infra:environment:live',
    wrongCase: 'repo:Acme/infra:environment:live',
  },
};
const githubIntended: IntendedTokens = {
  form: 'environment',
  pieces: { owner: 'acme', repository: 'infra', environment: 'live' },
};
const gitlabSubjects: Omit<IssuerSample, 'grammar' | 'audience' | 'intended'> = {
  subject: 'project_path:acme/infra:ref_type:branch:ref:main',
  subjects: {
    leadingWildcard: 'project_path:*:ref_type:branch:ref:main',
    tenantPrefix: 'project_path:acme*',
    tenant: 'project_path:acme/*',
    source: 'project_path:acme/infra:*',
    anyBranch: 'project_path:acme/infra:ref_type:branch:ref:*',
    otherTenant: 'project_path:other/infra:ref_type:branch:ref:main',
    wrongCase: 'project_path:Acme/infra:ref_type:branch:ref:main',
  },
};
const gitlabIntended: IntendedTokens = { form: 'branch', pieces: { group: 'acme', project: 'infra', ref: 'main' } };
const repositoryUuid = uuid('1');
const environmentUuid = uuid('2');
const organizationUuid = uuid('3');

export const issuerSamples: readonly IssuerSample[] = [
  {
    ...githubSubjects,
    grammar: github,
    audience: 'sts.amazonaws.com',
    intended: githubIntended,
    withIds: {
      intended: {
        form: 'environment with ids',
        pieces: { ...githubIntended.pieces, ownerId: '100', repositoryId: '200' },
      },
      subject: 'repo:acme@100/infra@200:environment:live',
      keys: {},
    },
    reusableWorkflow: { repository: 'acme/workflows', file: 'terraform.yml', ref: 'refs/tags/v1' },
  },
  {
    ...githubSubjects,
    grammar: githubCompatible(
      'github.acme.example/_services/token',
      'github-enterprise-server',
      'GitHub Enterprise Server',
    ),
    audience: 'sts.amazonaws.com',
    intended: githubIntended,
    foreignKey: 'repository',
  },
  {
    ...githubSubjects,
    grammar: githubCompatible('codeberg.example/api/actions', 'forgejo', 'Forgejo'),
    audience: 'sts.amazonaws.com',
    intended: githubIntended,
    foreignKey: 'repository',
  },
  {
    ...gitlabSubjects,
    grammar: gitlab,
    audience: 'https://gitlab.com',
    intended: gitlabIntended,
    withIds: {
      intended: { form: 'branch', pieces: { ...gitlabIntended.pieces, namespaceId: '100', projectId: '200' } },
      subject: gitlabSubjects.subject,
      keys: { project_id: '200' },
    },
  },
  {
    ...gitlabSubjects,
    grammar: selfHostedGitlab('gitlab.acme.example'),
    audience: 'https://gitlab.acme.example',
    intended: gitlabIntended,
    foreignKey: 'project_id',
  },
  {
    grammar: hcpTerraform,
    audience: 'aws.workload.identity',
    intended: {
      form: 'apply',
      pieces: { organization: 'acme', project: 'Default Project', workspace: 'live' },
    },
    subject: 'organization:acme:project:Default Project:workspace:live:run_phase:apply',
    subjects: {
      leadingWildcard: '*:workspace:live:run_phase:apply',
      tenantPrefix: 'organization:acme*',
      tenant: 'organization:acme:*',
      source: 'organization:acme:project:Default Project:workspace:live:run_phase:*',
      otherTenant: 'organization:other:project:Default Project:workspace:live:run_phase:apply',
      wrongCase: 'organization:Acme:project:Default Project:workspace:live:run_phase:apply',
    },
  },
  {
    grammar: circleci(organizationUuid),
    audience: organizationUuid,
    intended: { form: 'job', pieces: { project: repositoryUuid } },
    subject: `org/${organizationUuid}/project/${repositoryUuid}/user/*`,
    subjects: {
      leadingWildcard: '*/user/*',
      tenant: `org/${organizationUuid}/*`,
      otherTenant: `org/${organizationUuid}/project/${uuid('9')}/user/*`,
      wrongCase: `org/${organizationUuid}/Project/${repositoryUuid}/user/*`,
    },
  },
  {
    grammar: bitbucket('acme'),
    audience: `ari:cloud:bitbucket::workspace/${organizationUuid}`,
    intended: { form: 'environment', pieces: { repository: repositoryUuid, environment: environmentUuid } },
    subject: `{${repositoryUuid}}:{${environmentUuid}}:*`,
    subjects: {
      leadingWildcard: `*:{${environmentUuid}}:*`,
      source: `{${repositoryUuid}}:*`,
      anyEnvironment: `{${repositoryUuid}}:{*}:{*}`,
      otherTenant: `{${uuid('9')}}:{${environmentUuid}}:*`,
      wrongCase: `{${uuid('A')}}:{${environmentUuid}}:*`,
    },
  },
  {
    grammar: buildkite,
    audience: 'sts.amazonaws.com',
    intended: { form: 'step', pieces: { organization: 'acme', pipeline: 'infra', branch: 'main' } },
    subject: 'organization:acme:pipeline:infra:ref:refs/heads/main:commit:*:step:*',
    subjects: {
      leadingWildcard: '*:pipeline:infra:ref:refs/heads/main:commit:*:step:*',
      tenantPrefix: 'organization:acme*',
      tenant: 'organization:acme:*',
      source: 'organization:acme:pipeline:infra:*',
      anyBranch: 'organization:acme:pipeline:infra:ref:refs/heads/*:commit:*:step:*',
      otherTenant: 'organization:other:pipeline:infra:ref:refs/heads/main:commit:*:step:*',
      wrongCase: 'organization:Acme:pipeline:infra:ref:refs/heads/main:commit:*:step:*',
    },
  },
  {
    grammar: spacelift('acme.app.spacelift.io'),
    audience: 'acme.app.spacelift.io',
    intended: { form: 'stack write', pieces: { space: 'platform', caller: 'infra', runType: 'tracked' } },
    subject: 'space:platform:stack:infra:run_type:tracked:scope:write',
    subjects: {
      leadingWildcard: '*:stack:infra:*',
      tenantPrefix: 'space:platform*',
      tenant: 'space:platform:*',
      source: 'space:platform:stack:infra:*',
      otherTenant: 'space:other:stack:infra:run_type:tracked:scope:write',
      wrongCase: 'space:Platform:stack:infra:run_type:tracked:scope:write',
    },
  },
  {
    grammar: azureDevops(organizationUuid),
    audience: 'api://AzureADTokenExchange',
    intended: {
      form: 'service connection',
      pieces: { organization: 'acme', project: 'infra', connection: 'aws-live' },
    },
    subject: 'sc://acme/infra/aws-live',
    subjects: {
      leadingWildcard: 'sc://*/infra/aws-live',
      tenantPrefix: 'sc://acme*',
      tenant: 'sc://acme/*',
      source: 'sc://acme/infra/*',
      otherTenant: 'sc://other/infra/aws-live',
      wrongCase: 'sc://Acme/infra/aws-live',
    },
  },
];
