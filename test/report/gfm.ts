/** What an independent GFM parser (mdast-util-from-markdown with its GFM extension) makes of rendered Markdown. */
import type { Nodes, Root, Table } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

export function parseGfm(markdown: string): Root {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
}

export function allNodes(node: Nodes): Nodes[] {
  return [node, ...('children' in node ? (node.children as Nodes[]).flatMap(allNodes) : [])];
}

export function tables(root: Root): Table[] {
  return allNodes(root).filter((node): node is Table => node.type === 'table');
}

/** The text as shown: entities resolved, tags gone, breaks as spaces. */
export function shownText(node: Nodes): string {
  if (node.type === 'html') return /<br>/.test(node.value) ? ' ' : '';
  if ('value' in node) return node.value;
  return 'children' in node ? (node.children as Nodes[]).map(shownText).join('') : '';
}

/** Every tag in the raw HTML of the document, as written. */
export function htmlTags(root: Root): string[] {
  return allNodes(root)
    .flatMap((node) => (node.type === 'html' ? [node.value] : []))
    .flatMap((html) => html.match(/<[^>]*>?/g) ?? []);
}
