/** Puts an assignment together from the ranges a dialect's reader found. */
import type { AssignmentForm, ShellAssignment, ShellRange, ShellStatement, ShellText } from './syntax.ts';

export interface FoundAssignment {
  readonly form: AssignmentForm;
  readonly name: ShellRange;
  /** `undefined` when no value is given. */
  readonly value: ShellText | undefined;
  readonly exported: boolean;
  readonly statement: ShellStatement;
  readonly inComment?: boolean;
  readonly inHeredoc?: boolean;
  readonly target?: string | undefined;
}

export function assignmentFrom(source: string, found: FoundAssignment): ShellAssignment {
  const { form, name, value, exported, statement, inComment = false, inHeredoc = false, target } = found;
  return {
    form,
    name: source.slice(name.start, name.end),
    nameStart: name.start,
    nameEnd: name.end,
    value: value?.value,
    valueStart: value?.start ?? name.end,
    valueEnd: value?.end ?? name.end,
    literal: value?.literal ?? false,
    references: value?.references ?? [],
    templates: value?.templates ?? [],
    exported,
    inComment,
    inHeredoc,
    target,
    statement,
  };
}
