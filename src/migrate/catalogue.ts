/**
 * Every migration rule, in the order in which the rules of a step run. Documentation, `keyless explain` and the tests
 * over before and after folders are made from this list.
 */
import type { MigrationRule } from './rule.ts';

export const migrationRules: readonly MigrationRule[] = [];
