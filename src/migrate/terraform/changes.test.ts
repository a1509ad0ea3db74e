import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../formats/edit.ts';
import { findBlocks } from '../../formats/hcl/index.ts';
import { Repository, SourceFile } from '../../repository/index.ts';
import { type Argument, argumentOf, groupOfBlock } from './argument-group.ts';
import { Changes } from './changes.ts';
import { expression } from './value.ts';

const source = 'provider "aws" {\n  region     = "eu-west-1"\n  access_key = "x"\n}\n';

describe('changes that belong together', () => {
  it('are made in all files or in none, and what was made before stays', () => {
    const good = new SourceFile('main.tf', source);
    const broken = new SourceFile('broken.tf', 'variable "x" {\n');
    const changes = new Changes('rule');
    const region = { file: good, start: 0 };

    expect(changes.attempt(region, (edit) => edit(good).renameArgument(argument(good, 'region'), 'area'))).toBe(true);
    const made = changes.attempt(region, (edit) => {
      edit(good).removeArgument(argument(good, 'access_key'));
      edit(broken).removeBlock(findBlocks(broken.hcl().body, 'variable')[0] as never);
    });

    expect(made).toBe(false);
    const { edits, refusals } = changes.plan();
    expect(edits.map(({ path }) => path)).toEqual(['main.tf']);
    expect(applyEdits(source, edits[0]?.edits ?? [])).toBe(
      'provider "aws" {\n  area       = "eu-west-1"\n  access_key = "x"\n}\n',
    );
    expect(refusals).toMatchObject([{ rule: 'rule', path: 'broken.tf', line: 1 }]);
  });

  it('become a refusal at their place when the editor rejects one', () => {
    const file = new SourceFile('main.tf', source);
    const changes = new Changes('rule');
    const at = { file, start: source.indexOf('access_key') };
    expect(changes.attempt(at, (edit) => edit(file).setValue(argument(file, 'access_key'), expression('1 +')))).toBe(
      false,
    );
    const { edits, refusals } = changes.plan();
    expect(edits).toEqual([]);
    expect(refusals).toMatchObject([{ path: 'main.tf', line: 3 }]);
  });
});

describe('files that cannot be edited', () => {
  it('are refused once, and only when they mention what the rule is about', () => {
    const repository = new Repository([
      new SourceFile('a.tf', '# gr\u00fc\u00dfe\nprovider "aws" { access_key = "x" }\n', 'latin1'),
      new SourceFile('b.tf', 'resource "x" {\n'),
      new SourceFile('c.md', 'access_key'),
    ]);
    const changes = new Changes('rule');
    changes.refuseUnreadable(repository, /access_key/);
    changes.refuseUnreadable(repository, /access_key/);
    expect(changes.plan().refusals.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      'a.tf: The file is latin1, not UTF-8, so it is left as it is.',
    ]);
  });
});

function argument(file: SourceFile, name: string): Argument {
  const [block] = findBlocks(file.hcl().body, 'provider');
  const found = block && argumentOf(groupOfBlock(file, block), name);
  if (found === undefined) throw new RangeError(`no argument ${name}`);
  return found;
}
