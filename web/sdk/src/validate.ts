/** Argument checks. The texts are those of the AWS package: programs match on them. */

export function requireValue(value: unknown, name: string): void {
  if (value === null) throw new Error(`${name} cannot be null`);
  if (value === undefined) throw new Error(`${name} cannot be undefined`);
  if (value === '') throw new Error(`${name} cannot be empty`);
}

export function requireNoValue(value: unknown, name: string): void {
  if (value !== null && value !== undefined && value !== '') throw new Error(`${name} should be null`);
}
