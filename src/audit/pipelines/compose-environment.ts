/** `environment: [AWS_ACCESS_KEY_ID]` of Docker Compose: a name without a value hands on that of the person's shell. */
import type { SourceFile } from '../../repository/index.ts';
import { awsCredentialPart } from '../credential-names.ts';
import { reportStaticSlot, type SlotPart } from '../credential-slot.ts';
import type { Report } from '../detector.ts';
import { asList, entriesOf, findPart, readYamlTable } from './yaml-reading.ts';

export function reportPassedOnKeys(file: SourceFile, report: Report): void {
  for (const service of entriesOf(findPart(readYamlTable(file), 'services'))) {
    const environment = findPart(service.value, 'environment');
    const listed = environment?.kind === 'list' ? asList(environment) : [];
    const bare = entriesOf(environment).filter((entry) => entry.value === undefined);
    const names = [
      ...listed.flatMap((item) => (item.kind === 'text' ? [{ name: item.text, at: item.range.start }] : [])),
      ...bare.map((entry) => ({ name: entry.name, at: entry.nameRange.start })),
    ];
    const parts = names.flatMap(({ name, at }): SlotPart[] => {
      const part = /^\w+$/.test(name) ? awsCredentialPart(name) : undefined;
      return part === undefined ? [] : [{ part, name, at, value: { kind: 'name', name } }];
    });
    const subject = `service ${service.name}`;
    reportStaticSlot(report, {
      parts,
      slot: `${file.path}#${service.name}/passed-on`,
      subject,
      kind: 'container-static-key',
      usedBy: 'application',
      lead: `${subject} is handed a static key of the shell`,
    });
  }
}
