/** Where a service comes from: all that routing needs to know of it, and its code once somebody calls it. */
import type { Service } from './service.ts';

/** The facts are those of the service itself. */
export interface ServiceSource
  extends Pick<Service, 'id' | 'protocol' | 'targetPrefix' | 'signingNames' | 'hostPrefixes'> {
  load(): Promise<Service> | Service;
}

export function sourceOf(service: Service | ServiceSource): ServiceSource {
  return 'load' in service ? service : { ...service, load: () => service };
}
