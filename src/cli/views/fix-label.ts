/** Who mends a finding, in a few words: a rule of the move, the command for profiles, or a person. */
export function fixLabel(fixRule: string | undefined): string {
  if (fixRule === undefined) return 'by hand';
  // Profiles are no part of the repository, so no rule of the move makes them.
  return fixRule === AWS_CONFIG_FIX ? 'keyless migrate --aws-config' : `migrate rule ${fixRule}`;
}

/** What detectors over `~/.aws` name for their fix. */
export const AWS_CONFIG_FIX = 'aws-config';
