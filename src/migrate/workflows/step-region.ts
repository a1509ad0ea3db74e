/** The region a new configure step names: that of the environment the key stood in, else what the scripts or the code say. */
import { asText, type GithubStep } from '../../audit/index.ts';
import type { Repository } from '../../repository/index.ts';
import type { StepList } from './step-edits.ts';

/** An expression or a literal, for a step in front of `first`; `undefined` when nothing near tells. */
export function findRegion({ repository, source, job, steps }: StepList, first: GithubStep): string | undefined {
  const workflow = source.kind === 'workflow' ? source : undefined;
  const around = [...(job?.env ?? []), ...(workflow?.env ?? [])].find(({ name }) => regionName.test(name));
  if (around !== undefined) return `\${{ env.${around.name} }}`;
  const inSteps = [...first.env, ...steps.flatMap(({ env }) => env)].find(({ name }) => regionName.test(name));
  const text = asText(inSteps?.value)?.text;
  if (text !== undefined) return text;
  if (source.kind === 'action') {
    const input = source.inputs.find(({ name }) => /^(aws[-_])?(default[-_])?region$/i.test(name));
    if (input !== undefined) return `\${{ inputs.${input.name} }}`;
  }
  return regionOfScripts(steps) ?? regionOfCode(repository);
}

const regionName = /^AWS_(DEFAULT_)?REGION$/;

function regionOfScripts(steps: readonly GithubStep[]): string | undefined {
  const scripts = steps.map(({ run }) => run?.text ?? '').join('\n');
  return writtenRegion.exec(scripts)?.[1];
}

/** The region of the providers, where all of them say the same. */
function regionOfCode(repository: Repository): string | undefined {
  const regions = new Set(
    repository.files.flatMap((file) =>
      file.format === 'terraform'
        ? [...file.text.matchAll(/^\s*region\s*=\s*"([a-z]{2}(?:-[a-z]+)+-\d)"/gm)].map((match) => match[1] as string)
        : [],
    ),
  );
  const [region] = regions;
  return regions.size === 1 ? region : undefined;
}

const writtenRegion =
  /(?:aws configure set (?:default\.)?region |AWS_(?:DEFAULT_)?REGION=|--region[= ])["']?([a-z]{2}(?:-[a-z]+)+-\d)\b/;
