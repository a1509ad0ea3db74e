/** PutEventSelectors and GetEventSelectors, classic and advanced. */
import { AwsError } from '../../core/aws-error.ts';
import type { Input, Operation, Output } from '../../core/service.ts';
import { arnOf, getOwnTrail, getTrail } from './find-trail.ts';
import { listOf, structuresOf, textOf } from './input.ts';
import type { Trail } from './state.ts';

export const putEventSelectorsOperation: Operation = {
  readOnly: false,
  category: 'management',
  handle: (call, input) => {
    const name = textOf(input, 'TrailName') ?? '';
    call.authorize({ action: 'cloudtrail:PutEventSelectors', resource: arnOf(call, name) });
    const trail = getOwnTrail(call, name);
    const classic = structuresOf(input, 'EventSelectors');
    const advanced = structuresOf(input, 'AdvancedEventSelectors');
    if (classic.length > 0 === advanced.length > 0) {
      throw invalid('Specify either EventSelectors or AdvancedEventSelectors, and not both.');
    }
    classic.forEach(checkClassic);
    if (classic.length > 5) throw invalid('A trail can have at most 5 event selectors.');
    advanced.forEach(checkAdvanced);
    trail.eventSelectors = classic;
    trail.advancedEventSelectors = advanced;
    return selectorsOf(trail);
  },
};

export const getEventSelectorsOperation: Operation = {
  readOnly: true,
  category: 'management',
  handle: (call, input) => {
    const name = textOf(input, 'TrailName') ?? '';
    call.authorize({ action: 'cloudtrail:GetEventSelectors', resource: arnOf(call, name) });
    return selectorsOf(getTrail(call, name));
  },
};

function selectorsOf(trail: Trail): NonNullable<Output> {
  if (trail.advancedEventSelectors.length > 0) {
    return { TrailARN: trail.arn, AdvancedEventSelectors: trail.advancedEventSelectors };
  }
  const everything = {
    ReadWriteType: 'All',
    IncludeManagementEvents: true,
    DataResources: [],
    ExcludeManagementEventSources: [],
  };
  return { TrailARN: trail.arn, EventSelectors: trail.eventSelectors.length > 0 ? trail.eventSelectors : [everything] };
}

function checkClassic(selector: Input): void {
  const direction = textOf(selector, 'ReadWriteType') ?? 'All';
  if (!['ReadOnly', 'WriteOnly', 'All'].includes(direction)) {
    throw invalid(`ReadWriteType is ${direction}; it must be ReadOnly, WriteOnly or All.`);
  }
  for (const resource of structuresOf(selector, 'DataResources')) {
    const type = textOf(resource, 'Type') ?? '';
    if (!['AWS::S3::Object', 'AWS::Lambda::Function', 'AWS::DynamoDB::Table'].includes(type)) {
      throw invalid(`The data resource type ${type} is not supported by event selectors.`);
    }
    const wrong = listOf(resource, 'Values').find((value) => !/^arn:[\w-]+:(s3|lambda|dynamodb)/.test(String(value)));
    if (wrong !== undefined) throw invalid(`The value ${String(wrong)} is not an ARN of ${type}.`);
  }
}

const fields: ReadonlySet<string> = new Set([
  'eventCategory',
  'readOnly',
  'eventName',
  'eventSource',
  'eventType',
  'resources.type',
  'resources.ARN',
  'userIdentity.arn',
]);
const operators = ['Equals', 'StartsWith', 'EndsWith', 'NotEquals', 'NotStartsWith', 'NotEndsWith'];

function checkAdvanced(selector: Input): void {
  const selected = structuresOf(selector, 'FieldSelectors');
  for (const field of selected) {
    const name = textOf(field, 'Field') ?? '';
    if (!fields.has(name)) throw invalid(`The field ${name} is not supported in advanced event selectors.`);
    const values = operators.flatMap((operator) => listOf(field, operator));
    if (values.length === 0) throw invalid(`The field selector of ${name} has no operator with a value.`);
  }
  const of = (name: string): readonly unknown[] =>
    selected.filter(({ Field: field }) => field === name).flatMap((field) => listOf(field, 'Equals'));
  const category = of('eventCategory');
  if (category.length !== 1 || !['Management', 'Data', 'NetworkActivity'].includes(String(category[0]))) {
    throw invalid('Each advanced event selector needs eventCategory with Equals and one value.');
  }
  if (category[0] === 'Data' && of('resources.type').length !== 1) {
    throw invalid('A selector of data events needs resources.type with Equals and one value.');
  }
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidEventSelectorsException', message);
}
