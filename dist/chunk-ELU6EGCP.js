import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  readReport
} from "./chunk-GH2DEKFF.js";
import {
  httpUrl,
  markdownText,
  renderBadges,
  writeTextFile
} from "./chunk-LQIED5SV.js";
import "./chunk-YFYDZQFU.js";
import "./chunk-Z7C2XHPS.js";
import "./chunk-6BIEYPGO.js";
import "./chunk-OU7AXWVO.js";
import "./chunk-AQF5U6DS.js";
import "./chunk-5A25ZMJN.js";
import "./chunk-MXXY4EXN.js";
import "./chunk-DBYFNPEJ.js";
import "./chunk-LB3U3NNG.js";
import "./chunk-L5CRBJDS.js";
import "./chunk-YI7OXUMY.js";
import "./chunk-IOOXQZY3.js";
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
