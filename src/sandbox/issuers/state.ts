/** OIDC issuers that live inside the sandbox: GitHub Actions and HCP Terraform. STS fetches their keys from here. */
import type { webcrypto } from 'node:crypto';
import type { GithubJob } from './github-job.ts';

export interface IssuerState {
  /** By issuer URL. */
  readonly issuers: Map<string, Issuer>;
  /** Jobs that may ask the GitHub token endpoint, by their request token. */
  readonly githubJobs: Map<string, GithubJob>;
}

export interface Issuer {
  /** `https://token.actions.githubusercontent.com`. */
  readonly url: string;
  readonly kind: 'github' | 'hcp-terraform';
  /** Newest first. The first signs; the others are still published. */
  readonly keys: SigningKey[];
  /** Whether its discovery document and keys can be fetched; drills switch it off. */
  reachable: boolean;
}

export interface SigningKey {
  readonly kid: string;
  /** Made when first needed: RSA takes its time. */
  readonly pair: () => Promise<webcrypto.CryptoKeyPair>;
}
