import { describe, expect, it, test } from 'vitest';
import type { ShellDialect } from '../../formats/shell/index.ts';
import { findShellCredentials } from './shell-credentials.ts';

/** `form part name ← where from`, one a place. */
function places(script: string, dialect: ShellDialect = 'shell'): string[] {
  return findShellCredentials(script, dialect).map(({ form, part, name, value }) => {
    const from = 'name' in value ? value.name : value.kind === 'issued' ? 'a session' : value.kind;
    return `${form} ${part} ${name} ← ${from}`;
  });
}

describe('a script that hands on a key', () => {
  test.each([
    ['export AWS_ACCESS_KEY_ID=$KEY', ['assignment keyId AWS_ACCESS_KEY_ID ← KEY']],
    ['AWS_SECRET_ACCESS_KEY="$S" terraform plan', ['assignment secret AWS_SECRET_ACCESS_KEY ← S']],
    ['export DEV_AWS_ACCESS_KEY_ID=$(pass show aws/id)', ['assignment keyId DEV_AWS_ACCESS_KEY_ID ← aws/id']],
    ['set -gx AWS_ACCESS_KEY_ID $KEY', ['assignment keyId AWS_ACCESS_KEY_ID ← KEY']],
    ['export AWS_ACCESS_KEY_ID', ['passed-on keyId AWS_ACCESS_KEY_ID ← AWS_ACCESS_KEY_ID']],
    ['aws configure set aws_access_key_id "$KEY" --profile x', ['aws-configure keyId aws_access_key_id ← KEY']],
    [
      `aws configure set profile.x.aws_secret_access_key \${{ secrets.S }}`,
      ['aws-configure secret aws_secret_access_key ← S'],
    ],
    [
      'printf "%s\\n%s\\n" "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" | aws configure',
      [
        'aws-configure keyId AWS_ACCESS_KEY_ID ← AWS_ACCESS_KEY_ID',
        'aws-configure secret AWS_SECRET_ACCESS_KEY ← AWS_SECRET_ACCESS_KEY',
      ],
    ],
    ['echo "AWS_ACCESS_KEY_ID=$KEY" >> $GITHUB_ENV', ['pipeline-environment keyId AWS_ACCESS_KEY_ID ← KEY']],
    ["echo 'export AWS_ACCESS_KEY_ID=$KEY' | tee -a $BASH_ENV", ['pipeline-environment keyId AWS_ACCESS_KEY_ID ← KEY']],
    ['terraform init -backend-config="access_key=$KEY"', ['backend-config keyId access_key ← KEY']],
    ['terraform plan -var aws_secret_key=$S -var region=x', ['terraform-variable secret aws_secret_key ← S']],
    [`args+=(-var "access_key=$KEY")\nterraform plan "\${args[@]}"`, ['terraform-variable keyId access_key ← KEY']],
    ['docker run -e AWS_ACCESS_KEY_ID x', ['argument keyId AWS_ACCESS_KEY_ID ← AWS_ACCESS_KEY_ID']],
    ['fly -p x set-pipeline -v access_key_id=$AWS_ACCESS_KEY_ID', ['argument keyId access_key_id ← AWS_ACCESS_KEY_ID']],
    ['docker build --build-arg AWS_SECRET_ACCESS_KEY=$S .', ['argument secret AWS_SECRET_ACCESS_KEY ← S']],
    [
      'kubectl create secret generic a --from-literal=AWS_ACCESS_KEY_ID=$KEY',
      ['argument keyId AWS_ACCESS_KEY_ID ← KEY'],
    ],
  ])('%s', (script, expected) => {
    expect(places(script)).toEqual(expected);
  });

  it('writes a credentials file through a here-document', () => {
    const script =
      'cat > ~/.aws/credentials <<EOF\n[default]\naws_access_key_id = $KEY\naws_secret_access_key=$SECRET\nEOF\n';
    expect(places(script)).toEqual([
      'credentials-file keyId aws_access_key_id ← KEY',
      'credentials-file secret aws_secret_access_key ← SECRET',
    ]);
  });

  it('is followed through its own variables to a store or a session', () => {
    expect(places('K=$(vault kv get -field=k secret/aws)\nexport AWS_ACCESS_KEY_ID=$K')).toEqual([
      'assignment keyId AWS_ACCESS_KEY_ID ← secret/aws',
    ]);
    expect(
      places(
        'C=$(aws sts assume-role --role-arn r)\nexport AWS_ACCESS_KEY_ID=$(echo $C | jq -r .Credentials.AccessKeyId)',
      ),
    ).toEqual(['assignment keyId AWS_ACCESS_KEY_ID ← a session']);
  });

  it('stands where it stands', () => {
    const script = 'cd a\n  aws configure set aws_access_key_id "$KEY"\n';
    const [place] = findShellCredentials(script);
    expect(script.slice(place?.index, (place?.index ?? 0) + 17)).toBe('aws_access_key_id');
    expect(script.slice(place?.valueIndex)).toBe('"$KEY"\n');
  });
});

describe('other dialects', () => {
  it('reads the recipes of a Makefile', () => {
    expect(
      places('export AWS_ACCESS_KEY_ID\nx:\n\t@aws configure set aws_access_key_id "$$KEY"\n', 'makefile'),
    ).toEqual(['passed-on keyId AWS_ACCESS_KEY_ID ← AWS_ACCESS_KEY_ID', 'aws-configure keyId aws_access_key_id ← KEY']);
  });

  it('reads ENV, ARG and RUN of a Dockerfile', () => {
    const text =
      'ARG AWS_ACCESS_KEY_ID\nENV AWS_SECRET_ACCESS_KEY=$S\nRUN make && \\\n    aws configure set aws_access_key_id $KEY\n';
    expect(places(text, 'dockerfile')).toEqual([
      'passed-on keyId AWS_ACCESS_KEY_ID ← AWS_ACCESS_KEY_ID',
      'assignment secret AWS_SECRET_ACCESS_KEY ← S',
      'aws-configure keyId aws_access_key_id ← KEY',
    ]);
  });
});

test.each([
  'grep -r AWS_ACCESS_KEY_ID=x .',
  'sed -i s/AWS_ACCESS_KEY_ID=.*// file',
  '[ -z "$AWS_ACCESS_KEY_ID" ] && exit 1',
  'echo "AWS_ACCESS_KEY_ID=$AWS_ACCESS_KEY_ID"',
  'unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY',
  '# export AWS_ACCESS_KEY_ID=$KEY',
  'export AWS_ACCESS_KEY_ID=',
  'aws configure set region eu-west-1',
  'export ARM_ACCESS_KEY=$A SECRET_KEY=$B AWS_SECRET_NAME=db',
  'terraform plan -var secret_key_base=$X',
  'aws ec2 describe-instances --filters Name=tag:Key,Values=x',
])('finds nothing in %s', (script) => {
  expect(places(script)).toEqual([]);
});
