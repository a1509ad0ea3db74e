/** An encryption key for the state, written into the backend. */
import { type Detector, defineDetector } from '../detector.ts';
import { describeOrigin } from '../terraform/aws-arguments.ts';
import { plainString } from '../terraform/expression.ts';
import { reportPlace } from '../terraform/report-place.ts';
import { stateAccesses } from '../terraform/state-access.ts';

export const backendCustomerKey: Detector = defineDetector({
  id: 'backend-customer-key',
  title: 'S3 backend holds the key that encrypts the state',
  severity: 'high',
  class: 'static',
  why: 'Whoever has the repository has the key of the state; it is also copied into .terraform and into saved plans, and it cannot be rotated without rewriting the state.',
  fix: 'Encrypt with KMS (kms_key_id), or hand the key over in AWS_SSE_CUSTOMER_KEY.',
  source: 'https://developer.hashicorp.com/terraform/language/backend/s3#s3-state-storage',
  flagged: [
    {
      path: 'main.tf',
      text: 'terraform {\n  backend "s3" {\n    sse_customer_key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="\n  }\n}\n',
    },
    { path: 'x.tfbackend', text: 'sse_customer_key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="\n' },
  ],
  clean: [{ path: 'main.tf', text: 'terraform {\n  backend "s3" {\n    kms_key_id = "alias/state"\n  }\n}\n' }],
  detect(file, report, repository) {
    for (const { subject, settings } of stateAccesses(file, repository)) {
      const key = settings.get('sse_customer_key');
      if (key === undefined || plainString(key.value) === '') continue;
      const detail = `${subject} takes sse_customer_key ${describeOrigin(key.value, file.text)}.`;
      reportPlace(report, {
        at: key.start,
        kind: 'backend-customer-key',
        class: 'static',
        usedBy: 'terraform',
        subject,
        stack: file.directory,
        detail,
      });
    }
  },
});
