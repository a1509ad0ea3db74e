/**
 * One text file of a repository, parsed on demand and at most once. audit, intent and migrate all read files
 * through this, so that they agree on what a file says.
 */
import { type HclBody, type HclFile, parseHcl } from '../formats/hcl/index.ts';
import { parseTerraformJson } from '../formats/hcl/json-body.ts';
import { type IniFile, parseIni } from '../formats/ini/index.ts';
import { type JsonFile, parseJson } from '../formats/json/index.ts';
import { LineIndex } from '../formats/line-index.ts';
import { parseYaml, type YamlFile } from '../formats/yaml/index.ts';
import type { Location } from '../kernel/diagnostic.ts';
import { type FileFormat, fileFormatOf } from './file-format.ts';

/** How the bytes became text. A `latin1` file is not valid UTF-8: it is searched, never edited. */
export type Encoding = 'utf-8' | 'latin1';

export class SourceFile {
  /** Relative to the root, `/` as separator. */
  readonly path: string;
  readonly text: string;
  readonly encoding: Encoding;
  readonly format: FileFormat;
  #lines: LineIndex | undefined;
  #hcl: HclFile | undefined;
  #terraformJson: { readonly body: HclBody } | undefined;
  #yaml: YamlFile | undefined;
  #ini: IniFile | undefined;
  #json: JsonFile | undefined;

  constructor(path: string, text: string, encoding: Encoding = 'utf-8') {
    this.path = path;
    this.text = text;
    this.encoding = encoding;
    this.format = fileFormatOf(path);
  }

  /** The folder it is in, relative to the root; `''` for the root itself. */
  get directory(): string {
    const slash = this.path.lastIndexOf('/');
    return slash === -1 ? '' : this.path.slice(0, slash);
  }

  get lines(): LineIndex {
    this.#lines ??= new LineIndex(this.text);
    return this.#lines;
  }

  locationOf(offset: number): Location {
    return { path: this.path, ...this.lines.position(offset) };
  }

  /** The file as HCL, whatever its name. */
  hcl(): HclFile {
    this.#hcl ??= parseHcl(this.text);
    return this.#hcl;
  }

  /** The Terraform body of a `.tf`, `.tf.json`, tfvars, backend or Terragrunt file; `undefined` for other formats. */
  terraformBody(): HclBody | undefined {
    switch (this.format) {
      case 'terraform':
      case 'terraform-test':
      case 'tfvars':
      case 'backend-config':
      case 'terragrunt':
      case 'tflint':
        return this.hcl().body;
      case 'terraform-json':
      case 'tfvars-json':
        this.#terraformJson ??= parseTerraformJson(this.text);
        return this.#terraformJson.body;
      default:
        return undefined;
    }
  }

  yaml(): YamlFile {
    this.#yaml ??= parseYaml(this.text);
    return this.#yaml;
  }

  ini(): IniFile {
    this.#ini ??= parseIni(this.text);
    return this.#ini;
  }

  json(): JsonFile {
    this.#json ??= parseJson(this.text);
    return this.#json;
  }
}
