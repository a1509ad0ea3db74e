/**
 * Which language a file is written in, decided by its name alone, so that the decision can be listed and tested.
 * The content decides only whether the file is binary.
 */

export const fileFormats = [
  'terraform', // *.tf, *.tofu
  'terraform-json', // *.tf.json, *.tofu.json
  'terraform-test', // *.tftest.hcl, *.tofutest.hcl
  'tfvars', // *.tfvars
  'tfvars-json', // *.tfvars.json
  'backend-config', // *.tfbackend, backend*.hcl
  'terragrunt', // terragrunt.hcl, root.hcl, *.hcl of Terragrunt
  'tflint', // .tflint.hcl
  'hcl', // any other *.hcl: Packer, Nomad, lock files
  'state', // *.tfstate, *.tfstate.backup, errored.tfstate, and tfstate in a saved plan
  'plan', // *.tfplan, tfplan: a zip archive
  'yaml',
  'json',
  'aws-ini', // ~/.aws/config, credentials, and files of that name anywhere
  'ini', // .s3cfg, .boto, *.ini, *.cfg, *.conf, rclone.conf
  'dotenv', // .env, .env.*, *.env
  'shell', // *.sh, .envrc, .bashrc …
  'powershell',
  'makefile', // Makefile, *.mk
  'justfile',
  'dockerfile',
  'jenkinsfile',
  'text', // everything else
] as const;

export type FileFormat = (typeof fileFormats)[number];

/** The format of a file with this path: `/` as separator, and `!` before the name of an entry of an archive. */
export function fileFormatOf(path: string): FileFormat {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('!')) + 1);
  for (const [pattern, format] of byName) if (pattern.test(name)) return format;
  if (/(^|\/)\.aws\/(config|credentials)$/.test(path)) return 'aws-ini';
  return 'text';
}

const byName: readonly (readonly [RegExp, FileFormat])[] = [
  [/\.(tf|tofu)\.json$/, 'terraform-json'],
  [/\.(tf|tofu)$/, 'terraform'],
  [/\.(tftest|tofutest)\.hcl$/, 'terraform-test'],
  [/\.tfvars\.json$/, 'tfvars-json'],
  [/\.tfvars$/, 'tfvars'],
  [/\.tfbackend$/, 'backend-config'],
  [/^backend.*\.hcl$/, 'backend-config'],
  [/^\.tflint\.hcl$/, 'tflint'],
  [/^\.terraform\.lock\.hcl$/, 'hcl'],
  [/\.(pkr|pkrvars|nomad)\.hcl$/, 'hcl'],
  [/\.hcl$/, 'terragrunt'],
  [/\.tfstate(\..*)?$|^tfstate(-prev)?$/, 'state'],
  [/(^|\.)tfplan$|^tfplan\b/, 'plan'],
  [/\.ya?ml$/, 'yaml'],
  [/\.json$/, 'json'],
  [/^\.?aws[-_.]?(config|credentials)$/, 'aws-ini'],
  [/^(\.s3cfg|\.boto|rclone\.conf)$|\.(ini|cfg)$/, 'ini'],
  [/^\.env(\..+)?$|\.env$/, 'dotenv'],
  [
    /^\.envrc(\..+)?$|^\.?(bash|zsh|sh|k|fish)?(rc|_profile|_history|env|_aliases)$|^\.profile$|\.(sh|bash|zsh|ksh|fish|command)$/,
    'shell',
  ],
  [/\.(ps1|psm1)$/, 'powershell'],
  [/^(GNU)?[Mm]akefile(\..+)?$|\.mk$/, 'makefile'],
  [/^\.?[Jj]ustfile$/, 'justfile'],
  [/^(.+\.)?[Dd]ockerfile(\..+)?$|^Containerfile$/, 'dockerfile'],
  [/^Jenkinsfile(\..+)?$|\.jenkinsfile$/i, 'jenkinsfile'],
];
