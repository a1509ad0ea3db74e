/**
 * The values an expression can take where they stand in the workflow itself: the strategy's matrix and literal `env`.
 * https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations
 */
import { environmentOf, type GithubJob, type GithubStep, type GithubWorkflow } from './github-workflow.ts';
import { asList, asText, entriesOf, findPart } from './yaml-reading.ts';

export type MatrixCombination = Readonly<Record<string, string>>;

/** Combinations of the matrix, `exclude` and `include` applied; one empty combination for a job without matrix. */
export function matrixCombinations(job: GithubJob): MatrixCombination[] {
  const axes = (job.matrix?.entries ?? []).filter(({ name }) => name !== 'include' && name !== 'exclude');
  let combinations: Record<string, string>[] = [{}];
  for (const { name, value } of axes) {
    const values = asList(value).flatMap((part) => asText(part)?.text ?? []);
    if (values.length === 0 || combinations.length * values.length > maximumCombinations) continue;
    combinations = combinations.flatMap((combination) => values.map((text) => ({ ...combination, [name]: text })));
  }
  const excluded = tablesOf(job, 'exclude');
  combinations = combinations.filter((combination) => !excluded.some((table) => agrees(combination, table)));
  const axisNames = new Set(axes.map(({ name }) => name));
  for (const table of tablesOf(job, 'include')) {
    const keys = Object.fromEntries(Object.entries(table).filter(([name]) => axisNames.has(name)));
    const matching = axes.length === 0 ? [] : combinations.filter((combination) => agrees(combination, keys));
    if (matching.length === 0) combinations.push(table);
    else for (const combination of matching) Object.assign(combination, { ...table, ...combination });
  }
  return axes.length === 0 && combinations.length > 1 ? combinations.slice(1) : combinations;
}

/**
 * Every text an expression template can become, by the matrix and by literal `env` of the step, its job and the workflow.
 * `undefined` stands for a combination with a part that the file does not tell.
 */
export function expandTemplate(
  template: string,
  workflow: GithubWorkflow | undefined,
  job: GithubJob | undefined,
  step: GithubStep | undefined,
): (string | undefined)[] {
  if (!template.includes('${{')) return [template];
  const combinations = job === undefined ? [{}] : matrixCombinations(job);
  const environment =
    step === undefined ? [...(job?.env ?? []), ...(workflow?.env ?? [])] : environmentOf(workflow, job, step);
  const texts = combinations.map((combination) =>
    fill(template, combination, (name) => {
      const text = asText(environment.find((entry) => entry.name === name)?.value)?.text;
      return text === undefined ? undefined : fill(text, combination, () => undefined);
    }),
  );
  return [...new Set(texts)];
}

function fill(
  template: string,
  combination: MatrixCombination,
  environment: (name: string) => string | undefined,
): string | undefined {
  let unknown = false;
  const text = template.replace(/\$\{\{\s*([\s\S]*?)\s*\}\}/g, (_, expression: string) => {
    const matrix = /^matrix\.([\w-]+)$/.exec(expression)?.[1];
    const env = /^env\.([\w-]+)$/.exec(expression)?.[1];
    const value = matrix !== undefined ? combination[matrix] : env !== undefined ? environment(env) : undefined;
    unknown ||= value === undefined;
    return value ?? '';
  });
  return unknown ? undefined : text;
}

function tablesOf(job: GithubJob, name: 'include' | 'exclude'): Record<string, string>[] {
  return asList(findPart(job.matrix, name)).map((part) =>
    Object.fromEntries(
      entriesOf(part).flatMap((entry) => {
        const text = asText(entry.value)?.text;
        return text === undefined ? [] : [[entry.name, text]];
      }),
    ),
  );
}

function agrees(combination: MatrixCombination, table: MatrixCombination): boolean {
  return Object.entries(table).every(([name, value]) => combination[name] === value);
}

const maximumCombinations = 256;
