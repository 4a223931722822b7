/** Which of the service's names to use. */
export interface FipsConfig {
  useFipsEndpoints: boolean;
  useDualStackEndpoints: boolean;
  region: string;
}

/** The URL of Amazon's STUN server in a region. Heliograph hands its own out with the ICE servers. */
export function generateStunUrl(config: FipsConfig): string {
  const scheme = config.useFipsEndpoints ? 'stuns' : 'stun';
  const host = `stun.kinesisvideo${config.useFipsEndpoints ? '-fips' : ''}.${config.region}`;
  return `${scheme}:${host}.${config.useDualStackEndpoints ? 'api.aws' : 'amazonaws.com'}:443`;
}
