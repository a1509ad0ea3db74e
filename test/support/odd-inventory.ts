/** An inventory with everything in it that a view may stumble over: odd paths, odd values, every optional field, no field. */
import fc from 'fast-check';
import {
  type Credential,
  detectors,
  type Finding,
  type Inventory,
  type Method,
  methodKinds,
  type SuppressedFinding,
} from '../../src/audit/index.ts';
import { severities } from '../../src/kernel/diagnostic.ts';

/** Names that files really can have, and what a view must not take for its own markup, escapes or separators. */
const oddText = fc.oneof(
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "';alert(1)//",
    '</script><script>',
    '</style>',
    ']]>',
    '<!--',
    'a b#c?d%20e',
    'naïve/файл/日本語.tf',
    '\u001b[31mred\u001b[0m',
    '\u0000\u0007\u009b',
    '\ud800lone',
    '\u202emirrored',
    '👩‍👩‍👧.tf',
    'x'.repeat(300),
    '${{ secrets.X }}',
    '`code` **bold** | cell',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
);

const path = fc.oneof(
  fc.array(oddText, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
  fc.constantFrom('~/.aws/credentials', '<environment>/.env', 'main.tf', 'C:\\odd.tf'),
);
const location = fc.record({ path, line: fc.integer({ min: 1, max: 1e6 }), column: fc.integer({ min: 1, max: 1e4 }) });
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const authenticationClass = fc.constantFrom('static', 'indirect', 'dynamic');
const usedBy = fc.constantFrom('terraform', 'pipeline', 'person', 'application', 'made-by-code');
const part = fc.constantFrom('keyId', 'secret', 'token');
const fingerprint = fc.stringMatching(/^[0-9a-f]{32}$/);
const keyId = fc.constantFrom('AKIA…7QXZ', 'ASIA…AB2C');
const account = fc.stringMatching(/^\d{12}$/);

/** Absent, not `undefined`: that is how the audit leaves optional fields out. */
function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}

const finding: fc.Arbitrary<Finding> = fc
  .tuple(
    location,
    fc.record({
      rule: fc.constantFrom(...detectors.map(({ id }) => id)),
      severity: fc.constantFrom(...severities),
      class: authenticationClass,
      fingerprint,
      title: oddText,
      detail: oddText,
      fix: oddText,
      fixRule: optional(fc.constantFrom('P1', 'scripts')),
      keyId: optional(keyId),
      accountHint: optional(account),
      usedBy: optional(usedBy),
      otherPlaces: fc.array(location, { maxLength: 3 }),
      gated: fc.boolean(),
    }),
  )
  .map(([at, rest]) => withoutUndefined({ ...at, ...rest }) as Finding);

const suppressed: fc.Arbitrary<SuppressedFinding> = fc.record({
  finding,
  reason: oddText,
  until: fc.constantFrom('2027-01-31', '9999-12-31'),
  suppressedAt: location,
});

const credential: fc.Arbitrary<Credential> = fc
  .record({
    fingerprint,
    keyId: optional(keyId),
    kind: fc.constantFrom('long-term' as const, 'temporary' as const, 'bedrock' as const, 'other' as const),
    parts: fc.uniqueArray(part, { minLength: 1 }),
    accountHint: optional(account),
    documentationExample: fc.boolean(),
    doubt: optional(oddText),
    places: fc.array(
      fc.tuple(location, part, oddText).map(([at, which, via]) => ({ ...at, part: which, via })),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map((value) => withoutUndefined(value) as Credential);

const method: fc.Arbitrary<Method> = fc
  .tuple(
    location,
    fc.record({
      kind: fc.constantFrom(...methodKinds),
      class: authenticationClass,
      usedBy,
      detail: oddText,
      subject: oddText,
      stack: optional(path),
      roleArns: optional(
        fc.array(
          fc.oneof(
            account.map((id) => `arn:aws:iam::${id}:role/deployment`),
            oddText,
          ),
          { maxLength: 3 },
        ),
      ),
      accountId: optional(account),
      credentialName: optional(oddText),
    }),
  )
  .map(([at, rest]) => withoutUndefined({ ...at, ...rest }) as Method);

const skipped = fc
  .record({
    path,
    reason: fc.constantFrom('binary' as const, 'unparseable' as const, 'symlink-loop' as const),
    detail: oddText,
    line: optional(fc.integer({ min: 1, max: 1e6 })),
    searchedAsText: fc.boolean(),
  })
  .map((value) => withoutUndefined(value) as Inventory['coverage']['skipped'][number]);

/** Fingerprints are unique, as `auditRepository` makes them; the counts do not have to add up. */
export const oddInventory: fc.Arbitrary<Inventory> = fc
  .record({
    root: path,
    findings: fc.uniqueArray(finding, { selector: (item) => item.fingerprint, maxLength: 6 }),
    suppressed: fc.array(suppressed, { maxLength: 3 }),
    credentials: fc.array(credential, { maxLength: 4 }),
    methods: fc.array(method, { maxLength: 12 }),
    skipped: fc.array(skipped, { maxLength: 4 }),
    keyless: fc.boolean(),
    count: fc.nat(5),
  })
  .map(({ skipped: left, keyless, count, ...lists }) => ({
    ...lists,
    summary: {
      credentialsInClear: count,
      staticMethods: { terraform: count, pipeline: 0, person: 0, application: 0, 'made-by-code': count },
      methods: { static: count, indirect: 0, dynamic: 0 },
      findings: { critical: 0, high: count, medium: 0, low: 0, info: 0 },
      suppressed: lists.suppressed.length,
      foreignMarks: 0,
      keyless,
    },
    coverage: { scanned: { files: 3, bytes: 1000 }, skipped: left },
  }));
