/** Camera and microphone during a session. */
import { useEffect, useRef } from 'preact/hooks';
import type { DeviceKind } from '../call/devices';
import type { Session } from '../call/session';
import { useSignal } from './hooks';

export function DeviceBar({ session }: { session: Session }) {
  const tracks = useSignal(session.tracks);
  const problem = useSignal(session.deviceProblem);
  const preview = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (preview.current) preview.current.srcObject = tracks.camera ? new MediaStream([tracks.camera]) : null;
  }, [tracks.camera]);
  const button = (kind: DeviceKind, label: string) => (
    <button
      type="button"
      class="quiet"
      data-testid={`toggle-${kind}`}
      aria-pressed={tracks[kind] !== null}
      onClick={() => void session.toggle(kind)}
    >
      {label} {tracks[kind] ? 'on' : 'off'}
    </button>
  );
  return (
    <div class="devices">
      {button('camera', 'Camera')}
      {button('microphone', 'Microphone')}
      {tracks.camera && (
        <video
          ref={preview}
          class="preview"
          data-testid="preview"
          aria-label="Your camera"
          autoplay
          muted
          playsInline
        />
      )}
      {problem && (
        <p class="problem" role="alert" data-testid="device-problem">
          {problem}
        </p>
      )}
    </div>
  );
}
