/**
 * The prover says who gets in over a trust policy; the embedded STS is asked. Every class of misconfiguration on every
 * issuer: bad policy and fixed one, each with the token of an outsider and with the intended one.
 */
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { parsePolicy } from '../../src/aws/policy/parse.ts';
import {
  checkTrust,
  type IssuerSample,
  issuerSamples,
  type Misconfiguration,
  misconfigurations,
  type TokenClaims,
  type TrustAnswer,
  type TrustDocument,
  type TrustExample,
  trustPolicyText,
} from '../../src/federation/index.ts';
import { realRandom } from '../../src/ports/real/random.ts';
import { createIssuer, signToken } from '../../src/sandbox/issuers/index.ts';
import { createOidcProvider, createRole } from '../../src/sandbox/services/iam/build.ts';
import { stsService } from '../../src/sandbox/services/sts/service.ts';
import { makeSandbox } from './sandbox-client.ts';

export interface AgreementRow {
  readonly sample: IssuerSample;
  readonly misconfiguration: Misconfiguration;
  /** A text: why this issuer cannot have it. */
  readonly result: string | Agreement;
}

export interface Agreement {
  /** What shows the mistake: the token of an outsider who gets in, or of the intended job, which does not. */
  readonly shown: TokenClaims;
  /** Each question that prover and STS were both asked, and the two answers. */
  readonly questions: readonly { readonly what: string; readonly prover: boolean; readonly sts: boolean }[];
}

const account = '222222222222';

export async function trustAgreement(): Promise<readonly AgreementRow[]> {
  const key = realRandom.keyPair('rsa-2048');
  const random = { ...realRandom, keyPair: async () => await key };
  const rows: AgreementRow[] = [];
  for (const sample of issuerSamples) {
    for (const misconfiguration of misconfigurations) {
      const example = misconfiguration.example(sample);
      const result = typeof example === 'string' ? example : await compare(sample, misconfiguration, example, random);
      rows.push({ sample, misconfiguration, result });
    }
  }
  return rows;
}

async function compare(
  sample: IssuerSample,
  { shows }: Misconfiguration,
  example: TrustExample,
  random: typeof realRandom,
): Promise<Agreement> {
  const [bad, fixed] = [answerOf(example.bad, example, sample), answerOf(example.fixed, example, sample)];
  const shown = shows === 'outsider' ? bad.outsiders[0]?.claims : bad.refused[0]?.claims;
  if (shown === undefined) throw new TypeError(`the prover sees nothing wrong: ${JSON.stringify(example.bad)}`);
  const questions: { what: string; prover: boolean; sts: boolean }[] = [];
  const ask = async (what: string, document: TrustDocument, claims: TokenClaims, prover: boolean): Promise<void> => {
    questions.push({ what, prover, sts: await getsIn(sample, document, claims, random) });
  };
  for (const { kind, form, claims } of bad.outsiders) {
    await ask(`${kind.title} (${form}), bad policy`, example.bad, claims, true);
    await ask(`${kind.title} (${form}), fixed policy`, example.fixed, claims, false);
  }
  for (const { claims } of bad.refused) {
    await ask('the intended job, bad policy', example.bad, claims, false);
    await ask('the intended job, fixed policy', example.fixed, claims, true);
  }
  if (fixed.outsiders.length + fixed.refused.length > 0) throw new TypeError('the prover does not accept the fix');
  return { shown, questions };
}

function answerOf(document: TrustDocument, example: TrustExample, sample: IssuerSample): TrustAnswer {
  const provider = providerArn(sample);
  const parsed = parsePolicy(trustPolicyText(document, sample, provider), 'trust');
  if (!parsed.ok) throw new TypeError(parsed.problems[0]?.message);
  return checkTrust({
    trust: parsed.policy,
    grammar: sample.grammar,
    provider,
    clientIds: document.clientIds ?? [sample.audience],
    intended: [example.intended ?? sample.intended],
  });
}

/** Past the controls of CreateRole: such roles were made before there were any. */
async function getsIn(
  sample: IssuerSample,
  document: TrustDocument,
  claims: TokenClaims,
  random: typeof realRandom,
): Promise<boolean> {
  const sandbox = makeSandbox({ services: [stsService] });
  const { world, time } = sandbox;
  const url = `https://${sample.grammar.issuer}`;
  createIssuer(world, random, { url, kind: 'github' });
  const clientIds = document.clientIds ?? [sample.audience];
  createOidcProvider(world, account, { url: sample.grammar.issuer, clientIds, createdAt: time.now() });
  const trust = trustPolicyText(document, sample, providerArn(sample));
  createRole(world, account, { name: 'ci', trust, createdAt: time.now() });
  const token = await signToken(world, time, url, claims, { lifetimeSeconds: 300, notBeforeSeconds: 0 });
  const client = sandbox.connect(STSClient);
  const request = new AssumeRoleWithWebIdentityCommand({
    RoleArn: `arn:aws:iam::${account}:role/ci`,
    RoleSessionName: 'run',
    WebIdentityToken: token,
  });
  try {
    const { Credentials } = await client.send(request);
    return Credentials?.SessionToken !== undefined;
  } catch (error) {
    // Any other refusal would be one of the token, and prove nothing about the policy.
    if ((error as { Code?: string }).Code !== 'AccessDenied') throw error;
    return false;
  }
}

function providerArn(sample: IssuerSample): string {
  return `arn:aws:iam::${account}:oidc-provider/${sample.grammar.issuer}`;
}
