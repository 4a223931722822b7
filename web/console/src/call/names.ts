/** Channel names, client ids, and links to share. */

export const NAME_RULE = 'Use 1 to 256 letters, digits, dots, hyphens and underscores, without spaces.';

export function isName(text: string): boolean {
  return /^[a-zA-Z0-9_.-]{1,256}$/.test(text);
}

/** "Zoë from Support" → "Zoe-from-Support-k3f9": readable to the master, and unique. */
export function makeClientId(displayName: string, random: () => number = Math.random): string {
  const readable = displayName
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-zA-Z0-9_.-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  const suffix = Math.floor(random() * 36 ** 4)
    .toString(36)
    .padStart(4, '0');
  // The service reserves ids that begin with AWS_.
  return `${/^aws_/i.test(readable) ? 'x' : ''}${readable || 'viewer'}-${suffix}`;
}

/** What makeClientId began with. An id of the same shape that another program chose is cut, too; the list shows it whole. */
export function displayNameOf(clientId: string): string {
  const match = /^(.+)-[0-9a-z]{4}$/.exec(clientId);
  if (!match) return clientId;
  return match[1] === 'viewer' ? `Viewer ${clientId.slice(-4)}` : match[1]!.replace(/-/g, ' ');
}

export interface PageParams {
  channel: string | null;
  role: 'master' | 'viewer' | null;
  name: string | null;
  relay: boolean;
  autostart: boolean;
}

export function parseParams(search: string): PageParams {
  const params = new URLSearchParams(search);
  const role = params.get('role');
  return {
    channel: params.get('channel'),
    role: role === 'master' || role === 'viewer' ? role : null,
    name: params.get('name'),
    relay: params.get('relay') === '1',
    autostart: params.get('autostart') === '1',
  };
}

export function viewerLink(pageUrl: string, channel: string): string {
  const url = new URL(pageUrl);
  url.search = '';
  url.hash = '';
  url.searchParams.set('channel', channel);
  url.searchParams.set('role', 'viewer');
  return url.toString();
}

/** A link to this machine only is no use to others. */
export function isLocalLink(link: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(link).hostname);
}
