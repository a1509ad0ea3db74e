/** Profiles that shells, scripts and Makefiles work with. */
import { parseShellAssignments } from '../../formats/shell/index.ts';
import { type Detector, defineDetector } from '../detector.ts';
import { isShellSetup, scriptDialect } from '../pipelines/script-file.ts';

export const shellProfile: Detector = defineDetector({
  id: 'shell-profile',
  title: 'A shell or script names an AWS profile',
  severity: 'info',
  class: 'indirect',
  why: 'A profile is as good as what stands behind it: a static key, a role, or a session of Identity Center.',
  fix: 'Check what the profile holds with keyless audit --home.',
  source: 'https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html',
  flagged: [
    { path: '.envrc', text: 'export AWS_PROFILE=fernwick-dev\n' },
    { path: 'scripts/plan.sh', text: 'AWS_PROFILE=live terraform plan\n' },
    { path: 'Makefile', text: 'export AWS_PROFILE ?= dev\n' },
  ],
  clean: [{ path: '.envrc', text: 'export AWS_REGION=eu-west-1\nunset AWS_PROFILE\n' }],
  detect(file, report) {
    const dialect = isShellSetup(file) ? 'shell' : scriptDialect(file);
    if (dialect === undefined || !/AWS_(DEFAULT_)?PROFILE/.test(file.text)) return;
    const seen = new Set<string>();
    for (const assignment of parseShellAssignments(file.text, dialect)) {
      const named = /^AWS_(DEFAULT_)?PROFILE$/.test(assignment.name) && assignment.valueEnd > assignment.valueStart;
      if (!named || assignment.inComment || assignment.form === 'unset') continue;
      const profile = assignment.value ?? file.text.slice(assignment.valueStart, assignment.valueEnd);
      if (profile === '' || seen.has(profile)) continue;
      seen.add(profile);
      const subject = file.path.split('/').at(-1) ?? file.path;
      report.method({
        at: assignment.nameStart,
        kind: 'shell-profile',
        class: 'indirect',
        usedBy: 'person',
        subject,
        detail: `${subject} uses the profile ${profile}.`,
        credentialName: profile,
      });
    }
  },
});
