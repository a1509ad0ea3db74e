/** Who mints the tokens of pipelines. */
export { answerIssuerRequest, startGithubJob } from './endpoints.ts';
export { type Claims, type GithubJob, type GithubRepository, githubClaims } from './github-job.ts';
export { type HcpRun, hcpClaims } from './hcp-run.ts';
export {
  createIssuer,
  createIssuers,
  discoveryDocument,
  githubIssuerUrl,
  hcpIssuerUrl,
  keySet,
  rotateKeys,
  signToken,
} from './issuer.ts';
export { allowsIdToken, mintGithubToken, mintHcpToken } from './mint.ts';
