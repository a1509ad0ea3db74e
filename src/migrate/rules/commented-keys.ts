/** commented-keys: keys in comments of configuration, on request only. */
import type { Edit } from '../../formats/edit.ts';
import type { HclComment } from '../../formats/hcl/index.ts';
import type { SourceFile } from '../../repository/index.ts';
import { defineRule, type MigrationRule, type Refusal } from '../rule.ts';
import { obstacleTo } from '../terraform/changes.ts';

export const commentedKeys: MigrationRule = defineRule({
  id: 'commented-keys',
  title: 'Keys leave comments',
  step: 'identity',
  why: 'A key that was commented out is as good as one that was not, until it is deleted in AWS.',
  does: 'With --include-comments: removes comment lines that set access_key, secret_key or token, and keys in the URL of a commented `s3::` source.',
  refuses: 'Comments that share their line with code, and files that cannot be edited.',
  plan(repository, { options }) {
    const refusals: Refusal[] = [];
    const edits = !options.includeComments
      ? []
      : repository.files.filter(hasComments).flatMap((file) => {
          const made = editsIn(file);
          const obstacle = made.length > 0 ? obstacleTo(file) : undefined;
          if (obstacle === undefined) return made.length > 0 ? [{ path: file.path, edits: made }] : [];
          const todo = 'Remove the key from the comment by hand.';
          refusals.push({ rule: 'commented-keys', ...file.locationOf(obstacle.start), reason: obstacle.reason, todo });
          return [];
        });
    return { edits, refusals, remarks: [] };
  },
});

function hasComments({ format }: SourceFile): boolean {
  return format === 'terraform' || format === 'tfvars' || format === 'backend-config' || format === 'terragrunt';
}

function editsIn(file: SourceFile): readonly Edit[] {
  return file.hcl().comments.flatMap((comment): readonly Edit[] => {
    const text = file.text.slice(comment.start, comment.end);
    if (comment.style !== '/*' && isKeyLine(text)) return wholeLine(file, comment);
    return [...text.matchAll(keyParameter)].map((match) => {
      const start = comment.start + match.index;
      const end = start + match[0].length;
      // The next parameter becomes the first.
      return match[0].startsWith('?') && file.text[end] === '&'
        ? { start, end: end + 1, text: '?' }
        : { start, end, text: '' };
    });
  });
}

/** With the separator in front, so that `?a=1&key=2` leaves `?a=1`. */
const keyParameter =
  /[?&]aws_access_(?:key_id|key_secret|token)=[^&\s"']*(?:&aws_access_(?:key_id|key_secret|token)=[^&\s"']*)*/g;

function isKeyLine(text: string): boolean {
  return /^(?:#|\/\/)[#/\s]*(?:aws_)?(?:access_key|access_key_id|secret_key|secret_access_key|token|session_token)\s*=\s*"[^"$]+"/.test(
    text,
  );
}

/** Nothing when code stands in front of the comment. */
function wholeLine(file: SourceFile, comment: HclComment): readonly Edit[] {
  const lineStart = file.text.lastIndexOf('\n', comment.start - 1) + 1;
  if (file.text.slice(lineStart, comment.start).trim() !== '') return [];
  const lineBreak = file.text.indexOf('\n', comment.start);
  return [{ start: lineStart, end: lineBreak === -1 ? file.text.length : lineBreak + 1, text: '' }];
}
