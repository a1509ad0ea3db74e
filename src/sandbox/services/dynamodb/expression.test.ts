import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../core/aws-error.ts';
import { readItem } from './attribute-value.ts';
import { applyUpdate, holds, project } from './evaluate-expression.ts';
import { Placeholders, parseCondition, parseProjection, parseUpdate } from './expression.ts';
import type { Item } from './state.ts';

const item: Item = readItem({
  LockID: { S: 'bucket/key' },
  count: { N: '10' },
  tags: { SS: ['a', 'b'] },
  list: { L: [{ S: 'x' }, { M: { deep: { BOOL: true } } }] },
  map: { M: { name: { S: 'n' } } },
});
const placeholders = (): Placeholders =>
  new Placeholders(
    new Map([
      ['#id', 'LockID'],
      ['#m', 'map'],
    ]),
    new Map(
      Object.entries({
        ':id': { S: 'bucket/key' },
        ':n': { N: '9.5' },
        ':m': { N: '11' },
        ':a': { S: 'a' },
        ':two': { N: '2' },
        ':t': { S: 'SS' },
        ':l': { L: [{ S: 'y' }] },
        ':set': { SS: ['b', 'c'] },
      }),
    ),
  );
const isTrue = (text: string): boolean => holds(parseCondition(text, 'ConditionExpression', placeholders()), item);

describe('a condition', () => {
  it.each([
    'attribute_exists(LockID)',
    'attribute_not_exists(Info)',
    'attribute_exists(list[1].deep)',
    '#id = :id AND count > :n',
    'count BETWEEN :n AND :m',
    'count <> :n and not count >= :m',
    'NOT (attribute_not_exists(#id) OR count < :n)',
    'begins_with(#m.name, :a) OR contains(tags, :a)',
    'attribute_type(tags, :t)',
    'size(tags) = :two',
    '#id IN (:a, :id)',
    // AND binds stronger than OR.
    'attribute_exists(LockID) OR attribute_exists(LockID) AND attribute_exists(none)',
  ])('holds: %s', (text) => expect(isTrue(text)).toBe(true));

  it.each([
    'attribute_not_exists(LockID)',
    'none = :id',
    'none <> :id',
    'count > :id',
    'list[7] = :a',
    'begins_with(count, :a)',
    '(attribute_exists(LockID) OR attribute_exists(LockID)) AND attribute_exists(none)',
  ])('does not hold: %s', (text) => expect(isTrue(text)).toBe(false));

  it.each([
    ['', 'The expression can not be empty'],
    ['attribute_exists(', 'Syntax error; token: "<EOF>"'],
    ['a = ', 'Syntax error; token: "<EOF>", near: "="'],
    ['a == :a', 'Syntax error; token: "="'],
    ['a = :none', 'An expression attribute value used in expression is not defined; attribute value: :none'],
    ['#x = :a', 'An expression attribute name used in the document path is not defined; attribute name: #x'],
    ['exists(a)', 'Invalid function name; function: exists'],
    ['a = :a extra', 'Syntax error; token: "extra"'],
    ['a = "x"', 'Syntax error; token: """'],
    ['('.repeat(200), 'nested deeper'],
    [`a = ${':a '.repeat(2000)}`, 'Expression size has exceeded the maximum allowed size'],
  ])('is refused: %.30j', (text, message) => expect(() => isTrue(text)).toThrow(message));

  it('is refused or parsed, whatever it is', () => {
    const word = fc.constantFrom(
      'a',
      '#id',
      ':a',
      '(',
      ')',
      'AND',
      'OR',
      'NOT',
      '=',
      '<',
      'size',
      'attribute_exists',
      ',',
      '.',
      '[',
      '0',
      ']',
      'IN',
      'BETWEEN',
      'SET',
      '+',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(word, { maxLength: 15 }).map((words) => words.join(' ')),
          fc.string(),
        ),
        (text) => {
          for (const read of [
            () => isTrue(text),
            () => applyUpdate(item, parseUpdate(text, placeholders())),
            () => project(item, parseProjection(text, placeholders())),
          ]) {
            try {
              read();
            } catch (error) {
              expect(error).toBeInstanceOf(AwsError);
            }
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('needs each placeholder that came with it', () => {
    const given = placeholders();
    parseCondition('#id = :id', 'ConditionExpression', given);
    expect(() => given.requireAllUsed()).toThrow(
      'Value provided in ExpressionAttributeNames unused in expressions: keys: {#m}',
    );
  });
});

describe('a projection', () => {
  it('keeps the shape of what it names', () => {
    expect(project(item, parseProjection('#id, #m.name, list[1].deep, none', placeholders()))).toEqual({
      LockID: { S: 'bucket/key' },
      map: { M: { name: { S: 'n' } } },
      list: { L: [{ M: { deep: { BOOL: true } } }] },
    });
  });
});

describe('an update', () => {
  const updated = (text: string): Item => applyUpdate(item, parseUpdate(text, placeholders()));

  it('sets, removes, adds and deletes', () => {
    const next = updated(
      'SET count = count + :n, fresh = if_not_exists(fresh, :a), list = list_append(list, :l) REMOVE #m.name DELETE tags :set ADD total :two',
    );
    expect(next).toMatchObject({
      count: { N: '19.5' },
      fresh: { S: 'a' },
      list: { L: [{ S: 'x' }, { M: {} }, { S: 'y' }] },
      map: { M: {} },
      tags: { SS: ['a'] },
      total: { N: '2' },
    });
    expect(item.count).toEqual({ N: '10' });
  });

  it.each([
    ['SET a = :a, a = :a', 'Two document paths overlap'],
    ['SET a = none', 'refers to an attribute that does not exist'],
    ['SET none.b = :a', 'The document path provided in the update expression is invalid'],
    ['SET a = :a SET b = :a', 'section can only be used once'],
    ['ADD LockID :two', 'incorrect data type'],
    ['SET count = count + :a', 'Incorrect operand type'],
  ])('is refused: %s', (text, message) => expect(() => updated(text)).toThrow(message));
});
