/**
 * HCP Terraform and Terraform Enterprise; names may hold blanks.
 * https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/workload-identity-tokens
 */
import { plainNamePiece, textPiece } from '../pieces.ts';
import type { IssuerGrammar, Piece } from '../token-grammar.ts';

const variable = (name: string): Piece => ({ variable: name });
const aud: readonly Piece[] = [variable('aud')];
const organization: readonly Piece[] = ['organization:', variable('organization')];
const project: readonly Piece[] = [...organization, ':project:', variable('project')];
const run: readonly Piece[] = [...project, ':workspace:', variable('workspace'), ':run_phase:'];

export const hcpTerraform: IssuerGrammar = {
  id: 'hcp-terraform',
  title: 'HCP Terraform',
  issuer: 'app.terraform.io',
  variables: {
    aud: textPiece,
    organization: plainNamePiece,
    project: plainNamePiece,
    workspace: plainNamePiece,
    module: plainNamePiece,
    stack: plainNamePiece,
    deployment: plainNamePiece,
  },
  forms: [
    { name: 'plan', claims: { aud, sub: [...run, 'plan'] } },
    { name: 'apply', claims: { aud, sub: [...run, 'apply'] } },
    {
      name: 'module test',
      claims: { aud, sub: [...organization, ':module:', variable('module'), ':operation:test_run'] },
    },
    {
      // The tail of this form is not documented by HashiCorp; public policies rely on the part up to the stack.
      name: 'stack',
      claims: {
        aud,
        sub: [...project, ':stack:', variable('stack'), ':deployment:', variable('deployment'), ':operation:apply'],
      },
    },
  ],
  strangers: [
    {
      id: 'other-organization',
      title: 'a workspace of another organisation',
      other: ['organization'],
      own: [],
    },
    {
      id: 'other-workspace',
      title: 'another workspace of the organisation',
      other: ['workspace'],
      own: ['organization'],
    },
  ],
  source:
    'https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/workload-identity-tokens',
};
