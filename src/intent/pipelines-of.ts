/** The part of keyless.yaml about pipelines, from the file's form to the value. */
import type { GitHub, GitHubJob, HcpTerraform } from './intent.ts';
import type { GitHubEntry, GitHubJobEntry, HcpTerraformEntry } from './intent-file.ts';

export function githubOf(github: GitHubEntry): GitHub {
  const accounts = Object.entries(github.environments ?? {}).map(([name, { account }]) => [name, account] as const);
  const { known, unassigned } = splitUnassigned(accounts);
  return {
    repository: github.repository ?? undefined,
    ...(github.immutable_subject != null && {
      immutableSubject: {
        ownerId: github.immutable_subject.owner_id,
        repositoryId: github.immutable_subject.repository_id,
      },
    }),
    environments: new Map(known.map(([name, account]) => [name, { account }])),
    ...(unassigned.length > 0 && { unassigned }),
    ...(github.jobs != null && { jobs: github.jobs.map(jobOf) }),
  };
}

function jobOf({ workflow, job, phases, environments, accounts, triggers, branches, tags }: GitHubJobEntry): GitHubJob {
  return {
    workflow,
    job,
    phases,
    environments: environments ?? [],
    accounts: accounts ?? [],
    triggers: triggers ?? [],
    branches: branches ?? [],
    tags: tags ?? [],
  };
}

export function hcpTerraformOf({ organization, project, workspaces }: HcpTerraformEntry): HcpTerraform {
  const entries = Object.entries(workspaces ?? {});
  const { known, unassigned } = splitUnassigned(entries.map(([name, { account }]) => [name, account] as const));
  return {
    organization,
    project: project ?? 'Default Project',
    workspaces: new Map(
      known.map(([name, account]) => [name, { account, phases: workspaces?.[name]?.phases ?? ['plan', 'apply'] }]),
    ),
    unassigned,
  };
}

/** Names with their account, and those that wait for one. */
export function splitUnassigned(entries: readonly (readonly [string, string | null])[]): {
  known: (readonly [string, string])[];
  unassigned: string[];
} {
  const known: (readonly [string, string])[] = [];
  const unassigned: string[] = [];
  for (const [name, account] of entries) {
    if (account === null) unassigned.push(name);
    else known.push([name, account]);
  }
  return { known, unassigned };
}
