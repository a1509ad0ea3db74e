/** What bodies of the control API may hold. Unknown members are refused: a misspelt one would silently do nothing. */
import { z } from 'zod';

const effect = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('error'),
    status: z.int().min(300).max(599),
    code: z.string().regex(/^[A-Za-z.]+$/),
    message: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('delay'), milliseconds: z.number().nonnegative() }),
  z.strictObject({ kind: z.literal('reset') }),
  z.strictObject({ kind: z.literal('black-hole') }),
  z.strictObject({ kind: z.literal('drop-answer') }),
]);

const serviceNames = [
  'sts',
  'iam',
  's3',
  'dynamodb',
  'kms',
  'sso-oidc',
  'sso-portal',
  'sso-admin',
  'identitystore',
  'organizations',
  'cloudtrail',
  'issuers',
] as const;

/** A `Fault`, whose id may be left out. */
export const faultBody: z.ZodType<{ readonly id?: string | undefined }> = z.strictObject({
  id: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .optional(),
  on: z
    .strictObject({
      service: z.enum(serviceNames).optional(),
      operation: z.string().optional(),
      method: z.string().optional(),
      pathEnd: z.string().optional(),
      accessKeyId: z.string().optional(),
    })
    .default({}),
  after: z.int().nonnegative().optional(),
  times: z.int().positive().optional(),
  effect,
});

export const claimsBody: z.ZodType<Readonly<Record<string, unknown>>> = z.record(z.string(), z.unknown());

const text = z.string().min(1);

/** A `GithubJob`. */
export const githubJobBody: z.ZodType<object> = z.strictObject({
  repository: z.strictObject({
    fullName: z.string().regex(/^[^/\s]+\/[^/\s]+$/, 'expected owner/name'),
    id: text.optional(),
    ownerId: text.optional(),
    visibility: z.enum(['public', 'private', 'internal']).optional(),
    immutableSubject: z.boolean().optional(),
    includeClaimKeys: z.array(text).optional(),
  }),
  event: text,
  ref: text,
  environment: text.optional(),
  workflowFile: text.optional(),
  workflow: text.optional(),
  jobWorkflowRef: text.optional(),
  actor: text.optional(),
  actorId: text.optional(),
  headRef: text.optional(),
  baseRef: text.optional(),
  fromFork: z.boolean().optional(),
  idTokenPermission: z.boolean().optional(),
  sha: text.optional(),
  runId: text.optional(),
  runNumber: z.int().optional(),
  runAttempt: z.int().optional(),
  runnerEnvironment: z.enum(['github-hosted', 'self-hosted']).optional(),
  enterprise: text.optional(),
});

/** An `HcpRun`. */
export const hcpRunBody: z.ZodType<object> = z.strictObject({
  organization: text,
  project: text.optional(),
  workspace: text,
  phase: z.enum(['plan', 'apply']),
  organizationId: text.optional(),
  projectId: text.optional(),
  workspaceId: text.optional(),
  runId: text.optional(),
});
