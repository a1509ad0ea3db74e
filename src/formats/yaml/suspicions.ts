/**
 * Texts that YAML accepts but nobody meant: braces of a template engine read as maps, and a file whose lines all lost
 * their indentation. Both were seen in public repositories; editing either by its YAML meaning would do harm.
 */
import type { YamlMap, YamlNode, YamlProblem } from './syntax.ts';
import { walkNodes } from './walk.ts';

/** `{{ name }}` of Jinja, Helm and cookiecutter is a map whose only key is a map. */
export function templateBraces(root: YamlNode, source: string): YamlProblem[] {
  const problems: YamlProblem[] = [];
  for (const node of walkNodes(root)) {
    if (node.kind !== 'map' || !source.startsWith('{{', node.start)) continue;
    const message = 'braces of a template: the file has to be rendered before it is YAML';
    problems.push({ kind: 'template', message, start: node.start, end: node.end });
  }
  return problems;
}

/**
 * Every line starts in the first column, although the keys without a value and a list of maps (or a key given twice)
 * show that levels were meant. A flat file of settings has no list of maps, so it is none of these.
 */
export function lostIndentation(root: YamlNode, source: string): YamlProblem[] {
  if (root.kind !== 'map' || root.style !== 'block') return [];
  const empty = root.entries.filter((entry) => entry.value.start === entry.value.end);
  if (empty.length < 2 || root.entries.some((entry) => isNested(entry.value, source))) return [];
  const names = root.entries.map((entry) => entry.name);
  const repeated = new Set(names).size < names.length;
  const listOfMaps = root.entries.some(
    ({ value }) => value.kind === 'sequence' && value.items.some((item) => item.value.kind === 'map'),
  );
  if (!repeated && !listOfMaps) return [];
  const message = 'the lines have lost their indentation: keys that should be nested stand at the top';
  return [{ kind: 'lost-indentation', message, start: root.start, end: root.end }];
}

/** True for a value that starts on a line of its own, behind spaces. */
function isNested(value: YamlNode, source: string): boolean {
  if (value.kind === 'sequence' && value.style === 'block') {
    return source[value.start - 1] === ' ' || value.items.some((item) => isLongMap(item.value));
  }
  return value.kind === 'map' && value.style === 'block';
}

/** A map of several entries under a dash can only be written with indentation. */
function isLongMap(value: YamlNode): value is YamlMap {
  return value.kind === 'map' && value.style === 'block' && value.entries.length > 1;
}
