import { describe, expect, it } from 'vitest';
import {
  awsProfiles,
  githubEnvironmentSubject,
  githubPullRequestSubject,
  lockTableArn,
  permissionSetRolePattern,
  pipelineRoleArn,
  profileName,
  stateProfileName,
} from './derived.ts';
import type { Intent, StateBackend } from './intent.ts';
import { parseIntent } from './parse-intent.ts';

function intentOf(more = '', head = ''): Intent {
  return parseIntent(`version: 1
${head}
organization: { name: acme }
accounts: { shared: "111122223333", dev: "222233334444", new: ~ }
${more}`);
}

function backendOf(intent: Intent): StateBackend {
  const [backend] = intent.stateBackends;
  if (backend === undefined) throw new TypeError('no state in the file');
  return backend;
}

const center = 'identity_center: { start_url: https://acme.awsapps.com/start, region: eu-west-1 }\n';

describe('profiles', () => {
  it('are named after session, account and phase', () => {
    expect(profileName(intentOf(), 'dev', 'plan')).toBe('acme-dev-plan');
    expect(profileName(intentOf('identity_center: { sso_session: corp }'), 'dev', 'apply')).toBe('corp-dev-apply');
  });

  it('are one for each account with an id and each permission set', () => {
    const wanted = awsProfiles(intentOf(`${center}state: [{ bucket: acme-state, region: eu-central-1 }]`));
    expect(wanted?.session).toEqual({ name: 'acme', startUrl: 'https://acme.awsapps.com/start', region: 'eu-west-1' });
    expect(wanted?.profiles.map(({ name, accountId, permissionSet }) => [name, accountId, permissionSet])).toEqual([
      ['acme-shared-plan', '111122223333', 'TerraformDeveloper'],
      ['acme-shared-apply', '111122223333', 'TerraformDeployer'],
      ['acme-dev-plan', '222233334444', 'TerraformDeveloper'],
      ['acme-dev-apply', '222233334444', 'TerraformDeployer'],
    ]);
    expect(wanted?.profiles[0]?.region).toBe('eu-central-1');
  });

  it('wait for the start URL', () => {
    expect(awsProfiles(intentOf('identity_center: { region: eu-west-1 }'))).toBeUndefined();
  });

  it('of a state bucket are the one that keyless.yaml names, else the apply profile of its account', () => {
    const state = (text: string) => {
      const intent = intentOf(`state: [{ bucket: acme-state, access: profile${text} }]`);
      return stateProfileName(intent, backendOf(intent));
    };
    expect(state(', profile: mine')).toBe('mine');
    expect(state(', account: shared')).toBe('acme-shared-apply');
    expect(state('')).toBeUndefined();
  });
});

describe('roles', () => {
  it('of pipelines carry the account, the partition and a path', () => {
    expect(pipelineRoleArn(intentOf(), 'dev', 'plan')).toBe('arn:aws:iam::222233334444:role/terraform-plan');
    expect(pipelineRoleArn(intentOf('github: { roles: { plan: ci/tf } }', 'partition: aws-cn'), 'dev', 'plan')).toBe(
      'arn:aws-cn:iam::222233334444:role/ci/tf',
    );
    expect(pipelineRoleArn(intentOf(), 'new', 'plan')).toBeUndefined();
  });

  it.each([
    ['eu-west-1', 'aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_TerraformDeployer_*'],
    ['us-east-1', 'aws-reserved/sso.amazonaws.com/AWSReservedSSO_TerraformDeployer_*'],
    ['~', 'aws-reserved/sso.amazonaws.com*/AWSReservedSSO_TerraformDeployer_*'],
  ])('of people are found by pattern, with Identity Center in %s', (region, pattern) => {
    const intent = intentOf(`identity_center: { region: ${region} }`);
    expect(permissionSetRolePattern(intent, '*', 'apply')).toBe(`arn:aws:iam::*:role/${pattern}`);
  });
});

describe('subjects of GitHub tokens', () => {
  const intent = intentOf('github: { repository: Acme/infra }');

  it('keep the spelling of the repository and escape a colon', () => {
    expect(githubEnvironmentSubject(intent, 'live')).toBe('repo:Acme/infra:environment:live');
    expect(githubEnvironmentSubject(intent, 'live:eu')).toBe('repo:Acme/infra:environment:live%3Aeu');
    expect(githubPullRequestSubject(intent)).toBe('repo:Acme/infra:pull_request');
  });

  it('wait for the repository', () => {
    expect(githubEnvironmentSubject(intentOf(), 'live')).toBeUndefined();
  });
});

describe('the ARN of the lock table', () => {
  it('has the account and region of the bucket, or its own', () => {
    const arn = (table: string) => {
      const intent = intentOf(
        `state: [{ bucket: acme-state, account: shared, region: eu-west-1, lock_table: ${table} }]`,
      );
      return lockTableArn(intent, backendOf(intent));
    };
    expect(arn('locks')).toBe('arn:aws:dynamodb:eu-west-1:111122223333:table/locks');
    expect(arn('{ name: locks, account: dev, region: us-east-1 }')).toBe(
      'arn:aws:dynamodb:us-east-1:222233334444:table/locks',
    );
    expect(arn('{ name: locks, account: new }')).toBeUndefined();
    expect(arn('~')).toBeUndefined();
  });
});
