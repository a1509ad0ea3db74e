import { describe, expect, it, test } from 'vitest';
import { Repository, SourceFile } from '../../repository/index.ts';
import {
  callersOf,
  canRequestIdToken,
  effectivePermission,
  environmentOf,
  findCalledWorkflow,
  findLocalAction,
  type GithubWorkflow,
  readGithubAction,
  readGithubWorkflow,
} from './github-workflow.ts';
import { asText } from './yaml-reading.ts';

function repositoryOf(files: Readonly<Record<string, string>>): Repository {
  return new Repository(Object.entries(files).map(([path, text]) => new SourceFile(path, text)));
}

function workflowOf(text: string, others: Readonly<Record<string, string>> = {}): [GithubWorkflow, Repository] {
  const repository = repositoryOf({ '.github/workflows/main.yml': text, ...others });
  const file = repository.file('.github/workflows/main.yml');
  const workflow = file === undefined ? undefined : readGithubWorkflow(file);
  if (workflow === undefined) throw new TypeError('no workflow');
  return [workflow, repository];
}

function sourceOf(
  workflow: GithubWorkflow,
  range: { readonly start: number; readonly end: number } | undefined,
): string {
  return range === undefined ? '' : workflow.file.text.slice(range.start, range.end);
}

const full = `name: all
on:
  push: { branches: [main] }
  workflow_call:
    secrets: { KEY: { required: true } }
permissions: { contents: read }
env: { A: workflow, B: workflow }
defaults: { run: { working-directory: stacks } }
jobs:
  plan:
    name: Plan it
    if: github.ref == 'refs/heads/main'
    environment: { name: live }
    permissions: write-all
    env: { B: job }
    container: { image: terraform, env: { C: container } }
    steps:
      - uses: Owner/Action/sub@v3.1 # pinned
        with: { key: value }
      - name: run it
        id: run
        working-directory: stacks/db
        shell: bash
        env:
          B: step
        run: |
          terraform plan
  call:
    uses: ./.github/workflows/other.yml
    secrets: inherit
`;

describe('a workflow', () => {
  const [workflow] = workflowOf(full);
  const [plan, call] = workflow.jobs;

  it('keeps the range of every part, so that edits can be splices', () => {
    expect(sourceOf(workflow, workflow.permissions?.range)).toBe('permissions: { contents: read }');
    expect(sourceOf(workflow, plan?.steps[0]?.uses?.text.range)).toBe('Owner/Action/sub@v3.1');
    expect(sourceOf(workflow, plan?.steps[1]?.env[0]?.range)).toBe('B: step');
    expect(sourceOf(workflow, call?.secrets?.entry.range)).toBe('secrets: inherit');
    expect(sourceOf(workflow, plan?.environment?.range)).toBe('live');
  });

  it('reads triggers in every form', () => {
    expect(workflow.triggers.map(({ event }) => event)).toEqual(['push', 'workflow_call']);
    expect(workflowOf('on: push\njobs: {}\n')[0].triggers.map(({ event }) => event)).toEqual(['push']);
    expect(workflowOf('"on": [push, pull_request]\njobs: {}\n')[0].triggers.map(({ event }) => event)).toEqual([
      'push',
      'pull_request',
    ]);
  });

  it('tells an action from its version, whatever its case', () => {
    expect(plan?.steps[0]?.uses).toMatchObject({ action: 'owner/action/sub', ref: 'v3.1', local: false });
    expect(call?.uses).toMatchObject({ action: './.github/workflows/other.yml', ref: undefined, local: true });
  });

  it('has secrets that it asks for and secrets that it hands on', () => {
    expect(workflow.call?.secrets.map(({ name }) => name)).toEqual(['KEY']);
    expect(call?.secrets?.inherit).toBe(true);
  });

  it('lets the innermost environment win', () => {
    const step = plan?.steps[1];
    const environment = step === undefined ? [] : environmentOf(workflow, plan, step);
    expect(asText(environment.find(({ name }) => name === 'B')?.value)?.text).toBe('step');
    expect(asText(environment.find(({ name }) => name === 'A')?.value)?.text).toBe('workflow');
  });

  it('follows anchors and merge keys, and says that such a part is shared', () => {
    const [shared] = workflowOf(
      'on: push\nx: &e { A: "1" }\njobs:\n  a:\n    env: *e\n  b:\n    env: { <<: *e, B: "2" }\n',
    );
    expect(shared.jobs.map((job) => job.env.map(({ name, shared: isShared }) => [name, isShared]))).toEqual([
      [['A', true]],
      [
        ['A', true],
        ['B', false],
      ],
    ]);
  });

  test.each([
    '',
    '- a',
    'jobs: 1',
    'on:\njobs:\n  a: &a\n    steps: *a\n',
    '{{ template }}',
    'jobs:\n  a:\n   steps:\n  - b',
  ])('is read as far as it goes: %j', (text) => {
    const file = new SourceFile('.github/workflows/broken.yml', text);
    expect(() => readGithubWorkflow(file)).not.toThrow();
  });

  it('is only what lies in a workflows folder', () => {
    expect(readGithubWorkflow(new SourceFile('.github/dependabot.yml', 'version: 2\n'))).toBeUndefined();
    expect(readGithubWorkflow(new SourceFile('template/.github/workflows/a.yml', full))).toBeDefined();
  });
});

describe('permissions of a job', () => {
  test.each([
    ['jobs: { a: {} }', 'none', 'default'],
    ['permissions: write-all\njobs: { a: {} }', 'write', 'write'],
    ['permissions: read-all\njobs: { a: {} }', 'none', 'read'],
    ['permissions: { id-token: write }\njobs: { a: {} }', 'write', 'none'],
    ['permissions: { id-token: write }\njobs: { a: { permissions: { contents: read } } }', 'none', 'read'],
    ['permissions: {}\njobs: { a: {} }', 'none', 'none'],
  ])('%s gives id-token: %s, contents: %s', (text, idToken, contents) => {
    const [workflow] = workflowOf(`on: push\n${text}\n`);
    const [job] = workflow.jobs;
    if (job === undefined) throw new TypeError('no job');
    expect(effectivePermission(workflow, job, 'id-token')).toBe(idToken);
    expect(effectivePermission(workflow, job, 'contents')).toBe(contents);
  });

  const callee = 'on: workflow_call\npermissions: { id-token: write }\njobs: { a: {} }\n';
  const caller = (permissions: string): string =>
    `on: push\n${permissions}\njobs: { call: { uses: ./.github/workflows/main.yml } }\n`;

  test.each([
    ['no caller in the repository', {}, 'unknown'],
    ['a caller that grants', { '.github/workflows/c.yml': caller('permissions: { id-token: write }') }, 'yes'],
    ['a caller that does not', { '.github/workflows/c.yml': caller('permissions: { contents: read }') }, 'no'],
    ['a caller without any', { '.github/workflows/c.yml': caller('') }, 'no'],
  ])('in a reusable workflow are at most what callers grant: %s', (_, others, expected) => {
    const [workflow, repository] = workflowOf(callee, others);
    const [job] = workflow.jobs;
    expect(job && canRequestIdToken(repository, workflow, job)).toBe(expected);
  });
});

describe('workflows and actions that use each other', () => {
  const files = {
    '.github/workflows/called.yml': 'on: workflow_call\njobs: {}\n',
    '.github/actions/aws/action.yaml': 'inputs: { key: {} }\nruns: { using: composite, steps: [{ run: "true" }] }\n',
  };
  const [workflow, repository] = workflowOf(
    'on: push\njobs:\n  call: { uses: ./.github/workflows/called.yml }\n  use: { steps: [{ uses: ./.github/actions/aws/ }] }\n',
    files,
  );
  const [call, use] = workflow.jobs;

  it('are found by their path', () => {
    expect(call && findCalledWorkflow(repository, call)?.file.path).toBe('.github/workflows/called.yml');
    const uses = use?.steps[0]?.uses;
    expect(uses && findLocalAction(repository, uses)?.steps).toHaveLength(1);
  });

  it('are found from the other end', () => {
    const called = call && findCalledWorkflow(repository, call);
    expect(called && callersOf(repository, called).map(({ job }) => job.id)).toEqual(['call']);
  });

  it('are no action without runs', () => {
    expect(readGithubAction(new SourceFile('action.yml', 'name: x\n'))).toBeUndefined();
  });
});
