/** Images that exist to run Terraform or the AWS tools: what they need is the session of whoever starts them. */

/** By the text of a Dockerfile, or an image's name. */
export function isTerraformImage(text: string): boolean {
  return /terraform|terragrunt|opentofu|\btofu\b|infracost|atlantis|\baws-?cli\b|amazon\/aws-cli/i.test(text);
}
