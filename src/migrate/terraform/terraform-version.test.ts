import { describe, expect, it } from 'vitest';
import { Repository, rootModules, SourceFile, type TerraformModule } from '../../repository/index.ts';
import { placeOlderThan, terraformVersions } from './terraform-version.ts';

describe('terraformVersions', () => {
  it('takes the nearest version file and every constraint of the module', () => {
    const { repository, module } = world({
      'app/main.tf':
        'terraform {\n  required_version = ">= 1.6"\n}\nterraform {\n  backend "s3" {}\n  required_version = "< 2.0"\n}\n',
      'app/.terraform-version': '1.9.8\n',
      '.terraform-version': '1.11.4\n',
      '.tool-versions': 'nodejs 24.0.0\nterraform 1.11.0\n',
    });
    const { required, pinned } = terraformVersions(repository, module);
    expect(required?.text).toBe('>= 1.6, < 2.0');
    expect(pinned.map(({ text, location }) => `${location.path}:${location.line} ${text}`)).toEqual([
      'app/.terraform-version:1 1.9.8',
      '.tool-versions:2 1.11.0',
    ]);
  });

  it('counts a workflow that names this folder or none, not one about others', () => {
    const install = (version: string, run: string) =>
      `jobs:\n  x:\n    steps:\n      - with: { terraform_version: ${version} }\n      - run: ${run}\n`;
    const { repository, module } = world({
      'app/main.tf': 'terraform {\n  backend "s3" {}\n}\n',
      'dns/main.tf': 'terraform {\n  backend "s3" {}\n}\n',
      '.github/workflows/app.yml': install('1.10.0', 'make plan STACK=app'),
      '.github/workflows/dns.yml': install('1.5.7', 'make plan STACK=dns'),
      '.github/workflows/any.yml': install('1.11.4', 'make plan'),
    });
    const versions = terraformVersions(repository, module);
    expect(versions.pinned.map(({ text }) => text).sort()).toEqual(['1.10.0', '1.11.4']);
    expect(placeOlderThan(versions, [1, 10, 1])?.location.path).toBe('.github/workflows/app.yml');
  });
});

function world(files: Readonly<Record<string, string>>): { repository: Repository; module: TerraformModule } {
  const repository = new Repository(
    Object.entries(files)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, text]) => new SourceFile(path, text)),
  );
  const module = rootModules(repository).find(({ directory }) => directory === 'app');
  if (module === undefined) throw new RangeError('no module app');
  return { repository, module };
}
