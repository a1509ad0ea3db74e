/** `keyless explain`: a detector, a migration rule or an error code, from its catalogue. */
import { detectors } from '../../audit/index.ts';
import { KeylessError } from '../../kernel/error.ts';
import { type ErrorCode, ExitStatus, errorCodes } from '../../kernel/error-codes.ts';
import { nearest } from '../../kernel/nearest.ts';
import { migrationRules, stepOf } from '../../migrate/index.ts';
import type { CommandModule } from '../command.ts';
import { explainDetector, explainErrorCode, explainRule } from '../views/explain.ts';

interface Entry {
  readonly kind: 'detector' | 'rule' | 'error';
  readonly id: string;
  readonly title: string;
  readonly text: () => string;
}

export const explainCommand: CommandModule = {
  configure: (command) => {
    command.argument('[id]', 'of a detector, a migration rule or an error code; all are listed without it');
  },
  run: async (ports, args, options) => {
    const json = options.json === true;
    const id = args[0];
    if (id === undefined) {
      const list = entries.map(({ kind, id: name, title }) => ({ kind, id: name, title }));
      ports.output.write(json ? `${JSON.stringify({ schemaVersion: 1, entries: list }, null, 2)}\n` : listText());
      return ExitStatus.done;
    }
    const entry = entries.find((candidate) => candidate.id.toLowerCase() === id.toLowerCase());
    if (entry === undefined) throw unknownId(id);
    ports.output.write(
      json
        ? `${JSON.stringify({ schemaVersion: 1, kind: entry.kind, id: entry.id, title: entry.title, text: entry.text() }, null, 2)}\n`
        : `${entry.text().trimEnd()}\n`,
    );
    return ExitStatus.done;
  },
};

const entries: readonly Entry[] = [
  ...detectors.map((detector): Entry => {
    return { kind: 'detector', id: detector.id, title: detector.title, text: () => explainDetector(detector) };
  }),
  ...migrationRules.map((rule): Entry => {
    return { kind: 'rule', id: rule.id, title: rule.title, text: () => explainRule(rule, stepOf(rule.step).title) };
  }),
  ...(Object.keys(errorCodes) as ErrorCode[]).map((code): Entry => {
    return { kind: 'error', id: code, title: errorCodes[code].title, text: () => explainErrorCode(code) };
  }),
];

const headings = { detector: 'Detectors', rule: 'Migration rules', error: 'Error codes' } as const;

function listText(): string {
  const width = Math.max(...entries.map(({ id }) => id.length));
  return (['detector', 'rule', 'error'] as const)
    .map((kind) => {
      const lines = entries
        .filter((entry) => entry.kind === kind)
        .map(({ id, title }) => `  ${id.padEnd(width)}  ${title}`);
      return `${headings[kind]}\n${lines.join('\n')}\n`;
    })
    .join('\n');
}

function unknownId(id: string): KeylessError {
  const suggestion = nearest(
    id,
    entries.map((entry) => entry.id),
  );
  return new KeylessError({
    code: 'UNKNOWN_ID',
    message: `nothing is called '${id}'${suggestion === undefined ? '' : ` (did you mean '${suggestion}'?)`}`,
    hint: suggestion === undefined ? 'keyless explain' : `keyless explain ${suggestion}`,
  });
}
