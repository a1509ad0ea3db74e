/**
 * Every command by name. A command's code is loaded only when it is named, so that the ones which run inside other
 * tools start fast.
 */
import type { CommandEntry } from './command.ts';

export const commands: readonly CommandEntry[] = [
  {
    name: 'audit',
    summary: 'List every credential and every authentication method in a repository',
    examples: [
      { command: 'keyless audit', text: 'the repository in the current folder' },
      { command: 'keyless audit --home --env', text: 'also ~/.aws and the process environment' },
      { command: 'keyless audit --format html --output audit.html', text: 'one page with the authentication graph' },
      { command: 'keyless audit --format sarif --output audit.sarif --fail-on high', text: 'a gate for a pipeline' },
    ],
    load: async () => (await import('./commands/audit.ts')).auditCommand,
  },
  {
    name: 'completion',
    summary: 'Print a completion script for bash, zsh or fish',
    examples: [
      { command: 'keyless completion bash > /etc/bash_completion.d/keyless', text: 'for all users of a machine' },
    ],
    load: async () => (await import('./commands/completion.ts')).completionCommand,
  },
  {
    name: 'drill',
    summary: 'Let things fail on purpose, with real terraform against the embedded AWS, and see what is lost',
    examples: [
      { command: 'keyless drill', text: 'what there is' },
      { command: 'keyless drill sso-token-expired-during', text: 'one of them' },
      { command: 'keyless drill --all', text: 'every one, with a scorecard: some minutes' },
    ],
    load: async () => (await import('./commands/drill.ts')).drillCommand,
  },
  {
    name: 'explain',
    summary: 'Explain a detector, a migration rule, a drill or an error code',
    examples: [
      { command: 'keyless explain static-access-key', text: 'a detector' },
      { command: 'keyless explain P3', text: 'a migration rule' },
      { command: 'keyless explain s3-black-hole', text: 'a drill' },
      { command: 'keyless explain', text: 'every id there is' },
    ],
    load: async () => (await import('./commands/explain.ts')).explainCommand,
  },
  {
    name: 'init',
    summary: 'Draft keyless.yaml from what the repository says',
    examples: [
      { command: 'keyless init', text: 'asks only what it cannot find' },
      { command: 'keyless init --yes', text: 'never asks; what is unknown stays visibly missing' },
    ],
    load: async () => (await import('./commands/init.ts')).initCommand,
  },
  {
    name: 'migrate',
    summary: 'Plan, show and apply the move off static keys',
    examples: [
      { command: 'keyless migrate', text: 'show the plan and every diff; nothing is written' },
      { command: 'keyless migrate --write', text: 'apply up to the first gate that is not met' },
      { command: 'keyless migrate --write --through 3', text: 'steps 1 to 3: their gates are met' },
      { command: 'keyless migrate --undo', text: 'take the last run back' },
      { command: 'keyless migrate --aws-config', text: 'show the profiles for ~/.aws/config' },
    ],
    load: async () => (await import('./commands/migrate.ts')).migrateCommand,
  },
  {
    name: 'rehearse',
    summary: 'Tell the whole move on a copy, with real terraform against an embedded AWS',
    examples: [
      { command: 'keyless rehearse', text: 'the repository in the current folder, which stays as it is' },
      { command: 'keyless rehearse --output rehearsal.html', text: 'and one page for those who decide' },
      { command: 'keyless rehearse --json > proof.json', text: 'the proof, with the evidence of every check' },
      { command: 'keyless rehearse --stack stacks/network --verbose', text: 'one stack, every check shown' },
    ],
    load: async () => (await import('./commands/rehearse.ts')).rehearseCommand,
  },
  {
    name: 'sandbox',
    summary: 'Serve the embedded AWS, or run one command inside it',
    examples: [
      { command: 'keyless sandbox start', text: 'a small organisation; says how clients get in, serves until Ctrl-C' },
      {
        command: 'keyless sandbox start --intent keyless.yaml --json',
        text: 'your organisation; one line for programs',
      },
      {
        command: 'keyless sandbox exec --proxy -- aws sts get-caller-identity',
        text: 'one command, as the IAM user deployment, with AWS host names as they are',
      },
      {
        command: 'keyless sandbox exec -- terraform init',
        text: 'with an endpoint for AWS alone: providers are downloaded from where they are',
      },
    ],
    load: async () => (await import('./commands/sandbox.ts')).sandboxCommand,
  },
  {
    name: 'status',
    summary: 'Say how far the move is, what blocks it and what to run next',
    examples: [{ command: 'keyless status', text: 'of the repository in the current folder' }],
    load: async () => (await import('./commands/status.ts')).statusCommand,
  },
];
