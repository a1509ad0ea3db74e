/** `keyless audit`: the inventory of a repository, in the form asked for, and a gate by severity. */
import { basename, resolve } from 'node:path';
import { Option } from 'commander';
import { type Inventory, runAudit } from '../../audit/index.ts';
import { findIntent } from '../../intent/index.ts';
import { type Severity, severities, severityRank } from '../../kernel/diagnostic.ts';
import { KeylessError } from '../../kernel/error.ts';
import { ExitStatus } from '../../kernel/error-codes.ts';
import type { Ports } from '../../ports/index.ts';
import type { CommandModule } from '../command.ts';
import { pathArgument, resolveRoot, rootArgument } from '../root-argument.ts';
import { version } from '../version.ts';
import { renderAuditHtml } from '../views/audit-html.ts';
import { renderAuditJson } from '../views/audit-json.ts';
import { renderAuditSarif } from '../views/audit-sarif.ts';
import { type AuditTextOptions, renderAuditText } from '../views/audit-text.ts';

const formats = ['text', 'json', 'sarif', 'html'] as const;
type Format = (typeof formats)[number];

interface Options {
  readonly format: Format;
  readonly output?: string;
  readonly failOn: Severity | 'never';
  readonly home?: boolean;
  readonly env?: boolean;
  readonly verbose?: boolean;
  readonly honourForeignSuppressions?: boolean;
  readonly json?: boolean;
}

export const auditCommand: CommandModule = {
  configure: (command) => {
    command
      .argument(rootArgument.name, rootArgument.description)
      .addOption(new Option('--format <format>', 'how to show the result').choices(formats).default('text'))
      .option('--output <file>', 'write the result to a file, readable by its owner only')
      .addOption(
        new Option('--fail-on <severity>', 'exit 1 when a finding is at least this severe')
          .choices([...severities, 'never'])
          .default('low'),
      )
      .option('--home', 'also the AWS files of the home folder')
      .option('--env', 'also the environment of this process')
      .option('--verbose', 'also list every method and everything that was left out')
      .option('--honour-foreign-suppressions', 'let the inline marks of other scanners suppress findings too');
  },
  run: async (ports, args, given) => {
    const options = given as unknown as Options;
    const format = options.json === true ? 'json' : options.format;
    if (format === 'html' && options.output === undefined && ports.output.stdoutIsTerminal) {
      throw new KeylessError({
        code: 'USAGE',
        message: 'a page of HTML is not for a terminal; expected --output <file>',
        hint: 'keyless audit --format html --output audit.html',
      });
    }
    const root = await resolveRoot(ports, args[0]);
    const inventory = await runAudit(ports, {
      root,
      home: options.home === true,
      env: options.env === true,
      honourForeignSuppressions: options.honourForeignSuppressions === true,
    });
    const situation: Situation = {
      hasIntent: (await findIntent(ports.files, root)) !== undefined,
      pathArgument: pathArgument(args[0]),
    };
    await deliver(ports, render(inventory, format, options, ports, situation), options.output, inventory);
    return isReached(inventory, options.failOn) ? ExitStatus.findings : ExitStatus.done;
  },
};

type Situation = Pick<AuditTextOptions, 'hasIntent' | 'pathArgument'>;

function render(inventory: Inventory, format: Format, options: Options, ports: Ports, situation: Situation): string {
  switch (format) {
    case 'json':
      return renderAuditJson(inventory);
    case 'sarif':
      return renderAuditSarif(inventory);
    case 'html': {
      const date = ports.clock.now().toISOString().slice(0, 10);
      return renderAuditHtml(inventory, { name: basename(inventory.root), date, version });
    }
    case 'text': {
      // A file gets no colour, and the same width everywhere.
      const { color, columns } = options.output === undefined ? ports.output : { color: false, columns: 100 };
      const verbose = options.verbose === true;
      return renderAuditText(inventory, { color, columns, verbose, ...situation });
    }
  }
}

async function deliver(ports: Ports, text: string, output: string | undefined, { summary }: Inventory): Promise<void> {
  if (output === undefined) {
    ports.output.write(text);
    return;
  }
  const path = resolve(ports.cwd, output);
  await ports.files.writeAtomic(path, text, { mode: 0o600 });
  const count = Object.values(summary.findings).reduce((sum, findings) => sum + findings, 0);
  ports.output.note(`${count} findings; written to ${path}`);
}

function isReached({ findings }: Inventory, failOn: Severity | 'never'): boolean {
  return failOn !== 'never' && findings.some(({ severity }) => severityRank(severity) <= severityRank(failOn));
}
