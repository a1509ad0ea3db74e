/** Parses an edited file again: an edit may never make a file worse than it was. */
import { SourceFile } from '../repository/index.ts';

/** Parse problems of `after` that the file did not have before; empty when the edit is sound. */
export function newProblems(file: SourceFile, after: string): string[] {
  const before = new Set(problemsOf(file));
  return problemsOf(new SourceFile(file.path, after)).filter((problem) => !before.has(problem));
}

function problemsOf(file: SourceFile): string[] {
  switch (file.format) {
    case 'terraform':
    case 'terraform-test':
    case 'tfvars':
    case 'backend-config':
    case 'terragrunt':
    case 'tflint':
    case 'hcl':
      return file.hcl().problems.map(({ message }) => message);
    case 'yaml':
      return file.yaml().problems.map(({ message }) => message);
    case 'json':
    case 'terraform-json':
    case 'tfvars-json':
      return file.json().problems.map(({ message }) => message);
    case 'aws-ini':
    case 'ini':
      return file.ini().problems.map(({ message }) => message);
    default:
      return [];
  }
}
