/** The body shared by the rules that federate workflows: each makes the edits of its own form, of units that can be done whole. */
import type { YamlEditor } from '../../formats/yaml/index.ts';
import type { Repository, SourceFile } from '../../repository/index.ts';
import type { Refusal, Remark, RuleContext, RulePlan } from '../rule.ts';
import { planFederation } from './federation.ts';
import type { Unit } from './unit.ts';
import { type Blocker, blockerOf, runWorks, type Work } from './work.ts';

export function planFederationRule(rule: string, repository: Repository, { intent }: RuleContext): RulePlan {
  const editors = new Map<SourceFile, YamlEditor>();
  const refusals = new Map<string, Refusal>();
  const remarks: Remark[] = [];
  const refuse = (blocker: Blocker): void => {
    const { reason, todo } = blocker;
    const refusal = { rule, ...blocker.file.locationOf(blocker.at), reason, todo };
    refusals.set(`${refusal.path}:${refusal.line}:${reason}`, refusal);
  };
  for (const unit of planFederation(repository, intent)) {
    const works = unit.works.filter((work) => work.rule === rule);
    if (unit.blockers.length > 0) {
      for (const blocker of blockersFor(rule, unit, works)) refuse(blocker);
      continue;
    }
    const failed = runWorks(works, editors);
    // What the trial of the unit allowed can't fail here, unless two units meet in one place.
    if (failed !== undefined) refuse(blockerOf(failed));
    for (const note of unit.notes.filter((each) => each.rule === rule)) {
      const { file, at, text, commands } = note;
      remarks.push({ rule, ...file.locationOf(at), text, ...(commands === undefined ? {} : { commands }) });
    }
  }
  return { edits: editsOf(editors), refusals: [...refusals.values()], remarks };
}

/** Workflows that speak of keys and are no sound YAML, so nothing in them is edited. */
export function unreadableWorkflows(rule: string, repository: Repository): readonly Refusal[] {
  return repository.files.flatMap((file) => {
    if (file.format !== 'yaml' || !/(^|\/)(\.github\/workflows\/[^/]+|action)\.ya?ml$/.test(file.path)) return [];
    if (!/aws-access-key-id|AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)/i.test(file.text)) return [];
    const broken = file.yaml().documents.some(({ editable }) => !editable);
    const [problem] = file.yaml().problems;
    if (!broken || problem === undefined) return [];
    return {
      rule,
      ...file.locationOf(problem.start),
      reason: `The workflow is no sound YAML (${problem.message}), so its keys are left as they are.`,
      todo: 'Mend the file, or edit the template it is made from; then run again.',
    };
  });
}

/** The splices that each editor has made of its file. */
export function editsOf(editors: ReadonlyMap<SourceFile, YamlEditor>): RulePlan['edits'] {
  return [...editors].flatMap(([{ path }, editor]) => {
    const { edits } = editor.finish();
    return edits.length === 0 ? [] : [{ path, edits }];
  });
}

/** Its own, or why its part of the unit waits for another rule's. */
function blockersFor(rule: string, unit: Unit, works: readonly Work[]): readonly Blocker[] {
  const own = unit.blockers.filter((blocker) => blocker.rule === rule);
  const [first] = works;
  const [blocker] = unit.blockers;
  if (own.length > 0 || first === undefined || blocker === undefined) return own;
  const { path, line } = blocker.file.locationOf(blocker.at);
  return [
    {
      rule,
      file: first.file,
      at: first.at,
      reason: `Half a move would mix the key with a session, and ${path}:${line} can't be moved (rule ${blocker.rule}).`,
      todo: `See to ${path}:${line} first; then run again.`,
    },
  ];
}
