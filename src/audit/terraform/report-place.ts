/** A place that is both a way to authenticate and something to change: said once, reported as both. */
import type { MethodDraft, Report } from '../detector.ts';

/** Reports the method, and a finding of the detector's own severity that tells it by its subject. */
export function reportPlace(report: Report, method: MethodDraft): void {
  const { at, subject, usedBy, detail } = method;
  report.finding({ at, identity: subject, usedBy, detail });
  report.method(method);
}
