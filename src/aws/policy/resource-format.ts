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

/** The sentence of AWS's refusal; `undefined` when it takes the resource. */
export function resourceProblem(resource: string): string | undefined {
  if (resource === '*') return undefined;
  const [prefix, partition, service, region = '', account = '', ...rest] = resource.split(':');
  if (partition === undefined || prefix !== 'arn') return `Resource ${resource} must be in ARN format or "*".`;
  if (!knownPartitions.has(partition)) {
    return `Partition "${partition}" is not valid for resource "${arnOf(partition, service, region, account, rest)}".`;
  }
  if (service === undefined || service === '')
    return 'Resource vendor must be fully qualified and cannot contain regexes.';
  const name = rest.join(':');
  if (service === 'iam' && region !== '' && region !== '*') {
    return `IAM resource ${resource} cannot contain region information.`;
  }
  if (service === 's3' && region !== '' && region !== '*' && !name.startsWith('accesspoint/')) {
    return `Resource ${resource} can not contain region information.`;
  }
  return undefined;
}

function arnOf(
  partition: string,
  service: string | undefined,
  region: string,
  account: string,
  rest: readonly string[],
) {
  return ['arn', partition, service || '*', region || '*', account || '*', rest.join(':') || '*'].join(':');
}
