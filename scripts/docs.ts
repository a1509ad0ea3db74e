/** Writes the generated pages and schemas: docs/{detectors,rules,errors,commands}.md, schemas/*.json. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generatedFiles } from './generated-files.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
for (const [path, text] of await generatedFiles()) writeFileSync(`${root}${path}`, text);
