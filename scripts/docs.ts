/** Writes the generated pages and schemas: docs/{detectors,rules,errors,commands,trust-policies}.md, schemas/*.json. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { trustAgreement } from '../test/support/trust-agreement.ts';
import { generatedFiles } from './generated-files.ts';
import { trustAgreementPage } from './trust-agreement-page.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
for (const [path, text] of await generatedFiles()) writeFileSync(`${root}${path}`, text);
writeFileSync(`${root}docs/trust-policies.md`, trustAgreementPage(await trustAgreement()));
