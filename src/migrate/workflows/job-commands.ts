/** What the steps of a job run, scripts and make targets of the repository followed: whether that needs AWS, and whether it changes anything there. */
import {
  asText,
  findInput,
  findLocalAction,
  type GithubJob,
  type GithubStep,
  type GithubWorkflow,
  joinPath,
  readCommands,
} from '../../audit/index.ts';
import type { Repository } from '../../repository/index.ts';

/** `undefined` for a step that runs no Terraform; `unknown` where only the run tells the command. */
export type TerraformUse = 'reads' | 'changes' | { readonly input: string } | undefined;

/** What a step does with Terraform. */
export function terraformUse(repository: Repository, step: GithubStep, folder: string | undefined): TerraformUse {
  if (step.uses !== undefined) {
    const local = findLocalAction(repository, step.uses);
    if (local !== undefined) return strongest(local.steps.map((inner) => terraformUse(repository, inner, folder)));
    return actionUse(step);
  }
  if (step.run === undefined) return undefined;
  return strongest(
    textsOf(repository, step.run.text, step.workingDirectory?.text ?? folder).map(({ text }) => useInText(text)),
  );
}

/** What a job does with Terraform, and the steps that change something. */
export function jobTerraformUse(
  repository: Repository,
  workflow: GithubWorkflow | undefined,
  job: GithubJob,
): { readonly use: TerraformUse; readonly changing: readonly GithubStep[] } {
  const folder = job.workingDirectory?.text ?? workflow?.workingDirectory?.text;
  const uses = job.steps.map((step) => ({ step, use: terraformUse(repository, step, folder) }));
  return {
    use: strongest(uses.map(({ use }) => use)),
    changing: uses.filter(({ use }) => use === 'changes').map(({ step }) => step),
  };
}

/** The text of a script and of what it starts in the repository: scripts by path, targets of make. */
export function textsOf(
  repository: Repository,
  script: string,
  folder = '',
): readonly { readonly text: string; readonly path: string | undefined }[] {
  const texts: { text: string; path: string | undefined }[] = [{ text: script, path: undefined }];
  const seen = new Set<string>();
  for (let index = 0; index < texts.length && index < maximumTexts; index += 1) {
    const { text } = texts[index] as { text: string };
    for (const path of startedFiles(repository, text, folder)) {
      if (seen.has(path)) continue;
      seen.add(path);
      texts.push({ text: repository.file(path)?.text ?? '', path });
    }
    for (const target of makeTargets(text)) {
      if (seen.has(`make ${target.folder} ${target.name}`)) continue;
      seen.add(`make ${target.folder} ${target.name}`);
      const recipe = makeRecipe(repository, joinPath(folder, target.folder) ?? target.folder, target.name);
      if (recipe !== undefined) texts.push(recipe);
    }
  }
  return texts;
}

/** True when a step needs AWS credentials, or may: only what is known to need none is ruled out. */
export function mayUseAws(repository: Repository, step: GithubStep): boolean {
  if (step.uses !== undefined) {
    const { action } = step.uses;
    const local = findLocalAction(repository, step.uses);
    if (local !== undefined) return local.steps.some((inner) => mayUseAws(repository, inner));
    return !withoutAws.test(action);
  }
  if (step.run === undefined) return false;
  return readCommands(step.run.text).some(({ name, words }) => {
    if (name === '' || harmless.has(name)) return false;
    if (/^(terraform|tofu|terragrunt)$/.test(name))
      return !/^(fmt|version|-version|--version)$/.test(words[0]?.text ?? '');
    if (/^(npm|yarn|pnpm|pip|pip3|poetry|go|cargo|bundle|apt|apt-get|apk|brew|git|docker)$/.test(name))
      return !installing.test(words.find(({ text }) => !text.startsWith('-'))?.text ?? '');
    return true;
  });
}

/** Actions that run Terraform, with the input that says which command. */
function actionUse(step: GithubStep): TerraformUse {
  const action = step.uses?.action ?? '';
  if (/^dflook\/(terraform|tofu)-(apply|destroy|destroy-workspace|import|unlock-state|untaint)/.test(action))
    return 'changes';
  if (/^dflook\/(terraform|tofu)-/.test(action)) return 'reads';
  const input = terraformActions.find(([name]) => action === name)?.[1];
  if (input === undefined) return undefined;
  const command = asText(findInput(step.inputs, input)?.value)?.text ?? '';
  if (/\$\{\{/.test(command)) return 'changes';
  return changing.test(command) ? 'changes' : 'reads';
}

const terraformActions: readonly (readonly [string, string])[] = [
  ['op5dev/tf-via-pr', 'command'],
  ['devsectop/tf-via-pr', 'command'],
  ['gruntwork-io/terragrunt-action', 'tg_command'],
  ['hashicorp/terraform-github-actions', 'tf_actions_subcommand'],
];

function useInText(text: string): TerraformUse {
  let use: TerraformUse;
  for (const match of text.matchAll(terraformCommand)) {
    const rest = (match[1] as string).replace(/\s-[\w-]+(=\S*)?/g, ' ');
    const input = /^\s*\$\{\{\s*(?:github\.event\.)?(inputs\.[\w-]+)\s*\}\}/.exec(rest)?.[1];
    const here = input !== undefined ? { input } : changing.test(rest) ? 'changes' : 'reads';
    use = strongest([use, here]);
  }
  return use;
}

function strongest(uses: readonly TerraformUse[]): TerraformUse {
  if (uses.includes('changes')) return 'changes';
  return uses.find((use) => typeof use === 'object') ?? uses.find((use) => use !== undefined);
}

/** Files of the repository that a script runs: by their path, from the folder it starts in or from the root. */
function startedFiles(repository: Repository, script: string, folder: string): string[] {
  return [...script.matchAll(/(?:^|[\s;&|("'=])((?:\.{0,2}\/)?[\w./-]+)/g)].flatMap((match) => {
    const word = match[1] as string;
    if (!word.includes('/') && !/\.\w+$/.test(word)) return [];
    const paths = [joinPath(folder, word), joinPath('', word)];
    const path = paths.find((each) => each !== undefined && repository.file(each) !== undefined);
    const file = path === undefined ? undefined : repository.file(path);
    const runs = file !== undefined && (file.format === 'shell' || file.text.startsWith('#!'));
    return runs ? [file.path] : [];
  });
}

function makeTargets(script: string): { name: string; folder: string }[] {
  return readCommands(script).flatMap(({ name, words }) => {
    if (name !== 'make') return [];
    const texts = words.map(({ text }) => text);
    const at = texts.findIndex((text) => text === '-C' || text === '--directory');
    const folder = at === -1 ? '' : (texts[at + 1] ?? '');
    const targets = texts.filter(
      (text, index) => /^[\w.-]+$/.test(text) && !text.startsWith('-') && (at === -1 || index !== at + 1),
    );
    return targets.map((target) => ({ name: target, folder }));
  });
}

/** Recipes of a target and of what it depends on. */
function makeRecipe(
  repository: Repository,
  folder: string,
  target: string,
): { text: string; path: string | undefined } | undefined {
  const prefix = folder === '' ? '' : `${folder}/`;
  const file = ['Makefile', 'makefile', 'GNUmakefile'].flatMap((name) => repository.file(prefix + name) ?? [])[0];
  if (file === undefined) return undefined;
  const pending = [target];
  const recipes: string[] = [];
  const seen = new Set<string>();
  for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const rule = new RegExp(
      `^${name.replaceAll('.', '\\.')}[ \\t]*:(?!=)([^\\n#]*).*\\n((?:\\t.*\\n?|[ \\t]*\\n)*)`,
      'm',
    ).exec(file.text);
    if (rule === null) continue;
    recipes.push((rule[2] as string).replace(/^\t[@+-]*/gm, ''));
    pending.push(...(rule[1] as string).split(/\s+/).filter((word) => /^[\w.-]+$/.test(word)));
  }
  return recipes.length === 0 ? undefined : { text: recipes.join('\n').replaceAll('$$', '$'), path: file.path };
}

const maximumTexts = 20;

/** `terraform -chdir=x plan`, `$(TF) apply`, `"$TERRAFORM" import`; the group is what follows on the line. */
const terraformCommand =
  /(?:^|[\s;&|("'@])(?:\.?\/?[\w./-]*\/)?(?:terraform|tofu|terragrunt|\$[({]?(?:TF|TERRAFORM|TOFU|TERRAGRUNT|tf|terraform)[)}]?)["']?((?:[ \t]+(?:\\\r?\n)?[^\n;&|]*)?)/g;

const changing =
  /(^|\s)(apply|destroy|import|taint|untaint|force-unlock|refresh|state\s+(mv|rm|push|replace-provider))(\s|$|["')])/;

/** Programs that never talk to AWS. */
const harmless: ReadonlySet<string> = new Set(
  'echo printf cd pushd popd mkdir ls cat cp mv rm chmod chown touch test [ [[ set export unset true false exit if then else fi for do done while read sleep date env which command type jq yq sed awk grep cut tr head tail sort uniq wc tee tar unzip zip gunzip curl wget sha256sum basename dirname pwd uname tflint tfsec checkov trivy terraform-docs pre-commit actionlint shellcheck local declare return shift :'.split(
    ' ',
  ),
);
const installing =
  /^(ci|install|i|add|update|upgrade|config|fetch|checkout|clone|pull|push|commit|diff|log|status|rev-parse|tag|vet|fmt|test|mod|lint|build|version|download|audit|init|describe|show|lfs|submodule|remote)$/;
const withoutAws =
  /^(actions\/|hashicorp\/setup-|opentofu\/setup-|terraform-linters\/|docker\/setup-|docker\/metadata-action|aws-actions\/configure-aws-credentials|dorny\/|tj-actions\/|slackapi\/|marocchino\/|peter-evans\/|mshick\/|8398a7\/action-slack|rtcamp\/action-slack-notify|autero1\/|azure\/setup-|gruntwork-io\/setup-|ruby\/setup-ruby|astral-sh\/|pnpm\/action-setup|bridgecrewio\/|aquasecurity\/|snyk\/|codecov\/|github\/codeql-action|softprops\/|asdf-vm\/|clowdhaus\/terraform-min-max|step-security\/harden-runner|webfactory\/ssh-agent|crazy-max\/|haya14busa\/|reviewdog\/)/;
