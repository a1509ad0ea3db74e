/** CircleCI, Bitbucket, Buildkite, Spacelift, Azure DevOps: issuers with one form of subject each. */
import { commitPiece, namePiece, plainNamePiece, refPiece, slugPiece, textPiece, uuidPiece } from '../pieces.ts';
import type { IssuerGrammar, Piece } from '../token-grammar.ts';

const variable = (name: string): Piece => ({ variable: name });
const aud: readonly Piece[] = [variable('aud')];

/** https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/ */
export function circleci(organizationId: string): IssuerGrammar {
  return {
    id: 'circleci',
    title: 'CircleCI',
    issuer: `oidc.circleci.com/org/${organizationId}`,
    variables: { aud: textPiece, project: uuidPiece, user: uuidPiece },
    forms: [
      {
        name: 'job',
        claims: {
          aud,
          sub: [`org/${organizationId}/project/`, variable('project'), '/user/', variable('user')],
          'oidc.circleci.com/project-id': [variable('project')],
        },
      },
    ],
    strangers: [{ id: 'other-project', title: 'another project of the organisation', other: ['project'], own: [] }],
    source: 'https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/',
  };
}

/** https://support.atlassian.com/bitbucket-cloud/docs/integrate-pipelines-with-resource-servers-using-oidc/ */
export function bitbucket(workspace: string): IssuerGrammar {
  const repository: readonly Piece[] = ['{', variable('repository'), '}:'];
  const step: readonly Piece[] = ['{', variable('step'), '}'];
  return {
    id: 'bitbucket',
    title: 'Bitbucket Pipelines',
    issuer: `api.bitbucket.org/2.0/workspaces/${workspace}/pipelines-config/identity/oidc`,
    variables: { aud: textPiece, repository: uuidPiece, environment: uuidPiece, step: uuidPiece },
    forms: [
      { name: 'environment', claims: { aud, sub: [...repository, '{', variable('environment'), '}:', ...step] } },
      { name: 'step', claims: { aud, sub: [...repository, ...step] } },
    ],
    strangers: [
      { id: 'other-repository', title: 'another repository of the workspace', other: ['repository'], own: [] },
    ],
    source: 'https://support.atlassian.com/bitbucket-cloud/docs/integrate-pipelines-with-resource-servers-using-oidc/',
  };
}

/** https://buildkite.com/docs/pipelines/security/oidc */
export const buildkite: IssuerGrammar = {
  id: 'buildkite',
  title: 'Buildkite',
  issuer: 'agent.buildkite.com',
  variables: {
    aud: textPiece,
    organization: slugPiece,
    organizationId: uuidPiece,
    pipeline: slugPiece,
    pipelineId: uuidPiece,
    branch: refPiece,
    clusterId: uuidPiece,
    clusterName: namePiece,
    commit: commitPiece,
    step: slugPiece,
  },
  forms: [
    {
      name: 'step',
      claims: {
        aud,
        sub: [
          'organization:',
          variable('organization'),
          ':pipeline:',
          variable('pipeline'),
          ':ref:refs/heads/',
          variable('branch'),
          ':commit:',
          variable('commit'),
          ':step:',
          variable('step'),
        ],
        organization_slug: [variable('organization')],
        organization_id: [variable('organizationId')],
        pipeline_slug: [variable('pipeline')],
        pipeline_id: [variable('pipelineId')],
        build_branch: [variable('branch')],
        cluster_id: [variable('clusterId')],
        cluster_name: [variable('clusterName')],
      },
    },
  ],
  strangers: [
    {
      id: 'other-organization',
      title: 'a pipeline of another organisation',
      other: ['organization', 'organizationId', 'pipelineId'],
      own: [],
    },
    {
      id: 'other-pipeline',
      title: 'another pipeline of the organisation',
      other: ['pipeline', 'pipelineId'],
      own: ['organization', 'organizationId'],
    },
  ],
  source: 'https://buildkite.com/docs/pipelines/security/oidc',
};

/** https://docs.spacelift.io/integrations/cloud-providers/oidc */
export function spacelift(host: string): IssuerGrammar {
  const forms = ['stack', 'module'].flatMap((caller) =>
    ['read', 'write'].map((scope) => ({
      name: `${caller} ${scope}`,
      claims: {
        aud,
        sub: [
          'space:',
          variable('space'),
          `:${caller}:`,
          variable('caller'),
          ':run_type:',
          variable('runType'),
          `:scope:${scope}`,
        ],
      },
    })),
  );
  return {
    id: 'spacelift',
    title: 'Spacelift',
    issuer: host,
    variables: { aud: textPiece, space: slugPiece, caller: slugPiece, runType: slugPiece },
    forms,
    strangers: [
      { id: 'other-space', title: 'another space of the account', other: ['space'], own: [] },
      { id: 'other-stack', title: 'another stack of the space', other: ['caller'], own: ['space'] },
    ],
    source: 'https://docs.spacelift.io/integrations/cloud-providers/oidc',
  };
}

/** https://learn.microsoft.com/azure/devops/pipelines/library/connect-to-azure: one subject a service connection. */
export function azureDevops(organizationId: string): IssuerGrammar {
  return {
    id: 'azure-devops',
    title: 'Azure DevOps',
    issuer: `vstoken.dev.azure.com/${organizationId}`,
    variables: { aud: textPiece, organization: plainNamePiece, project: plainNamePiece, connection: plainNamePiece },
    forms: [
      {
        name: 'service connection',
        claims: {
          aud,
          sub: ['sc://', variable('organization'), '/', variable('project'), '/', variable('connection')],
        },
      },
    ],
    strangers: [
      { id: 'other-organization', title: 'another organisation', other: ['organization'], own: [] },
      { id: 'other-project', title: 'another project', other: ['project'], own: ['organization'] },
    ],
    source: 'https://learn.microsoft.com/azure/devops/pipelines/library/connect-to-azure',
  };
}
