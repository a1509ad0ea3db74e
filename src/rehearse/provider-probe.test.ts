import { describe, expect, it } from 'vitest';
import { parseHcl } from '../formats/hcl/index.ts';
import { probeText } from './provider-probe.ts';

describe('probeText', () => {
  it('has a provider, a question and an output for each session', () => {
    const text = probeText(
      [
        { name: 'role0', roleArn: 'arn:aws:iam::222233334444:role/deployment' },
        { name: 'profile0', profile: 'acme-dev-plan' },
      ],
      'eu-west-1',
    );
    expect(parseHcl(text).problems).toEqual([]);
    expect(text.match(/alias {2}= "(\w+)"/g)).toHaveLength(2);
    expect(text).toContain('role_arn     = "arn:aws:iam::222233334444:role/deployment"');
    expect(text).toContain('profile = "acme-dev-plan"');
    expect(text).toContain('value = data.aws_caller_identity.profile0.arn');
  });
});
