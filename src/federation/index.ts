/** Per issuer: what tokens look like, who a trust policy lets in, and the mistakes that are made. */
export { checkTrust, type Outsider, type TrustAnswer, type TrustQuestion } from './check-trust.ts';
export { github, githubCompatible } from './issuers/github.ts';
export { gitlab, selfHostedGitlab } from './issuers/gitlab.ts';
export { hcpTerraform } from './issuers/hcp-terraform.ts';
export { azureDevops, bitbucket, buildkite, circleci, spacelift } from './issuers/other-pipelines.ts';
export { misconfigurations } from './misconfigurations/catalogue.ts';
export {
  type Misconfiguration,
  type TrustDocument,
  type TrustExample,
  trustPolicyText,
} from './misconfigurations/misconfiguration.ts';
export { type IssuerSample, issuerSamples } from './samples.ts';
export type { IntendedTokens, IssuerGrammar, TokenClaims, TokenForm } from './token-grammar.ts';
