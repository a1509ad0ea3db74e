/** What scripts depend on in the rest of the repository: variables that Terraform code takes, profiles that something names. */
import { type Repository, terraformModules } from '../../repository/index.ts';
import type { KeyContext } from './remove-keys.ts';

export function scriptContext(repository: Repository): KeyContext {
  let context = contexts.get(repository);
  if (context === undefined) {
    const dropped = new Map<string, boolean>();
    const profiles = new Map<string, boolean>();
    context = {
      isGone: (variable) => remember(dropped, variable, () => isGone(repository, variable)),
      isUsedProfile: (profile) => remember(profiles, profile, () => isUsedProfile(repository, profile)),
    };
    contexts.set(repository, context);
  }
  return context;
}

const contexts = new WeakMap<Repository, KeyContext>();

/** `TF_VAR_x` and `-var` reach root modules only. Without any code here, the code that takes the variable is elsewhere. */
function isGone(repository: Repository, variable: string): boolean {
  const modules = terraformModules(repository);
  const called = new Set(modules.flatMap(({ calls }) => calls.map(({ directory }) => directory)));
  const roots = modules.filter(({ directory }) => !called.has(directory));
  return modules.length > 0 && !roots.some(({ variables }) => variables.has(variable));
}

/** Terraform code that names the profile, or a command that is run with it. */
function isUsedProfile(repository: Repository, profile: string): boolean {
  const escaped = profile.replace(/[^\w-]/g, '\\$&');
  const named = new RegExp(
    `\\bprofile\\s*=\\s*"${escaped}"|(?:--profile[= ]|AWS_PROFILE[=:]\\s*)["']?${escaped}(?![\\w-])`,
  );
  return repository.files.some(({ text }) =>
    text.split('\n').some((line) => named.test(line) && !/aws\s+configure\s+set/.test(line)),
  );
}

function remember(known: Map<string, boolean>, key: string, find: () => boolean): boolean {
  let found = known.get(key);
  if (found === undefined) {
    found = find();
    known.set(key, found);
  }
  return found;
}
