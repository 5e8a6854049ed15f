/** README Markdown that shows the badges. */

import { httpUrl, markdownText } from '../words/escape.js';
import type { Badge } from './badge.js';

export interface SnippetPlace {
  /** Address or relative path of the folder that holds the badges, without a slash at its end. */
  base: string;
  /** What a click opens. */
  link?: string | null;
  /** `svg`: the picture as committed (works in private repositories). `endpoint`: drawn by shields.io from the JSON. */
  style?: 'svg' | 'endpoint';
}

/** One line per badge, in the order of the badges. */
export function badgeSnippets(badges: readonly Badge[], place: SnippetPlace): string[] {
  const link = httpUrl(place.link);
  return badges.map((badge) => {
    const alt = markdownText(`${badge.endpoint.label}: ${badge.endpoint.message}`, 120);
    const image = `![${alt}](${imageAddress(badge, place)})`;
    return link === null ? image : `[${image}](${link})`;
  });
}

function imageAddress(badge: Badge, { base, style = 'svg' }: SnippetPlace): string {
  const file = `${base.replace(/\/+$/, '')}/${encodeURIComponent(badge.name)}.${style === 'svg' ? 'svg' : 'json'}`;
  return style === 'svg'
    ? file.replace(/[\s()<>]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
    : `https://img.shields.io/endpoint?url=${encodeURIComponent(file)}`;
}
