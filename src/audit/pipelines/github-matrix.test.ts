import { describe, expect, it, test } from 'vitest';
import { SourceFile } from '../../repository/index.ts';
import { expandTemplate, matrixCombinations } from './github-matrix.ts';
import { stackOf, terraformRunsOf } from './github-terraform.ts';
import { type GithubJob, type GithubWorkflow, readGithubWorkflow } from './github-workflow.ts';

function read(text: string): { workflow: GithubWorkflow; job: GithubJob } {
  const workflow = readGithubWorkflow(new SourceFile('.github/workflows/main.yml', text));
  const [job] = workflow?.jobs ?? [];
  if (workflow === undefined || job === undefined) throw new TypeError('no job');
  return { workflow, job };
}

function combinations(matrix: string): unknown {
  return matrixCombinations(read(`on: push\njobs: { a: { strategy: { matrix: ${matrix} } } }\n`).job);
}

describe('combinations of a matrix', () => {
  test.each([
    ['{}', [{}]],
    ['{ a: [1, 2] }', [{ a: '1' }, { a: '2' }]],
    ['{ a: [1, 2], b: [x], exclude: [{ a: 1 }] }', [{ a: '2', b: 'x' }]],
    ['{ include: [{ a: 1 }, { a: 2 }] }', [{ a: '1' }, { a: '2' }]],
    ['{ a: [1, 2], include: [{ a: 2, b: y }, { a: 3 }] }', [{ a: '1' }, { a: '2', b: 'y' }, { a: '3' }]],
    ['{ a: [1], include: [{ b: all }] }', [{ a: '1', b: 'all' }]],
    [`{ a: '\${{ fromJson(needs.x.outputs.y) }}', b: [1] }`, [{ a: `\${{ fromJson(needs.x.outputs.y) }}`, b: '1' }]],
  ])('%s', (matrix, expected) => {
    expect(combinations(matrix)).toEqual(expected);
  });
});

describe('a template', () => {
  const { workflow, job } = read(
    'on: push\nenv: { ACCOUNT: "111122223333" }\njobs: { a: { strategy: { matrix: { s: [net, db] } } } }\n',
  );

  test.each([
    ['plain', ['plain']],
    [`stacks/\${{ matrix.s }}`, ['stacks/net', 'stacks/db']],
    [
      `arn:aws:iam::\${{ env.ACCOUNT }}:role/\${{matrix.s}}`,
      ['arn:aws:iam::111122223333:role/net', 'arn:aws:iam::111122223333:role/db'],
    ],
    [`\${{ inputs.stack }}`, [undefined]],
    [`\${{ env.NONE }}`, [undefined]],
  ])('%s', (template, expected) => {
    expect(expandTemplate(template, workflow, job, undefined)).toEqual(expected);
  });
});

describe('folders Terraform runs in', () => {
  test.each([
    ['steps: [{ run: terraform plan, working-directory: ./stacks/db/ }]', ['stacks/db']],
    ['steps: [{ run: terraform -chdir=stacks/db plan }]', ['stacks/db']],
    ['steps: [{ run: "cd stacks && cd net && terraform init" }]', ['stacks/net']],
    ['defaults: { run: { working-directory: infra } }, steps: [{ run: tofu apply }]', ['infra']],
    [
      `strategy: { matrix: { s: [net, db] } }, steps: [{ run: terraform plan, working-directory: "stacks/\${{ matrix.s }}" }]`,
      ['stacks/net', 'stacks/db'],
    ],
    [
      `strategy: { matrix: { s: [net, db] } }, steps: [{ run: "terraform -chdir=stacks/\${{ matrix.s }} plan" }]`,
      ['stacks/net', 'stacks/db'],
    ],
    [`steps: [{ run: terraform plan, working-directory: "\${{ inputs.dir }}" }]`, [undefined]],
    ['steps: [{ uses: dflook/terraform-plan@v1, with: { path: stacks/db } }]', ['stacks/db']],
    ['steps: [{ run: terraform fmt -check }, { run: npm test }]', []],
  ])('%s', (body, expected) => {
    const { workflow, job } = read(`on: push\njobs: { a: { ${body} } }\n`);
    expect(terraformRunsOf(workflow, job).map(({ directory }) => directory)).toEqual(expected);
  });

  it('are named as the stack only when they are one', () => {
    const one = read('on: push\njobs: { a: { steps: [{ run: terraform init }, { run: terraform plan }] } }\n');
    const two = read(
      'on: push\njobs: { a: { steps: [{ run: terraform -chdir=x init }, { run: terraform -chdir=y plan }] } }\n',
    );
    expect(stackOf(one.workflow, one.job)).toBe('');
    expect(stackOf(two.workflow, two.job)).toBeUndefined();
  });
});
