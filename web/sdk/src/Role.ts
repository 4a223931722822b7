/** The two ends of a channel. */
export enum Role {
  MASTER = 'MASTER',
  VIEWER = 'VIEWER',
}
