/** A made-up rehearsal in which every field is used once, for the views and their schema. */
import type { Rehearsal, StepResult } from '../../src/rehearse/index.ts';
import { outcomeOf, verdictOf } from '../../src/rehearse/rehearsal.ts';

const terraform = 'terraform 1.11.4';
const tools = { terraform, withoutTerraform: undefined, awsProvider: '5.100.0' };

function step(partial: Omit<StepResult, 'outcome' | 'seconds' | 'notes'> & Partial<StepResult>): StepResult {
  return { outcome: outcomeOf(partial.checks), seconds: 1.25, notes: [], ...partial };
}

/** @param red one check of the last step fails and one of step 5 is skipped */
export function sampleRehearsal(red: boolean): Rehearsal {
  const steps: readonly StepResult[] = [
    step({
      number: 1,
      id: 'legacy-works',
      title: 'The legacy way works today',
      clients: [terraform, `${terraform} with AWS provider 5.100.0`, 'keyless'],
      summary: '11 stacks in 21 workspaces were initialised, planned and applied with the key of the user deployment.',
      checks: [
        {
          outcome: 'green',
          what: 'stacks/network in live',
          client: terraform,
          result: 'init, plan and apply work',
          evidence: [
            {
              command: 'terraform init -input=false',
              environment: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
              exitCode: 0,
              output: 'Terraform has been successfully initialized!',
            },
          ],
        },
      ],
      notes: ['stacks/network: module.vpc was left out: its source is elsewhere: a Terraform registry'],
    }),
    step({
      number: 2,
      id: 'migrate',
      title: 'Audit, then migrate',
      clients: ['keyless'],
      summary: '29 files edited on the copy.',
      checks: [{ outcome: 'green', what: 'a second run', client: 'keyless', result: 'changes nothing' }],
      figures: [
        { label: 'credentials in clear', before: 2, after: 0 },
        { label: 'static credentials used by Terraform', before: 12, after: 0 },
      ],
    }),
    step({
      number: 3,
      id: 'engineer',
      title: 'An engineer signs in',
      clients: [terraform],
      summary: 'ada signed in by device code.',
      checks: [
        { outcome: 'green', what: 'ben with fernwick-live-apply', client: terraform, result: 'refused: No access' },
      ],
    }),
    step({
      number: 4,
      id: 'pipeline',
      title: 'The pipeline takes its roles',
      clients: ['keyless'],
      summary: '8 tokens offered to 4 roles.',
      checks: [{ outcome: 'green', what: 'pull requests from forks', client: 'keyless', result: 'get nothing' }],
      matrix: {
        roles: ['dev', 'live'].flatMap((account, index) =>
          ['terraform-plan', 'terraform-apply'].map((role) => ({
            account,
            role,
            arn: `arn:aws:iam::${['222233334444', '333344445555'][index]}:role/${role}`,
          })),
        ),
        rows: [
          {
            job: 'apply.yml › stacks',
            trigger: 'push main',
            environment: 'dev',
            outsider: false,
            subject: 'repo:fernwick/infrastructure:environment:dev',
            cells: [
              cell(true, true, false),
              cell(true, true, true),
              cell(false, false, false),
              cell(false, red, false),
            ],
          },
          {
            job: 'plan.yml › plan',
            trigger: 'pull request',
            environment: undefined,
            outsider: false,
            subject: 'repo:fernwick/infrastructure:pull_request',
            cells: [
              cell(true, true, true),
              cell(false, false, false),
              cell(true, !red, true),
              cell(false, false, false),
            ],
          },
          {
            job: 'plan.yml › plan',
            trigger: 'pull request from a fork',
            environment: undefined,
            outsider: true,
            subject: undefined,
            cells: [0, 1, 2, 3].map(() => cell(false, false, false)),
          },
        ],
      },
    }),
    step({
      number: 5,
      id: 'key-deactivated',
      title: 'The old key is deactivated',
      clients: [terraform],
      summary: 'The old commit fails, the new one works.',
      checks: [
        {
          outcome: 'green',
          what: 'stacks/dns of the old commit',
          client: terraform,
          result: 'fails, as it must',
          evidence: [
            {
              command: 'terraform init -input=false',
              environment: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
              exitCode: 1,
              output: 'Error: validating provider credentials: … api error InvalidClientTokenId',
            },
          ],
        },
        ...(red
          ? [
              {
                outcome: 'skipped' as const,
                what: 'the AWS provider',
                client: 'keyless',
                result: 'not run',
                cause: 'no mirror holds it',
              },
            ]
          : []),
      ],
    }),
    step({
      number: 6,
      id: 'bucket-refuses',
      title: 'The state bucket refuses',
      clients: ['keyless'],
      summary: '6 ways in are shut.',
      checks: [{ outcome: 'green', what: 'plain HTTP', client: 'keyless', result: 'refused: AccessDenied' }],
    }),
    step({
      number: 7,
      id: 'who-did-it',
      title: 'Who did it',
      clients: ['keyless'],
      summary: '3 changes of state, each with its author.',
      checks: [
        red
          ? {
              outcome: 'red',
              what: 'env:/live/dns/terraform.tfstate',
              client: 'keyless',
              result: 'nobody knows',
              cause: 'No log file holds the write <of> this version.',
              fix: 'Select S3 data events of the state bucket in the trail.',
            }
          : { outcome: 'green', what: 'every change', client: 'keyless', result: 'has an author' },
      ],
      changes: [
        {
          at: '2026-11-25T17:00:00Z',
          object: 'env:/live/network/terraform.tfstate',
          versionId: 'v1',
          step: 'legacy-works',
          who: { kind: 'shared-key', name: 'deployment', through: 'key AKIA…MPLE' },
        },
        {
          at: '2026-11-25T17:00:10Z',
          object: 'env:/live/network/terraform.tfstate',
          versionId: undefined,
          step: 'engineer',
          who: { kind: 'person', name: 'ada', through: 'TerraformDeployer in live' },
        },
        {
          at: '2026-11-25T17:00:20Z',
          object: 'dns/terraform.tfstate',
          versionId: 'v3',
          step: 'pipeline',
          who: { kind: 'workflow', name: 'run 42 of apply.yml', through: 'terraform-apply in live' },
        },
      ],
    }),
  ];
  return {
    repository: 'infrastructure',
    startedAt: '2026-11-25T17:00:00.000Z',
    seconds: 21.5,
    tools,
    assumptions: ['organization.id: o-exampleorgid'],
    steps,
    network: { requests: 1234, refusedHosts: red ? ['registry.terraform.io'] : [] },
    verdict: verdictOf(steps, tools),
  };
}

function cell(intended: boolean, allowed: boolean, asked: boolean) {
  return { intended, allowed, asked, refusal: allowed ? undefined : 'AccessDenied' };
}
