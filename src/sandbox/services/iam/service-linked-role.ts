/** Service-linked roles: made for a service, in a path of their own, changed by nobody else. */
import { AwsError } from '../../core/aws-error.ts';
import type { Operation } from '../../core/service.ts';
import { hasName, iamAccount, iamArn, noSuchEntity } from './accounts.ts';
import { createRole } from './build.ts';
import { authorize, invalidInput, read, write } from './operation.ts';
import { nameRule, optionalText, requiredText } from './query-input.ts';
import { renderRole } from './render.ts';

/** Where the name is not made of the service's own. */
const names: Readonly<Record<string, string>> = {
  'access-analyzer.amazonaws.com': 'AccessAnalyzer',
  'autoscaling.amazonaws.com': 'AutoScaling',
  'cloudtrail.amazonaws.com': 'CloudTrail',
  'config.amazonaws.com': 'Config',
  'ecs.amazonaws.com': 'ECS',
  'eks.amazonaws.com': 'AmazonEKS',
  'elasticache.amazonaws.com': 'ElastiCache',
  'elasticloadbalancing.amazonaws.com': 'ElasticLoadBalancing',
  'guardduty.amazonaws.com': 'AmazonGuardDuty',
  'organizations.amazonaws.com': 'Organizations',
  'rds.amazonaws.com': 'RDS',
  'sso.amazonaws.com': 'SSO',
};

const create = write((call, input) => {
  const { world, account } = call;
  const service = requiredText(input, 'AWSServiceName', { minimum: 1, maximum: 128, pattern: /^[\w+=,.@-]+$/ });
  const suffix = optionalText(input, 'CustomSuffix', nameRule);
  const description = optionalText(input, 'Description', { maximum: 1000 });
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$/.test(service)) {
    throw invalidInput(`${service} is not a service that has service-linked roles.`);
  }
  const label = service.split('.')[0] as string;
  const own = names[service] ?? label.charAt(0).toUpperCase() + label.slice(1);
  const name = `AWSServiceRoleFor${own}${suffix === undefined ? '' : `_${suffix}`}`;
  const path = `/aws-service-role/${service}/`;
  authorize(call, iamArn(world, account, `role${path}${name}`), new Map([['iam:awsservicename', [service]]]));
  if (hasName(iamAccount(world, account).roles, name)) {
    throw invalidInput(`Service role name ${name} has been taken in this account, please try a different suffix.`);
  }
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });
  const role = createRole(world, account, {
    name,
    path,
    trust,
    createdAt: call.time.now(),
    ...(description === undefined ? {} : { description }),
  });
  return { Role: renderRole(world, role, 'listed') };
});

/** Carried out at once; the task that is answered has succeeded. */
const remove = write((call, input) => {
  const { world, account } = call;
  const name = requiredText(input, 'RoleName', nameRule);
  const { roles } = iamAccount(world, account);
  const role = roles.get(name);
  authorize(call, role?.arn ?? iamArn(world, account, `role/${name}`));
  if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  if (!role.path.startsWith('/aws-service-role/')) {
    throw new AwsError('ValidationError', `${name} is not a service-linked role.`);
  }
  roles.delete(name);
  return { DeletionTaskId: `task${role.path}${name}/${world.ids.uuid()}` };
});

const status = read((call, input) => {
  const id = requiredText(input, 'DeletionTaskId', { minimum: 1, maximum: 1000 });
  authorize(call, '*');
  if (!id.startsWith('task/aws-service-role/')) throw noSuchEntity(`The deletion task ${id} cannot be found.`);
  return { Status: 'SUCCEEDED' };
});

export const serviceLinkedRoleOperations: Readonly<Record<string, Operation>> = {
  CreateServiceLinkedRole: create,
  DeleteServiceLinkedRole: remove,
  GetServiceLinkedRoleDeletionStatus: status,
};
