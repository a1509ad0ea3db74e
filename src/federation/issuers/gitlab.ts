/** GitLab CI. https://docs.gitlab.com/ci/secrets/id_token_authentication/ */
import { namePiece, numberPiece, pathPiece, refPiece, repositoryPiece, textPiece } from '../pieces.ts';
import type { IssuerGrammar, Piece, TokenForm } from '../token-grammar.ts';

const variable = (name: string): Piece => ({ variable: name });
const project: readonly Piece[] = ['project_path:', variable('group'), '/', variable('project')];

function form(name: string, type: string): TokenForm {
  return {
    name,
    claims: {
      aud: [variable('aud')],
      sub: [...project, `:ref_type:${type}:ref:`, variable('ref')],
      namespace_id: [variable('namespaceId')],
      project_id: [variable('projectId')],
      pipeline_source: [variable('source')],
      ref_protected: [variable('protected')],
      runner_environment: [variable('runner')],
      user_login: [variable('login')],
      user_id: [variable('userId')],
      user_email: [variable('email')],
      user_access_level: [variable('accessLevel')],
    },
  };
}

export const gitlab: IssuerGrammar = {
  id: 'gitlab',
  title: 'GitLab.com',
  issuer: 'gitlab.com',
  variables: {
    aud: textPiece,
    group: pathPiece,
    project: repositoryPiece,
    ref: refPiece,
    namespaceId: numberPiece,
    projectId: numberPiece,
    source: namePiece,
    protected: namePiece,
    runner: namePiece,
    login: namePiece,
    userId: numberPiece,
    email: namePiece,
    accessLevel: namePiece,
  },
  forms: [form('branch', 'branch'), form('tag', 'tag')],
  strangers: [
    {
      id: 'other-group',
      title: 'a project of another group',
      other: ['group', 'namespaceId', 'projectId'],
      own: [],
    },
    {
      id: 'recycled-name',
      title: 'a project that took over the path',
      other: ['projectId'],
      own: ['group', 'project'],
    },
    {
      id: 'other-project',
      title: 'another project of the group',
      other: ['project', 'projectId'],
      own: ['group', 'namespaceId'],
    },
  ],
  source: 'https://docs.gitlab.com/ci/secrets/id_token_authentication/',
};

/** A GitLab of one's own: AWS makes condition keys of the claims of gitlab.com only. */
export function selfHostedGitlab(host: string): IssuerGrammar {
  return { ...gitlab, id: 'gitlab-self-hosted', title: 'GitLab, self-hosted', issuer: host };
}
