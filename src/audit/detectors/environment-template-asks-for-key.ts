/** Templates that tell everybody to put a static key into their environment. */
import { parseShellAssignments } from '../../formats/shell/index.ts';
import { awsCredentialPart } from '../credential-names.ts';
import { readShellCredential } from '../credential-value.ts';
import { type Detector, defineDetector } from '../detector.ts';
import { isEnvironment, isTemplate, subjectOfEnvironment } from '../pipelines/environment-file.ts';

export const environmentTemplateAsksForKey: Detector = defineDetector({
  id: 'environment-template-asks-for-key',
  title: 'A template asks everybody for an access key',
  severity: 'low',
  class: 'static',
  why: 'The file holds no key, but whoever follows it makes one: the next person brings static keys back.',
  fix: 'Ask for AWS_PROFILE instead and name the command that logs in.',
  flagged: [
    { path: '.env.example', text: 'AWS_ACCESS_KEY_ID=\nAWS_SECRET_ACCESS_KEY=<your secret>\nAWS_REGION=eu-west-1\n' },
    { path: 'config/template.env', text: 'export AWS_ACCESS_KEY_ID=changeme\n' },
    { path: 'env.example.sh', text: 'export AWS_ACCESS_KEY_ID=\nexport AWS_SECRET_ACCESS_KEY=\n' },
  ],
  clean: [
    { path: '.env.example', text: 'AWS_PROFILE=dev\n' },
    { path: '.env.sample', text: 'AWS_ACCESS_KEY_ID=test\nAWS_SECRET_ACCESS_KEY=test\n' },
    { path: '.env', text: 'AWS_ACCESS_KEY_ID=\n' },
  ],
  detect(file, report) {
    const dialect = isEnvironment(file) ? 'dotenv' : file.format === 'shell' ? 'shell' : undefined;
    if (dialect === undefined || !isTemplate(file.path)) return;
    const asked = parseShellAssignments(file.text, dialect).filter((assignment) => {
      const raw = file.text.slice(assignment.valueStart, assignment.valueEnd);
      const value = readShellCredential(raw);
      const open = value.kind === 'nothing' && value.why !== 'emulator';
      return !assignment.inComment && awsCredentialPart(assignment.name) !== undefined && open;
    });
    const [first] = asked;
    if (first === undefined) return;
    const names = [...new Set(asked.map((assignment) => assignment.name))].join(', ');
    report.finding({
      at: first.nameStart,
      usedBy: 'person',
      detail: `${subjectOfEnvironment(file)} asks for ${names}.`,
    });
  },
});
