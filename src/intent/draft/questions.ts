/** Asks a person for what a draft lacks. An empty answer leaves it missing; one that the format refuses is asked again. */
import { KeylessError } from '../../kernel/error.ts';
import type { Output, Prompt } from '../../ports/index.ts';
import type { Fact, IntentDraft } from './draft.ts';
import { renderDraft } from './render-draft.ts';

export async function askForMissing(
  draft: IntentDraft,
  { prompt, output }: { readonly prompt: Prompt; readonly output: Output },
): Promise<IntentDraft> {
  let current = draft;
  for (const question of questionsFor(draft)) {
    for (;;) {
      const answer = (await prompt.ask({ text: question.text })).trim();
      if (answer === '') break;
      const next = question.apply(current, { value: answer, because: 'your answer' });
      const refusal = refusalOf(next);
      if (refusal === undefined) {
        current = next;
        break;
      }
      output.note(refusal);
    }
  }
  return current;
}

interface Question {
  readonly text: string;
  readonly apply: (draft: IntentDraft, answer: Fact<string>) => IntentDraft;
}

function questionsFor(draft: IntentDraft): Question[] {
  const { identityCenter, organization, accounts, stacks, stateBackends, github } = draft;
  const names = accounts.map(({ name }) => name.value).join(', ');
  const questions: Question[] = [];
  if (identityCenter.startUrl === undefined) {
    questions.push({
      text: 'URL of the AWS access portal, such as https://acme.awsapps.com/start (empty: not known)',
      apply: (to, startUrl) => ({ ...to, identityCenter: { ...to.identityCenter, startUrl } }),
    });
  }
  if (identityCenter.region === undefined) {
    questions.push({
      text: 'Region of Identity Center (empty: not known)',
      apply: (to, region) => ({ ...to, identityCenter: { ...to.identityCenter, region } }),
    });
  }
  if (organization.id === undefined) {
    questions.push({
      text: 'Id of the AWS organisation, o-… (empty: not known)',
      apply: (to, id) => ({ ...to, organization: { ...to.organization, id } }),
    });
  }
  for (const [index, { path, workspaces, beyond = [] }] of stacks.entries()) {
    // One answer would hide the other accounts.
    if (beyond.length > 0) continue;
    for (const [workspace, account] of workspaces) {
      if (account !== undefined || names === '') continue;
      const which = workspaces.size === 1 && workspace === 'default' ? '' : ` in workspace ${workspace}`;
      questions.push({
        text: `Account of ${path || 'the root'}${which}: ${names} (empty: not known)`,
        apply: (to, answer) => ({
          ...to,
          stacks: to.stacks.map((stack, at) =>
            at === index ? { ...stack, workspaces: new Map([...stack.workspaces, [workspace, answer]]) } : stack,
          ),
        }),
      });
    }
  }
  for (const [index, { bucket, account, region }] of stateBackends.entries()) {
    const change = (key: 'account' | 'region') => (to: IntentDraft, answer: Fact<string>) => ({
      ...to,
      stateBackends: to.stateBackends.map((backend, at) => (at === index ? { ...backend, [key]: answer } : backend)),
    });
    if (account === undefined && names !== '') {
      questions.push({
        text: `Account of bucket ${bucket.value}: ${names} (empty: not known)`,
        apply: change('account'),
      });
    }
    if (region === undefined) {
      questions.push({ text: `Region of bucket ${bucket.value} (empty: not known)`, apply: change('region') });
    }
  }
  if (github !== undefined && github.repository === undefined) {
    questions.push({
      text: 'Name of the repository on GitHub, owner/name (empty: not known)',
      apply: (to, repository) => ({ ...to, github: { environments: new Map(), ...to.github, repository } }),
    });
  }
  for (const [environment, account] of github?.environments ?? []) {
    if (account !== undefined || names === '') continue;
    questions.push({
      text: `Account of GitHub environment ${environment}: ${names} (empty: not known)`,
      apply: (to, answer) => ({
        ...to,
        github: {
          repository: to.github?.repository,
          environments: new Map([...(to.github?.environments ?? []), [environment, answer]]),
        },
      }),
    });
  }
  return questions;
}

/** What keyless.yaml would say against the answer. */
function refusalOf(draft: IntentDraft): string | undefined {
  try {
    renderDraft(draft);
    return undefined;
  } catch (error) {
    if (!(error instanceof KeylessError) || error.code !== 'CONFIG_INVALID') throw error;
    const [problem] = error.details.problems as readonly { readonly found: string; readonly expected: string }[];
    return problem === undefined ? error.message : `${problem.found}: expected ${problem.expected}`;
  }
}
