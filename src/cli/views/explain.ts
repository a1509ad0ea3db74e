/**
 * What `keyless explain <id>` prints and what the generated pages in docs/ hold, from the catalogues themselves:
 * written once, so the two cannot differ.
 */
import { type AnyDetector, redactText, type Sample } from '../../audit/index.ts';
import { documentedExamples } from '../../aws/access-key-id.ts';
import { type ErrorCode, errorCodes } from '../../kernel/error-codes.ts';
import type { MigrationRule } from '../../migrate/index.ts';
import { fixLabel } from './fix-label.ts';

export function explainDetector(detector: AnyDetector): string {
  const lines = [
    `### ${detector.id}`,
    '',
    `**${detector.title}**: ${detector.severity}, ${detector.class}.`,
    '',
    detector.why,
    '',
    `Fix (${fixLabel(detector.fixRule)}): ${detector.fix}`,
    '',
  ];
  if (detector.source !== undefined) lines.push(`Source: ${detector.source}`, '');
  const flagged = detector.flagged[0];
  const clean = detector.clean[0];
  if (flagged !== undefined) lines.push('Flagged:', '', sampleBlock(flagged), '');
  if (clean !== undefined) lines.push('Not flagged:', '', sampleBlock(clean), '');
  return lines.join('\n');
}

export function explainRule(rule: MigrationRule, stepTitle: string): string {
  const lines = [
    `### ${rule.id}`,
    '',
    `**${rule.title}** (step: ${stepTitle})`,
    '',
    rule.why,
    '',
    `Does: ${rule.does}`,
    '',
    `Refuses: ${rule.refuses}`,
    '',
  ];
  if (rule.source !== undefined) lines.push(`Source: ${rule.source}`, '');
  return lines.join('\n');
}

export function explainErrorCode(code: ErrorCode): string {
  const { title, explanation, exit } = errorCodes[code];
  return [`### ${code}`, '', `**${title}**: exit status ${exit}.`, '', explanation, ''].join('\n');
}

function sampleBlock({ path, text }: Sample): string {
  const language = /\.(tf|tfvars|hcl|tofu|tfbackend)$/.test(path)
    ? 'hcl'
    : (/\.(ya?ml|json|sh)$/.exec(path)?.[1] ?? '');
  return `\`${path}\`\n\n\`\`\`${language}\n${withoutKeys(text.trimEnd())}\n\`\`\``;
}

/** Samples may carry generated keys; a page shows only those that AWS made up for its own documentation. */
function withoutKeys(text: string): string {
  const examples = documentedExamples.flatMap(({ keyId, secret }) => [keyId, secret]);
  // Letters, digits and slashes: nothing in them means anything to a regular expression.
  const kept = new RegExp(`(${examples.join('|')})`);
  return text
    .split(kept)
    .map((part) => (examples.includes(part) ? part : redactText(part)))
    .join('');
}
