/** OIDC issuers that live inside the sandbox: GitHub Actions and HCP Terraform. STS fetches their keys from here. */
import type { webcrypto } from 'node:crypto';

export interface IssuerState {
  /** By issuer URL. */
  readonly issuers: Map<string, Issuer>;
}

export interface Issuer {
  /** `https://token.actions.githubusercontent.com`. */
  readonly url: string;
  readonly kind: 'github' | 'hcp-terraform';
  /** The newest signs; the older ones are still published. */
  readonly keys: SigningKey[];
  /** Whether its discovery document and keys can be fetched; drills switch it off. */
  reachable: boolean;
}

export interface SigningKey {
  readonly kid: string;
  /** Made when first needed: RSA takes its time. */
  readonly pair: () => Promise<webcrypto.CryptoKeyPair>;
}
