import { describe, expect, it } from 'vitest';
import { makeWorld } from '../../../test/support/make-world.ts';
import { parseIntent } from '../parse-intent.ts';
import type { IntentDraft } from './draft.ts';
import { askForMissing } from './questions.ts';
import { renderDraft } from './render-draft.ts';

const fact = (value: string) => ({ value, because: 'a test' });

const draft: IntentDraft = {
  partition: 'aws',
  organization: { name: fact('acme'), id: undefined },
  identityCenter: { startUrl: undefined, region: fact('eu-west-1'), session: fact('acme') },
  permissionSets: { plan: fact('TerraformDeveloper'), apply: fact('TerraformDeployer') },
  accounts: [{ name: fact('dev'), id: fact('222233334444') }],
  stacks: [{ path: 'net', workspaces: new Map([['default', undefined]]) }],
  moduleBuckets: [],
  legacy: undefined,
  stateBackends: [],
  github: { repository: undefined, environments: new Map([['qa', undefined]]) },
};

describe('askForMissing', () => {
  it('asks for what is missing and for nothing else', async () => {
    const world = makeWorld({
      answers: ['https://acme.awsapps.com/start', 'o-abcd123456', 'dev', 'acme/infra', 'dev'],
    });
    const intent = parseIntent(renderDraft(await askForMissing(draft, world)));
    expect(intent).toMatchObject({
      organization: { id: 'o-abcd123456' },
      identityCenter: { startUrl: 'https://acme.awsapps.com/start' },
      github: { repository: 'acme/infra', environments: new Map([['qa', { account: 'dev' }]]) },
    });
    expect(intent.stacks[0]?.workspaces).toEqual(new Map([['default', 'dev']]));
  });

  it('does not ask for the one account of a stack that is in several', async () => {
    const [net] = draft.stacks;
    const several = { ...draft, stacks: net === undefined ? [] : [{ ...net, beyond: ['dev', 'live'] }] };
    const world = makeWorld({ answers: ['', '', '', ''] });
    expect(await askForMissing(several, world)).toEqual(several);
  });

  it('leaves missing what is answered with nothing', async () => {
    const world = makeWorld({ answers: ['', '', '', '', ''] });
    expect(await askForMissing(draft, world)).toEqual(draft);
  });

  it('says what was expected and asks again', async () => {
    const world = makeWorld({ answers: ['acme', 'https://acme.awsapps.com/start', '', 'deb', 'dev', '', ''] });
    const asked = await askForMissing(draft, world);
    expect(asked.identityCenter.startUrl?.value).toBe('https://acme.awsapps.com/start');
    expect(world.output.notes.join('\n')).toContain('"acme": expected the URL of the access portal');
    expect(world.output.notes.join('\n')).toContain('(did you mean dev?)');
  });
});
