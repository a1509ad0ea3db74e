/** Which commands of a script go, which stay, and what is left: the shapes G3 and `scripts` promise. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../formats/edit.ts';
import type { ShellDialect } from '../../formats/shell/index.ts';
import { type KeyContext, removeKeysFromScript } from './remove-keys.ts';
import { staticKeys } from './static-keys.ts';

const context: KeyContext = {
  isGone: (variable) => variable !== 'aws_taken_access_key',
  isUsedProfile: (profile) => profile === 'used',
};

function remove(source: string, dialect: ShellDialect = 'shell'): { text: string; reasons: string[] } {
  const { edits, obstacles, text } = removeKeysFromScript(source, dialect, context);
  expect(applyEdits(source, edits)).toBe(text);
  expect(removeKeysFromScript(text, dialect, context).text).toBe(text);
  return { text, reasons: obstacles.map(({ reason }) => reason) };
}

describe('goes whole', () => {
  const cases: readonly (readonly [string, string, string, ShellDialect?])[] = [
    ['exports', 'export AWS_ACCESS_KEY_ID=$A\nexport AWS_SECRET_ACCESS_KEY=$B\nls\n', 'ls\n'],
    [
      'a pair in front of a command',
      'AWS_ACCESS_KEY_ID=$A AWS_SECRET_ACCESS_KEY=$B terraform plan\n',
      'terraform plan\n',
    ],
    [
      'aws configure set, and what is joined to it stays',
      'aws configure set aws_access_key_id $A && aws configure set aws_secret_access_key $B && terraform init\n',
      'terraform init\n',
    ],
    [
      'a written credentials file',
      'cat > ~/.aws/credentials <<EOF\n[default]\naws_access_key_id = $A\naws_secret_access_key = $B\nregion = eu-west-1\nEOF\nterraform plan\n',
      'terraform plan\n',
    ],
    [
      'a credentials file written line by line, its header too',
      'echo "[default]" > ~/.aws/credentials\necho "aws_access_key_id=$A" >> ~/.aws/credentials\necho "aws_secret_access_key=$B" >> ~/.aws/credentials\nls\n',
      'ls\n',
    ],
    [
      'lines of the file that becomes the environment',
      'echo "AWS_ACCESS_KEY_ID=$A" >> $GITHUB_ENV\necho "STAGE=dev" >> $GITHUB_ENV\necho "AWS_SECRET_ACCESS_KEY=$B" >> $GITHUB_ENV\n',
      'echo "STAGE=dev" >> $GITHUB_ENV\n',
    ],
    ['variables of Terraform', 'export TF_VAR_aws_access_key=$A\nexport TF_VAR_aws_secret_key=$B\nls\n', 'ls\n'],
    ['-var', `terraform plan -var 'aws_access_key=$A' -var="aws_secret_key=$B" -out=p\n`, 'terraform plan -out=p\n'],
    [
      '-backend-config over several lines',
      'terraform init \\\n  -backend-config="access_key=$A" \\\n  -backend-config="secret_key=$B" \\\n  -reconfigure\n',
      'terraform init \\\n  -reconfigure\n',
    ],
    [
      'a list of nothing but keys',
      'args+=(-var "aws_access_key=$A" -var "aws_secret_key=$B")\nterraform plan "${args[@]}"\n',
      'terraform plan "${args[@]}"\n',
    ],
    [
      'what stands in a longer list',
      'args=(-input=false -var "aws_access_key=$A" -lock=false)\n',
      'args=(-input=false -lock=false)\n',
    ],
    [
      'an if around nothing but the key',
      'x=1\nif [ -z "${AWS_ACCESS_KEY_ID:-}" ]; then\n  export AWS_ACCESS_KEY_ID=$A\n  export AWS_SECRET_ACCESS_KEY=$B\nfi\nls\n',
      'x=1\nls\n',
    ],
    [
      'what made room for the key',
      'unset AWS_PROFILE AWS_SESSION_TOKEN STAGE\nexport AWS_ACCESS_KEY_ID=$A\nexport AWS_SECRET_ACCESS_KEY=$B\n',
      'unset STAGE\n',
    ],
    [
      'ARG and ENV',
      'FROM hashicorp/terraform\nARG AWS_ACCESS_KEY_ID\nENV AWS_ACCESS_KEY_ID=$AWS_ACCESS_KEY_ID TF_INPUT=0\n',
      'FROM hashicorp/terraform\nENV TF_INPUT=0\n',
      'dockerfile',
    ],
    [
      'exports of make',
      'export AWS_ACCESS_KEY_ID\nexport AWS_SECRET_ACCESS_KEY\nplan:\n\tterraform plan\n',
      'plan:\n\tterraform plan\n',
      'makefile',
    ],
    [
      'commands of a recipe',
      'login:\n\t@aws configure set aws_access_key_id "$$A"\n\t@aws configure set aws_secret_access_key "$$B"\n\taws sts get-caller-identity\n',
      'login:\n\taws sts get-caller-identity\n',
      'makefile',
    ],
    ['lines that end in CR LF', 'export AWS_ACCESS_KEY_ID=$A\r\nexport AWS_SECRET_ACCESS_KEY=$B\r\nls\r\n', 'ls\r\n'],
  ];
  for (const [name, before, after, dialect] of cases) {
    it(name, () => {
      expect(remove(before, dialect)).toEqual({ text: after, reasons: [] });
    });
  }
});

describe('docker run', () => {
  it.each([
    [
      '-e AWS_ACCESS_KEY_ID -e AWS_SECRET_ACCESS_KEY',
      '-e AWS_ACCESS_KEY_ID -e AWS_SECRET_ACCESS_KEY -e AWS_SESSION_TOKEN',
    ],
    [
      '-e AWS_ACCESS_KEY_ID=$A -e AWS_SECRET_ACCESS_KEY=$B',
      '-e AWS_ACCESS_KEY_ID -e AWS_SECRET_ACCESS_KEY -e AWS_SESSION_TOKEN',
    ],
  ])('hands on the whole session: %s', (before, after) => {
    expect(remove(`docker run --rm ${before} image plan\n`).text).toBe(`docker run --rm ${after} image plan\n`);
  });

  it('that has the token already stays as it is', () => {
    const script = 'docker run -e AWS_ACCESS_KEY_ID -e AWS_SECRET_ACCESS_KEY -e AWS_SESSION_TOKEN image\n';
    expect(remove(script)).toEqual({ text: script, reasons: [] });
  });
});

describe('stays, with the reason', () => {
  it.each([
    [
      'variables that code still takes',
      'terraform plan -var "aws_taken_access_key=$A"\n',
      ['Terraform code still takes the variable aws_taken_access_key.'],
    ],
    [
      'a profile that something names',
      'aws configure set aws_access_key_id $A --profile used\n',
      ['The profile used that it writes is used elsewhere.'],
    ],
    [
      'a block that would be empty',
      'for x in 1 2; do\n  export AWS_ACCESS_KEY_ID=$A\ndone\n',
      ['It is all that a block of the script does, and an empty block is none.'],
    ],
    [
      'a key for a program',
      'heroku config:set AWS_ACCESS_KEY_ID=$A\n',
      ['A program is given the key as AWS_ACCESS_KEY_ID.'],
    ],
    [
      'a key for another endpoint',
      'export AWS_ACCESS_KEY_ID=$A\naws s3 ls --endpoint-url https://minio.example\n',
      ['The script talks to an endpoint of its own, so the key may be that of another service.'],
    ],
    [
      'answers to aws configure',
      'printf "%s\\n" "$AWS_ACCESS_KEY_ID" | aws configure\n',
      ["The command can't be taken out, because it is joined to another command by |."],
    ],
  ])('%s', (_, script, reasons) => {
    expect(remove(script)).toEqual({ text: script, reasons });
  });

  it('credentials of a session', () => {
    const script =
      'C=$(aws sts assume-role --role-arn "$R" --role-session-name x)\nexport AWS_ACCESS_KEY_ID=$(echo "$C" | jq -r .Credentials.AccessKeyId)\nexport AWS_SECRET_ACCESS_KEY=$(echo "$C" | jq -r .Credentials.SecretAccessKey)\nexport AWS_SESSION_TOKEN=$(echo "$C" | jq -r .Credentials.SessionToken)\n';
    expect(remove(script)).toEqual({ text: script, reasons: [] });
  });
});

describe('any script made of such lines', () => {
  const line = fc.constantFrom(
    'export AWS_ACCESS_KEY_ID=$A',
    'export AWS_SECRET_ACCESS_KEY="$B" # do not share',
    'export AWS_REGION=eu-west-1',
    'aws configure set aws_access_key_id "$A"',
    'aws configure set aws_secret_access_key "$B"',
    'terraform init -backend-config="access_key=$A" -input=false',
    "terraform plan -var 'aws_secret_key=$B'",
    'if [ -n "$CI" ]; then',
    'fi',
    'cd app && terraform validate',
    'echo "AWS_ACCESS_KEY_ID=$A" >> "$GITHUB_ENV"',
    '# a comment',
    '',
  );
  const script = fc.array(line, { maxLength: 14 }).map((lines) => `${lines.join('\n')}\n`);

  const nested =
    'if [ -n "$CI" ]; then\nexport AWS_ACCESS_KEY_ID=$A\nif [ -n "$CI" ]; then\nexport AWS_ACCESS_KEY_ID=$A\nfi\nfi\n';

  it('loses every key that is not refused, keeps every other line, and has nothing to do the second time', () => {
    fc.assert(
      fc.property(script, (source) => {
        const { text, reasons } = remove(source);
        if (reasons.length === 0) expect(staticKeys(text, 'shell')).toEqual([]);
        const kept = (value: string) => value.split('\n').filter((each) => /^(cd|export AWS_REGION)/.test(each));
        expect(kept(text)).toEqual(kept(source));
      }),
      { numRuns: 200, examples: [[nested]] },
    );
  });
});
