/** Tasks of Azure Pipelines that reach AWS through a service connection. */
import type { SourceFile } from '../../repository/index.ts';
import { asText, entriesOf, findPart, findText, readYaml, walkYaml } from './yaml-reading.ts';

export interface AzureAwsTask {
  /** `TerraformTaskV4@4`. */
  readonly task: string;
  readonly connection: string;
  /** `key`: the task can do nothing but read a key from the connection. `connection`: it depends on its settings. */
  readonly takes: 'key' | 'connection';
  readonly at: number;
  readonly directory: string | undefined;
}

export function azureAwsTasks(file: SourceFile): AzureAwsTask[] {
  return readYaml(file).flatMap((root) =>
    [...walkYaml(root)].flatMap((part) => {
      const task = findText(part, 'task');
      if (task === undefined) return [];
      const inputs = entriesOf(findPart(part, 'inputs'));
      const connection = inputs.find(({ name }) => connectionInputs.test(name));
      const name = asText(connection?.value)?.text;
      if (connection === undefined || name === undefined || name === '') return [];
      const folder = asText(inputs.find(({ name: input }) => /^(workingDirectory|cwd)$/.test(input))?.value)?.text;
      const directory = folder?.replace(/^\$\([\w.]+\)\/?/, '').replace(/^\.\//, '');
      return [
        {
          task,
          connection: name,
          takes: /terraform/i.test(task) ? ('key' as const) : ('connection' as const),
          at: connection.range.start,
          directory: directory === undefined || /\$/.test(directory) ? undefined : directory,
        },
      ];
    }),
  );
}

const connectionInputs =
  /^(awsCredentials|backendServiceAWS|environmentServiceNameAWS|environmentServiceNameAws|backendServiceAws|awsServiceConnection)$/;
