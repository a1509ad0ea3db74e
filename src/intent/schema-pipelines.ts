/** The part of keyless.yaml about pipelines: which job in which phase takes which role in which account. */
import { z } from 'zod';
import { type GitHubEntry, githubTriggers, type HcpTerraformEntry } from './intent-file.ts';
import { accountList, phaseList } from './schema-identity.ts';
import {
  accountName,
  branchName,
  environmentName,
  githubId,
  hcpName,
  jobId,
  maybe,
  repositoryName,
  roleName,
  tagPattern,
  workflowFile,
} from './schema-values.ts';

const job = z.strictObject(
  {
    workflow: workflowFile.meta({ description: 'File in .github/workflows.' }),
    job: jobId.meta({ description: 'Id of the job in it.' }),
    phases: z
      .array(z.enum(['plan', 'apply', 'publish'], { error: 'plan, apply or publish' }), {
        error: 'a list such as [plan, apply]',
      })
      .min(1, { error: 'a list such as [plan, apply]' })
      .meta({
        description: 'Which roles it takes: that of plan, of apply, or of publish (it uploads Terraform modules).',
      }),
    environments: z
      .array(environmentName, { error: 'a list of GitHub environments' })
      .optional()
      .meta({ description: 'GitHub environments it runs in; each brings its account.' }),
    accounts: accountList.optional().meta({ description: 'Accounts it works in, for a job without an environment.' }),
    triggers: z
      .array(z.enum(githubTriggers, { error: githubTriggers.join(', ') }), { error: 'a list such as [push]' })
      .optional()
      .meta({ description: 'Events that start it. Without an environment, pull_request decides its subject.' }),
    branches: z
      .array(branchName, { error: 'a list of branches' })
      .optional()
      .meta({ description: 'Branches it runs on. Beside environments: the role is given on these branches only.' }),
    tags: z
      .array(tagPattern, { error: 'a list of tags' })
      .optional()
      .meta({ description: 'Tags it runs on; * also matches `/`, since IAM compares.' }),
  },
  { error: 'a map with workflow, job, phases, and environments or accounts' },
);

export const github: z.ZodType<GitHubEntry> = z.strictObject(
  {
    repository: maybe(repositoryName, 'owner/name, as GitHub spells it: the subject of its tokens is case-sensitive.'),
    immutable_subject: z
      .strictObject(
        {
          owner_id: githubId.meta({ description: 'gh api repos/OWNER/REPO --jq .owner.id' }),
          repository_id: githubId.meta({ description: 'gh api repos/OWNER/REPO --jq .id' }),
        },
        { error: 'a map with owner_id and repository_id' },
      )
      .nullable()
      .optional()
      .meta({
        description:
          'Numbers that the subjects carry: of repositories made, renamed or transferred after 15 July 2026, and of those that opted in.',
      }),
    environments: z
      .record(
        z.string().min(1),
        z.strictObject(
          { account: accountName.nullable().meta({ description: 'Account that jobs of this environment work in.' }) },
          { error: 'a map such as { account: dev }' },
        ),
        { error: 'a map from GitHub environment to { account: … }' },
      )
      .nullable()
      .optional()
      .meta({ description: 'GitHub environments and the account that each deploys to.' }),
    roles: z
      .strictObject(
        {
          plan: roleName.optional().meta({ description: 'Role that plan jobs take. Default: terraform-plan.' }),
          apply: roleName.optional().meta({ description: 'Role that apply jobs take. Default: terraform-apply.' }),
          publish: roleName
            .optional()
            .meta({ description: 'Role that jobs take which upload Terraform modules. Default: terraform-publish.' }),
        },
        { error: 'a map with plan, apply and publish' },
      )
      .nullable()
      .optional()
      .meta({ description: 'Names of the roles that pipelines take, the same in every account.' }),
    jobs: z.array(job, { error: 'a list of jobs' }).nullable().optional().meta({
      description:
        'Which job takes which role. Without it every environment may plan and apply in its account, and pull requests may plan in all of them.',
    }),
  },
  { error: 'a map with repository, immutable_subject, environments, roles and jobs' },
);

export const hcpTerraform: z.ZodType<HcpTerraformEntry> = z.strictObject(
  {
    organization: hcpName.meta({ description: 'Organisation in HCP Terraform.' }),
    project: hcpName.optional().meta({ description: 'Project of the workspaces. Default: Default Project.' }),
    workspaces: z
      .record(
        hcpName,
        z.strictObject(
          {
            account: accountName.nullable().meta({ description: 'Account that the workspace works in.' }),
            phases: phaseList.optional().meta({ description: 'Phases it may run. Default: plan and apply.' }),
          },
          { error: 'a map such as { account: dev }' },
        ),
        { error: 'a map from workspace to { account: … }' },
      )
      .nullable()
      .optional()
      .meta({ description: 'Workspaces and the account that each works in.' }),
  },
  { error: 'a map with organization, project and workspaces' },
);
