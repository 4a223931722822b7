/** A link for viewers, as text and as a QR code. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { encode } from 'uqr';
import { copyText } from './clipboard';
import { isLocalLink, viewerLink } from '../call/names';

export function ShareDialog({ channel, onClose }: { channel: string; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [copied, setCopied] = useState<boolean | null>(null);
  const linkInput = useRef<HTMLInputElement>(null);
  const link = viewerLink(location.href, channel);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const copy = async () => {
    const isCopied = await copyText(link);
    if (!isCopied) linkInput.current?.select();
    setCopied(isCopied);
  };
  return (
    <dialog ref={dialog} class="card share" data-testid="share-dialog" aria-labelledby="share-title" onClose={onClose}>
      <h2 id="share-title">Invite viewers</h2>
      <QrCode text={link} />
      <label>
        Viewer link
        <input
          ref={linkInput}
          readOnly
          value={link}
          data-testid="share-link"
          onFocus={(event) => event.currentTarget.select()}
        />
      </label>
      {isLocalLink(link) && (
        <p class="hint">
          This link works on this machine only. For other devices, start heliographd with{' '}
          <code>--listen 0.0.0.0:3000</code> and open this page by the machine's name, under https. Everyone then logs
          in first, with an access key of this service.
        </p>
      )}
      <div class="row">
        <button type="button" class="primary" onClick={() => void copy()}>
          {copied === null ? 'Copy link' : copied ? 'Copied' : 'Selected: copy it with Ctrl+C'}
        </button>
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}

function QrCode({ text }: { text: string }) {
  const { path, size } = useMemo(() => {
    const code = encode(text, { border: 2 });
    const squares = code.data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
    return { path: squares.join(''), size: code.size };
  }, [text]);
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={`QR code of ${text}`} data-testid="qr">
      <path d={path} />
    </svg>
  );
}
