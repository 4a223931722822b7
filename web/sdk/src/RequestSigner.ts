import type { QueryParams } from './QueryParams';

/** Whoever can sign: SigV4RequestSigner with keys at hand, or a back end that never shows them. */
export interface RequestSigner {
  getSignedURL: (signalingEndpoint: string, queryParams: QueryParams, date?: Date) => Promise<string>;
}
