/**
 * The frame around every operation: finds the service and the operation a message asks for, lets faults strike, checks
 * the signature, hands the operation its input and everything it may ask of the world, and renders what it returns.
 * Nothing here knows a socket: the server and the tests call `handle` alike.
 */
import { globalRegionOf, partitionOfHost } from '../../aws/partition.ts';
import { decodeJson } from '../protocols/json.ts';
import { decodeQuery } from '../protocols/query.ts';
import { renderError, renderOutput } from '../protocols/render.ts';
import { unmodelledService } from '../protocols/unmodelled.ts';
import { settleOperations } from '../services/identity-center/operations.ts';
import { authenticate, missingSignature } from './authenticate.ts';
import { type Authorizer, decideAccess, type PolicyEngine } from './authorize.ts';
import { AwsError } from './aws-error.ts';
import type { CallOutcome, RecordCall } from './call-outcome.ts';
import type { Caller, IssuedKey } from './caller.ts';
import type { FaultEffect } from './fault.ts';
import { FaultRegistry } from './faults.ts';
import type { Answer, HttpMessage } from './http-message.ts';
import { markUsed } from './last-used.ts';
import { isLoopbackHost, isSignInHost, readAwsHost } from './route.ts';
import type { Call, Input, Operation, Output, Service, ServiceId, WireRequest, WireResponse } from './service.ts';
import { type ServiceSource, sourceOf } from './service-source.ts';
import { readSignature, type SignatureReading } from './sigv4.ts';
import type { SandboxTime } from './time.ts';
import type { World } from './world.ts';

export interface SandboxOptions {
  readonly world: World;
  /** As they are, or as something that loads them when they are called first. */
  readonly services: readonly (Service | ServiceSource)[];
  readonly time: SandboxTime;
  readonly policies: PolicyEngine;
  /** Waits real milliseconds, for delays. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly faults?: FaultRegistry;
  /** Requests below `/_keyless/`. */
  readonly control?: (request: WireRequest) => Promise<WireResponse>;
  /** Requests to issuers of pipeline tokens; `undefined` when it is none of theirs. */
  readonly issuers?: (request: WireRequest) => Promise<WireResponse | undefined> | WireResponse | undefined;
  readonly record?: RecordCall;
  /** Told of what broke inside an operation. */
  readonly report?: (problem: InternalProblem) => void;
}

export interface InternalProblem {
  readonly service: string;
  readonly operation: string;
  readonly error: unknown;
}

export interface Sandbox {
  readonly world: World;
  readonly faults: FaultRegistry;
  /** Never rejects. */
  handle(message: HttpMessage): Promise<Answer>;
  /** Whether a host is AWS's, an issuer's or one where people sign in; all others are refused. */
  knows(host: string): boolean;
}

export function createSandbox(options: SandboxOptions): Sandbox {
  return new Frame(options);
}

interface Route {
  readonly service: Service;
  /** Region the host stands for. */
  readonly hostRegion: string | undefined;
  readonly request: WireRequest;
}

class Frame implements Sandbox {
  readonly world: World;
  readonly faults: FaultRegistry;
  readonly #options: SandboxOptions;
  readonly #sources: readonly ServiceSource[];
  readonly #authorizer: Authorizer;

  constructor(options: SandboxOptions) {
    this.#options = options;
    this.world = options.world;
    this.faults = options.faults ?? new FaultRegistry();
    this.#sources = options.services.map(sourceOf);
    this.#authorizer = { world: options.world, time: options.time, engine: options.policies };
  }

  knows(host: string): boolean {
    if (!/^[\w.:[\]-]+$/.test(host)) return false;
    return (
      isLoopbackHost(host) ||
      isSignInHost(host) ||
      // Services that are not modelled get an answer too: it says so.
      partitionOfHost(host) !== undefined ||
      [...this.world.issuers.issuers.keys()].some((url) => hostOf(url) === host.toLowerCase())
    );
  }

  async handle(message: HttpMessage): Promise<Answer> {
    try {
      return await this.#answer(message);
    } catch (error) {
      this.#options.report?.({ service: message.host, operation: `${message.method} ${message.target}`, error });
      return respond(plain(500, 'The sandbox itself failed; this is a fault of keyless, not of the call.\n'), message);
    }
  }

  async #answer(message: HttpMessage): Promise<Answer> {
    const request = wireRequest(message);
    if (request.path.startsWith('/_keyless/') && isLoopbackHost(message.host)) {
      return respond((await this.#options.control?.(request)) ?? plain(404, 'no control API here'), message);
    }
    const reading = readSignature(message);
    const issued = await this.#askIssuers(request, reading);
    if (issued !== undefined) return issued;
    const route = await this.#route(message, request, reading);
    if (route === undefined) {
      const named = unmodelledName(message.host, reading);
      if (named !== undefined) return respond(unmodelledService(named, request), message);
      return respond(
        plain(421, `${message.host || 'a request without a Host header'} is no host that the sandbox stands for\n`),
        message,
      );
    }
    return await this.#call(message, reading, route);
  }

  async #askIssuers(request: WireRequest, reading: SignatureReading): Promise<Answer | undefined> {
    if (this.#options.issuers === undefined || reading.kind !== 'none') return undefined;
    const host = request.host.toLowerCase();
    const ownHost = [...this.world.issuers.issuers.keys()].some((url) => hostOf(url) === host);
    if (!ownHost && !isLoopbackHost(host)) return undefined;
    const response = await this.#options.issuers(request);
    if (response !== undefined) {
      const faulted = await this.#strike(undefined, 'issuers', undefined, request, undefined);
      if (faulted.answer !== undefined) return faulted.answer;
      return faulted.dropAnswer ? { kind: 'reset' } : respond(response, request);
    }
    return ownHost ? respond(plain(404, 'Not Found\n'), request) : undefined;
  }

  async #route(message: HttpMessage, request: WireRequest, reading: SignatureReading): Promise<Route | undefined> {
    const aws = readAwsHost(message.host, this.#sources);
    if (aws !== undefined) {
      const rewritten = aws.bucket === undefined ? request : pathStyle(request, aws.bucket, aws.serviceHost);
      // Only S3's global endpoint takes signatures of any region; the others have one home.
      const hostRegion = aws.region ?? (aws.service.id === 's3' ? undefined : globalRegionOf(aws.partition));
      return { service: await aws.service.load(), hostRegion, request: rewritten };
    }
    if (isSignInHost(message.host)) {
      const service = await this.#source('sso-oidc')?.load();
      return service && { service, hostRegion: undefined, request };
    }
    if (!isLoopbackHost(message.host)) return undefined;
    const service = await (await this.#sourceByContent(request, reading))?.load();
    if (service === undefined) return undefined;
    const bucket = service.id === 's3' ? /^(.+?)\.(?:s3\.)?localhost$/i.exec(message.host)?.[1] : undefined;
    const rewritten = bucket === undefined ? request : pathStyle(request, bucket, 'localhost');
    return { service, hostRegion: undefined, request: rewritten };
  }

  #source(id: ServiceId): ServiceSource | undefined {
    return this.#sources.find((source) => source.id === id);
  }

  /** One endpoint for all: the signature says which service, else the form of the message does; S3 takes the rest. */
  async #sourceByContent(request: WireRequest, reading: SignatureReading): Promise<ServiceSource | undefined> {
    const sources = this.#sources;
    if (reading.kind === 'claim') {
      return sources.find(({ signingNames }) => signingNames.includes(reading.claim.service));
    }
    if (request.headers['x-amz-target'] !== undefined) {
      const prefix = targetOf(request)?.prefix;
      const byTarget = sources.find((source) => isTargetOf(source, prefix));
      return byTarget ?? sources.find(({ protocol }) => protocol.startsWith('json'));
    }
    if (isForm(request)) {
      const action = /(?:^|&)Action=(\w+)/.exec(Buffer.from(request.body.subarray(0, 65_536)).toString('latin1'))?.[1];
      const query = sources.filter(({ protocol }) => protocol === 'query');
      for (const source of action === undefined ? [] : query) {
        if ((await source.load()).operations.has(action as string)) return source;
      }
      if (action !== undefined) return query[0];
    }
    if (reading.kind === 'none') {
      for (const source of sources.filter(({ protocol }) => protocol === 'rest-json')) {
        const { route } = await source.load();
        if (guarded(() => route?.(request)) !== undefined) return source;
      }
    }
    return this.#source('s3') ?? sources[0];
  }

  async #call(message: HttpMessage, reading: SignatureReading, route: Route): Promise<Answer> {
    const { service, request } = route;
    const requestId = service.protocol === 'rest-xml' ? this.world.ids.hex(16).toUpperCase() : this.world.ids.uuid();
    const answer = (response: WireResponse): Answer => respond(response, message);
    const refuse = (error: AwsError): Answer => answer(renderError(service, error, request, requestId));
    let operationName: string | undefined;
    try {
      // S3 and the portal find their operation in the message; its body is not needed for that.
      const asked = askedOperation(service, request);
      operationName = asked.name;
      const accessKeyId = reading.kind === 'claim' ? reading.claim.accessKeyId : undefined;
      const struck = await this.#strike(service, service.id, operationName, request, accessKeyId, requestId);
      if (struck.answer !== undefined) return struck.answer;
      const operation = service.operations.get(operationName ?? '');
      if (operation === undefined || operationName === undefined)
        throw unknownOperation(service, operationName, request);
      const response = await this.#carryOut(message, reading, route, operationName, operation, requestId);
      return struck.dropAnswer ? { kind: 'reset' } : answer(response);
    } catch (error) {
      if (error instanceof AwsError) return refuse(error);
      this.#options.report?.({ service: service.id, operation: operationName ?? '', error });
      return refuse(internalFailure(service));
    }
  }

  async #carryOut(
    message: HttpMessage,
    reading: SignatureReading,
    route: Route,
    operationName: string,
    operation: Operation,
    requestId: string,
  ): Promise<WireResponse> {
    const { service } = route;
    const { world, time } = this.#options;
    const auth = operation.auth ?? 'sigv4';
    const identified = this.#identify(message, reading, route, auth);
    const request = identified.request;
    const key = identified.key;
    const caller: Caller = key?.caller ?? { kind: 'anonymous' };
    const region = route.hostRegion ?? (reading.kind === 'claim' ? reading.claim.region : world.region);
    if (key !== undefined) markUsed(world, key, time.now(), region, service);
    // Before anybody looks: what Identity Center began a while ago is there by now.
    settleOperations(world, time.now());
    const call = this.#makeCall(service, operationName, request, requestId, caller, region);
    const startedAt = time.now();
    let input: Input = {};
    let output: Output;
    try {
      input = inputOf(service, request);
      output = await operation.handle(call, input);
    } catch (error) {
      if (error instanceof AwsError) {
        this.#record({ call, input, startedAt, error });
        return renderError(service, error, request, requestId);
      }
      throw error;
    }
    this.#record({ call, input, startedAt, output });
    return renderOutput(service, operationName, output, requestId);
  }

  #identify(
    message: HttpMessage,
    reading: SignatureReading,
    route: Route,
    auth: NonNullable<Operation['auth']>,
  ): { readonly key: IssuedKey | undefined; readonly request: WireRequest } {
    const { service, request, hostRegion } = route;
    if (auth === 'none') return { key: undefined, request };
    const { world, time } = this.#options;
    const found = authenticate({ message, reading, service, world, time, region: hostRegion });
    if (found.key === undefined && auth === 'sigv4') throw missingSignature(service);
    if (found.body === message.body) return { key: found.key, request };
    return { key: found.key, request: unframed(request, found.body, found.trailers) };
  }

  #makeCall(
    service: Service,
    operation: string,
    request: WireRequest,
    requestId: string,
    caller: Caller,
    region: string,
  ): Call {
    const { world, time } = this.#options;
    const account = caller.kind === 'anonymous' ? world.organizations.managementAccount : caller.account;
    const call: Call = {
      service,
      operation,
      request,
      requestId,
      caller,
      account,
      region,
      world,
      time,
      event: {},
      authorize: (check) => {
        const { denial } = decideAccess(this.#authorizer, call, check);
        if (denial !== undefined) throw denial;
      },
      isAllowed: (check) => decideAccess(this.#authorizer, call, check).denial === undefined,
    };
    return call;
  }

  #record(outcome: CallOutcome): void {
    if (outcome.call.event.unrecorded === true) return;
    try {
      this.#options.record?.(this.world, outcome);
    } catch (error) {
      const { service, operation } = outcome.call;
      this.#options.report?.({ service: service.id, operation, error });
    }
  }

  async #strike(
    service: Service | undefined,
    serviceName: string,
    operation: string | undefined,
    request: WireRequest,
    accessKeyId: string | undefined,
    requestId: string = '',
  ): Promise<{ readonly answer?: Answer; readonly dropAnswer: boolean }> {
    const { method, path } = request;
    let dropAnswer = false;
    for (const { effect } of this.faults.strike({ service: serviceName, operation, method, path, accessKeyId })) {
      if (effect.kind === 'delay') await this.#options.sleep(effect.milliseconds);
      else if (effect.kind === 'drop-answer') dropAnswer = true;
      else return { answer: faultAnswer(effect, service, request, requestId), dropAnswer };
    }
    return { dropAnswer };
  }
}

/** How a client names the service that it wants and that is not here; `undefined` when it wants nothing of AWS. */
function unmodelledName(host: string, reading: SignatureReading): string | undefined {
  if (partitionOfHost(host) === undefined && !isLoopbackHost(host)) return undefined;
  return reading.kind === 'claim' ? reading.claim.service : host.split('.')[0];
}

function faultAnswer(
  effect: Exclude<FaultEffect, { kind: 'delay' | 'drop-answer' }>,
  service: Service | undefined,
  request: WireRequest,
  requestId: string,
): Answer {
  if (effect.kind === 'reset') return { kind: 'reset' };
  if (effect.kind === 'black-hole') return { kind: 'ignore' };
  const error = new AwsError(effect.code, effect.message ?? effect.code, effect.status);
  const response =
    service === undefined ? plain(effect.status, error.message) : renderError(service, error, request, requestId);
  return respond(response, request);
}

function askedOperation(service: Service, request: WireRequest): { readonly name: string | undefined } {
  switch (service.protocol) {
    case 'query':
      return { name: decodeQuery(isForm(request) ? request.body : new Uint8Array(), queryOf(request)).action };
    case 'json-1.0':
    case 'json-1.1': {
      const target = targetOf(request);
      return { name: isTargetOf(service, target?.prefix) ? target?.operation : undefined };
    }
    case 'rest-json':
    case 'rest-xml':
      return { name: service.route?.(request)?.operation };
  }
}

function inputOf(service: Service, request: WireRequest): Input {
  switch (service.protocol) {
    case 'query':
      return decodeQuery(isForm(request) ? request.body : new Uint8Array(), queryOf(request)).input;
    case 'json-1.0':
    case 'json-1.1':
      return decodeJson(request.body);
    case 'rest-json':
    case 'rest-xml':
      return (service.route?.(request)?.input ?? {}) as Input;
  }
}

function unknownOperation(service: Service, name: string | undefined, request: WireRequest): AwsError {
  const page = `docs/sandbox.md names what ${service.id} answers here`;
  switch (service.protocol) {
    case 'query':
      return name === undefined
        ? new AwsError('MissingAction', 'The request must contain the parameter Action.', 400)
        : new AwsError('InvalidAction', `The action ${name} is not modelled by the sandbox; ${page}.`, 400);
    case 'json-1.0':
    case 'json-1.1':
      return new AwsError(
        'UnknownOperationException',
        `The operation ${request.headers['x-amz-target'] ?? '(no X-Amz-Target)'} is not modelled by the sandbox; ${page}.`,
        400,
      );
    case 'rest-json':
      return new AwsError(
        'UnknownOperationException',
        `${request.method} ${request.path} is not modelled by the sandbox; ${page}.`,
        404,
      );
    case 'rest-xml':
      return new AwsError(
        'NotImplemented',
        `A header you provided implies functionality that is not implemented: ${name ?? `${request.method} ${request.target.slice(0, 200)}`} is not modelled by the sandbox; ${page}.`,
        501,
      );
  }
}

function internalFailure(service: Service): AwsError {
  const code = service.protocol === 'rest-xml' ? 'InternalError' : 'InternalFailure';
  return new AwsError(code, 'The sandbox itself failed; this is a fault of keyless, not of the call.', 500);
}

function targetOf(request: WireRequest): { readonly prefix: string; readonly operation: string } | undefined {
  const target = request.headers['x-amz-target'];
  const dot = target?.lastIndexOf('.') ?? -1;
  return target === undefined || dot === -1
    ? undefined
    : { prefix: target.slice(0, dot), operation: target.slice(dot + 1) };
}

/** CloudTrail's has a package before it that botocore sends and the newer SDKs leave out; AWS takes both. */
function isTargetOf({ targetPrefix }: Pick<Service, 'targetPrefix'>, prefix: string | undefined): boolean {
  return (
    targetPrefix !== undefined &&
    prefix !== undefined &&
    (targetPrefix === prefix || targetPrefix.endsWith(`.${prefix}`))
  );
}

function isForm(request: WireRequest): boolean {
  return /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '');
}

function queryOf(request: WireRequest): string {
  const question = request.target.indexOf('?');
  return question === -1 ? '' : request.target.slice(question + 1);
}

function wireRequest(message: HttpMessage): WireRequest {
  const { method, secure, host, headers, body, target } = message;
  const question = target.indexOf('?');
  const path = decodePath(question === -1 ? target : target.slice(0, question));
  const query = new URLSearchParams(question === -1 ? '' : target.slice(question + 1));
  const sourceIp = message.sourceIp ?? '127.0.0.1';
  return { method, secure, host, headers, body, target, path, query, sourceIp };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** An S3 request to `bucket.s3.…` as one to `s3.…/bucket`: the service sees one form only. */
function pathStyle(request: WireRequest, bucket: string, host: string): WireRequest {
  return { ...request, host, path: `/${bucket}${request.path}`, target: `/${bucket}${request.target}` };
}

/** Without the frames of `aws-chunked`, as if it had been sent plainly; trailing checksums become headers. */
function unframed(request: WireRequest, body: Uint8Array, trailers: Readonly<Record<string, string>>): WireRequest {
  const { 'content-encoding': encoding = '', ...headers } = request.headers;
  const left = encoding
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'aws-chunked')
    .join(', ');
  return {
    ...request,
    body,
    headers: {
      ...headers,
      ...trailers,
      'content-length': String(body.length),
      ...(left === '' ? {} : { 'content-encoding': left }),
    },
  };
}

function respond(response: WireResponse, request: { readonly method: string }): Answer {
  const { status, headers, body } = response;
  // A client that asked for the head alone takes a body for the start of the next answer.
  return { kind: 'respond', status, headers, body: request.method === 'HEAD' ? '' : body };
}

function plain(status: number, text: string): WireResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: text };
}

function hostOf(url: string): string {
  return (
    url
      .replace(/^https?:\/\//, '')
      .split(/[/:]/)[0]
      ?.toLowerCase() ?? ''
  );
}

function guarded<T>(find: () => T | undefined): T | undefined {
  try {
    return find();
  } catch {
    return undefined;
  }
}
