/**
 * The form of a `Resource`, as IAM judges it when it takes a document; in the order and the words of its answers.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */

const knownPartitions: ReadonlySet<string> = new Set([
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
  'aws-eusc',
  '*',
]);

const iamPaths = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
] as const;

/** The sentence of AWS's refusal, or that its older parser refuses it; `undefined` when it takes the resource. */
export function resourceProblem(resource: string): { readonly message: string } | 'legacy' | undefined {
  if (resource === '*') return undefined;
  // Colons of variables separate nothing.
  const [prefix, partition, service, region = '', account, ...rest] = resource.replace(/\$\{[^{}]*\}/g, '$').split(':');
  if (partition === undefined) return { message: `Resource ${resource} must be in ARN format or "*".` };
  if (!knownPartitions.has(partition)) return { message: unknownPartition(resource, partition) };
  if (prefix !== 'arn') return { message: `Resource ${resource} must be in ARN format or "*".` };
  if (service === undefined) {
    return { message: 'Resource vendor must be fully qualified and cannot contain regexes.' };
  }
  const name = rest.join(':');
  const namesRegion = region !== '' && region !== '*';
  if (service === 'iam' && namesRegion) {
    return { message: `IAM resource ${resource} cannot contain region information.` };
  }
  if (service === 's3' && namesRegion && !name.startsWith('accesspoint/')) {
    return { message: `Resource ${resource} can not contain region information.` };
  }
  // `root` is the resource of sts:AssumeRoot; the path may be cut short by a wildcard or given by a variable.
  if (service === 'iam' && rest.length > 0 && name !== 'root' && !/^[*?$]/.test(name)) {
    if (!iamPaths.some((path) => name.startsWith(path))) {
      return { message: `IAM resource path must either be "*" or start with ${iamPaths.join(', ')}.` };
    }
  }
  // An empty part says that parts were counted; then all must be there.
  const isShort = account === undefined || rest.length === 0;
  return service === '' || (isShort && resource.includes('::')) ? 'legacy' : undefined;
}

/** IAM names the ARN as it understood it: what is missing at the end is `*`. */
function unknownPartition(resource: string, partition: string): string {
  const [, , service, region, account, ...rest] = resource.split(':');
  const parts = [service || (region === undefined ? '*' : ''), region ?? '*', account ?? '*'];
  const name = rest.length === 0 ? '*' : rest.join(':');
  return `Partition "${partition}" is not valid for resource "${['arn', partition, ...parts, name].join(':')}".`;
}
