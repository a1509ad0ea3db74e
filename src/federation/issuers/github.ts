/** GitHub Actions. https://docs.github.com/en/actions/reference/security/oidc */
import { Language } from '../../aws/prove/language.ts';
import { namePiece, numberPiece, ownerPiece, refPiece, repositoryPiece, textPiece } from '../pieces.ts';
import type { IssuerGrammar, Piece, TokenForm } from '../token-grammar.ts';

const variable = (name: string): Piece => ({ variable: name });
const repository: readonly Piece[] = [variable('owner'), '/', variable('repository')];
const legacy: readonly Piece[] = ['repo:', ...repository];
/** Of repositories made, renamed or transferred since 15 July 2026, and of those that opted in. */
const immutable: readonly Piece[] = [
  'repo:',
  variable('owner'),
  '@',
  variable('ownerId'),
  '/',
  variable('repository'),
  '@',
  variable('repositoryId'),
];

const always: Readonly<Record<string, readonly Piece[]>> = {
  aud: [variable('aud')],
  repository,
  repository_id: [variable('repositoryId')],
  repository_owner_id: [variable('ownerId')],
  actor: [variable('actor')],
  actor_id: [variable('actorId')],
  workflow: [variable('workflow')],
  // A job may run a reusable workflow of anybody, ours included.
  job_workflow_ref: [variable('workflowRepository'), '/.github/workflows/', variable('workflowFile')],
};

function forms(prefix: readonly Piece[], suffix: string): readonly TokenForm[] {
  const branch: readonly Piece[] = ['refs/heads/', variable('branch')];
  const tag: readonly Piece[] = ['refs/tags/', variable('tag')];
  const pull: readonly Piece[] = ['refs/pull/', variable('pull'), '/merge'];
  return [
    {
      name: `environment${suffix}`,
      claims: {
        ...always,
        sub: [...prefix, ':environment:', variable('environment')],
        environment: [variable('environment')],
        ref: ['refs/', variable('ref')],
      },
    },
    { name: `pull request${suffix}`, claims: { ...always, sub: [...prefix, ':pull_request'], ref: pull } },
    { name: `branch${suffix}`, claims: { ...always, sub: [...prefix, ':ref:', ...branch], ref: branch } },
    { name: `tag${suffix}`, claims: { ...always, sub: [...prefix, ':ref:', ...tag], ref: tag } },
  ];
}

const variables: Readonly<Record<string, Language>> = {
  aud: textPiece,
  owner: ownerPiece,
  ownerId: numberPiece,
  repository: repositoryPiece,
  repositoryId: numberPiece,
  environment: namePiece,
  branch: refPiece,
  tag: refPiece,
  ref: refPiece,
  pull: numberPiece,
  actor: ownerPiece,
  actorId: numberPiece,
  workflow: textPiece,
  workflowRepository: Language.all,
  workflowFile: refPiece,
};

const strangers: IssuerGrammar['strangers'] = [
  {
    id: 'other-owner',
    title: 'a repository of another owner',
    other: ['owner', 'ownerId', 'repositoryId'],
    own: [],
  },
  {
    id: 'recycled-name',
    title: 'a repository that took over the name',
    other: ['repositoryId'],
    own: ['owner', 'repository'],
  },
  {
    id: 'other-repository',
    title: 'another repository of the owner',
    other: ['repository', 'repositoryId'],
    own: ['owner', 'ownerId'],
  },
];

export const github: IssuerGrammar = {
  id: 'github',
  title: 'GitHub Actions',
  issuer: 'token.actions.githubusercontent.com',
  variables,
  forms: [...forms(legacy, ''), ...forms(immutable, ' with ids')],
  strangers,
  source: 'https://docs.github.com/en/actions/reference/security/oidc',
};

/** GitHub Enterprise Server, and Forgejo, which copies its tokens: their claims are no keys, and there are no ids in `sub`. */
export function githubCompatible(issuer: string, id: string, title: string): IssuerGrammar {
  return { ...github, id, title, issuer, forms: forms(legacy, '') };
}
