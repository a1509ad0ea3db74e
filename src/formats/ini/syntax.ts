/**
 * What an INI file of the AWS tools holds, with the UTF-16 ranges it stands at, because edits are splices of those
 * ranges; nothing is ever printed from here.
 */

export interface IniRange {
  /** First UTF-16 offset. */
  readonly start: number;
  /** Offset after the last one. */
  readonly end: number;
}

export interface IniProblem extends IniRange {
  readonly message: string;
}

export interface IniFile {
  readonly source: string;
  /** Every line, in order: their texts put together are the source. */
  readonly lines: readonly IniLine[];
  readonly sections: readonly IniSection[];
  /** Properties above the first section: botocore rejects the file, the Go SDK ignores them. */
  readonly globals: readonly IniProperty[];
  readonly problems: readonly IniProblem[];
}

export type IniLineKind = 'blank' | 'comment' | 'section' | 'property' | 'sub-property' | 'continuation' | 'broken';

/** `end` excludes the end of line, `next` includes it. */
export interface IniLine extends IniRange {
  readonly kind: IniLineKind;
  readonly next: number;
}

/** `[profile dev]` and what follows it, up to the last line before the next section's own comments. */
export interface IniSection {
  /** Between the brackets, trimmed, quotes kept: `profile "my dev"`. */
  readonly name: string;
  /** The name split as a shell would, quotes resolved: `['profile', 'my dev']`. */
  readonly words: readonly string[];
  /** From `[` to `]`. */
  readonly header: IniRange;
  /** Start of the comment lines that belong to the section, else of its header line. */
  readonly leadStart: number;
  /** After the end of line of the last property (or of the header). */
  readonly bodyEnd: number;
  /** Where the lines of the next section start (its comments included), or the end of the file. */
  readonly end: number;
  readonly properties: readonly IniProperty[];
}

export interface IniProperty extends IniRange {
  /** As written. */
  readonly key: string;
  /** In lower case, as botocore and the Go SDK compare it. */
  readonly name: string;
  readonly keyRange: IniRange;
  /** Offset of `=` or `:`. */
  readonly separator: number;
  /**
   * The value without inline comment and, as the Go SDK reads it, without quotes around it (botocore keeps both).
   * Continuation lines are joined by a newline. Empty for a property with `children`.
   */
  readonly value: string;
  /** The value as written, quotes included, comment excluded. */
  readonly valueRange: IniRange;
  /** ` # …` or ` ; …` behind the value. */
  readonly comment: IniRange | undefined;
  /** The indented `key = value` lines below a property without a value, such as `s3 =`. */
  readonly children: readonly IniProperty[];
  /** All its lines, continuation lines and children included, ends of line too. */
  readonly lines: IniRange;
}
