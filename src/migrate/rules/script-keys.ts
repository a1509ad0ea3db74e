/** scripts: keys leave what people and machines run: shell set-up, scripts, Makefiles, images and Compose files. */
import { isShellSetup, isTemplate, pipelineKindOf, scriptDialect } from '../../audit/index.ts';
import type { ShellDialect } from '../../formats/shell/index.ts';
import { type Intent, profileName } from '../../intent/index.ts';
import type { Location } from '../../kernel/diagnostic.ts';
import type { Repository, SourceFile } from '../../repository/index.ts';
import { defineRule, type FileEdit, type MigrationRule, type Refusal, type Remark } from '../rule.ts';
import { composeKeys } from '../scripts/compose-keys.ts';
import { instructionsWithKeys } from '../scripts/instructions.ts';
import { demandedKeys } from '../scripts/key-demands.ts';
import { removeKeysFromScript, type ScriptObstacle } from '../scripts/remove-keys.ts';
import { scriptContext } from '../scripts/script-context.ts';
import { staticKeys } from '../scripts/static-keys.ts';
import { isTerraformImage } from '../scripts/terraform-image.ts';
import { pipelineThatRuns } from '../unedited-pipelines.ts';

export const scriptKeys: MigrationRule = defineRule({
  id: 'scripts',
  title: 'Scripts, shells and images stop carrying keys',
  step: 'identity',
  why: 'A key in the environment beats every profile and session, so people would go on as the shared user without noticing.',
  does: 'Removes exported keys, `aws configure set`, written credentials files, -var and -backend-config that carry keys, what made room for a key (`unset AWS_SESSION_TOKEN`), and keys of images and Compose services that run Terraform.',
  refuses:
    'Containers of applications (they need a role of their own), commands of other shapes, scripts that a pipeline which is not edited runs, names that only a program of its own reads, profiles that something still names, variables that Terraform code still takes, and scripts that insist on a key being set.',
  source: 'https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html',
  plan(repository, { intent }) {
    const edits: FileEdit[] = [];
    const refusals: Refusal[] = [];
    const remarks: Remark[] = [];
    for (const file of repository.files) {
      const result = planFile(repository, file);
      if (result === undefined) continue;
      for (const { index, reason, todo } of result.obstacles) {
        refusals.push({ rule: 'scripts', ...file.locationOf(index), reason, todo });
      }
      if (result.edits.length === 0) continue;
      edits.push({ path: file.path, edits: result.edits });
      if (remarks.length === 0) remarks.push(signInRemark(file, intent));
    }
    const telling = instructionsWithKeys(repository);
    const [first] = telling;
    if (first !== undefined) {
      const places = telling.map(({ path, line }) => `${path}:${line}`).join(', ');
      remarks.push({
        rule: 'scripts',
        ...first,
        text: `These instructions tell people to use a key: ${places}. Tell them to sign in instead.`,
      });
    }
    return { edits, refusals, remarks };
  },
});

interface Outcome {
  readonly edits: FileEdit['edits'];
  readonly obstacles: readonly ScriptObstacle[];
}

function planFile(repository: Repository, file: SourceFile): Outcome | undefined {
  if (pipelineKindOf(file, repository) === 'compose') return unlessEncoded(file, composeKeys(repository, file));
  const dialect = dialectOf(file);
  if (dialect === undefined || !/aws|access_?key|secret_?key/i.test(file.text)) return undefined;
  if (dialect === 'dockerfile' && !isTerraformImage(file.text)) return applicationImage(file);
  if (file.format === 'justfile' && staticKeys(file.text, dialect).length > 0) return byHand(file, dialect);
  const runner = pipelineThatRuns(repository, file.path);
  if (runner !== undefined) return keptForPipeline(file, dialect, runner);
  const { edits, obstacles, text } = removeKeysFromScript(file.text, dialect, scriptContext(repository));
  return unlessEncoded(file, { edits, obstacles: [...obstacles, ...demandedKeys(file.text, text)] });
}

function dialectOf(file: SourceFile): ShellDialect | undefined {
  if (file.format === 'dotenv') return isTemplate(file.path) ? undefined : 'dotenv';
  if (file.format === 'dockerfile') return 'dockerfile';
  return isShellSetup(file) ? 'shell' : scriptDialect(file);
}

/** Only UTF-8 is written back as it was read. */
function unlessEncoded(file: SourceFile, outcome: Outcome): Outcome {
  if (file.encoding === 'utf-8' || outcome.edits.length === 0) return outcome;
  const reason = `The file is ${file.encoding}, not UTF-8, so it is left as it is.`;
  return { edits: [], obstacles: [{ index: 0, reason, todo: 'Convert it to UTF-8, or make this change by hand.' }] };
}

function applicationImage(file: SourceFile): Outcome {
  const [key] = staticKeys(file.text, 'dockerfile');
  if (key === undefined) return { edits: [], obstacles: [] };
  return {
    edits: [],
    obstacles: [
      {
        index: key.index,
        reason: 'The image of an application is built with a key, and what runs it is not known here.',
        todo: 'Drop ARG and ENV of the key and give the task or pod a role; for a fetch at build time mount a secret (`RUN --mount=type=secret`).',
      },
    ],
  };
}

function keptForPipeline(file: SourceFile, dialect: ShellDialect, runner: Location): Outcome {
  const [key] = staticKeys(file.text, dialect);
  if (key === undefined) return { edits: [], obstacles: [] };
  return {
    edits: [],
    obstacles: [
      {
        index: key.index,
        reason: `${runner.path}:${runner.line} runs it in a pipeline that is not edited, whose job would be left without a key.`,
        todo: 'Let the job take a role first; then take the key out here by hand.',
      },
    ],
  };
}

function byHand(file: SourceFile, dialect: ShellDialect): Outcome {
  const index = staticKeys(file.text, dialect)[0]?.index ?? 0;
  return {
    edits: [],
    obstacles: [
      {
        index,
        reason: 'A justfile is read, not edited.',
        todo: 'Take the lines that set or hand on the key out by hand.',
      },
    ],
  };
}

function signInRemark(file: SourceFile, intent: Intent): Remark {
  const profiles = [...intent.accounts.keys()].map((account) => profileName(intent, account, 'plan'));
  return {
    rule: 'scripts',
    ...file.locationOf(0),
    text: 'People sign in as themselves and choose an account by profile; `keyless migrate --aws-config` writes the profiles. A key that a shell has exported stays until it is unset or the shell is closed.',
    commands: [
      `aws sso login --sso-session ${intent.identityCenter.session}`,
      ...(profiles[0] === undefined ? [] : [`export AWS_PROFILE=${profiles[0]}`]),
      'unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN',
    ],
  };
}
