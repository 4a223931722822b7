/** Camera and microphone, and what to do when they are not to be had. */

export type DeviceKind = 'camera' | 'microphone';

export class DeviceError extends Error {}

export async function openDevice(kind: DeviceKind): Promise<MediaStreamTrack> {
  if (!navigator.mediaDevices) {
    throw new DeviceError(
      `Browsers give the ${kind} only to pages on https or localhost. Open this page under https to use it; the chat works here too.`,
    );
  }
  try {
    const stream = await navigator.mediaDevices.getUserMedia(
      kind === 'camera' ? { video: { width: { ideal: 1280 }, height: { ideal: 720 } } } : { audio: true },
    );
    return stream.getTracks()[0]!;
  } catch (error) {
    throw new DeviceError(explain(kind, error instanceof Error ? error.name : ''));
  }
}

export function explain(kind: DeviceKind, errorName: string): string {
  switch (errorName) {
    case 'NotAllowedError':
      return `The ${kind} was refused. Allow it in the address bar's site settings and switch it on again; the chat goes on.`;
    case 'NotFoundError':
    case 'OverconstrainedError':
      return `There is no ${kind}. Plug one in and switch it on again; the chat goes on.`;
    case 'NotReadableError':
      return `The ${kind} is in use by another program. Close that and switch it on again; the chat goes on.`;
    default:
      return `The ${kind} could not be started${errorName ? ` (${errorName})` : ''}. The chat goes on.`;
  }
}
