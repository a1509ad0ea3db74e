/** CloudTrail: trails, their log files, and the history of events. What it promises: cloudtrail.md. */
import type { Service } from '../../core/service.ts';
import { getEventSelectorsOperation, putEventSelectorsOperation } from './event-selectors.ts';
import { lookupEventsOperation } from './lookup-events.ts';
import { listPublicKeysOperation } from './public-keys.ts';
import { addTagsOperation, listTagsOperation, removeTagsOperation } from './tags.ts';
import {
  createTrailOperation,
  deleteTrailOperation,
  describeTrailsOperation,
  getTrailOperation,
  getTrailStatusOperation,
  listTrailsOperation,
  startLoggingOperation,
  stopLoggingOperation,
  updateTrailOperation,
} from './trails.ts';

export const cloudTrailService: Service = {
  id: 'cloudtrail',
  eventSource: 'cloudtrail.amazonaws.com',
  protocol: 'json-1.1',
  targetPrefix: 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101',
  signingNames: ['cloudtrail'],
  hostPrefixes: ['cloudtrail'],
  accessDenied: { code: 'AccessDeniedException', status: 400 },
  operations: new Map([
    ['AddTags', addTagsOperation],
    ['CreateTrail', createTrailOperation],
    ['DeleteTrail', deleteTrailOperation],
    ['DescribeTrails', describeTrailsOperation],
    ['GetEventSelectors', getEventSelectorsOperation],
    ['GetTrail', getTrailOperation],
    ['GetTrailStatus', getTrailStatusOperation],
    ['ListPublicKeys', listPublicKeysOperation],
    ['ListTags', listTagsOperation],
    ['ListTrails', listTrailsOperation],
    ['LookupEvents', lookupEventsOperation],
    ['PutEventSelectors', putEventSelectorsOperation],
    ['RemoveTags', removeTagsOperation],
    ['StartLogging', startLoggingOperation],
    ['StopLogging', stopLoggingOperation],
    ['UpdateTrail', updateTrailOperation],
  ]),
};
