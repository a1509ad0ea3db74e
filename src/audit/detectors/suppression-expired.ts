/** A decision to live with a finding whose day is over: it suppresses nothing any more. */
import { defineDetector, type SuppressionDetector } from '../detector.ts';
import { isInForce, suppressionMarker } from '../suppressions.ts';

export const suppressionExpired: SuppressionDetector = defineDetector({
  scope: 'suppression',
  id: 'suppression-expired',
  title: 'A suppression is past its last day',
  severity: 'medium',
  class: 'indirect',
  why: 'A suppression is a loan against a decision. When it runs out somebody has to look again, or the exception becomes the rule.',
  fix: 'Mend what it hides, or write down a new last day with a reason that still holds.',
  flagged: [
    { path: 'main.tf', text: `# ${suppressionMarker} static-access-key until=2020-01-31 reason="until the move"\n` },
  ],
  clean: [
    { path: 'main.tf', text: `# ${suppressionMarker} static-access-key until=2999-01-31 reason="until the move"\n` },
  ],
  judge: (mark, now) => {
    if (mark.problem !== undefined || isInForce(mark, now)) return undefined;
    return {
      identity: `${mark.rule} ${mark.until} ${mark.reason}`,
      detail: `The suppression of ${mark.rule} ended on ${mark.until}; its reason was: ${mark.reason}.`,
    };
  },
});
