import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  readReport
} from "./chunk-Y6HXHPAO.js";
import {
  httpUrl,
  markdownText,
  renderBadges,
  writeTextFile
} from "./chunk-X5QVHY67.js";
import "./chunk-Z7C2XHPS.js";
import "./chunk-27DI4K3I.js";
import "./chunk-AQF5U6DS.js";
import "./chunk-DL5XBHUJ.js";
import "./chunk-5A25ZMJN.js";
import "./chunk-OU7AXWVO.js";
import "./chunk-4HVFDZ7G.js";
import "./chunk-2JG2ST7N.js";
import "./chunk-OKSQO7JT.js";
import {
  EXIT
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/cli/badge.ts
import { join, relative } from "node:path";

// src/report/snippets.ts
function badgeSnippets(badges, place) {
  const link = httpUrl(place.link);
  return badges.map((badge) => {
    const alt = markdownText(`${badge.endpoint.label}: ${badge.endpoint.message}`, 120);
    const image = `![${alt}](${imageAddress(badge, place)})`;
    return link === null ? image : `[${image}](${link})`;
  });
}
function imageAddress(badge, { base, style = "svg" }) {
  const file = `${base.replace(/\/+$/, "")}/${encodeURIComponent(badge.name)}.${style === "svg" ? "svg" : "json"}`;
  return style === "svg" ? file.replace(/[\s()<>]/g, (character) => `%${character.charCodeAt(0).toString(16)}`) : `https://img.shields.io/endpoint?url=${encodeURIComponent(file)}`;
}

// src/cli/badge.ts
async function badgeCommand(context, file, options) {
  const badges = renderBadges(readReport(file));
  for (const { name, endpoint, svg } of badges) {
    writeTextFile(join(options.out, `${name}.json`), `${JSON.stringify(endpoint, null, 2)}
`);
    writeTextFile(join(options.out, `${name}.svg`), svg);
  }
  const base = relative(process.cwd(), options.out) || ".";
  const markdown = badgeSnippets(badges, { base });
  const snippets = badges.map(({ name }, index) => ({ name, markdown: markdown[index] }));
  context.print(snippets, () => markdown.join("\n"));
  return EXIT.pass;
}
export {
  badgeCommand
};
