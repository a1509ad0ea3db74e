import { describe, expect, it } from 'vitest';
import { makeWorld } from '../../test/support/make-world.ts';
import { KeylessError } from '../kernel/error.ts';
import { excerptOf, findAwsProvider, findTerraform, inPairs, TerraformClient } from './terraform-client.ts';

describe('findTerraform', () => {
  it.each([
    ['terraform', 'Terraform v1.11.4\non linux_amd64\n', [1, 11, 4], 'linux_amd64'],
    ['tofu', 'OpenTofu v1.9.0\non darwin_arm64\n+ provider x v1.2.3\n', [1, 9, 0], 'darwin_arm64'],
  ])('reads the version of %s', async (name, stdout, version, platform) => {
    const world = makeWorld({ commands: { [`/usr/bin/${name} version`]: { stdout }, [name]: {} } });
    expect(await findTerraform(world)).toEqual({ name, path: `/usr/bin/${name}`, version, platform });
  });

  it('takes nothing that calls itself terraform and has no version', async () => {
    const world = makeWorld({ commands: { terraform: {}, '/usr/bin/terraform version': { stdout: 'hello\n' } } });
    expect(await findTerraform(world)).toBeUndefined();
  });
});

describe('findAwsProvider', () => {
  const folder = '/m/registry.terraform.io/hashicorp/aws';

  it('takes the newest 5.x that is unpacked for this platform', async () => {
    const world = makeWorld({ env: { KEYLESS_PROVIDER_MIRROR: '/m' } });
    for (const version of ['4.67.0', '5.9.0', '5.100.0', '6.0.0'])
      world.files.putDirectory(`${folder}/${version}/linux_amd64`);
    expect(await findAwsProvider(world, 'linux_amd64')).toEqual({
      version: '5.100.0',
      folder: `${folder}/5.100.0/linux_amd64`,
    });
    expect(await findAwsProvider(world, 'darwin_arm64')).toBeUndefined();
  });

  it('finds none without a mirror, and none in an empty one', async () => {
    expect(await findAwsProvider(makeWorld(), 'linux_amd64')).toBeUndefined();
    expect(await findAwsProvider(makeWorld({ env: { KEYLESS_PROVIDER_MIRROR: '/m' } }), 'linux_amd64')).toBeUndefined();
  });
});

describe('TerraformClient', () => {
  it('hands over the identity, and shows its names and redacted output only', async () => {
    const seen: unknown[] = [];
    const client = new TerraformClient({
      command: { name: 'terraform', path: '/t', version: [1, 11, 4], platform: 'linux_amd64' },
      environment: { PATH: '/bin', HTTPS_PROXY: 'http://127.0.0.1:1' },
      processes: {
        ...makeWorld().processes,
        run: async (_command, _args, options) => {
          seen.push(options?.env);
          return { exitCode: 1, stdout: '', stderr: '╷\n│ Error: hush is\n│ refused\n╵\n' };
        },
      },
      redact: (text) => text.replaceAll('hush', '[secret]'),
      signal: new AbortController().signal,
    });
    const run = await client.run('/f', ['init'], { AWS_SECRET_ACCESS_KEY: 'hush' }, { TF_DATA_DIR: '/d' });
    expect(seen).toEqual([
      { PATH: '/bin', HTTPS_PROXY: 'http://127.0.0.1:1', TF_DATA_DIR: '/d', AWS_SECRET_ACCESS_KEY: 'hush' },
    ]);
    expect(run.evidence).toEqual({
      command: 'terraform init',
      environment: ['AWS_SECRET_ACCESS_KEY'],
      exitCode: 1,
      output: 'Error: [secret] is\nrefused',
    });
    expect(run.text).toContain('Error: [secret] is refused');
    expect(JSON.stringify(run)).not.toContain('hush');
  });
});

describe('excerptOf', () => {
  it('keeps of a success what was done', () => {
    const output = 'Initializing…\n\nTerraform has been successfully initialized!\nYou may now begin\n';
    expect(excerptOf(output, true)).toBe('Terraform has been successfully initialized!');
  });

  it('keeps of a failure the error and what follows', () => {
    expect(excerptOf('Reading…\n│ Error: no\n│   because\n', false)).toBe('Error: no\n  because');
  });

  it('keeps something of what it does not know, and never much', () => {
    expect(excerptOf('one\n', true)).toBe('one');
    expect(excerptOf('x\n'.repeat(500), false).split('\n')).toHaveLength(24);
  });
});

describe('inPairs', () => {
  it('runs two at a time, each after those that it waits for', async () => {
    const log: string[] = [];
    let running = 0;
    const task = (name: string, ...after: string[]) => ({
      name,
      after,
      run: async () => {
        running += 1;
        expect(running).toBeLessThanOrEqual(2);
        log.push(name);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return name.toUpperCase();
      },
    });
    const results = await inPairs([task('c', 'a', 'gone'), task('a'), task('b'), task('d', 'c')]);
    expect(results).toEqual(['C', 'A', 'B', 'D']);
    expect(log.indexOf('c')).toBeGreaterThan(log.indexOf('a'));
    expect(log.at(-1)).toBe('d');
  });

  it('lets two that wait for each other have their turn', async () => {
    const task = (name: string, other: string) => ({ name, after: [other], run: async () => name });
    expect(await inPairs([task('a', 'b'), task('b', 'a')])).toEqual(['a', 'b']);
  });

  it('begins nothing after a failure, and waits for what runs', async () => {
    const log: string[] = [];
    const failing = {
      name: 'a',
      after: [],
      run: async () => Promise.reject(new KeylessError({ code: 'INTERRUPTED', message: 'x' })),
    };
    const slow = {
      name: 'b',
      after: [],
      run: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        log.push('b ended');
      },
    };
    const never = { name: 'c', after: ['b'], run: async () => void log.push('c') };
    await expect(inPairs<void>([failing, slow, never])).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(log).toEqual(['b ended']);
  });
});
