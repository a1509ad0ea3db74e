/** Keys in Kubernetes manifests: Secrets, their encrypted and external forms, and environments of containers. */
import { awsCredentialPart } from '../credential-names.ts';
import { reportStaticSlot, type SlotPart } from '../credential-slot.ts';
import { readPlainCredential } from '../credential-value.ts';
import { type Detector, defineDetector } from '../detector.ts';
import { pipelineKindOf } from '../pipelines/pipeline-kind.ts';
import {
  asText,
  entriesOf,
  findPart,
  findText,
  readYaml,
  type YamlEntry,
  type YamlPart,
} from '../pipelines/yaml-reading.ts';
import { reportYamlCredentials } from '../pipelines/yaml-report.ts';

export const kubernetesStaticKey: Detector = defineDetector({
  id: 'kubernetes-static-key',
  title: 'A Kubernetes manifest holds or uses an access key',
  severity: 'high',
  class: 'static',
  why: 'base64 is no encryption, and a Secret that is sealed or fetched from elsewhere still puts a long-lived key into the pod.',
  fix: 'Give the service account a role (EKS Pod Identity, or IAM roles for service accounts) and delete the Secret.',
  source: 'https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html',
  flagged: [
    {
      path: 'k8s/secret.yaml',
      text: `apiVersion: v1
kind: Secret
metadata: { name: aws }
data:
  AWS_ACCESS_KEY_ID: QUtJQUlPU0ZPRE5ON0VYQU1QTEU=
  AWS_SECRET_ACCESS_KEY: d0phbHJYVXRuRkVNSS9LN01ERU5HL2JQeFJmaUNZRVhBTVBMRUtFWQ==
`,
    },
    {
      path: 'k8s/deployment.yaml',
      text: `apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: app
          env:
            - name: AWS_ACCESS_KEY_ID
              valueFrom: { secretKeyRef: { name: aws, key: id } }
            - name: AWS_SECRET_ACCESS_KEY
              valueFrom: { secretKeyRef: { name: aws, key: secret } }
`,
    },
    {
      path: 'k8s/sealed.yaml',
      text: 'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec:\n  encryptedData:\n    AWS_ACCESS_KEY_ID: AgBy3i4OJSWK\n    AWS_SECRET_ACCESS_KEY: AgAR7s7dwe\n',
    },
  ],
  clean: [
    {
      path: 'k8s/service-account.yaml',
      text: "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: app\n  annotations: { eks.amazonaws.com/role-arn: 'arn:aws:iam::111122223333:role/app' }\n",
    },
    {
      path: 'k8s/secret.yaml',
      text: 'apiVersion: v1\nkind: Secret\ndata:\n  password: c2VjcmV0\n  AWS_ACCESS_KEY_ID: dGVzdA==\n',
    },
  ],
  detect(file, report, repository) {
    if (pipelineKindOf(file, repository) !== 'kubernetes') return;
    for (const [index, root] of readYaml(file).entries()) {
      const kind = findText(root, 'kind') ?? '';
      const subject = `${kind} ${findText(root, 'metadata', 'name') ?? ''}`.trim();
      reportStaticSlot(report, {
        parts: secretParts(root, kind),
        slot: `${file.path}#${index}`,
        subject,
        kind: 'container-static-key',
        usedBy: 'application',
        lead: `${subject} holds a static key`,
      });
    }
    if (/^kind:[ \t]*["']?(Secret|SealedSecret)\b/m.test(file.text)) return;
    reportYamlCredentials(file, report, { kind: 'container-static-key', label: 'Kubernetes', usedBy: 'application' });
  },
});

function secretParts(root: YamlPart, kind: string): SlotPart[] {
  if (kind === 'Secret') {
    return [
      ...partsOf(entriesOf(findPart(root, 'data')), decodeBase64),
      ...partsOf(entriesOf(findPart(root, 'stringData')), (text) => text),
    ];
  }
  if (kind !== 'SealedSecret') return [];
  return entriesOf(findPart(root, 'spec', 'encryptedData')).flatMap((entry): SlotPart[] => {
    const part = awsCredentialPart(entry.name);
    const value = { kind: 'stored', store: 'sealed secret', name: entry.name } as const;
    return part === undefined ? [] : [{ part, name: entry.name, at: entry.nameRange.start, value }];
  });
}

/** By the name of the key, or, for `id` and `secret`, by what the value is. */
function partsOf(entries: readonly YamlEntry[], decode: (text: string) => string): SlotPart[] {
  return entries.flatMap((entry): SlotPart[] => {
    const text = asText(entry.value)?.text;
    if (text === undefined) return [];
    const decoded = decode(text).trim();
    const part = awsCredentialPart(entry.name) ?? (/^AKIA[A-Z2-7]{16}$/.test(decoded) ? 'keyId' : undefined);
    if (part === undefined) return [];
    const encrypted = /^ENC\[/.test(text);
    const value = encrypted
      ? ({ kind: 'stored', store: 'sops', name: entry.name } as const)
      : readPlainCredential(decoded);
    return [{ part, name: entry.name, at: entry.nameRange.start, value }];
  });
}

function decodeBase64(text: string): string {
  return /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text) ? Buffer.from(text, 'base64').toString('latin1') : text;
}
