/** The command line itself: what each word gets, whatever command it belongs to. */
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { makeWorld } from '../../test/support/make-world.ts';
import { type KeylessRun, runKeyless } from '../../test/support/run-keyless.ts';
import { commands } from './commands.ts';

async function keyless(...args: string[]): Promise<KeylessRun> {
  return await runKeyless(makeWorld(), args);
}

describe('without a command', () => {
  it('help is shown: as an answer when asked for, as a mistake when not', async () => {
    const asked = await keyless('--help');
    expect(asked).toMatchObject({ status: 0, stderr: '' });
    for (const { name, summary } of commands)
      expect(asked.stdout).toMatch(new RegExp(`^ {2}${name} +${summary}$`, 'm'));
    expect(await keyless('-h')).toEqual(asked);
    expect(await keyless('help')).toEqual(asked);
    expect(await keyless()).toEqual({ ...asked, status: 2 });
  });

  it('the version is that of the package', async () => {
    for (const word of ['--version', '-V', 'version']) {
      expect(await keyless(word)).toEqual({ status: 0, stdout: `${packageJson.version}\n`, stderr: '' });
    }
  });
});

describe.each(commands.map(({ name, summary, examples }) => ({ name, summary, examples })))(
  'keyless $name',
  (entry) => {
    const { name, summary, examples } = entry;

    it('has help with its summary, an example and the exit statuses, by either way of asking', async () => {
      const help = await keyless(name, '--help');
      expect(help).toMatchObject({ status: 0, stderr: '' });
      expect(help.stdout).toContain(summary);
      expect(help.stdout).toContain(`Examples:\n  ${examples[0]?.command}\n`);
      expect(help.stdout).toContain('Exit status: 0 done, 1 findings');
      expect(help.stdout).toMatch(/^ {2}--json +\S/m);
      expect(await keyless('help', name)).toEqual(help);
    });

    it('has examples that its own command line accepts', async () => {
      for (const { command } of examples) {
        const [program, verb, ...args] = (command.split(' > ')[0] as string).split(' ');
        expect([program, verb]).toEqual(['keyless', name]);
        // Help wins over everything that is right, and loses to everything that is wrong; behind -- stands another command.
        const end = args.includes('--') ? args.indexOf('--') : args.length;
        const { status, stderr } = await keyless(name, ...args.toSpliced(end, 0, '--help'));
        expect({ command, status, stderr }).toEqual({ command, status: 0, stderr: '' });
      }
    });

    it('refuses an option that it does not have, and points to its help', async () => {
      const { status, stdout, stderr } = await keyless(name, '--surprise');
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toContain("unknown option '--surprise'");
      expect(stderr).toContain(`next: keyless ${name} --help`);
      expect(stderr).toContain('(USAGE; keyless explain USAGE)');
    });

    it('answers in JSON when asked, also when it cannot do what is asked', async () => {
      const args = name === 'completion' ? ['bash'] : [];
      expect(JSON.parse((await keyless(name, ...args, '--json')).stdout)).toBeTypeOf('object');
      const failed = await keyless(name, 'a', 'b', '--json');
      expect(failed.status).toBe(2);
      // Drills are named by their ids, as many as one likes.
      const code = name === 'drill' ? 'UNKNOWN_ID' : 'USAGE';
      expect(JSON.parse(failed.stdout)).toMatchObject({ error: { code, message: expect.any(String) } });
    });
  },
);

describe('a mistyped word', () => {
  it.each([
    [['adit'], "unknown command 'adit' (did you mean 'audit'?)", 'keyless audit --help'],
    [['frobnicate'], "unknown command 'frobnicate'", 'keyless --help'],
    [['audit', '--fail-onn', 'low'], "unknown option '--fail-onn'\n(Did you mean --fail-on?)", 'keyless audit --help'],
    [['audit', '--fail-on', 'worst'], "'worst' is invalid. Allowed choices are critical", 'keyless audit --help'],
    [['audit', '--format', 'xml'], "'xml' is invalid. Allowed choices are text, json, sarif, html", 'keyless audit'],
    [['audit', '--output'], "option '--output <file>' argument missing", 'keyless audit --help'],
    [['audit', 'a', 'b'], 'too many arguments', 'keyless audit --help'],
    [['migrate', '--rule', 'P33'], 'there is no such rule (did you mean P3?)', 'keyless migrate --help'],
    [['migrate', '--through', '9'], 'expected a step from 1 to 7', 'keyless migrate --help'],
    [['migrate', '--through', 'two'], 'expected a step from 1 to 7', 'keyless migrate --help'],
    [['migrate', '--write', '--undo'], '--undo and --write contradict each other', 'keyless migrate --help'],
    [['completion', 'tcsh'], "'tcsh' is invalid for argument 'shell'. Allowed choices are bash", 'keyless completion'],
    [['completion'], "missing required argument 'shell'", 'keyless completion --help'],
    [['explain', 'static-acces-key'], "(did you mean 'static-access-key'?)", 'keyless explain static-access-key'],
    [['explain', 'zzzzzzzz'], "nothing is called 'zzzzzzzz'", 'keyless explain'],
  ])('%j is told what was meant', async (args, message, next) => {
    const { status, stdout, stderr } = await keyless(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain(`next: ${next}`);
  });
});

describe('a failure nobody foresaw', () => {
  async function failing(thrown: unknown, env = {}, ...args: string[]): Promise<KeylessRun> {
    const world = makeWorld({ env });
    const files = Object.assign(Object.create(world.files) as typeof world.files, {
      stat: async () => {
        throw thrown;
      },
    });
    return await runKeyless({ ...world, files }, ['audit', ...args]);
  }

  it('is told as such, with what to do, and a stack only when asked for', async () => {
    const { status, stdout, stderr } = await failing(new RangeError('index 7 of 3'));
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toBe(
      [
        'keyless: an internal fault, not a problem of your session or files: RangeError: index 7 of 3',
        '  next: run the same command with KEYLESS_DEBUG=1 and report what it prints',
        '  (INTERNAL; keyless explain INTERNAL)',
        '',
      ].join('\n'),
    );
    expect((await failing(new RangeError('x'), { KEYLESS_DEBUG: '1' })).stderr).toMatch(/\n {4}at /);
    expect((await failing('a string')).stderr).toContain('internal fault');
  });

  it('does not quote the text that a parser stumbled over', async () => {
    const thrown = (() => {
      try {
        return JSON.parse('{"a": hunter2-hunter2}');
      } catch (error) {
        return error;
      }
    })();
    expect((thrown as Error).message).toContain('hunter2');
    const { stderr, stdout } = await failing(thrown, { KEYLESS_DEBUG: '1' }, '--json');
    expect(stderr + stdout).not.toContain('hunter2');
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'INTERNAL' } });
  });
});
