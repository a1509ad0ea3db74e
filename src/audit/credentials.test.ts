import { describe, expect, it } from 'vitest';
import { generateCredential } from '../../test/support/generated-credentials.ts';
import { documentedExamples } from '../aws/access-key-id.ts';
import { Secret } from '../kernel/secret.ts';
import { SourceFile } from '../repository/index.ts';
import { linkCredentials, type PlacedUse } from './credentials.ts';
import type { CredentialPart, ValueName, ValueSource } from './detector.ts';
import type { Credential } from './inventory.ts';
import { searchText } from './text-search.ts';
import type { PlacedDefinition } from './value-graph.ts';
import { environmentName, localName, storedSecretName, variableName } from './value-names.ts';

const [a, b] = [generateCredential('link a'), generateCredential('link b')];

interface Evidence {
  readonly files?: Readonly<Record<string, string>>;
  readonly uses?: readonly PlacedUse[];
  readonly definitions?: readonly PlacedDefinition[];
}

function link({ files = {}, uses = [], definitions = [] }: Evidence): Credential[] {
  const sources = Object.entries(files).map(([path, text]) => new SourceFile(path, text));
  const searched = sources.map((file) => ({ file, sightings: searchText(file.text) }));
  return [...linkCredentials({ searched, uses, definitions, files: sources }).credentials];
}

function literal(value: string): ValueSource {
  return { kind: 'literal', value: new Secret(value) };
}

function named(name: ValueName): ValueSource {
  return { kind: 'name', name };
}

function use(place: string, part: CredentialPart, source: ValueSource, slot: string = 'provider'): PlacedUse {
  return { at: 0, slot, part, source, location: locationOf(place) };
}

function define(place: string, name: ValueName, source: ValueSource): PlacedDefinition {
  return { at: 0, name, source, location: locationOf(place) };
}

function locationOf(place: string): PlacedUse['location'] {
  const [path, line] = place.split(':') as [string, string];
  return { path, line: Number(line), column: 1 };
}

function placesOf(credential: Credential | undefined): string[] {
  return (credential?.places ?? []).map(({ path, line, part, via }) => `${path}:${line} ${part} ${via}`);
}

describe('one credential with all its places', () => {
  it('when its halves stand in different files and a provider takes both by name', () => {
    const credentials = link({
      files: { 'a.tfvars': `key = "${a.keyId}"`, 'b.tfvars': `sekrit = "${a.secret}"` },
      uses: [
        use('main.tf:5', 'keyId', named(variableName('', 'key'))),
        use('main.tf:6', 'secret', named(variableName('', 'sekrit'))),
      ],
      definitions: [
        define('a.tfvars:1', variableName('', 'key'), literal(a.keyId)),
        define('b.tfvars:1', variableName('', 'sekrit'), literal(a.secret)),
      ],
    });
    expect(credentials).toHaveLength(1);
    expect(credentials[0]).toMatchObject({ parts: ['keyId', 'secret'], kind: 'long-term' });
    expect(placesOf(credentials[0])).toEqual([
      'a.tfvars:1 keyId literal',
      'b.tfvars:1 secret literal',
      'main.tf:5 keyId var.key',
      'main.tf:6 secret var.sekrit',
    ]);
  });

  it('through locals, module inputs and TF_VAR_ of any scope', () => {
    const credentials = link({
      uses: [
        use('modules/x/main.tf:2', 'keyId', named(variableName('modules/x', 'id'))),
        use('modules/x/main.tf:3', 'secret', named(variableName('modules/x', 'secret'))),
      ],
      definitions: [
        define('main.tf:10', variableName('modules/x', 'id'), named(localName('', 'id'))),
        define('main.tf:11', variableName('modules/x', 'secret'), named(variableName('', 'deploy_secret'))),
        define('main.tf:3', localName('', 'id'), literal(a.keyId)),
        define('ci.yml:7', environmentName('TF_VAR_deploy_secret', 'ci.yml'), literal(a.secret)),
      ],
    });
    expect(placesOf(credentials[0])).toEqual([
      'ci.yml:7 secret literal',
      'main.tf:3 keyId literal',
      'main.tf:10 keyId local.id',
      'main.tf:11 secret var.deploy_secret',
      'modules/x/main.tf:2 keyId var.id',
      'modules/x/main.tf:3 secret var.secret',
    ]);
  });

  it('found again in a file where nothing announces it', () => {
    const credentials = link({
      files: {
        '.env': `AWS_ACCESS_KEY_ID=${a.keyId}\nAWS_SECRET_ACCESS_KEY=${a.secret}\n`,
        'run.sh': `curl -H "x: ${a.secret}"`,
      },
    });
    expect(placesOf(credentials[0])).toContain('run.sh:1 secret literal');
  });

  it('found again even where there are many', () => {
    const many = Array.from({ length: 40 }, (_, seed) => generateCredential(`many ${seed}`));
    const text = many.map(
      ({ keyId, secret }) => `[p]\naws_access_key_id = ${keyId}\naws_secret_access_key = ${secret}\n`,
    );
    const scripts = many.map(({ secret }) => `curl -H "x: ${secret}"`);
    const credentials = link({ files: { credentials: text.join('\n'), 'run.sh': scripts.join('\n') } });
    expect(credentials).toHaveLength(40);
    expect(credentials.every(({ places }) => places.length === 3)).toBe(true);
  });

  it('whose copies stand in many files', () => {
    const text = `access_key = "${a.keyId}"\nsecret_key = "${a.secret}"\n`;
    const credentials = link({ files: { 'a.tf': text, 'b.tf': text, 'c.md': a.keyId } });
    expect(credentials).toHaveLength(1);
    expect(credentials[0]?.places).toHaveLength(5);
  });
});

describe('the values of a name', () => {
  it('survive a circle', () => {
    const [x, y] = [localName('', 'x'), localName('', 'y')];
    const credentials = link({
      uses: [use('main.tf:1', 'keyId', named(x))],
      definitions: [
        define('main.tf:2', x, named(y)),
        define('main.tf:3', y, named(x)),
        define('main.tf:4', y, literal(a.keyId)),
      ],
    });
    expect(placesOf(credentials[0])).toEqual([
      'main.tf:1 keyId local.x',
      'main.tf:2 keyId local.y',
      'main.tf:4 keyId literal',
    ]);
  });

  it('are paired file by file where every environment has its own', () => {
    const credentials = link({
      uses: [
        use('main.tf:1', 'keyId', named(variableName('', 'id'))),
        use('main.tf:2', 'secret', named(variableName('', 'secret'))),
      ],
      definitions: [a, b].flatMap(({ keyId, secret }, index) => [
        define(`env/${index}.tfvars:1`, variableName('', 'id'), literal(keyId)),
        define(`env/${index}.tfvars:2`, variableName('', 'secret'), literal(secret)),
      ]),
    });
    expect(credentials.map(({ parts }) => parts)).toEqual([
      ['keyId', 'secret'],
      ['keyId', 'secret'],
    ]);
    expect(placesOf(credentials[0]).filter((place) => place.startsWith('env'))).toEqual([
      'env/0.tfvars:1 keyId literal',
      'env/0.tfvars:2 secret literal',
    ]);
  });

  it('are seen at a declaration that hands them on, which makes no credential of anything else', () => {
    const name = variableName('', 'secret_key');
    const declaration = { ...use('variables.tf:1', 'secret', named(name)), passive: true };
    const credentials = link({
      uses: [use('main.tf:1', 'keyId', literal(a.keyId)), use('main.tf:2', 'secret', named(name)), declaration],
      definitions: [define('x.tfvars:1', name, literal(a.secret))],
    });
    expect(placesOf(credentials[0])).toContain('variables.tf:1 secret var.secret_key');
    expect(link({ uses: [declaration], definitions: [define('x.tfvars:1', name, literal(b.secret))] })).toEqual([]);
  });

  describe('of several environments', () => {
    const uses = [
      use('main.tf:1', 'keyId', named(variableName('', 'id'))),
      use('main.tf:2', 'secret', named(variableName('', 'secret'))),
    ];
    const paired = (idOfA: string, idOfB: string, secretOfA: string, secretOfB: string) => {
      const definitions = [
        define(idOfA, variableName('', 'id'), literal(a.keyId)),
        define(idOfB, variableName('', 'id'), literal(b.keyId)),
        define(secretOfB, variableName('', 'secret'), literal(b.secret)),
        define(secretOfA, variableName('', 'secret'), literal(a.secret)),
      ];
      const credentials = link({ uses, definitions });
      return credentials.map(({ parts }) => parts.join('+')).sort();
    };

    it('are paired folder by folder where id and secret have files of their own', () => {
      expect(paired('dev/id.tfvars:1', 'live/id.tfvars:1', 'dev/secret.tfvars:1', 'live/secret.tfvars:1')).toEqual([
        'keyId+secret',
        'keyId+secret',
      ]);
    });

    it('are not paired where nothing tells which belongs to which', () => {
      expect(paired('all.tfvars:1', 'all.tfvars:2', 'all.tfvars:3', 'all.tfvars:4')).toEqual([
        'keyId',
        'keyId',
        'secret',
        'secret',
      ]);
    });

    it('are paired by the keys of the maps that hold them, in whatever order', () => {
      const names = (key: string) => [variableName('', `ids.${key}`), variableName('', `secrets.${key}.secret_key`)];
      const [devId, devSecret, liveId, liveSecret] = [...names('dev'), ...names('live')] as [
        ValueName,
        ValueName,
        ValueName,
        ValueName,
      ];
      const credentials = link({
        uses: [
          ...[devId, liveId].map((name) => use('main.tf:1', 'keyId', named(name))),
          ...[devSecret, liveSecret].map((name) => use('main.tf:2', 'secret', named(name))),
        ],
        definitions: [
          define('x.tfvars:1', devId, literal(a.keyId)),
          define('x.tfvars:2', liveId, literal(b.keyId)),
          define('x.tfvars:3', liveSecret, literal(b.secret)),
          define('x.tfvars:4', devSecret, literal(a.secret)),
        ],
      });
      expect(
        credentials.map((credential) => placesOf(credential).filter((place) => place.endsWith('literal'))),
      ).toEqual([
        ['x.tfvars:1 keyId literal', 'x.tfvars:4 secret literal'],
        ['x.tfvars:2 keyId literal', 'x.tfvars:3 secret literal'],
      ]);
    });
  });

  it('do not come from TF_VAR_ for a module that its caller gives the input', () => {
    const input = variableName('modules/x', 'id');
    const credentials = link({
      uses: [use('modules/x/main.tf:1', 'keyId', named(input))],
      definitions: [
        define('main.tf:1', input, literal(a.keyId)),
        define('.envrc:1', environmentName('TF_VAR_id'), literal(b.keyId)),
      ],
    });
    expect(credentials).toHaveLength(1);
    expect(placesOf(credentials[0])).not.toContain('.envrc:1 keyId literal');
  });

  it('are none for a secret of a pipeline store', () => {
    expect(link({ uses: [use('ci.yml:1', 'keyId', named(storedSecretName('github', 'AWS_ACCESS_KEY_ID')))] })).toEqual(
      [],
    );
  });

  it('are none where the structure holds a placeholder', () => {
    expect(
      link({ uses: [use('main.tf:1', 'keyId', literal('test')), use('main.tf:2', 'secret', literal('test'))] }),
    ).toEqual([]);
  });
});

describe('pairs', () => {
  it('by structure beat pairs by neighbourhood', () => {
    const text = `${a.keyId}\nsecret_key = "${b.secret}"\n`;
    const credentials = link({
      files: { 'notes.txt': text },
      uses: [use('main.tf:1', 'keyId', literal(b.keyId)), use('main.tf:2', 'secret', literal(b.secret))],
    });
    expect(credentials.map(({ keyId, parts }) => [keyId?.slice(-4), parts])).toEqual([
      [b.keyId.slice(-4), ['keyId', 'secret']],
      [a.keyId.slice(-4), ['keyId']],
    ]);
  });

  it('never give one id two secrets', () => {
    const one = `access_key = "${a.keyId}"\nsecret_key = "${a.secret}"\n`;
    const other = `access_key = "${a.keyId}"\nsecret_key = "${b.secret}"\n`;
    const credentials = link({ files: { '1.tf': one, '2.tf': one, '3.tf': other } });
    expect(credentials.map(({ parts }) => parts)).toEqual([['keyId', 'secret'], ['secret']]);
  });
});

describe('a documentation example', () => {
  const [example] = documentedExamples;

  it('is one when both halves are', () => {
    const text = `access_key = "${example?.keyId}"\nsecret_key = "${example?.secret}"`;
    expect(link({ files: { 'a.tf': text } })).toMatchObject([
      { documentationExample: true, parts: ['keyId', 'secret'] },
    ]);
  });

  it('is none when one half is real', () => {
    const text = `access_key = "${example?.keyId}"\nsecret_key = "${a.secret}"`;
    expect(link({ files: { 'a.tf': text } })).toMatchObject([{ documentationExample: false }]);
  });
});

it('says what speaks against a credential', () => {
  const doubtOf = (text: string): string | undefined => link({ files: { 'a.txt': text } })[0]?.doubt;
  expect(doubtOf(`X-Amz-Credential=${a.keyId}%2F20261121%2Feu-west-1`)).toContain('signed request');
  expect(doubtOf(`STORAGE_SECRET_KEY=${a.secret}`)).toContain('other services');
  expect(doubtOf(a.keyId)).toBeUndefined();
  expect(doubtOf(`AWS_SECRET_ACCESS_KEY=${a.secret}`)).toBeUndefined();
});

it('holds no value', () => {
  const text = JSON.stringify(link({ files: { 'a.tf': `access_key = "${a.keyId}"\nsecret_key = "${a.secret}"` } }));
  expect(text).not.toContain(a.secret.slice(0, 8));
  expect(text).not.toContain(a.keyId.slice(4, 12));
});
