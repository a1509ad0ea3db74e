/** The world's time: the base clock, moved by an offset, with AWS hours that may be shorter than an hour. */
import type { Clock } from '../../ports/index.ts';
import type { SandboxTime } from './time.ts';

export class MovableTime implements SandboxTime {
  readonly #clock: Clock;
  #offset = 0;
  #hourSeconds: number;

  /** @param hourSeconds real seconds that an AWS hour takes; 3600 by default */
  constructor(clock: Clock, hourSeconds: number = 3600) {
    this.#clock = clock;
    this.#hourSeconds = hourSeconds;
  }

  get offset(): number {
    return this.#offset;
  }

  get hourSeconds(): number {
    return this.#hourSeconds;
  }

  now(): number {
    return this.#clock.now().getTime() + this.#offset;
  }

  lifetime(awsSeconds: number): number {
    return (awsSeconds * 1000 * this.#hourSeconds) / 3600;
  }

  advance(milliseconds: number): void {
    this.#offset += milliseconds;
  }

  /** Moves the world to an instant, epoch milliseconds; time goes on from there. */
  moveTo(instant: number): void {
    this.#offset = instant - this.#clock.now().getTime();
  }

  /** Counts for what is issued from now on. */
  setHourSeconds(seconds: number): void {
    this.#hourSeconds = seconds;
  }
}
