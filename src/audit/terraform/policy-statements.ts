/**
 * The statements of an IAM policy, however Terraform code writes it: `jsonencode`, JSON in a heredoc or file, and
 * `aws_iam_policy_document`. What is computed stands in the values as written; nothing is judged here.
 */
import type { HclExpression } from '../../formats/hcl/syntax.ts';
import { relativeFolder, type SourceFile } from '../../repository/index.ts';
import type { ConfigurationBlock } from './configuration-block.ts';
import { plainString, unwrap } from './expression.ts';
import type { ModuleCode } from './module-code.ts';
import { possibleStrings, possibleTexts } from './possible-strings.ts';
import { referredResource } from './resources.ts';
import { type Settings, settingsWithin } from './settings.ts';

export interface PolicyValue {
  readonly text: string;
  readonly file: SourceFile;
  readonly at: number;
}

export interface PolicyCondition {
  readonly operator: string;
  /** `token.actions.githubusercontent.com:sub`. */
  readonly key: string;
  readonly values: readonly PolicyValue[];
  readonly at: number;
}

export interface PolicyStatement {
  readonly file: SourceFile;
  readonly at: number;
  readonly allows: boolean;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** By kind: `AWS`, `Federated`, `Service`, `*`. */
  readonly principals: ReadonlyMap<string, readonly PolicyValue[]>;
  readonly conditions: readonly PolicyCondition[];
}

/** Where an expression stands, for offsets and names. */
export interface PolicyContext {
  readonly file: SourceFile;
  readonly module: ModuleCode;
}

/** The statements an expression amounts to; empty when it is not written in the tree. */
export function policyStatements(expression: HclExpression, context: PolicyContext): readonly PolicyStatement[] {
  const inner = unwrap(expression);
  const { file, module } = context;
  switch (inner.kind) {
    case 'heredoc':
    case 'template':
      return jsonTextStatements(interpolated(inner, context), inner.start, inner.end, file);
    case 'conditional':
      return [...policyStatements(inner.whenTrue, context), ...policyStatements(inner.whenFalse, context)];
    case 'call': {
      const [first] = inner.arguments;
      if (first === undefined) return [];
      if (inner.name === 'jsonencode') return settingsWithin(first).flatMap((policy) => encoded(policy, context));
      if (inner.name === 'file' || inner.name === 'templatefile') return fromFile(first, inner.start, context);
      return [];
    }
    case 'traversal': {
      const name = inner.steps[0]?.kind === 'attribute' ? inner.steps[0].name : undefined;
      if (inner.root === 'local' && name !== undefined && inner.steps.length === 1) {
        return (module.locals.get(name) ?? []).flatMap((value) =>
          value.node === inner ? [] : policyStatements(value.node, { file: value.file, module }),
        );
      }
      const document = referredResource(inner, 'aws_iam_policy_document', module);
      return document === undefined ? [] : documentStatements(document, module);
    }
    default:
      return [];
  }
}

function documentStatements(document: ConfigurationBlock, module: ModuleCode): readonly PolicyStatement[] {
  const context = { file: document.file, module };
  return document.settings.nested('statement').map((statement) => ({
    file: document.file,
    at: statement.start,
    allows: textOf(statement, 'effect') !== 'Deny',
    actions: textsOf(statement, 'actions', context),
    resources: textsOf(statement, 'resources', context),
    principals: new Map(
      statement.nested('principals').map((principal) => {
        const identifiers = principal.get('identifiers')?.value;
        return [
          textOf(principal, 'type') ?? 'AWS',
          identifiers === undefined ? [] : valuesOf(identifiers, context),
        ] as const;
      }),
    ),
    conditions: statement.nested('condition').map((condition) => {
      const key = condition.get('variable')?.value;
      const values = condition.get('values')?.value;
      return {
        operator: textOf(condition, 'test') ?? '',
        key: key === undefined ? '' : (possibleTexts(key, module, document.file.text)[0] ?? ''),
        values: values === undefined ? [] : valuesOf(values, context),
        at: condition.start,
      };
    }),
  }));
}

function encoded(policy: Settings, context: PolicyContext): readonly PolicyStatement[] {
  return policy.nested('Statement').map((statement) => ({
    file: context.file,
    at: statement.start,
    allows: textOf(statement, 'Effect') !== 'Deny',
    actions: textsOf(statement, 'Action', context),
    resources: textsOf(statement, 'Resource', context),
    principals: encodedPrincipals(statement, context),
    conditions: statement.nested('Condition').flatMap((condition) =>
      condition.all().flatMap((test) => {
        const object = test.value.kind === 'object' ? test.value : undefined;
        return (object?.items ?? []).map((item) => ({
          operator: test.name,
          key: item.name ?? possibleTexts(item.key, context.module, context.file.text)[0] ?? '',
          values: valuesOf(item.value, context),
          at: item.start,
        }));
      }),
    ),
  }));
}

function encodedPrincipals(statement: Settings, context: PolicyContext): ReadonlyMap<string, readonly PolicyValue[]> {
  const principal = statement.get('Principal');
  if (principal === undefined) return new Map();
  const kinds = statement.nested('Principal').flatMap((group) => group.all());
  if (kinds.length === 0) return new Map([['*', valuesOf(principal.value, context)]]);
  return new Map(kinds.map((kind) => [kind.name, valuesOf(kind.value, context)]));
}

function textsOf(settings: Settings, name: string, context: PolicyContext): readonly string[] {
  const value = settings.get(name)?.value;
  return value === undefined ? [] : valuesOf(value, context).map(({ text }) => text);
}

function textOf(settings: Settings, name: string): string | undefined {
  const value = settings.get(name)?.value;
  return value === undefined ? undefined : plainString(value);
}

/** The strings of a list or of a single value, each with its place. */
function valuesOf(expression: HclExpression, context: PolicyContext): readonly PolicyValue[] {
  switch (expression.kind) {
    case 'tuple':
      return expression.elements.flatMap((element) => valuesOf(element, context));
    case 'parentheses':
      return valuesOf(expression.inner, context);
    case 'for':
      return repeated(expression, context);
    case 'conditional':
      return [...valuesOf(expression.whenTrue, context), ...valuesOf(expression.whenFalse, context)];
    case 'call':
      if (['concat', 'compact', 'distinct', 'flatten', 'toset', 'tolist', 'sort'].includes(expression.name)) {
        return expression.arguments.flatMap((each) => valuesOf(each, context));
      }
      break;
    case 'traversal': {
      const lists = namedLists(expression, context);
      if (lists.length > 0) {
        return lists.map(({ text }) => ({ text, file: context.file, at: expression.start }));
      }
      break;
    }
    default:
      break;
  }
  return possibleTexts(expression, context.module, context.file.text).map((text) => ({
    text,
    file: context.file,
    at: expression.start,
  }));
}

/** `[for id in local.ids : "arn:aws:iam::${id}:root"]` with each id that is known. */
function repeated(expression: HclExpression & { kind: 'for' }, context: PolicyContext): readonly PolicyValue[] {
  const mark = `\${${expression.names.at(-1)}}`;
  const elements = valuesOf(expression.collection, context).filter(({ text }) => !/[${}]/.test(text));
  return valuesOf(expression.value, context).flatMap((value) =>
    value.text.includes(mark) && elements.length > 0
      ? elements.map(({ text }) => ({ ...value, text: value.text.replaceAll(mark, () => text) }))
      : [value],
  );
}

/** The elements when a name stands for a whole list: `local.trusted_arns`. */
function namedLists(expression: HclExpression & { kind: 'traversal' }, context: PolicyContext): readonly PolicyValue[] {
  const [step, ...more] = expression.steps;
  if (step?.kind !== 'attribute' || more.length > 0) return [];
  const { module } = context;
  const values = expression.root === 'local' ? module.locals : expression.root === 'var' ? module.variables : undefined;
  return (values?.get(step.name) ?? [])
    .filter((value) => ['tuple', 'for'].includes(value.node.kind) && value.directory === module.directory)
    .flatMap((value) => valuesOf(value.node, { file: value.file, module }));
}

/** Policy JSON with its interpolations put in as strings. */
function interpolated(
  expression: Extract<HclExpression, { kind: 'heredoc' | 'template' }>,
  { module, file }: PolicyContext,
): string {
  return expression.parts
    .map((part) => {
      if (part.kind === 'text') return part.value;
      if (part.kind === 'directive') return '';
      const value =
        possibleStrings(part.expression, module, file.text)[0]?.text ?? file.text.slice(part.start, part.end);
      // `${jsonencode(var.arns)}` stands where a whole JSON value goes, not inside a string.
      return part.expression.kind === 'call' && part.expression.name === 'jsonencode'
        ? '"computed"'
        : JSON.stringify(value).slice(1, -1);
    })
    .join('');
}

function fromFile(path: HclExpression, at: number, { file, module }: PolicyContext): readonly PolicyStatement[] {
  const written = possibleTexts(path, module, file.text)[0] ?? '';
  const relative = written.replace(/^\$\{path\.(module|root)\}\/?/, '').replace(/^(?!\.{1,2}\/)/, './');
  const found = relativeFolder(file.directory, relative);
  const policy = found === undefined ? undefined : module.repository.file(found);
  // The finding belongs to the file under inspection: the place is the call, not the JSON.
  return policy === undefined ? [] : jsonTextStatements(policy.text, at, at, file);
}

function jsonTextStatements(text: string, start: number, end: number, file: SourceFile): readonly PolicyStatement[] {
  const policy = parsed(text);
  if (!isRecord(policy)) return [];
  const find = (value: string): number => {
    const at = file.text.indexOf(value, start);
    return at === -1 || at >= end ? start : at;
  };
  const values = (value: unknown): readonly PolicyValue[] =>
    strings(value).map((each) => ({ text: each, file, at: find(each) }));
  return list(policy.Statement)
    .filter(isRecord)
    .map((statement) => ({
      file,
      at: start,
      allows: statement.Effect !== 'Deny',
      actions: strings(statement.Action),
      resources: strings(statement.Resource),
      principals: isRecord(statement.Principal)
        ? new Map(Object.entries(statement.Principal).map(([kind, value]) => [kind, values(value)]))
        : new Map([['*', values(statement.Principal)]]),
      conditions: Object.entries(isRecord(statement.Condition) ? statement.Condition : {}).flatMap(([operator, test]) =>
        Object.entries(isRecord(test) ? test : {}).map(([key, value]) => ({
          operator,
          key,
          values: values(value),
          at: find(key),
        })),
      ),
    }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON once its interpolations are unknown: there is nothing to read.
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function strings(value: unknown): readonly string[] {
  return list(value).filter((each) => typeof each === 'string');
}
