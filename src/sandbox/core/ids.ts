/** Identifiers in AWS's forms, from the sandbox's seeded randomness: two runs with one seed give the same ones. */
export interface Ids {
  /** `AROA` + 17: unique ids of IAM and access key ids, in the alphabet A-Z2-7. */
  iam(prefix: 'AIDA' | 'AROA' | 'AGPA' | 'ANPA' | 'AKIA' | 'ASIA'): string;
  uuid(): string;
  hex(digits: number): string;
  /** Lower case letters and digits. */
  alphanumeric(length: number): string;
  /** Base64 alphabet, as secret access keys are. */
  secret(length: number): string;
}
