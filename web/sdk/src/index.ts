/** The public API: that of the AWS package, and nothing hidden. */
export { Role } from './Role';
export { SignalingClient } from './SignalingClient';
export type {
  CloseInfo,
  Credentials,
  CredentialsProvider,
  SignalingClientConfig,
  SignalingClientLogger,
  StatusResponse,
} from './types';
export { SigV4RequestSigner } from './SigV4RequestSigner';
export type { QueryParams } from './QueryParams';
export type { RequestSigner } from './RequestSigner';
export { generateStunUrl } from './FipsUtils';
export type { FipsConfig } from './FipsUtils';

/** The version of the AWS package whose API this one has; programs compare it with what they were written for. */
export const VERSION: string = '2.9.0';
