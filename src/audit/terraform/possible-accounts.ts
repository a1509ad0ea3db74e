/**
 * The accounts that an id, a list of ids or a role's ARN can be in, over every workspace and every tfvars file. For
 * questions that must not miss an account; what holds in one workspace is asked elsewhere.
 */
import type { HclExpression } from '../../formats/hcl/syntax.ts';
import type { Placed, Repository } from '../../repository/index.ts';
import { moduleCode } from './module-code.ts';
import { possibleStrings } from './possible-strings.ts';

/** Account ids in order of their value. `directory`: the folder of the module whose names the expression uses. */
export function possibleAccounts(
  { file, node }: Placed<HclExpression>,
  repository: Repository,
  directory: string,
): readonly string[] {
  const module = moduleCode(repository, directory);
  const single = node.kind === 'tuple' ? node.elements : [node];
  const texts = single.flatMap((each) => possibleStrings(each, module, file.text)).map(({ text }) => text);
  return [...new Set(texts.flatMap((text) => accountIn(text) ?? []))].sort();
}

function accountIn(text: string): string | undefined {
  const id = /^(?:arn:aws[a-z-]*:iam::)?(\d{12})(?:$|:role\/)/.exec(text)?.[1];
  // Guards name the account of zeros, which nobody has, for a workspace that should have none.
  return id === '000000000000' ? undefined : id;
}
