/**
 * A run of HCP Terraform, and what its workload identity token says of it.
 * https://developer.hashicorp.com/terraform/cloud-docs/dynamic-provider-credentials/workload-identity-tokens
 */
import type { Claims } from './github-job.ts';

export interface HcpRun {
  readonly organization: string;
  /** `Default Project` unless given. */
  readonly project?: string;
  readonly workspace: string;
  readonly phase: 'plan' | 'apply';
  readonly organizationId?: string;
  readonly projectId?: string;
  readonly workspaceId?: string;
  readonly runId?: string;
}

/** All claims but `iss`, `aud`, `jti` and the times. Names stand in the subject as they are, spaces included. */
export function hcpClaims(run: HcpRun): Claims {
  const project = run.project ?? 'Default Project';
  return {
    sub: `organization:${run.organization}:project:${project}:workspace:${run.workspace}:run_phase:${run.phase}`,
    terraform_run_phase: run.phase,
    terraform_workspace_id: run.workspaceId ?? 'ws-1111111111111111',
    terraform_workspace_name: run.workspace,
    terraform_organization_id: run.organizationId ?? 'org-1111111111111111',
    terraform_organization_name: run.organization,
    terraform_project_id: run.projectId ?? 'prj-1111111111111111',
    terraform_project_name: project,
    terraform_run_id: run.runId ?? 'run-1111111111111111',
    terraform_full_workspace: `organization:${run.organization}:project:${project}:workspace:${run.workspace}`,
  };
}
