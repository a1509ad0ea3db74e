/** Whole paths are what the graph claims; each test names the paths that the files tell, and no other. */
import { describe, expect, it } from 'vitest';
import { exampleRepository } from '../../test/support/example-repository.ts';
import { maskKeyId } from '../kernel/secret.ts';
import { Repository, SourceFile } from '../repository/index.ts';
import { auditRepository } from './audit.ts';
import { type AuthenticationGraph, authenticationGraph } from './graph.ts';
import { sampleKeyId as keyId, sampleSecret as secret } from './sample-credential.ts';

function graphOf(files: Readonly<Record<string, string | Uint8Array>>): AuthenticationGraph {
  const sources = Object.entries(files).map(([path, text]) => new SourceFile(path, Buffer.from(text).toString()));
  return authenticationGraph(auditRepository(new Repository(sources), { now: new Date('2026-11-21') }));
}

function pathsOf({ nodes, paths }: AuthenticationGraph): string[] {
  const labels = new Map(nodes.map(({ id, label }) => [id, label]));
  return paths.map((path) => path.map((id) => labels.get(id)).join(' → ')).sort();
}

function certainPaths(graph: AuthenticationGraph): string[] {
  const certain = new Set(graph.edges.filter((edge) => edge.certain).map(({ from, to }) => `${from}\0${to}`));
  const labels = pathsOf({
    ...graph,
    paths: graph.paths.filter((path) => path.slice(1).every((to, index) => certain.has(`${path[index]}\0${to}`))),
  });
  return labels;
}

const key = maskKeyId(keyId);

describe('the authentication graph', () => {
  it('of nothing is empty', () => {
    expect(graphOf({})).toEqual({ nodes: [], edges: [], paths: [] });
  });

  it('joins the key of a shell with the role of every stack, and its own account', () => {
    const graph = graphOf({
      '.envrc': `export AWS_ACCESS_KEY_ID=${keyId}\nexport AWS_SECRET_ACCESS_KEY=${secret}\n`,
      'dns/main.tf': 'provider "aws" {\n  assume_role { role_arn = "arn:aws:iam::333344445555:role/deployment" }\n}\n',
    });
    expect(pathsOf(graph)).toEqual([
      `Engineer → .envrc → ${key} → 111122223333`,
      `Engineer → .envrc → ${key} → deployment → 333344445555`,
    ]);
    const role = graph.nodes.find(({ column }) => column === 'role');
    expect(role).toMatchObject({ class: 'static', notes: ['333344445555', 'in dns'] });
    const hop = graph.edges.find(({ to }) => to === role?.id);
    expect(hop).toMatchObject({ certain: true, places: ['dns/main.tf:2'] });
  });

  it('says which paths of a pipeline are only possible, and that those of its own stack are not', () => {
    const stack = (id: string): string =>
      `provider "aws" {\n  assume_role { role_arn = "arn:aws:iam::${id}:role/deployment" }\n}\n`;
    const workflow = (step: string): string =>
      `on: push\njobs:\n  a:\n    runs-on: x\n    env:\n      AWS_ACCESS_KEY_ID: \${{ secrets.KEY }}\n      AWS_SECRET_ACCESS_KEY: \${{ secrets.SECRET }}\n    steps:\n      - run: ${step}\n`;
    const stacks = { 'dev/main.tf': stack('222233334444'), 'live/main.tf': stack('333344445555') };
    const known = graphOf({ ...stacks, '.github/workflows/a.yml': workflow('terraform -chdir=dev plan') });
    expect(pathsOf(known).filter((path) => path.includes('deployment'))).toEqual([
      'Pipeline → .github/workflows/a.yml → KEY → deployment → 222233334444',
    ]);
    expect(certainPaths(known)).toEqual(pathsOf(known));
    const unknown = graphOf({ ...stacks, '.github/workflows/a.yml': workflow('make plan') });
    expect(pathsOf(unknown).filter((path) => path.includes('deployment')).length).toBe(2);
    expect(certainPaths(unknown).filter((path) => path.includes('deployment'))).toEqual([]);
  });

  it('does not lead what the runner brings through a provider with a credential of its own', () => {
    const graph = graphOf({
      '.envrc': `export AWS_ACCESS_KEY_ID=${keyId}\nexport AWS_SECRET_ACCESS_KEY=${secret}\n`,
      'main.tf':
        'provider "aws" {\n  profile = "shared"\n  assume_role { role_arn = "arn:aws:iam::333344445555:role/deployment" }\n}\n',
    });
    expect(pathsOf(graph).filter((path) => path.includes('deployment'))).toEqual([
      'Whoever runs Terraform → . → profile shared → deployment → 333344445555',
    ]);
  });

  it('shows a federated pipeline with its role, and what is assumed from there', () => {
    const workflow = `on: push\npermissions: { id-token: write }\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: aws-actions/configure-aws-credentials@v5\n        with: { role-to-assume: 'arn:aws:iam::111122223333:role/ci', aws-region: eu-west-1 }\n      - run: terraform apply\n`;
    const graph = graphOf({
      '.github/workflows/a.yml': workflow,
      'main.tf': 'provider "aws" {\n  assume_role { role_arn = "arn:aws:iam::333344445555:role/deployment" }\n}\n',
    });
    expect(pathsOf(graph)).toEqual([
      'Pipeline → .github/workflows/a.yml → OIDC token of GitHub → ci → 111122223333',
      'Pipeline → .github/workflows/a.yml → OIDC token of GitHub → ci → deployment → 333344445555',
    ]);
    expect(graph.nodes.every((node) => node.class === 'dynamic')).toBe(true);
  });

  it('shows a role that only the platform names, and an account nobody tells', () => {
    const workflow = `on: push\npermissions: { id-token: write }\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: aws-actions/configure-aws-credentials@v5\n        with: { role-to-assume: '\${{ vars.AWS_ROLE_ARN }}', aws-region: eu-west-1 }\n`;
    expect(pathsOf(graphOf({ '.github/workflows/a.yml': workflow }))).toEqual([
      'Pipeline → .github/workflows/a.yml → OIDC token of GitHub → vars.AWS_ROLE_ARN → not told by the files',
    ]);
  });

  it('shows a key that nothing uses as a way in for whoever reads it', () => {
    expect(pathsOf(graphOf({ 'notes.txt': `id ${keyId}\nsecret ${secret}\n` }))).toEqual([
      `Whoever can read the file → notes.txt → ${key} → 111122223333`,
    ]);
  });

  it('gathers the stacks that run with what they find', () => {
    const graph = graphOf({
      'a/main.tf': 'terraform {\n  backend "s3" {}\n}\nprovider "aws" {\n  region = "eu-west-1"\n}\n',
      'b/main.tf': 'terraform {\n  backend "s3" {}\n}\nprovider "aws" {\n  region = "eu-west-1"\n}\n',
    });
    expect(pathsOf(graph)).toEqual([
      'Whoever runs Terraform → 2 stacks → the session they bring → not told by the files',
    ]);
    expect(graph.nodes.find(({ label }) => label === '2 stacks')?.notes).toEqual(['a', 'b']);
  });

  it('of the example tells who gets into which account by the shared key, stack by stack', () => {
    const paths = pathsOf(graphOf(exampleRepository));
    const throughKey = paths.filter((path) => path.startsWith('Engineer → .envrc → '));
    expect(throughKey.map((path) => path.split(' → ').slice(2).join(' → '))).toEqual([
      'AKIA…RNRT → 111122223333',
      'AKIA…RNRT → OrganizationAccountAccessRole → 222233334444',
      'AKIA…RNRT → OrganizationAccountAccessRole → 333344445555',
      'AKIA…RNRT → deployment → 222233334444',
      'AKIA…RNRT → deployment → 333344445555',
      'AKIA…RNRT → terraform-state → 111122223333',
    ]);
    // drift.yml names its stack, orders-api, which has the deployment role of two accounts.
    expect(paths.filter((path) => path.includes('drift.yml') && path.split(' → ').length === 5)).toEqual([
      'Pipeline → .github/workflows/drift.yml → AWS_ACCESS_KEY_ID → deployment → 222233334444',
      'Pipeline → .github/workflows/drift.yml → AWS_ACCESS_KEY_ID → deployment → 333344445555',
    ]);
    expect(paths).toContain('Whoever runs Terraform → stacks/messaging → AKIA…RNRT → deployment → 333344445555');
    expect(paths).toContain('Whoever runs Terraform → stacks/dns → profile fernwick-shared → not told by the files');
  });

  it('has a node for every end of every edge, and an edge for every step of every path', () => {
    const { nodes, edges, paths } = graphOf(exampleRepository);
    const ids = new Set(nodes.map(({ id }) => id));
    expect(ids.size).toBe(nodes.length);
    const drawn = new Set(edges.map(({ from, to }) => `${from}\0${to}`));
    expect(edges.flatMap(({ from, to }) => [from, to]).filter((id) => !ids.has(id))).toEqual([]);
    expect(
      paths
        .flatMap((path) => path.slice(1).map((to, index) => `${path[index]}\0${to}`))
        .filter((step) => !drawn.has(step)),
    ).toEqual([]);
  });
});
