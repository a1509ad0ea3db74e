/**
 * What a detector is and what it may say. A detector looks at one file at a time, with the whole repository at hand
 * for references, and reports; linking keys to secrets across files is done once, for all of them, by `credentials`.
 */
import type { Location, Severity } from '../kernel/diagnostic.ts';
import type { Secret } from '../kernel/secret.ts';
import type { Repository, SourceFile } from '../repository/index.ts';
import type { AuthenticationClass, Credential, Method, UsedBy } from './inventory.ts';
import type { SuppressionMark } from './suppressions.ts';

/** A sample file that runs as a test and stands in the documentation. */
export interface Sample {
  /** Name of the file, which decides its format. */
  readonly path: string;
  readonly text: string;
  /** Further files the sample needs. */
  readonly beside?: readonly { readonly path: string; readonly text: string }[];
}

/** What every entry of the catalogue says about itself, whatever it looks at. */
export interface DetectorStory {
  /** kebab-case; also the rule id in reports and the name of the file. */
  readonly id: string;
  /** Fixed text a reader learns to recognise. */
  readonly title: string;
  readonly severity: Severity;
  readonly class: AuthenticationClass;
  /** Why it matters, in a sentence or two. */
  readonly why: string;
  /** What to do. */
  readonly fix: string;
  /** Id of the migration rule that does it. */
  readonly fixRule?: string;
  /** Where the fact comes from: an AWS page, an RFC, a Terraform source path. */
  readonly source?: string;
  readonly flagged: readonly Sample[];
  readonly clean: readonly Sample[];
}

/** Looks at one file at a time. */
export interface Detector extends DetectorStory {
  readonly scope?: 'file';
  detect(file: SourceFile, report: Report, repository: Repository): void;
}

/**
 * Looks at whole credentials, after the linker has joined their parts and places across files. It answers with the
 * finding or `undefined`; where it stands and its fingerprint follow from the credential.
 */
export interface CredentialDetector extends DetectorStory {
  readonly scope: 'credential';
  judge(credential: Credential): CredentialFindingDraft | undefined;
}

export interface CredentialFindingDraft {
  readonly detail: string;
  readonly severity?: Severity;
  readonly class?: AuthenticationClass;
  readonly fix?: string;
}

/** Looks at keyless's own suppressions: those that are malformed, or whose day is over. */
export interface SuppressionDetector extends DetectorStory {
  readonly scope: 'suppression';
  judge(suppression: SuppressionMark, now: Date): SuppressionFindingDraft | undefined;
}

export interface SuppressionFindingDraft {
  readonly detail: string;
  readonly identity: string;
}

/** One entry of the catalogue. */
export type AnyDetector = Detector | CredentialDetector | SuppressionDetector;

export interface FindingDraft {
  /** UTF-16 offset in the file under inspection. */
  readonly at: number;
  readonly detail: string;
  /** What tells this finding from others of the rule in the file, stable over line moves; default: `detail`. */
  readonly identity?: string;
  /** Where it departs from the detector's own. */
  readonly severity?: Severity;
  readonly class?: AuthenticationClass;
  readonly fix?: string;
  readonly fixRule?: string;
  readonly usedBy?: UsedBy;
  readonly gated?: boolean;
}

/** A method by its offset in the file under inspection. */
export interface MethodDraft extends Omit<Method, keyof Location> {
  readonly at: number;
}

export type CredentialPart = 'keyId' | 'secret' | 'token';

/** Where a value comes from: it stands there, or it is another name's value. */
export type ValueSource =
  | { readonly kind: 'literal'; readonly value: Secret }
  | { readonly kind: 'name'; readonly name: ValueName };

/** A name that carries a value, made by the functions of `value-names.ts`: `tf:stacks/db#var.access_key`, `env:AWS_ACCESS_KEY_ID`. */
export type ValueName = string & { readonly brand?: 'value-name' };

/** A place that takes one part of a credential: `access_key` of a provider, `AWS_SECRET_ACCESS_KEY` of a step. */
export interface CredentialUse {
  readonly at: number;
  /** Parts with the same slot belong to one credential: path and block, for example. */
  readonly slot: string;
  readonly part: CredentialPart;
  readonly source: ValueSource;
  /**
   * It only hands a value on: listed with a credential that something else shows, and no evidence of one itself. The
   * declaration of `variable "secret_key"` is one, for other services have such names too.
   */
  readonly passive?: boolean;
}

/** A name gets a value: a variable's default, a tfvars line, an export, a module argument. */
export interface Definition {
  readonly at: number;
  readonly name: ValueName;
  readonly source: ValueSource;
}

export interface Report {
  finding(draft: FindingDraft): void;
  method(draft: MethodDraft): void;
  use(use: CredentialUse): void;
  define(definition: Definition): void;
}

/** Types a detector where it is written; nothing else. */
export function defineDetector(detector: Detector): Detector;
export function defineDetector(detector: CredentialDetector): CredentialDetector;
export function defineDetector(detector: SuppressionDetector): SuppressionDetector;
export function defineDetector(detector: AnyDetector): AnyDetector {
  return detector;
}
