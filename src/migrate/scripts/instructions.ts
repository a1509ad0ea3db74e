/** Pages that tell people to use a key. They are reported and never edited: what to say instead is the team's to write. */
import type { Location } from '../../kernel/diagnostic.ts';
import type { Repository } from '../../repository/index.ts';

/** The first such line of each page. */
export function instructionsWithKeys(repository: Repository): readonly Location[] {
  return repository.files.flatMap((file) => {
    if (!/\.(md|mdx|rst|adoc|txt)$/i.test(file.path)) return [];
    const match = instruction.exec(file.text);
    return match === null ? [] : [file.locationOf(match.index)];
  });
}

const instruction =
  /^.*(?:\baws_(?:secret_)?access_key(?:_id)?\s*=|export AWS_(?:SECRET_ACCESS_KEY|ACCESS_KEY_ID)\b|AWS_SECRET_ACCESS_KEY\s*[=:]|\baws configure\b(?! sso| set region| list| export-credentials)|aws_access_key_(?:id|secret)=).*$/m;
