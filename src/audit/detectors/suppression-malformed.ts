/** A suppression that cannot be honoured as it is written. */
import { defineDetector, type SuppressionDetector } from '../detector.ts';
import { suppressionFile, suppressionMarker } from '../suppressions.ts';

export const suppressionMalformed: SuppressionDetector = defineDetector({
  scope: 'suppression',
  id: 'suppression-malformed',
  title: 'A suppression is not complete',
  severity: 'medium',
  class: 'indirect',
  why: 'A suppression without a rule, a reason or a last day would hide findings that nobody decided about, for ever.',
  fix: 'Write rule, last day and reason: keyless:ignore RULE until=2027-01-31 reason="why".',
  flagged: [
    { path: 'main.tf', text: `# ${suppressionMarker} static-access-key reason="training key"\n` },
    { path: 'main.tf', text: `# ${suppressionMarker} no-such-rule until=2999-01-31 reason="why"\n` },
    {
      path: suppressionFile,
      text: 'suppressions:\n  - rule: static-access-key\n    until: 2999-01-31\n    reason: why\n',
    },
  ],
  clean: [
    { path: 'main.tf', text: `# ${suppressionMarker} static-access-key until=2999-01-31 reason="training key"\n` },
    { path: 'README.md', text: `Write \`${suppressionMarker} RULE\` beside the line.\n` },
    {
      path: suppressionFile,
      text: 'suppressions:\n  - rule: static-access-key\n    path: docs/**\n    until: 2999-01-31\n    reason: why\n',
    },
  ],
  judge: ({ rule, problem }) =>
    problem === undefined ? undefined : { identity: `${rule} ${problem}`, detail: `It suppresses nothing. ${problem}` },
});
