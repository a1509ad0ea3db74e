/**
 * One text file of a repository, parsed on demand and at most once. audit, intent and migrate all read files
 * through this, so that they agree on what a file says.
 */
import { type HclBody, type HclFile, parseHcl } from '../formats/hcl/index.ts';
import { parseTerraformJson, type TerraformJson } from '../formats/hcl/json-body.ts';
import { type IniFile, parseIni } from '../formats/ini/index.ts';
import { type JsonFile, parseJson } from '../formats/json/index.ts';
import { LineIndex } from '../formats/line-index.ts';
import { parseYaml, type YamlFile } from '../formats/yaml/index.ts';
import type { Location } from '../kernel/diagnostic.ts';
import { type FileFormat, fileFormatOf } from './file-format.ts';

/** How the bytes became text. Only UTF-8 files are edited; `latin1` stands for bytes that are not valid UTF-8. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1';

export interface ParseProblem {
  /** UTF-16 offset. */
  readonly start: number;
  readonly message: string;
}

export class SourceFile {
  /** Relative to the root, `/` as separator. */
  readonly path: string;
  readonly text: string;
  readonly encoding: Encoding;
  readonly format: FileFormat;
  /** Where this text begins in the file, for a part of a file that is not held whole; counts from 1. */
  readonly firstLine: number;
  #lines: LineIndex | undefined;
  #hcl: HclFile | undefined;
  #terraformJson: TerraformJson | undefined;
  #yaml: YamlFile | undefined;
  #ini: IniFile | undefined;
  #json: JsonFile | undefined;

  constructor(path: string, text: string, encoding: Encoding = 'utf-8', firstLine: number = 1) {
    this.path = path;
    this.text = text;
    this.encoding = encoding;
    this.firstLine = firstLine;
    this.format = fileFormatOf(path);
  }

  /** The folder it is in, relative to the root; `''` for the root itself. */
  get directory(): string {
    return this.path.slice(0, Math.max(0, this.path.lastIndexOf('/')));
  }

  get lines(): LineIndex {
    this.#lines ??= new LineIndex(this.text);
    return this.#lines;
  }

  locationOf(offset: number): Location {
    const { line, column } = this.lines.position(offset);
    return { path: this.path, line: line + this.firstLine - 1, column };
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

  /**
   * The first place where one of the parsers that were asked so far could not go on. A file that nobody needed to
   * understand has none, whatever is in it.
   */
  get problem(): ParseProblem | undefined {
    const problems = [this.#hcl, this.#terraformJson, this.#yaml, this.#ini, this.#json].flatMap(
      (parsed) => parsed?.problems ?? [],
    );
    return problems.reduce<ParseProblem | undefined>(
      (first, problem) => (first === undefined || problem.start < first.start ? problem : first),
      undefined,
    );
  }
}
