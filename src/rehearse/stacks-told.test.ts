import { describe, expect, it } from 'vitest';
import type { Check } from './rehearsal.ts';
import type { StackRun } from './stack-runs.ts';
import { leftOutOf, ranByTerraform, stacksTold } from './stacks-told.ts';
import { green, red, skipped } from './stage.ts';

const terraform = 'terraform 1.11.4';
const told = (stack: string, check: Check, name: string = stack) => ({
  run: { name, stack, client: { kind: 'terraform', whole: true } } as unknown as StackRun,
  checks: [check],
});
const fails = (client: string) => red('x', client, 'fails', { cause: 'c', fix: 'f' });

describe('stacksTold', () => {
  it('counts what was run, and by whom', () => {
    const all = [
      told('a', green('a', terraform, 'works')),
      told('b', green('b', 'keyless', 'works')),
      told('c', fails(terraform)),
      told('d', skipped('d', 'keyless', 'why')),
    ];
    expect(stacksTold(all)).toBe('2 of 3 stacks work (1 by terraform, 1 by calls of keyless; 1 skipped)');
    expect(stacksTold(all.slice(3))).toBe('no stack could be run');
    expect(stacksTold([])).toBe('no stack could be run');
    expect(stacksTold(all.slice(2, 3))).toBe('0 of 1 stack work');
  });

  it('has a stack work when it does with each of its backends', () => {
    const dev = told('a', green('a', terraform, 'works'), 'a (dev)');
    expect(stacksTold([dev, told('a', fails(terraform), 'a (live)')])).toBe('0 of 1 stack work');
    expect(stacksTold([dev, told('a', green('a', terraform, 'works'), 'a (live)')])).toBe(
      '1 of 1 stack works (1 by terraform)',
    );
    expect(stacksTold([dev, told('a', skipped('a', 'keyless', 'why'), 'a (live)')])).toBe(
      '1 of 1 stack works (1 by terraform; 1 not in all workspaces)',
    );
  });
});

describe('ranByTerraform', () => {
  it('has neither what was skipped nor what keyless ran', () => {
    const all = [
      told('a', green('a', terraform, 'works')),
      told('b', green('b', 'keyless', 'works')),
      told('c', skipped('c', terraform, 'why')),
      told('d', fails(terraform)),
    ];
    expect(ranByTerraform(all).map(({ name }) => name)).toEqual(['a', 'd']);
  });
});

describe('leftOutOf', () => {
  it('says once what has one reason', () => {
    const part = (what: string, reason: string) => ({ what, reason, path: 'a/main.tf', line: 1, column: 1 });
    const aws = ['a', 'b', 'c', 'd', 'e'].map((name) => part(`aws_sqs_queue.${name}`, 'it needs the provider aws'));
    const leftOut = [
      ...aws,
      part('output.a', 'it refers to aws_sqs_queue.a'),
      part('local.b', 'it refers to output.a'),
    ];
    expect(leftOutOf({ name: 'app', leftOut })).toBe(
      'app ran as a skeleton, without 7 parts: aws_sqs_queue.a, aws_sqs_queue.b, aws_sqs_queue.c and 2 more (it needs the provider aws); output.a, local.b (what these refer to is left out)',
    );
  });
});
