/** docs/keyless-yaml.md: every key of keyless.yaml from its JSON Schema, and a file that has one of each. */
import { renderIntentSchema } from '../src/intent/index.ts';
import { defaultIntentText } from '../src/sandbox/world/default-intent.ts';

interface JsonSchema {
  readonly description?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

const introduction = `keyless.yaml says who may run Terraform where. It stands at the root of the repository; \`keyless init\` drafts it. Profiles,
roles, trust policies, permission sets and bucket policies are derived from it, and the sandbox serves the organisation
that it describes. An unknown key, a name that points at nothing, or a window that ends before it begins is an error with
its line.

A value that nobody knows yet is \`null\`: only what needs it waits. What is left out has the default of the table below.

## A whole file

\`\`\`yaml
${defaultIntentText.trimEnd()}
\`\`\`

## People

- Nobody is drafted: \`init\` does not guess who works for you. A rehearsal without \`people\` makes two engineers up and says so.
- \`from\` and \`until\` are instants. IAM and Identity Center know no weekly hours, so keyless.yaml has none.
- AWS has no windows on assignments. The sandbox keeps them; in AWS the assignment has to be made and removed.
- Two assignments may give one set in one account to one group or person only at different times: taking one of them away
  would else take nothing away.

## Pipelines

- The subject of a token of GitHub is the job's environment, else \`pull_request\`, else the branch or tag. So a job has
  \`environments\`, or \`accounts\` with \`triggers: [pull_request]\`, \`branches\` or \`tags\`.
- \`branches\` beside \`environments\` narrows the trust to these refs, unless another job of the same environment has none:
  the token does not tell the two apart.
- A pull request plans and nothing else. One from a fork gets no token at all.
- Without \`jobs\`, every environment may plan and apply in its account, and pull requests may plan in all of them.

## State

- \`readers\` and \`writers\` name sessions by phase or permission set, not by group: what reaches the bucket is the role of a
  permission set, and IAM can't tell two groups apart that have the same one. Give them different sets.
- Whoever is on either list may lock the keys it was given. Nobody is given deletion of state.
- The bucket policy has two forms. While the old way works it lets the new identities in, and the old user where the
  bucket is not in its account; afterwards it also refuses keys of IAM users, whoever is not on the list, and deletion of
  versions.

## Every key
`;

export function intentPage(note: string): string {
  const rows = rowsOf(JSON.parse(renderIntentSchema()) as JsonSchema, '');
  const table = ['| key | what it says |', '|---|---|', ...rows].join('\n');
  return `# keyless.yaml\n\n${note}\n\n${introduction}\n${table}\n`;
}

function rowsOf(schema: JsonSchema, path: string): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const name = path === '' ? key : `${path}.${key}`;
    const required = schema.required?.includes(key) === true ? ' Required.' : '';
    return [`| \`${name}\` | ${property.description ?? ''}${required} |`, ...rowsOf(property, name)];
  });
  const values =
    typeof schema.additionalProperties === 'object' ? rowsOf(schema.additionalProperties, `${path}.<name>`) : [];
  const elements = schema.items === undefined ? [] : rowsOf(schema.items, `${path}[]`);
  return [...own, ...values, ...elements, ...(schema.anyOf ?? []).flatMap((choice) => rowsOf(choice, path))];
}
