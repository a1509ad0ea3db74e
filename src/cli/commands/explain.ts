/** `keyless explain`: a detector, a migration rule, a drill or an error code, from its catalogue. */
import { detectors } from '../../audit/index.ts';
import { KeylessError } from '../../kernel/error.ts';
import { type ErrorCode, ExitStatus, errorCodes } from '../../kernel/error-codes.ts';
import { nearest } from '../../kernel/nearest.ts';
import { migrationRules, stepOf } from '../../migrate/index.ts';
import type { CommandModule } from '../command.ts';
import { explainDetector, explainErrorCode, explainRule } from '../views/explain.ts';

interface Entry {
  readonly kind: 'detector' | 'rule' | 'drill' | 'error';
  readonly id: string;
  readonly title: string;
  readonly text: () => string;
}

export const explainCommand: CommandModule = {
  configure: (command) => {
    command.argument('[id]', 'of a detector, a migration rule, a drill or an error code; all are listed without it');
  },
  run: async (ports, args, options) => {
    const json = options.json === true;
    const id = args[0];
    const entries = await allEntries();
    if (id === undefined) {
      const list = entries.map(({ kind, id: name, title }) => ({ kind, id: name, title }));
      ports.output.write(
        json ? `${JSON.stringify({ schemaVersion: 1, entries: list }, null, 2)}\n` : listText(entries),
      );
      return ExitStatus.done;
    }
    const entry = entries.find((candidate) => candidate.id.toLowerCase() === id.toLowerCase());
    if (entry === undefined) throw unknownId(id, entries);
    ports.output.write(
      json
        ? `${JSON.stringify({ schemaVersion: 1, kind: entry.kind, id: entry.id, title: entry.title, text: entry.text() }, null, 2)}\n`
        : `${entry.text().trimEnd()}\n`,
    );
    return ExitStatus.done;
  },
};

/** Drills bring the embedded AWS along, so they are loaded for this command only. */
async function allEntries(): Promise<readonly Entry[]> {
  const [{ drills }, { explainDrill }] = await Promise.all([
    import('../../drills/index.ts'),
    import('../views/drill.ts'),
  ]);
  return [
    ...lightEntries,
    ...drills.map((drill): Entry => {
      return { kind: 'drill', id: drill.id, title: drill.title, text: () => explainDrill(drill) };
    }),
  ];
}

const lightEntries: readonly Entry[] = [
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

const headings = { detector: 'Detectors', rule: 'Migration rules', drill: 'Drills', error: 'Error codes' } as const;

function listText(entries: readonly Entry[]): string {
  const width = Math.max(...entries.map(({ id }) => id.length));
  return (['detector', 'rule', 'drill', 'error'] as const)
    .map((kind) => {
      const lines = entries
        .filter((entry) => entry.kind === kind)
        .map(({ id, title }) => `  ${id.padEnd(width)}  ${title}`);
      return `${headings[kind]}\n${lines.join('\n')}\n`;
    })
    .join('\n');
}

function unknownId(id: string, entries: readonly Entry[]): KeylessError {
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
