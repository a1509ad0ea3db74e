/** The trust policies that keyless.yaml makes, proved: no token gets in that no job has, and every job's does. */
import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../src/aws/policy/parse.ts';
import { noVariables, wildcardLanguage } from '../../src/aws/prove/pattern-language.ts';
import { checkTrust, github, hcpTerraform, type IntendedTokens } from '../../src/federation/index.ts';
import {
  buildPipelineTrust,
  type Intent,
  type PipelineGrant,
  type PipelinePhase,
  parseIntent,
  pipelineGrants,
  printPolicy,
} from '../../src/intent/index.ts';
import { defaultIntentText } from '../../src/sandbox/world/default-intent.ts';

const phases: readonly PipelinePhase[] = ['plan', 'apply', 'publish'];

/** What a grant says, in the words of the token grammar. */
function intendedBy(intent: Intent, grant: PipelineGrant): readonly IntendedTokens[] {
  const { subject, refs = [undefined], environment } = grant;
  if (grant.issuer === 'hcp-terraform') {
    const [, organization = '', , project = '', , workspace = '', , phase = ''] = subject.split(':');
    return [{ form: phase, pieces: { organization, project, workspace } }];
  }
  const [owner = '', repository = ''] = intent.github?.repository?.split('/') ?? [];
  const numbers = intent.github?.immutableSubject;
  const suffix = numbers === undefined ? '' : ' with ids';
  const pieces = { owner, repository, ...numbers };
  if (environment !== undefined) {
    return refs.map((ref) => ({
      form: `environment${suffix}`,
      pieces: { ...pieces, environment, ...(ref !== undefined && { ref: ref.replace(/^refs\//, '') }) },
    }));
  }
  if (subject.endsWith(':pull_request')) return [{ form: `pull request${suffix}`, pieces }];
  const [, kind = '', name = ''] = /:ref:refs\/(heads|tags)\/(.*)$/.exec(subject) ?? [];
  return kind === 'heads'
    ? [{ form: `branch${suffix}`, pieces: { ...pieces, branch: name } }]
    : [{ form: `tag${suffix}`, pieces: { ...pieces, tag: wildcardLanguage(name, noVariables) } }];
}

function prove(intent: Intent): { proved: number; against: readonly unknown[] } {
  const grants = pipelineGrants(intent);
  const against: unknown[] = [];
  let proved = 0;
  for (const { name: account, id } of intent.accounts.values()) {
    for (const phase of phases) {
      const document = buildPipelineTrust(intent, account, phase);
      if (document === undefined) continue;
      const parsed = parsePolicy(printPolicy(document), 'trust');
      if (!parsed.ok) throw new TypeError(parsed.problems[0]?.message);
      for (const [issuer, grammar, clientId] of [
        ['github', github, 'sts.amazonaws.com'],
        ['hcp-terraform', hcpTerraform, 'aws.workload.identity'],
      ] as const) {
        const intended = grants
          .filter((grant) => grant.account === account && grant.phase === phase && grant.issuer === issuer)
          .flatMap((grant) => intendedBy(intent, grant));
        const provider = `arn:aws:iam::${id}:oidc-provider/${grammar.issuer}`;
        const answer = checkTrust({ trust: parsed.policy, grammar, provider, clientIds: [clientId], intended });
        proved += 1;
        if (answer.outsiders.length + answer.refused.length > 0) against.push({ account, phase, issuer, ...answer });
      }
    }
  }
  return { proved, against };
}

describe('the roles of pipelines let in the jobs of keyless.yaml and nobody else', () => {
  it.each([
    ['as the default organisation has them', defaultIntentText],
    [
      'with the numbers of owner and repository',
      defaultIntentText.replace(
        'repository: acme/infrastructure',
        'repository: acme/infrastructure\n  immutable_subject: { owner_id: "12", repository_id: "345" }',
      ),
    ],
    ['where no jobs are named', defaultIntentText.replace(/ {2}jobs:\n(?: {4}- .*\n)+/, '')],
    [
      'where one job of an environment is bound to a branch and another is not',
      defaultIntentText.replace(
        '    - { workflow: publish.yml',
        '    - { workflow: hand.yml, job: run, phases: [plan, apply], environments: [live], triggers: [workflow_dispatch] }\n    - { workflow: publish.yml',
      ),
    ],
  ])('%s', (_, text) => {
    const { proved, against } = prove(parseIntent(text));
    expect(against).toEqual([]);
    expect(proved).toBeGreaterThanOrEqual(8);
  });

  it('and would be found out if it were not so', () => {
    const intent = parseIntent(defaultIntentText);
    const { github: source } = intent;
    const jobs = source?.jobs?.map((job) => (job.job === 'apply' ? { ...job, branches: [] } : job));
    const wider = { ...intent, github: source && { ...source, ...(jobs && { jobs }) } };
    const document = buildPipelineTrust(wider, 'live', 'apply');
    const parsed = parsePolicy(document === undefined ? '' : printPolicy(document), 'trust');
    if (!parsed.ok) throw new TypeError('no policy');
    const { outsiders } = checkTrust({
      trust: parsed.policy,
      grammar: github,
      provider: 'arn:aws:iam::333344445555:oidc-provider/token.actions.githubusercontent.com',
      clientIds: ['sts.amazonaws.com'],
      intended: pipelineGrants(intent)
        .filter(({ account, phase }) => account === 'live' && phase === 'apply')
        .flatMap((grant) => intendedBy(intent, grant)),
    });
    expect(outsiders.map(({ kind }) => kind.id)).toEqual(['other-context']);
    expect(outsiders[0]?.claims.ref).not.toBe('refs/heads/main');
  });
});
