import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  copyModel,
  fixedBatch,
  inferTypes,
  openObserved,
  stack
} from "./chunk-TJ7D4N7I.js";
import {
  require_ucs2length
} from "./chunk-6BIEYPGO.js";
import {
  tensorType
} from "./chunk-BVHWY5TI.js";
import {
  describeValue,
  parseChange,
  parseConfidence,
  parseDifference,
  parseDuration,
  parsePrecision,
  parseQuantity,
  parseRatio
} from "./chunk-5A25ZMJN.js";
import {
  didYouMean
} from "./chunk-NAGRX56O.js";
import {
  ORIGINAL
} from "./chunk-MXXY4EXN.js";
import {
  makeNode,
  makeValue,
  writeModel
} from "./chunk-MK6PZPSP.js";
import {
  intAttribute,
  readModel,
  setAttribute,
  subgraphsOf
} from "./chunk-IZBBBSAD.js";
import {
  channelsOf,
  dividesBy255,
  imageChannels,
  layoutOf
} from "./chunk-LSKD7L3D.js";
import {
  UndecodableSample
} from "./chunk-VPQXPBZ4.js";
import {
  isMapping,
  list,
  readInput
} from "./chunk-FCEE6SEQ.js";
import {
  ConfigError,
  Problems,
  displayName
} from "./chunk-L5CRBJDS.js";
import {
  METRICS,
  metricDefinition
} from "./chunk-YI7OXUMY.js";
import {
  indexOfMaximum
} from "./chunk-LKXY4777.js";
import {
  parseJson
} from "./chunk-XMXQBFJC.js";
import {
  shownPath
} from "./chunk-XUJYCSQL.js";
import {
  FETCH_LFS,
  isLfsPointerFile
} from "./chunk-57WIVW7N.js";
import {
  FED_INSTEAD,
  bindInputs,
  derivedInput
} from "./chunk-P3SRHLMA.js";
import {
  AttributeProtoSchema,
  TensorProto_DataType,
  clone,
  dimsOf,
  elementCount,
  makeTensor,
  tensorValues
} from "./chunk-OEIIXWBO.js";
import {
  DEFAULT_BENCHMARK,
  DEFAULT_JUDGING,
  DEFAULT_TIMEOUT_MS,
  defaultData,
  defaultQuantize,
  defaultText,
  fileKey,
  modelName,
  textOfModel
} from "./chunk-D475USFB.js";
import {
  allocate,
  castLossless,
  isFloatType,
  numbersOf
} from "./chunk-K7D3JYL6.js";
import {
  fromHalf,
  halfBits
} from "./chunk-B4R2XIPD.js";
import {
  UserError,
  codeOf,
  messageOf
} from "./chunk-IYM25C4U.js";
import {
  __commonJS,
  __require,
  __toESM
} from "./chunk-XNDQ27F5.js";

// node_modules/yaml/dist/nodes/identity.js
var require_identity = __commonJS({
  "node_modules/yaml/dist/nodes/identity.js"(exports) {
    "use strict";
    var ALIAS = /* @__PURE__ */ Symbol.for("yaml.alias");
    var DOC = /* @__PURE__ */ Symbol.for("yaml.document");
    var MAP = /* @__PURE__ */ Symbol.for("yaml.map");
    var PAIR = /* @__PURE__ */ Symbol.for("yaml.pair");
    var SCALAR = /* @__PURE__ */ Symbol.for("yaml.scalar");
    var SEQ = /* @__PURE__ */ Symbol.for("yaml.seq");
    var NODE_TYPE = /* @__PURE__ */ Symbol.for("yaml.node.type");
    var isAlias2 = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === ALIAS;
    var isDocument = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === DOC;
    var isMap2 = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === MAP;
    var isPair = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === PAIR;
    var isScalar2 = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === SCALAR;
    var isSeq2 = (node) => !!node && typeof node === "object" && node[NODE_TYPE] === SEQ;
    function isCollection(node) {
      if (node && typeof node === "object")
        switch (node[NODE_TYPE]) {
          case MAP:
          case SEQ:
            return true;
        }
      return false;
    }
    function isNode(node) {
      if (node && typeof node === "object")
        switch (node[NODE_TYPE]) {
          case ALIAS:
          case MAP:
          case SCALAR:
          case SEQ:
            return true;
        }
      return false;
    }
    var hasAnchor = (node) => (isScalar2(node) || isCollection(node)) && !!node.anchor;
    exports.ALIAS = ALIAS;
    exports.DOC = DOC;
    exports.MAP = MAP;
    exports.NODE_TYPE = NODE_TYPE;
    exports.PAIR = PAIR;
    exports.SCALAR = SCALAR;
    exports.SEQ = SEQ;
    exports.hasAnchor = hasAnchor;
    exports.isAlias = isAlias2;
    exports.isCollection = isCollection;
    exports.isDocument = isDocument;
    exports.isMap = isMap2;
    exports.isNode = isNode;
    exports.isPair = isPair;
    exports.isScalar = isScalar2;
    exports.isSeq = isSeq2;
  }
});

// node_modules/yaml/dist/visit.js
var require_visit = __commonJS({
  "node_modules/yaml/dist/visit.js"(exports) {
    "use strict";
    var identity = require_identity();
    var BREAK = /* @__PURE__ */ Symbol("break visit");
    var SKIP = /* @__PURE__ */ Symbol("skip children");
    var REMOVE = /* @__PURE__ */ Symbol("remove node");
    function visit(node, visitor) {
      const visitor_ = initVisitor(visitor);
      if (identity.isDocument(node)) {
        const cd = visit_(null, node.contents, visitor_, Object.freeze([node]));
        if (cd === REMOVE)
          node.contents = null;
      } else
        visit_(null, node, visitor_, Object.freeze([]));
    }
    visit.BREAK = BREAK;
    visit.SKIP = SKIP;
    visit.REMOVE = REMOVE;
    function visit_(key, node, visitor, path) {
      const ctrl = callVisitor(key, node, visitor, path);
      if (identity.isNode(ctrl) || identity.isPair(ctrl)) {
        replaceNode(key, path, ctrl);
        return visit_(key, ctrl, visitor, path);
      }
      if (typeof ctrl !== "symbol") {
        if (identity.isCollection(node)) {
          path = Object.freeze(path.concat(node));
          for (let i = 0; i < node.items.length; ++i) {
            const ci = visit_(i, node.items[i], visitor, path);
            if (typeof ci === "number")
              i = ci - 1;
            else if (ci === BREAK)
              return BREAK;
            else if (ci === REMOVE) {
              node.items.splice(i, 1);
              i -= 1;
            }
          }
        } else if (identity.isPair(node)) {
          path = Object.freeze(path.concat(node));
          const ck = visit_("key", node.key, visitor, path);
          if (ck === BREAK)
            return BREAK;
          else if (ck === REMOVE)
            node.key = null;
          const cv = visit_("value", node.value, visitor, path);
          if (cv === BREAK)
            return BREAK;
          else if (cv === REMOVE)
            node.value = null;
        }
      }
      return ctrl;
    }
    async function visitAsync(node, visitor) {
      const visitor_ = initVisitor(visitor);
      if (identity.isDocument(node)) {
        const cd = await visitAsync_(null, node.contents, visitor_, Object.freeze([node]));
        if (cd === REMOVE)
          node.contents = null;
      } else
        await visitAsync_(null, node, visitor_, Object.freeze([]));
    }
    visitAsync.BREAK = BREAK;
    visitAsync.SKIP = SKIP;
    visitAsync.REMOVE = REMOVE;
    async function visitAsync_(key, node, visitor, path) {
      const ctrl = await callVisitor(key, node, visitor, path);
      if (identity.isNode(ctrl) || identity.isPair(ctrl)) {
        replaceNode(key, path, ctrl);
        return visitAsync_(key, ctrl, visitor, path);
      }
      if (typeof ctrl !== "symbol") {
        if (identity.isCollection(node)) {
          path = Object.freeze(path.concat(node));
          for (let i = 0; i < node.items.length; ++i) {
            const ci = await visitAsync_(i, node.items[i], visitor, path);
            if (typeof ci === "number")
              i = ci - 1;
            else if (ci === BREAK)
              return BREAK;
            else if (ci === REMOVE) {
              node.items.splice(i, 1);
              i -= 1;
            }
          }
        } else if (identity.isPair(node)) {
          path = Object.freeze(path.concat(node));
          const ck = await visitAsync_("key", node.key, visitor, path);
          if (ck === BREAK)
            return BREAK;
          else if (ck === REMOVE)
            node.key = null;
          const cv = await visitAsync_("value", node.value, visitor, path);
          if (cv === BREAK)
            return BREAK;
          else if (cv === REMOVE)
            node.value = null;
        }
      }
      return ctrl;
    }
    function initVisitor(visitor) {
      if (typeof visitor === "object" && (visitor.Collection || visitor.Node || visitor.Value)) {
        return Object.assign({
          Alias: visitor.Node,
          Map: visitor.Node,
          Scalar: visitor.Node,
          Seq: visitor.Node
        }, visitor.Value && {
          Map: visitor.Value,
          Scalar: visitor.Value,
          Seq: visitor.Value
        }, visitor.Collection && {
          Map: visitor.Collection,
          Seq: visitor.Collection
        }, visitor);
      }
      return visitor;
    }
    function callVisitor(key, node, visitor, path) {
      if (typeof visitor === "function")
        return visitor(key, node, path);
      if (identity.isMap(node))
        return visitor.Map?.(key, node, path);
      if (identity.isSeq(node))
        return visitor.Seq?.(key, node, path);
      if (identity.isPair(node))
        return visitor.Pair?.(key, node, path);
      if (identity.isScalar(node))
        return visitor.Scalar?.(key, node, path);
      if (identity.isAlias(node))
        return visitor.Alias?.(key, node, path);
      return void 0;
    }
    function replaceNode(key, path, node) {
      const parent = path[path.length - 1];
      if (identity.isCollection(parent)) {
        parent.items[key] = node;
      } else if (identity.isPair(parent)) {
        if (key === "key")
          parent.key = node;
        else
          parent.value = node;
      } else if (identity.isDocument(parent)) {
        parent.contents = node;
      } else {
        const pt = identity.isAlias(parent) ? "alias" : "scalar";
        throw new Error(`Cannot replace node with ${pt} parent`);
      }
    }
    exports.visit = visit;
    exports.visitAsync = visitAsync;
  }
});

// node_modules/yaml/dist/doc/directives.js
var require_directives = __commonJS({
  "node_modules/yaml/dist/doc/directives.js"(exports) {
    "use strict";
    var identity = require_identity();
    var visit = require_visit();
    var escapeChars = {
      "!": "%21",
      ",": "%2C",
      "[": "%5B",
      "]": "%5D",
      "{": "%7B",
      "}": "%7D"
    };
    var escapeTagName = (tn) => tn.replace(/[!,[\]{}]/g, (ch) => escapeChars[ch]);
    var Directives = class _Directives {
      constructor(yaml, tags) {
        this.docStart = null;
        this.docEnd = false;
        this.yaml = Object.assign({}, _Directives.defaultYaml, yaml);
        this.tags = Object.assign({}, _Directives.defaultTags, tags);
      }
      clone() {
        const copy = new _Directives(this.yaml, this.tags);
        copy.docStart = this.docStart;
        return copy;
      }
      /**
       * During parsing, get a Directives instance for the current document and
       * update the stream state according to the current version's spec.
       */
      atDocument() {
        const res = new _Directives(this.yaml, this.tags);
        switch (this.yaml.version) {
          case "1.1":
            this.atNextDocument = true;
            break;
          case "1.2":
            this.atNextDocument = false;
            this.yaml = {
              explicit: _Directives.defaultYaml.explicit,
              version: "1.2"
            };
            this.tags = Object.assign({}, _Directives.defaultTags);
            break;
        }
        return res;
      }
      /**
       * @param onError - May be called even if the action was successful
       * @returns `true` on success
       */
      add(line, onError) {
        if (this.atNextDocument) {
          this.yaml = { explicit: _Directives.defaultYaml.explicit, version: "1.1" };
          this.tags = Object.assign({}, _Directives.defaultTags);
          this.atNextDocument = false;
        }
        const parts = line.trim().split(/[ \t]+/);
        const name = parts.shift();
        switch (name) {
          case "%TAG": {
            if (parts.length !== 2) {
              onError(0, "%TAG directive should contain exactly two parts");
              if (parts.length < 2)
                return false;
            }
            const [handle, prefix] = parts;
            this.tags[handle] = prefix;
            return true;
          }
          case "%YAML": {
            this.yaml.explicit = true;
            if (parts.length !== 1) {
              onError(0, "%YAML directive should contain exactly one part");
              return false;
            }
            const [version] = parts;
            if (version === "1.1" || version === "1.2") {
              this.yaml.version = version;
              return true;
            } else {
              const isValid = /^\d+\.\d+$/.test(version);
              onError(6, `Unsupported YAML version ${version}`, isValid);
              return false;
            }
          }
          default:
            onError(0, `Unknown directive ${name}`, true);
            return false;
        }
      }
      /**
       * Resolves a tag, matching handles to those defined in %TAG directives.
       *
       * @returns Resolved tag, which may also be the non-specific tag `'!'` or a
       *   `'!local'` tag, or `null` if unresolvable.
       */
      tagName(source, onError) {
        if (source === "!")
          return "!";
        if (source[0] !== "!") {
          onError(`Not a valid tag: ${source}`);
          return null;
        }
        if (source[1] === "<") {
          const verbatim = source.slice(2, -1);
          if (verbatim === "!" || verbatim === "!!") {
            onError(`Verbatim tags aren't resolved, so ${source} is invalid.`);
            return null;
          }
          if (source[source.length - 1] !== ">")
            onError("Verbatim tags must end with a >");
          return verbatim;
        }
        const [, handle, suffix] = source.match(/^(.*!)([^!]*)$/s);
        if (!suffix)
          onError(`The ${source} tag has no suffix`);
        const prefix = this.tags[handle];
        if (prefix) {
          try {
            return prefix + decodeURIComponent(suffix);
          } catch (error) {
            onError(String(error));
            return null;
          }
        }
        if (handle === "!")
          return source;
        onError(`Could not resolve tag: ${source}`);
        return null;
      }
      /**
       * Given a fully resolved tag, returns its printable string form,
       * taking into account current tag prefixes and defaults.
       */
      tagString(tag) {
        for (const [handle, prefix] of Object.entries(this.tags)) {
          if (tag.startsWith(prefix))
            return handle + escapeTagName(tag.substring(prefix.length));
        }
        return tag[0] === "!" ? tag : `!<${tag}>`;
      }
      toString(doc) {
        const lines = this.yaml.explicit ? [`%YAML ${this.yaml.version || "1.2"}`] : [];
        const tagEntries = Object.entries(this.tags);
        let tagNames;
        if (doc && tagEntries.length > 0 && identity.isNode(doc.contents)) {
          const tags = {};
          visit.visit(doc.contents, (_key, node) => {
            if (identity.isNode(node) && node.tag)
              tags[node.tag] = true;
          });
          tagNames = Object.keys(tags);
        } else
          tagNames = [];
        for (const [handle, prefix] of tagEntries) {
          if (handle === "!!" && prefix === "tag:yaml.org,2002:")
            continue;
          if (!doc || tagNames.some((tn) => tn.startsWith(prefix)))
            lines.push(`%TAG ${handle} ${prefix}`);
        }
        return lines.join("\n");
      }
    };
    Directives.defaultYaml = { explicit: false, version: "1.2" };
    Directives.defaultTags = { "!!": "tag:yaml.org,2002:" };
    exports.Directives = Directives;
  }
});

// node_modules/yaml/dist/doc/anchors.js
var require_anchors = __commonJS({
  "node_modules/yaml/dist/doc/anchors.js"(exports) {
    "use strict";
    var identity = require_identity();
    var visit = require_visit();
    function anchorIsValid(anchor) {
      if (/[\x00-\x19\s,[\]{}]/.test(anchor)) {
        const sa = JSON.stringify(anchor);
        const msg = `Anchor must not contain whitespace or control characters: ${sa}`;
        throw new Error(msg);
      }
      return true;
    }
    function anchorNames(root) {
      const anchors = /* @__PURE__ */ new Set();
      visit.visit(root, {
        Value(_key, node) {
          if (node.anchor)
            anchors.add(node.anchor);
        }
      });
      return anchors;
    }
    function findNewAnchor(prefix, exclude) {
      for (let i = 1; true; ++i) {
        const name = `${prefix}${i}`;
        if (!exclude.has(name))
          return name;
      }
    }
    function createNodeAnchors(doc, prefix) {
      const aliasObjects = [];
      const sourceObjects = /* @__PURE__ */ new Map();
      let prevAnchors = null;
      return {
        onAnchor: (source) => {
          aliasObjects.push(source);
          prevAnchors ?? (prevAnchors = anchorNames(doc));
          const anchor = findNewAnchor(prefix, prevAnchors);
          prevAnchors.add(anchor);
          return anchor;
        },
        /**
         * With circular references, the source node is only resolved after all
         * of its child nodes are. This is why anchors are set only after all of
         * the nodes have been created.
         */
        setAnchors: () => {
          for (const source of aliasObjects) {
            const ref = sourceObjects.get(source);
            if (typeof ref === "object" && ref.anchor && (identity.isScalar(ref.node) || identity.isCollection(ref.node))) {
              ref.node.anchor = ref.anchor;
            } else {
              const error = new Error("Failed to resolve repeated object (this should not happen)");
              error.source = source;
              throw error;
            }
          }
        },
        sourceObjects
      };
    }
    exports.anchorIsValid = anchorIsValid;
    exports.anchorNames = anchorNames;
    exports.createNodeAnchors = createNodeAnchors;
    exports.findNewAnchor = findNewAnchor;
  }
});

// node_modules/yaml/dist/doc/applyReviver.js
var require_applyReviver = __commonJS({
  "node_modules/yaml/dist/doc/applyReviver.js"(exports) {
    "use strict";
    function applyReviver(reviver, obj, key, val) {
      if (val && typeof val === "object") {
        if (Array.isArray(val)) {
          for (let i = 0, len = val.length; i < len; ++i) {
            const v0 = val[i];
            const v1 = applyReviver(reviver, val, String(i), v0);
            if (v1 === void 0)
              delete val[i];
            else if (v1 !== v0)
              val[i] = v1;
          }
        } else if (val instanceof Map) {
          for (const k of Array.from(val.keys())) {
            const v0 = val.get(k);
            const v1 = applyReviver(reviver, val, k, v0);
            if (v1 === void 0)
              val.delete(k);
            else if (v1 !== v0)
              val.set(k, v1);
          }
        } else if (val instanceof Set) {
          for (const v0 of Array.from(val)) {
            const v1 = applyReviver(reviver, val, v0, v0);
            if (v1 === void 0)
              val.delete(v0);
            else if (v1 !== v0) {
              val.delete(v0);
              val.add(v1);
            }
          }
        } else {
          for (const [k, v0] of Object.entries(val)) {
            const v1 = applyReviver(reviver, val, k, v0);
            if (v1 === void 0)
              delete val[k];
            else if (v1 !== v0)
              val[k] = v1;
          }
        }
      }
      return reviver.call(obj, key, val);
    }
    exports.applyReviver = applyReviver;
  }
});

// node_modules/yaml/dist/nodes/toJS.js
var require_toJS = __commonJS({
  "node_modules/yaml/dist/nodes/toJS.js"(exports) {
    "use strict";
    var identity = require_identity();
    function toJS(value, arg, ctx) {
      if (Array.isArray(value))
        return value.map((v, i) => toJS(v, String(i), ctx));
      if (value && typeof value.toJSON === "function") {
        if (!ctx || !identity.hasAnchor(value))
          return value.toJSON(arg, ctx);
        const data = { aliasCount: 0, count: 1, res: void 0 };
        ctx.anchors.set(value, data);
        ctx.onCreate = (res2) => {
          data.res = res2;
          delete ctx.onCreate;
        };
        const res = value.toJSON(arg, ctx);
        if (ctx.onCreate)
          ctx.onCreate(res);
        return res;
      }
      if (typeof value === "bigint" && !ctx?.keep)
        return Number(value);
      return value;
    }
    exports.toJS = toJS;
  }
});

// node_modules/yaml/dist/nodes/Node.js
var require_Node = __commonJS({
  "node_modules/yaml/dist/nodes/Node.js"(exports) {
    "use strict";
    var applyReviver = require_applyReviver();
    var identity = require_identity();
    var toJS = require_toJS();
    var NodeBase = class {
      constructor(type) {
        Object.defineProperty(this, identity.NODE_TYPE, { value: type });
      }
      /** Create a copy of this node.  */
      clone() {
        const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this));
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /** A plain JavaScript representation of this node. */
      toJS(doc, { mapAsMap, maxAliasCount, onAnchor, reviver } = {}) {
        if (!identity.isDocument(doc))
          throw new TypeError("A document argument is required");
        const ctx = {
          anchors: /* @__PURE__ */ new Map(),
          doc,
          keep: true,
          mapAsMap: mapAsMap === true,
          mapKeyWarned: false,
          maxAliasCount: typeof maxAliasCount === "number" ? maxAliasCount : 100
        };
        const res = toJS.toJS(this, "", ctx);
        if (typeof onAnchor === "function")
          for (const { count, res: res2 } of ctx.anchors.values())
            onAnchor(res2, count);
        return typeof reviver === "function" ? applyReviver.applyReviver(reviver, { "": res }, "", res) : res;
      }
    };
    exports.NodeBase = NodeBase;
  }
});

// node_modules/yaml/dist/nodes/Alias.js
var require_Alias = __commonJS({
  "node_modules/yaml/dist/nodes/Alias.js"(exports) {
    "use strict";
    var anchors = require_anchors();
    var visit = require_visit();
    var identity = require_identity();
    var Node = require_Node();
    var toJS = require_toJS();
    var Alias = class extends Node.NodeBase {
      constructor(source) {
        super(identity.ALIAS);
        this.source = source;
        Object.defineProperty(this, "tag", {
          set() {
            throw new Error("Alias nodes cannot have tags");
          }
        });
      }
      /**
       * Resolve the value of this alias within `doc`, finding the last
       * instance of the `source` anchor before this node.
       */
      resolve(doc, ctx) {
        if (ctx?.maxAliasCount === 0)
          throw new ReferenceError("Alias resolution is disabled");
        let nodes;
        if (ctx?.aliasResolveCache) {
          nodes = ctx.aliasResolveCache;
        } else {
          nodes = [];
          visit.visit(doc, {
            Node: (_key, node) => {
              if (identity.isAlias(node) || identity.hasAnchor(node))
                nodes.push(node);
            }
          });
          if (ctx)
            ctx.aliasResolveCache = nodes;
        }
        let found = void 0;
        for (const node of nodes) {
          if (node === this)
            break;
          if (node.anchor === this.source)
            found = node;
        }
        if (found && ctx) {
          const { anchors: anchors2, doc: doc2, maxAliasCount } = ctx;
          let data = anchors2.get(found);
          if (!data) {
            toJS.toJS(found, null, ctx);
            data = anchors2.get(found);
          }
          if (data?.res === void 0) {
            const msg = "This should not happen: Alias anchor was not resolved?";
            throw new ReferenceError(msg);
          }
          if (maxAliasCount >= 0) {
            data.count += 1;
            if (data.aliasCount === 0)
              data.aliasCount = getAliasCount(doc2, found, anchors2);
            if (data.count * data.aliasCount > maxAliasCount) {
              const msg = "Excessive alias count indicates a resource exhaustion attack";
              throw new ReferenceError(msg);
            }
          }
        }
        return found;
      }
      toJSON(_arg, ctx) {
        if (!ctx)
          return { source: this.source };
        const source = this.resolve(ctx.doc, ctx);
        if (!source) {
          const msg = `Unresolved alias (the anchor must be set before the alias): ${this.source}`;
          throw new ReferenceError(msg);
        }
        return ctx.anchors.get(source).res;
      }
      toString(ctx, _onComment, _onChompKeep) {
        const src = `*${this.source}`;
        if (ctx) {
          anchors.anchorIsValid(this.source);
          if (ctx.options.verifyAliasOrder && !ctx.anchors.has(this.source)) {
            const msg = `Unresolved alias (the anchor must be set before the alias): ${this.source}`;
            throw new Error(msg);
          }
          if (ctx.implicitKey)
            return `${src} `;
        }
        return src;
      }
    };
    function getAliasCount(doc, node, anchors2) {
      if (identity.isAlias(node)) {
        const source = node.resolve(doc);
        const anchor = anchors2 && source && anchors2.get(source);
        return anchor ? anchor.count * anchor.aliasCount : 0;
      } else if (identity.isCollection(node)) {
        let count = 0;
        for (const item of node.items) {
          const c = getAliasCount(doc, item, anchors2);
          if (c > count)
            count = c;
        }
        return count;
      } else if (identity.isPair(node)) {
        const kc = getAliasCount(doc, node.key, anchors2);
        const vc = getAliasCount(doc, node.value, anchors2);
        return Math.max(kc, vc);
      }
      return 1;
    }
    exports.Alias = Alias;
  }
});

// node_modules/yaml/dist/nodes/Scalar.js
var require_Scalar = __commonJS({
  "node_modules/yaml/dist/nodes/Scalar.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Node = require_Node();
    var toJS = require_toJS();
    var isScalarValue = (value) => !value || typeof value !== "function" && typeof value !== "object";
    var Scalar = class extends Node.NodeBase {
      constructor(value) {
        super(identity.SCALAR);
        this.value = value;
      }
      toJSON(arg, ctx) {
        return ctx?.keep ? this.value : toJS.toJS(this.value, arg, ctx);
      }
      toString() {
        return String(this.value);
      }
    };
    Scalar.BLOCK_FOLDED = "BLOCK_FOLDED";
    Scalar.BLOCK_LITERAL = "BLOCK_LITERAL";
    Scalar.PLAIN = "PLAIN";
    Scalar.QUOTE_DOUBLE = "QUOTE_DOUBLE";
    Scalar.QUOTE_SINGLE = "QUOTE_SINGLE";
    exports.Scalar = Scalar;
    exports.isScalarValue = isScalarValue;
  }
});

// node_modules/yaml/dist/doc/createNode.js
var require_createNode = __commonJS({
  "node_modules/yaml/dist/doc/createNode.js"(exports) {
    "use strict";
    var Alias = require_Alias();
    var identity = require_identity();
    var Scalar = require_Scalar();
    var defaultTagPrefix = "tag:yaml.org,2002:";
    function findTagObject(value, tagName, tags) {
      if (tagName) {
        const match = tags.filter((t) => t.tag === tagName);
        const tagObj = match.find((t) => !t.format) ?? match[0];
        if (!tagObj)
          throw new Error(`Tag ${tagName} not found`);
        return tagObj;
      }
      return tags.find((t) => t.identify?.(value) && !t.format);
    }
    function createNode(value, tagName, ctx) {
      if (identity.isDocument(value))
        value = value.contents;
      if (identity.isNode(value))
        return value;
      if (identity.isPair(value)) {
        const map = ctx.schema[identity.MAP].createNode?.(ctx.schema, null, ctx);
        map.items.push(value);
        return map;
      }
      if (value instanceof String || value instanceof Number || value instanceof Boolean || typeof BigInt !== "undefined" && value instanceof BigInt) {
        value = value.valueOf();
      }
      const { aliasDuplicateObjects, onAnchor, onTagObj, schema, sourceObjects } = ctx;
      let ref = void 0;
      if (aliasDuplicateObjects && value && typeof value === "object") {
        ref = sourceObjects.get(value);
        if (ref) {
          ref.anchor ?? (ref.anchor = onAnchor(value));
          return new Alias.Alias(ref.anchor);
        } else {
          ref = { anchor: null, node: null };
          sourceObjects.set(value, ref);
        }
      }
      if (tagName?.startsWith("!!"))
        tagName = defaultTagPrefix + tagName.slice(2);
      let tagObj = findTagObject(value, tagName, schema.tags);
      if (!tagObj) {
        if (value && typeof value.toJSON === "function") {
          value = value.toJSON();
        }
        if (!value || typeof value !== "object") {
          const node2 = new Scalar.Scalar(value);
          if (ref)
            ref.node = node2;
          return node2;
        }
        tagObj = value instanceof Map ? schema[identity.MAP] : Symbol.iterator in Object(value) ? schema[identity.SEQ] : schema[identity.MAP];
      }
      if (onTagObj) {
        onTagObj(tagObj);
        delete ctx.onTagObj;
      }
      const node = tagObj?.createNode ? tagObj.createNode(ctx.schema, value, ctx) : typeof tagObj?.nodeClass?.from === "function" ? tagObj.nodeClass.from(ctx.schema, value, ctx) : new Scalar.Scalar(value);
      if (tagName)
        node.tag = tagName;
      else if (!tagObj.default)
        node.tag = tagObj.tag;
      if (ref)
        ref.node = node;
      return node;
    }
    exports.createNode = createNode;
  }
});

// node_modules/yaml/dist/nodes/Collection.js
var require_Collection = __commonJS({
  "node_modules/yaml/dist/nodes/Collection.js"(exports) {
    "use strict";
    var createNode = require_createNode();
    var identity = require_identity();
    var Node = require_Node();
    function collectionFromPath(schema, path, value) {
      let v = value;
      for (let i = path.length - 1; i >= 0; --i) {
        const k = path[i];
        if (typeof k === "number" && Number.isInteger(k) && k >= 0) {
          const a = [];
          a[k] = v;
          v = a;
        } else {
          v = /* @__PURE__ */ new Map([[k, v]]);
        }
      }
      return createNode.createNode(v, void 0, {
        aliasDuplicateObjects: false,
        keepUndefined: false,
        onAnchor: () => {
          throw new Error("This should not happen, please report a bug.");
        },
        schema,
        sourceObjects: /* @__PURE__ */ new Map()
      });
    }
    var isEmptyPath = (path) => path == null || typeof path === "object" && !!path[Symbol.iterator]().next().done;
    var Collection = class extends Node.NodeBase {
      constructor(type, schema) {
        super(type);
        Object.defineProperty(this, "schema", {
          value: schema,
          configurable: true,
          enumerable: false,
          writable: true
        });
      }
      /**
       * Create a copy of this collection.
       *
       * @param schema - If defined, overwrites the original's schema
       */
      clone(schema) {
        const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this));
        if (schema)
          copy.schema = schema;
        copy.items = copy.items.map((it) => identity.isNode(it) || identity.isPair(it) ? it.clone(schema) : it);
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /**
       * Adds a value to the collection. For `!!map` and `!!omap` the value must
       * be a Pair instance or a `{ key, value }` object, which may not have a key
       * that already exists in the map.
       */
      addIn(path, value) {
        if (isEmptyPath(path))
          this.add(value);
        else {
          const [key, ...rest] = path;
          const node = this.get(key, true);
          if (identity.isCollection(node))
            node.addIn(rest, value);
          else if (node === void 0 && this.schema)
            this.set(key, collectionFromPath(this.schema, rest, value));
          else
            throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
        }
      }
      /**
       * Removes a value from the collection.
       * @returns `true` if the item was found and removed.
       */
      deleteIn(path) {
        const [key, ...rest] = path;
        if (rest.length === 0)
          return this.delete(key);
        const node = this.get(key, true);
        if (identity.isCollection(node))
          return node.deleteIn(rest);
        else
          throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
      }
      /**
       * Returns item at `key`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      getIn(path, keepScalar) {
        const [key, ...rest] = path;
        const node = this.get(key, true);
        if (rest.length === 0)
          return !keepScalar && identity.isScalar(node) ? node.value : node;
        else
          return identity.isCollection(node) ? node.getIn(rest, keepScalar) : void 0;
      }
      hasAllNullValues(allowScalar) {
        return this.items.every((node) => {
          if (!identity.isPair(node))
            return false;
          const n = node.value;
          return n == null || allowScalar && identity.isScalar(n) && n.value == null && !n.commentBefore && !n.comment && !n.tag;
        });
      }
      /**
       * Checks if the collection includes a value with the key `key`.
       */
      hasIn(path) {
        const [key, ...rest] = path;
        if (rest.length === 0)
          return this.has(key);
        const node = this.get(key, true);
        return identity.isCollection(node) ? node.hasIn(rest) : false;
      }
      /**
       * Sets a value in this collection. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      setIn(path, value) {
        const [key, ...rest] = path;
        if (rest.length === 0) {
          this.set(key, value);
        } else {
          const node = this.get(key, true);
          if (identity.isCollection(node))
            node.setIn(rest, value);
          else if (node === void 0 && this.schema)
            this.set(key, collectionFromPath(this.schema, rest, value));
          else
            throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
        }
      }
    };
    exports.Collection = Collection;
    exports.collectionFromPath = collectionFromPath;
    exports.isEmptyPath = isEmptyPath;
  }
});

// node_modules/yaml/dist/stringify/stringifyComment.js
var require_stringifyComment = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyComment.js"(exports) {
    "use strict";
    var stringifyComment = (str) => str.replace(/^(?!$)(?: $)?/gm, "#");
    function indentComment(comment, indent) {
      if (/^\n+$/.test(comment))
        return comment.substring(1);
      return indent ? comment.replace(/^(?! *$)/gm, indent) : comment;
    }
    var lineComment = (str, indent, comment) => str.endsWith("\n") ? indentComment(comment, indent) : comment.includes("\n") ? "\n" + indentComment(comment, indent) : (str.endsWith(" ") ? "" : " ") + comment;
    exports.indentComment = indentComment;
    exports.lineComment = lineComment;
    exports.stringifyComment = stringifyComment;
  }
});

// node_modules/yaml/dist/stringify/foldFlowLines.js
var require_foldFlowLines = __commonJS({
  "node_modules/yaml/dist/stringify/foldFlowLines.js"(exports) {
    "use strict";
    var FOLD_FLOW = "flow";
    var FOLD_BLOCK = "block";
    var FOLD_QUOTED = "quoted";
    function foldFlowLines(text, indent, mode = "flow", { indentAtStart, lineWidth = 80, minContentWidth = 20, onFold, onOverflow } = {}) {
      if (!lineWidth || lineWidth < 0)
        return text;
      if (lineWidth < minContentWidth)
        minContentWidth = 0;
      const endStep = Math.max(1 + minContentWidth, 1 + lineWidth - indent.length);
      if (text.length <= endStep)
        return text;
      const folds = [];
      const escapedFolds = {};
      let end = lineWidth - indent.length;
      if (typeof indentAtStart === "number") {
        if (indentAtStart > lineWidth - Math.max(2, minContentWidth))
          folds.push(0);
        else
          end = lineWidth - indentAtStart;
      }
      let split = void 0;
      let prev = void 0;
      let overflow = false;
      let i = -1;
      let escStart = -1;
      let escEnd = -1;
      if (mode === FOLD_BLOCK) {
        i = consumeMoreIndentedLines(text, i, indent.length);
        if (i !== -1)
          end = i + endStep;
      }
      for (let ch; ch = text[i += 1]; ) {
        if (mode === FOLD_QUOTED && ch === "\\") {
          escStart = i;
          switch (text[i + 1]) {
            case "x":
              i += 3;
              break;
            case "u":
              i += 5;
              break;
            case "U":
              i += 9;
              break;
            default:
              i += 1;
          }
          escEnd = i;
        }
        if (ch === "\n") {
          if (mode === FOLD_BLOCK)
            i = consumeMoreIndentedLines(text, i, indent.length);
          end = i + indent.length + endStep;
          split = void 0;
        } else {
          if (ch === " " && prev && prev !== " " && prev !== "\n" && prev !== "	") {
            const next = text[i + 1];
            if (next && next !== " " && next !== "\n" && next !== "	")
              split = i;
          }
          if (i >= end) {
            if (split) {
              folds.push(split);
              end = split + endStep;
              split = void 0;
            } else if (mode === FOLD_QUOTED) {
              while (prev === " " || prev === "	") {
                prev = ch;
                ch = text[i += 1];
                overflow = true;
              }
              const j = i > escEnd + 1 ? i - 2 : escStart - 1;
              if (escapedFolds[j])
                return text;
              folds.push(j);
              escapedFolds[j] = true;
              end = j + endStep;
              split = void 0;
            } else {
              overflow = true;
            }
          }
        }
        prev = ch;
      }
      if (overflow && onOverflow)
        onOverflow();
      if (folds.length === 0)
        return text;
      if (onFold)
        onFold();
      let res = text.slice(0, folds[0]);
      for (let i2 = 0; i2 < folds.length; ++i2) {
        const fold = folds[i2];
        const end2 = folds[i2 + 1] || text.length;
        if (fold === 0)
          res = `
${indent}${text.slice(0, end2)}`;
        else {
          if (mode === FOLD_QUOTED && escapedFolds[fold])
            res += `${text[fold]}\\`;
          res += `
${indent}${text.slice(fold + 1, end2)}`;
        }
      }
      return res;
    }
    function consumeMoreIndentedLines(text, i, indent) {
      let end = i;
      let start = i + 1;
      let ch = text[start];
      while (ch === " " || ch === "	") {
        if (i < start + indent) {
          ch = text[++i];
        } else {
          do {
            ch = text[++i];
          } while (ch && ch !== "\n");
          end = i;
          start = i + 1;
          ch = text[start];
        }
      }
      return end;
    }
    exports.FOLD_BLOCK = FOLD_BLOCK;
    exports.FOLD_FLOW = FOLD_FLOW;
    exports.FOLD_QUOTED = FOLD_QUOTED;
    exports.foldFlowLines = foldFlowLines;
  }
});

// node_modules/yaml/dist/stringify/stringifyString.js
var require_stringifyString = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyString.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var foldFlowLines = require_foldFlowLines();
    var getFoldOptions = (ctx, isBlock) => ({
      indentAtStart: isBlock ? ctx.indent.length : ctx.indentAtStart,
      lineWidth: ctx.options.lineWidth,
      minContentWidth: ctx.options.minContentWidth
    });
    var containsDocumentMarker = (str) => /^(%|---|\.\.\.)/m.test(str);
    function lineLengthOverLimit(str, lineWidth, indentLength) {
      if (!lineWidth || lineWidth < 0)
        return false;
      const limit = lineWidth - indentLength;
      const strLen = str.length;
      if (strLen <= limit)
        return false;
      for (let i = 0, start = 0; i < strLen; ++i) {
        if (str[i] === "\n") {
          if (i - start > limit)
            return true;
          start = i + 1;
          if (strLen - start <= limit)
            return false;
        }
      }
      return true;
    }
    function doubleQuotedString(value, ctx) {
      const json = JSON.stringify(value);
      if (ctx.options.doubleQuotedAsJSON)
        return json;
      const { implicitKey } = ctx;
      const minMultiLineLength = ctx.options.doubleQuotedMinMultiLineLength;
      const indent = ctx.indent || (containsDocumentMarker(value) ? "  " : "");
      let str = "";
      let start = 0;
      for (let i = 0, ch = json[i]; ch; ch = json[++i]) {
        if (ch === " " && json[i + 1] === "\\" && json[i + 2] === "n") {
          str += json.slice(start, i) + "\\ ";
          i += 1;
          start = i;
          ch = "\\";
        }
        if (ch === "\\")
          switch (json[i + 1]) {
            case "u":
              {
                str += json.slice(start, i);
                const code = json.substr(i + 2, 4);
                switch (code) {
                  case "0000":
                    str += "\\0";
                    break;
                  case "0007":
                    str += "\\a";
                    break;
                  case "000b":
                    str += "\\v";
                    break;
                  case "001b":
                    str += "\\e";
                    break;
                  case "0085":
                    str += "\\N";
                    break;
                  case "00a0":
                    str += "\\_";
                    break;
                  case "2028":
                    str += "\\L";
                    break;
                  case "2029":
                    str += "\\P";
                    break;
                  default:
                    if (code.substr(0, 2) === "00")
                      str += "\\x" + code.substr(2);
                    else
                      str += json.substr(i, 6);
                }
                i += 5;
                start = i + 1;
              }
              break;
            case "n":
              if (implicitKey || json[i + 2] === '"' || json.length < minMultiLineLength) {
                i += 1;
              } else {
                str += json.slice(start, i) + "\n\n";
                while (json[i + 2] === "\\" && json[i + 3] === "n" && json[i + 4] !== '"') {
                  str += "\n";
                  i += 2;
                }
                str += indent;
                if (json[i + 2] === " ")
                  str += "\\";
                i += 1;
                start = i + 1;
              }
              break;
            default:
              i += 1;
          }
      }
      str = start ? str + json.slice(start) : json;
      return implicitKey ? str : foldFlowLines.foldFlowLines(str, indent, foldFlowLines.FOLD_QUOTED, getFoldOptions(ctx, false));
    }
    function singleQuotedString(value, ctx) {
      if (ctx.options.singleQuote === false || ctx.implicitKey && value.includes("\n") || /[ \t]\n|\n[ \t]/.test(value))
        return doubleQuotedString(value, ctx);
      const indent = ctx.indent || (containsDocumentMarker(value) ? "  " : "");
      const res = "'" + value.replace(/'/g, "''").replace(/\n+/g, `$&
${indent}`) + "'";
      return ctx.implicitKey ? res : foldFlowLines.foldFlowLines(res, indent, foldFlowLines.FOLD_FLOW, getFoldOptions(ctx, false));
    }
    function quotedString(value, ctx) {
      const { singleQuote } = ctx.options;
      let qs;
      if (singleQuote === false)
        qs = doubleQuotedString;
      else {
        const hasDouble = value.includes('"');
        const hasSingle = value.includes("'");
        if (hasDouble && !hasSingle)
          qs = singleQuotedString;
        else if (hasSingle && !hasDouble)
          qs = doubleQuotedString;
        else
          qs = singleQuote ? singleQuotedString : doubleQuotedString;
      }
      return qs(value, ctx);
    }
    var blockEndNewlines;
    try {
      blockEndNewlines = new RegExp("(^|(?<!\n))\n+(?!\n|$)", "g");
    } catch {
      blockEndNewlines = /\n+(?!\n|$)/g;
    }
    function blockString({ comment, type, value }, ctx, onComment, onChompKeep) {
      const { blockQuote, commentString, lineWidth } = ctx.options;
      if (!blockQuote || /\n[\t ]+$/.test(value)) {
        return quotedString(value, ctx);
      }
      const indent = ctx.indent || (ctx.forceBlockIndent || containsDocumentMarker(value) ? "  " : "");
      const literal = blockQuote === "literal" ? true : blockQuote === "folded" || type === Scalar.Scalar.BLOCK_FOLDED ? false : type === Scalar.Scalar.BLOCK_LITERAL ? true : !lineLengthOverLimit(value, lineWidth, indent.length);
      if (!value)
        return literal ? "|\n" : ">\n";
      let chomp;
      let endStart;
      for (endStart = value.length; endStart > 0; --endStart) {
        const ch = value[endStart - 1];
        if (ch !== "\n" && ch !== "	" && ch !== " ")
          break;
      }
      let end = value.substring(endStart);
      const endNlPos = end.indexOf("\n");
      if (endNlPos === -1) {
        chomp = "-";
      } else if (value === end || endNlPos !== end.length - 1) {
        chomp = "+";
        if (onChompKeep)
          onChompKeep();
      } else {
        chomp = "";
      }
      if (end) {
        value = value.slice(0, -end.length);
        if (end[end.length - 1] === "\n")
          end = end.slice(0, -1);
        end = end.replace(blockEndNewlines, `$&${indent}`);
      }
      let startWithSpace = false;
      let startEnd;
      let startNlPos = -1;
      for (startEnd = 0; startEnd < value.length; ++startEnd) {
        const ch = value[startEnd];
        if (ch === " ")
          startWithSpace = true;
        else if (ch === "\n")
          startNlPos = startEnd;
        else
          break;
      }
      let start = value.substring(0, startNlPos < startEnd ? startNlPos + 1 : startEnd);
      if (start) {
        value = value.substring(start.length);
        start = start.replace(/\n+/g, `$&${indent}`);
      }
      const indentSize = indent ? "2" : "1";
      let header = (startWithSpace ? indentSize : "") + chomp;
      if (comment) {
        header += " " + commentString(comment.replace(/ ?[\r\n]+/g, " "));
        if (onComment)
          onComment();
      }
      if (!literal) {
        const foldedValue = value.replace(/\n+/g, "\n$&").replace(/(?:^|\n)([\t ].*)(?:([\n\t ]*)\n(?![\n\t ]))?/g, "$1$2").replace(/\n+/g, `$&${indent}`);
        let literalFallback = false;
        const foldOptions = getFoldOptions(ctx, true);
        if (blockQuote !== "folded" && type !== Scalar.Scalar.BLOCK_FOLDED) {
          foldOptions.onOverflow = () => {
            literalFallback = true;
          };
        }
        const body = foldFlowLines.foldFlowLines(`${start}${foldedValue}${end}`, indent, foldFlowLines.FOLD_BLOCK, foldOptions);
        if (!literalFallback)
          return `>${header}
${indent}${body}`;
      }
      value = value.replace(/\n+/g, `$&${indent}`);
      return `|${header}
${indent}${start}${value}${end}`;
    }
    function plainString(item, ctx, onComment, onChompKeep) {
      const { type, value } = item;
      const { actualString, implicitKey, indent, indentStep, inFlow } = ctx;
      if (implicitKey && value.includes("\n") || inFlow && /[[\]{},]/.test(value)) {
        return quotedString(value, ctx);
      }
      if (/^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$/.test(value)) {
        return implicitKey || inFlow || !value.includes("\n") ? quotedString(value, ctx) : blockString(item, ctx, onComment, onChompKeep);
      }
      if (!implicitKey && !inFlow && type !== Scalar.Scalar.PLAIN && value.includes("\n")) {
        return blockString(item, ctx, onComment, onChompKeep);
      }
      if (containsDocumentMarker(value)) {
        if (indent === "") {
          ctx.forceBlockIndent = true;
          return blockString(item, ctx, onComment, onChompKeep);
        } else if (implicitKey && indent === indentStep) {
          return quotedString(value, ctx);
        }
      }
      const str = value.replace(/\n+/g, `$&
${indent}`);
      if (actualString) {
        const test = (tag) => tag.default && tag.tag !== "tag:yaml.org,2002:str" && tag.test?.test(str);
        const { compat, tags } = ctx.doc.schema;
        if (tags.some(test) || compat?.some(test))
          return quotedString(value, ctx);
      }
      return implicitKey ? str : foldFlowLines.foldFlowLines(str, indent, foldFlowLines.FOLD_FLOW, getFoldOptions(ctx, false));
    }
    function stringifyString(item, ctx, onComment, onChompKeep) {
      const { implicitKey, inFlow } = ctx;
      const ss = typeof item.value === "string" ? item : Object.assign({}, item, { value: String(item.value) });
      let { type } = item;
      if (type !== Scalar.Scalar.QUOTE_DOUBLE) {
        if (/[\x00-\x08\x0b-\x1f\x7f-\x9f\u{D800}-\u{DFFF}]/u.test(ss.value))
          type = Scalar.Scalar.QUOTE_DOUBLE;
      }
      const _stringify = (_type) => {
        switch (_type) {
          case Scalar.Scalar.BLOCK_FOLDED:
          case Scalar.Scalar.BLOCK_LITERAL:
            return implicitKey || inFlow ? quotedString(ss.value, ctx) : blockString(ss, ctx, onComment, onChompKeep);
          case Scalar.Scalar.QUOTE_DOUBLE:
            return doubleQuotedString(ss.value, ctx);
          case Scalar.Scalar.QUOTE_SINGLE:
            return singleQuotedString(ss.value, ctx);
          case Scalar.Scalar.PLAIN:
            return plainString(ss, ctx, onComment, onChompKeep);
          default:
            return null;
        }
      };
      let res = _stringify(type);
      if (res === null) {
        const { defaultKeyType, defaultStringType } = ctx.options;
        const t = implicitKey && defaultKeyType || defaultStringType;
        res = _stringify(t);
        if (res === null)
          throw new Error(`Unsupported default string type ${t}`);
      }
      return res;
    }
    exports.stringifyString = stringifyString;
  }
});

// node_modules/yaml/dist/stringify/stringify.js
var require_stringify = __commonJS({
  "node_modules/yaml/dist/stringify/stringify.js"(exports) {
    "use strict";
    var anchors = require_anchors();
    var identity = require_identity();
    var stringifyComment = require_stringifyComment();
    var stringifyString = require_stringifyString();
    function createStringifyContext(doc, options) {
      const opt = Object.assign({
        blockQuote: true,
        commentString: stringifyComment.stringifyComment,
        defaultKeyType: null,
        defaultStringType: "PLAIN",
        directives: null,
        doubleQuotedAsJSON: false,
        doubleQuotedMinMultiLineLength: 40,
        falseStr: "false",
        flowCollectionPadding: true,
        indentSeq: true,
        lineWidth: 80,
        minContentWidth: 20,
        nullStr: "null",
        simpleKeys: false,
        singleQuote: null,
        trailingComma: false,
        trueStr: "true",
        verifyAliasOrder: true
      }, doc.schema.toStringOptions, options);
      let inFlow;
      switch (opt.collectionStyle) {
        case "block":
          inFlow = false;
          break;
        case "flow":
          inFlow = true;
          break;
        default:
          inFlow = null;
      }
      return {
        anchors: /* @__PURE__ */ new Set(),
        doc,
        flowCollectionPadding: opt.flowCollectionPadding ? " " : "",
        indent: "",
        indentStep: typeof opt.indent === "number" ? " ".repeat(opt.indent) : "  ",
        inFlow,
        options: opt
      };
    }
    function getTagObject(tags, item) {
      if (item.tag) {
        const match = tags.filter((t) => t.tag === item.tag);
        if (match.length > 0)
          return match.find((t) => t.format === item.format) ?? match[0];
      }
      let tagObj = void 0;
      let obj;
      if (identity.isScalar(item)) {
        obj = item.value;
        let match = tags.filter((t) => t.identify?.(obj));
        if (match.length > 1) {
          const testMatch = match.filter((t) => t.test);
          if (testMatch.length > 0)
            match = testMatch;
        }
        tagObj = match.find((t) => t.format === item.format) ?? match.find((t) => !t.format);
      } else {
        obj = item;
        tagObj = tags.find((t) => t.nodeClass && obj instanceof t.nodeClass);
      }
      if (!tagObj) {
        const name = obj?.constructor?.name ?? (obj === null ? "null" : typeof obj);
        throw new Error(`Tag not resolved for ${name} value`);
      }
      return tagObj;
    }
    function stringifyProps(node, tagObj, { anchors: anchors$1, doc }) {
      if (!doc.directives)
        return "";
      const props = [];
      const anchor = (identity.isScalar(node) || identity.isCollection(node)) && node.anchor;
      if (anchor && anchors.anchorIsValid(anchor)) {
        anchors$1.add(anchor);
        props.push(`&${anchor}`);
      }
      const tag = node.tag ?? (tagObj.default ? null : tagObj.tag);
      if (tag)
        props.push(doc.directives.tagString(tag));
      return props.join(" ");
    }
    function stringify(item, ctx, onComment, onChompKeep) {
      if (identity.isPair(item))
        return item.toString(ctx, onComment, onChompKeep);
      if (identity.isAlias(item)) {
        if (ctx.doc.directives)
          return item.toString(ctx);
        if (ctx.resolvedAliases?.has(item)) {
          throw new TypeError(`Cannot stringify circular structure without alias nodes`);
        } else {
          if (ctx.resolvedAliases)
            ctx.resolvedAliases.add(item);
          else
            ctx.resolvedAliases = /* @__PURE__ */ new Set([item]);
          item = item.resolve(ctx.doc);
        }
      }
      let tagObj = void 0;
      const node = identity.isNode(item) ? item : ctx.doc.createNode(item, { onTagObj: (o) => tagObj = o });
      tagObj ?? (tagObj = getTagObject(ctx.doc.schema.tags, node));
      const props = stringifyProps(node, tagObj, ctx);
      if (props.length > 0)
        ctx.indentAtStart = (ctx.indentAtStart ?? 0) + props.length + 1;
      const str = typeof tagObj.stringify === "function" ? tagObj.stringify(node, ctx, onComment, onChompKeep) : identity.isScalar(node) ? stringifyString.stringifyString(node, ctx, onComment, onChompKeep) : node.toString(ctx, onComment, onChompKeep);
      if (!props)
        return str;
      return identity.isScalar(node) || str[0] === "{" || str[0] === "[" ? `${props} ${str}` : `${props}
${ctx.indent}${str}`;
    }
    exports.createStringifyContext = createStringifyContext;
    exports.stringify = stringify;
  }
});

// node_modules/yaml/dist/stringify/stringifyPair.js
var require_stringifyPair = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyPair.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var stringify = require_stringify();
    var stringifyComment = require_stringifyComment();
    function stringifyPair({ key, value }, ctx, onComment, onChompKeep) {
      const { allNullValues, doc, indent, indentStep, options: { commentString, indentSeq, simpleKeys } } = ctx;
      let keyComment = identity.isNode(key) && key.comment || null;
      if (simpleKeys) {
        if (keyComment) {
          throw new Error("With simple keys, key nodes cannot have comments");
        }
        if (identity.isCollection(key) || !identity.isNode(key) && typeof key === "object") {
          const msg = "With simple keys, collection cannot be used as a key value";
          throw new Error(msg);
        }
      }
      let explicitKey = !simpleKeys && (!key || keyComment && value == null && !ctx.inFlow || identity.isCollection(key) || (identity.isScalar(key) ? key.type === Scalar.Scalar.BLOCK_FOLDED || key.type === Scalar.Scalar.BLOCK_LITERAL : typeof key === "object"));
      ctx = Object.assign({}, ctx, {
        allNullValues: false,
        implicitKey: !explicitKey && (simpleKeys || !allNullValues),
        indent: indent + indentStep
      });
      let keyCommentDone = false;
      let chompKeep = false;
      let str = stringify.stringify(key, ctx, () => keyCommentDone = true, () => chompKeep = true);
      if (!explicitKey && !ctx.inFlow && str.length > 1024) {
        if (simpleKeys)
          throw new Error("With simple keys, single line scalar must not span more than 1024 characters");
        explicitKey = true;
      }
      if (ctx.inFlow) {
        if (allNullValues || value == null) {
          if (keyCommentDone && onComment)
            onComment();
          return str === "" ? "?" : explicitKey ? `? ${str}` : str;
        }
      } else if (allNullValues && !simpleKeys || value == null && explicitKey) {
        str = `? ${str}`;
        if (keyComment && !keyCommentDone) {
          str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
        } else if (chompKeep && onChompKeep)
          onChompKeep();
        return str;
      }
      if (keyCommentDone)
        keyComment = null;
      if (explicitKey) {
        if (keyComment)
          str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
        str = `? ${str}
${indent}:`;
      } else {
        str = `${str}:`;
        if (keyComment)
          str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
      }
      let vsb, vcb, valueComment;
      if (identity.isNode(value)) {
        vsb = !!value.spaceBefore;
        vcb = value.commentBefore;
        valueComment = value.comment;
      } else {
        vsb = false;
        vcb = null;
        valueComment = null;
        if (value && typeof value === "object")
          value = doc.createNode(value);
      }
      ctx.implicitKey = false;
      if (!explicitKey && !keyComment && identity.isScalar(value))
        ctx.indentAtStart = str.length + 1;
      chompKeep = false;
      if (!indentSeq && indentStep.length >= 2 && !ctx.inFlow && !explicitKey && identity.isSeq(value) && !value.flow && !value.tag && !value.anchor) {
        ctx.indent = ctx.indent.substring(2);
      }
      let valueCommentDone = false;
      const valueStr = stringify.stringify(value, ctx, () => valueCommentDone = true, () => chompKeep = true);
      let ws = " ";
      if (keyComment || vsb || vcb) {
        ws = vsb ? "\n" : "";
        if (vcb) {
          const cs = commentString(vcb);
          ws += `
${stringifyComment.indentComment(cs, ctx.indent)}`;
        }
        if (valueStr === "" && !ctx.inFlow) {
          if (ws === "\n" && valueComment)
            ws = "\n\n";
        } else {
          ws += `
${ctx.indent}`;
        }
      } else if (!explicitKey && identity.isCollection(value)) {
        const vs0 = valueStr[0];
        const nl0 = valueStr.indexOf("\n");
        const hasNewline = nl0 !== -1;
        const flow = ctx.inFlow ?? value.flow ?? value.items.length === 0;
        if (hasNewline || !flow) {
          let hasPropsLine = false;
          if (hasNewline && (vs0 === "&" || vs0 === "!")) {
            let sp0 = valueStr.indexOf(" ");
            if (vs0 === "&" && sp0 !== -1 && sp0 < nl0 && valueStr[sp0 + 1] === "!") {
              sp0 = valueStr.indexOf(" ", sp0 + 1);
            }
            if (sp0 === -1 || nl0 < sp0)
              hasPropsLine = true;
          }
          if (!hasPropsLine)
            ws = `
${ctx.indent}`;
        }
      } else if (valueStr === "" || valueStr[0] === "\n") {
        ws = "";
      }
      str += ws + valueStr;
      if (ctx.inFlow) {
        if (valueCommentDone && onComment)
          onComment();
      } else if (valueComment && !valueCommentDone) {
        str += stringifyComment.lineComment(str, ctx.indent, commentString(valueComment));
      } else if (chompKeep && onChompKeep) {
        onChompKeep();
      }
      return str;
    }
    exports.stringifyPair = stringifyPair;
  }
});

// node_modules/yaml/dist/log.js
var require_log = __commonJS({
  "node_modules/yaml/dist/log.js"(exports) {
    "use strict";
    var node_process = __require("process");
    function debug(logLevel, ...messages) {
      if (logLevel === "debug")
        console.log(...messages);
    }
    function warn(logLevel, warning) {
      if (logLevel === "debug" || logLevel === "warn") {
        if (typeof node_process.emitWarning === "function")
          node_process.emitWarning(warning);
        else
          console.warn(warning);
      }
    }
    exports.debug = debug;
    exports.warn = warn;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/merge.js
var require_merge = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/merge.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var MERGE_KEY = "<<";
    var merge2 = {
      identify: (value) => value === MERGE_KEY || typeof value === "symbol" && value.description === MERGE_KEY,
      default: "key",
      tag: "tag:yaml.org,2002:merge",
      test: /^<<$/,
      resolve: () => Object.assign(new Scalar.Scalar(Symbol(MERGE_KEY)), {
        addToJSMap: addMergeToJSMap
      }),
      stringify: () => MERGE_KEY
    };
    var isMergeKey = (ctx, key) => (merge2.identify(key) || identity.isScalar(key) && (!key.type || key.type === Scalar.Scalar.PLAIN) && merge2.identify(key.value)) && ctx?.doc.schema.tags.some((tag) => tag.tag === merge2.tag && tag.default);
    function addMergeToJSMap(ctx, map, value) {
      const source = resolveAliasValue(ctx, value);
      if (identity.isSeq(source))
        for (const it of source.items)
          mergeValue(ctx, map, it);
      else if (Array.isArray(source))
        for (const it of source)
          mergeValue(ctx, map, it);
      else
        mergeValue(ctx, map, source);
    }
    function mergeValue(ctx, map, value) {
      const source = resolveAliasValue(ctx, value);
      if (!identity.isMap(source))
        throw new Error("Merge sources must be maps or map aliases");
      const srcMap = source.toJSON(null, ctx, Map);
      for (const [key, value2] of srcMap) {
        if (map instanceof Map) {
          if (!map.has(key))
            map.set(key, value2);
        } else if (map instanceof Set) {
          map.add(key);
        } else if (!Object.prototype.hasOwnProperty.call(map, key)) {
          Object.defineProperty(map, key, {
            value: value2,
            writable: true,
            enumerable: true,
            configurable: true
          });
        }
      }
      return map;
    }
    function resolveAliasValue(ctx, value) {
      return ctx && identity.isAlias(value) ? value.resolve(ctx.doc, ctx) : value;
    }
    exports.addMergeToJSMap = addMergeToJSMap;
    exports.isMergeKey = isMergeKey;
    exports.merge = merge2;
  }
});

// node_modules/yaml/dist/nodes/addPairToJSMap.js
var require_addPairToJSMap = __commonJS({
  "node_modules/yaml/dist/nodes/addPairToJSMap.js"(exports) {
    "use strict";
    var log = require_log();
    var merge2 = require_merge();
    var stringify = require_stringify();
    var identity = require_identity();
    var toJS = require_toJS();
    function addPairToJSMap(ctx, map, { key, value }) {
      if (identity.isNode(key) && key.addToJSMap)
        key.addToJSMap(ctx, map, value);
      else if (merge2.isMergeKey(ctx, key))
        merge2.addMergeToJSMap(ctx, map, value);
      else {
        const jsKey = toJS.toJS(key, "", ctx);
        if (map instanceof Map) {
          map.set(jsKey, toJS.toJS(value, jsKey, ctx));
        } else if (map instanceof Set) {
          map.add(jsKey);
        } else {
          const stringKey = stringifyKey(key, jsKey, ctx);
          const jsValue = toJS.toJS(value, stringKey, ctx);
          if (stringKey in map)
            Object.defineProperty(map, stringKey, {
              value: jsValue,
              writable: true,
              enumerable: true,
              configurable: true
            });
          else
            map[stringKey] = jsValue;
        }
      }
      return map;
    }
    function stringifyKey(key, jsKey, ctx) {
      if (jsKey === null)
        return "";
      if (typeof jsKey !== "object")
        return String(jsKey);
      if (identity.isNode(key) && ctx?.doc) {
        const strCtx = stringify.createStringifyContext(ctx.doc, {});
        strCtx.anchors = /* @__PURE__ */ new Set();
        for (const node of ctx.anchors.keys())
          strCtx.anchors.add(node.anchor);
        strCtx.inFlow = true;
        strCtx.inStringifyKey = true;
        const strKey = key.toString(strCtx);
        if (!ctx.mapKeyWarned) {
          let jsonStr = JSON.stringify(strKey);
          if (jsonStr.length > 40)
            jsonStr = jsonStr.substring(0, 36) + '..."';
          log.warn(ctx.doc.options.logLevel, `Keys with collection values will be stringified due to JS Object restrictions: ${jsonStr}. Set mapAsMap: true to use object keys.`);
          ctx.mapKeyWarned = true;
        }
        return strKey;
      }
      return JSON.stringify(jsKey);
    }
    exports.addPairToJSMap = addPairToJSMap;
  }
});

// node_modules/yaml/dist/nodes/Pair.js
var require_Pair = __commonJS({
  "node_modules/yaml/dist/nodes/Pair.js"(exports) {
    "use strict";
    var createNode = require_createNode();
    var stringifyPair = require_stringifyPair();
    var addPairToJSMap = require_addPairToJSMap();
    var identity = require_identity();
    function createPair(key, value, ctx) {
      const k = createNode.createNode(key, void 0, ctx);
      const v = createNode.createNode(value, void 0, ctx);
      return new Pair(k, v);
    }
    var Pair = class _Pair {
      constructor(key, value = null) {
        Object.defineProperty(this, identity.NODE_TYPE, { value: identity.PAIR });
        this.key = key;
        this.value = value;
      }
      clone(schema) {
        let { key, value } = this;
        if (identity.isNode(key))
          key = key.clone(schema);
        if (identity.isNode(value))
          value = value.clone(schema);
        return new _Pair(key, value);
      }
      toJSON(_, ctx) {
        const pair = ctx?.mapAsMap ? /* @__PURE__ */ new Map() : {};
        return addPairToJSMap.addPairToJSMap(ctx, pair, this);
      }
      toString(ctx, onComment, onChompKeep) {
        return ctx?.doc ? stringifyPair.stringifyPair(this, ctx, onComment, onChompKeep) : JSON.stringify(this);
      }
    };
    exports.Pair = Pair;
    exports.createPair = createPair;
  }
});

// node_modules/yaml/dist/stringify/stringifyCollection.js
var require_stringifyCollection = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyCollection.js"(exports) {
    "use strict";
    var identity = require_identity();
    var stringify = require_stringify();
    var stringifyComment = require_stringifyComment();
    function stringifyCollection(collection, ctx, options) {
      const flow = ctx.inFlow ?? collection.flow;
      const stringify2 = flow ? stringifyFlowCollection : stringifyBlockCollection;
      return stringify2(collection, ctx, options);
    }
    function stringifyBlockCollection({ comment, items }, ctx, { blockItemPrefix, flowChars, itemIndent, onChompKeep, onComment }) {
      const { indent, options: { commentString } } = ctx;
      const itemCtx = Object.assign({}, ctx, { indent: itemIndent, type: null });
      let chompKeep = false;
      const lines = [];
      for (let i = 0; i < items.length; ++i) {
        const item = items[i];
        let comment2 = null;
        if (identity.isNode(item)) {
          if (!chompKeep && item.spaceBefore)
            lines.push("");
          addCommentBefore(ctx, lines, item.commentBefore, chompKeep);
          if (item.comment)
            comment2 = item.comment;
        } else if (identity.isPair(item)) {
          const ik = identity.isNode(item.key) ? item.key : null;
          if (ik) {
            if (!chompKeep && ik.spaceBefore)
              lines.push("");
            addCommentBefore(ctx, lines, ik.commentBefore, chompKeep);
          }
        }
        chompKeep = false;
        let str2 = stringify.stringify(item, itemCtx, () => comment2 = null, () => chompKeep = true);
        if (comment2)
          str2 += stringifyComment.lineComment(str2, itemIndent, commentString(comment2));
        if (chompKeep && comment2)
          chompKeep = false;
        lines.push(blockItemPrefix + str2);
      }
      let str;
      if (lines.length === 0) {
        str = flowChars.start + flowChars.end;
      } else {
        str = lines[0];
        for (let i = 1; i < lines.length; ++i) {
          const line = lines[i];
          str += line ? `
${indent}${line}` : "\n";
        }
      }
      if (comment) {
        str += "\n" + stringifyComment.indentComment(commentString(comment), indent);
        if (onComment)
          onComment();
      } else if (chompKeep && onChompKeep)
        onChompKeep();
      return str;
    }
    function stringifyFlowCollection({ items }, ctx, { flowChars, itemIndent }) {
      const { indent, indentStep, flowCollectionPadding: fcPadding, options: { commentString } } = ctx;
      itemIndent += indentStep;
      const itemCtx = Object.assign({}, ctx, {
        indent: itemIndent,
        inFlow: true,
        type: null
      });
      let reqNewline = false;
      let linesAtValue = 0;
      const lines = [];
      for (let i = 0; i < items.length; ++i) {
        const item = items[i];
        let comment = null;
        if (identity.isNode(item)) {
          if (item.spaceBefore)
            lines.push("");
          addCommentBefore(ctx, lines, item.commentBefore, false);
          if (item.comment)
            comment = item.comment;
        } else if (identity.isPair(item)) {
          const ik = identity.isNode(item.key) ? item.key : null;
          if (ik) {
            if (ik.spaceBefore)
              lines.push("");
            addCommentBefore(ctx, lines, ik.commentBefore, false);
            if (ik.comment)
              reqNewline = true;
          }
          const iv = identity.isNode(item.value) ? item.value : null;
          if (iv) {
            if (iv.comment)
              comment = iv.comment;
            if (iv.commentBefore)
              reqNewline = true;
          } else if (item.value == null && ik?.comment) {
            comment = ik.comment;
          }
        }
        if (comment)
          reqNewline = true;
        let str = stringify.stringify(item, itemCtx, () => comment = null);
        reqNewline || (reqNewline = lines.length > linesAtValue || str.includes("\n"));
        if (i < items.length - 1) {
          str += ",";
        } else if (ctx.options.trailingComma) {
          if (ctx.options.lineWidth > 0) {
            reqNewline || (reqNewline = lines.reduce((sum, line) => sum + line.length + 2, 2) + (str.length + 2) > ctx.options.lineWidth);
          }
          if (reqNewline) {
            str += ",";
          }
        }
        if (comment)
          str += stringifyComment.lineComment(str, itemIndent, commentString(comment));
        lines.push(str);
        linesAtValue = lines.length;
      }
      const { start, end } = flowChars;
      if (lines.length === 0) {
        return start + end;
      } else {
        if (!reqNewline) {
          const len = lines.reduce((sum, line) => sum + line.length + 2, 2);
          reqNewline = ctx.options.lineWidth > 0 && len > ctx.options.lineWidth;
        }
        if (reqNewline) {
          let str = start;
          for (const line of lines)
            str += line ? `
${indentStep}${indent}${line}` : "\n";
          return `${str}
${indent}${end}`;
        } else {
          return `${start}${fcPadding}${lines.join(" ")}${fcPadding}${end}`;
        }
      }
    }
    function addCommentBefore({ indent, options: { commentString } }, lines, comment, chompKeep) {
      if (comment && chompKeep)
        comment = comment.replace(/^\n+/, "");
      if (comment) {
        const ic = stringifyComment.indentComment(commentString(comment), indent);
        lines.push(ic.trimStart());
      }
    }
    exports.stringifyCollection = stringifyCollection;
  }
});

// node_modules/yaml/dist/nodes/YAMLMap.js
var require_YAMLMap = __commonJS({
  "node_modules/yaml/dist/nodes/YAMLMap.js"(exports) {
    "use strict";
    var stringifyCollection = require_stringifyCollection();
    var addPairToJSMap = require_addPairToJSMap();
    var Collection = require_Collection();
    var identity = require_identity();
    var Pair = require_Pair();
    var Scalar = require_Scalar();
    function findPair(items, key) {
      const k = identity.isScalar(key) ? key.value : key;
      for (const it of items) {
        if (identity.isPair(it)) {
          if (it.key === key || it.key === k)
            return it;
          if (identity.isScalar(it.key) && it.key.value === k)
            return it;
        }
      }
      return void 0;
    }
    var YAMLMap = class extends Collection.Collection {
      static get tagName() {
        return "tag:yaml.org,2002:map";
      }
      constructor(schema) {
        super(identity.MAP, schema);
        this.items = [];
      }
      /**
       * A generic collection parsing method that can be extended
       * to other node classes that inherit from YAMLMap
       */
      static from(schema, obj, ctx) {
        const { keepUndefined, replacer } = ctx;
        const map = new this(schema);
        const add = (key, value) => {
          if (typeof replacer === "function")
            value = replacer.call(obj, key, value);
          else if (Array.isArray(replacer) && !replacer.includes(key))
            return;
          if (value !== void 0 || keepUndefined)
            map.items.push(Pair.createPair(key, value, ctx));
        };
        if (obj instanceof Map) {
          for (const [key, value] of obj)
            add(key, value);
        } else if (obj && typeof obj === "object") {
          for (const key of Object.keys(obj))
            add(key, obj[key]);
        }
        if (typeof schema.sortMapEntries === "function") {
          map.items.sort(schema.sortMapEntries);
        }
        return map;
      }
      /**
       * Adds a value to the collection.
       *
       * @param overwrite - If not set `true`, using a key that is already in the
       *   collection will throw. Otherwise, overwrites the previous value.
       */
      add(pair, overwrite) {
        let _pair;
        if (identity.isPair(pair))
          _pair = pair;
        else if (!pair || typeof pair !== "object" || !("key" in pair)) {
          _pair = new Pair.Pair(pair, pair?.value);
        } else
          _pair = new Pair.Pair(pair.key, pair.value);
        const prev = findPair(this.items, _pair.key);
        const sortEntries = this.schema?.sortMapEntries;
        if (prev) {
          if (!overwrite)
            throw new Error(`Key ${_pair.key} already set`);
          if (identity.isScalar(prev.value) && Scalar.isScalarValue(_pair.value))
            prev.value.value = _pair.value;
          else
            prev.value = _pair.value;
        } else if (sortEntries) {
          const i = this.items.findIndex((item) => sortEntries(_pair, item) < 0);
          if (i === -1)
            this.items.push(_pair);
          else
            this.items.splice(i, 0, _pair);
        } else {
          this.items.push(_pair);
        }
      }
      delete(key) {
        const it = findPair(this.items, key);
        if (!it)
          return false;
        const del = this.items.splice(this.items.indexOf(it), 1);
        return del.length > 0;
      }
      get(key, keepScalar) {
        const it = findPair(this.items, key);
        const node = it?.value;
        return (!keepScalar && identity.isScalar(node) ? node.value : node) ?? void 0;
      }
      has(key) {
        return !!findPair(this.items, key);
      }
      set(key, value) {
        this.add(new Pair.Pair(key, value), true);
      }
      /**
       * @param ctx - Conversion context, originally set in Document#toJS()
       * @param {Class} Type - If set, forces the returned collection type
       * @returns Instance of Type, Map, or Object
       */
      toJSON(_, ctx, Type) {
        const map = Type ? new Type() : ctx?.mapAsMap ? /* @__PURE__ */ new Map() : {};
        if (ctx?.onCreate)
          ctx.onCreate(map);
        for (const item of this.items)
          addPairToJSMap.addPairToJSMap(ctx, map, item);
        return map;
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        for (const item of this.items) {
          if (!identity.isPair(item))
            throw new Error(`Map items must all be pairs; found ${JSON.stringify(item)} instead`);
        }
        if (!ctx.allNullValues && this.hasAllNullValues(false))
          ctx = Object.assign({}, ctx, { allNullValues: true });
        return stringifyCollection.stringifyCollection(this, ctx, {
          blockItemPrefix: "",
          flowChars: { start: "{", end: "}" },
          itemIndent: ctx.indent || "",
          onChompKeep,
          onComment
        });
      }
    };
    exports.YAMLMap = YAMLMap;
    exports.findPair = findPair;
  }
});

// node_modules/yaml/dist/schema/common/map.js
var require_map = __commonJS({
  "node_modules/yaml/dist/schema/common/map.js"(exports) {
    "use strict";
    var identity = require_identity();
    var YAMLMap = require_YAMLMap();
    var map = {
      collection: "map",
      default: true,
      nodeClass: YAMLMap.YAMLMap,
      tag: "tag:yaml.org,2002:map",
      resolve(map2, onError) {
        if (!identity.isMap(map2))
          onError("Expected a mapping for this tag");
        return map2;
      },
      createNode: (schema, obj, ctx) => YAMLMap.YAMLMap.from(schema, obj, ctx)
    };
    exports.map = map;
  }
});

// node_modules/yaml/dist/nodes/YAMLSeq.js
var require_YAMLSeq = __commonJS({
  "node_modules/yaml/dist/nodes/YAMLSeq.js"(exports) {
    "use strict";
    var createNode = require_createNode();
    var stringifyCollection = require_stringifyCollection();
    var Collection = require_Collection();
    var identity = require_identity();
    var Scalar = require_Scalar();
    var toJS = require_toJS();
    var YAMLSeq = class extends Collection.Collection {
      static get tagName() {
        return "tag:yaml.org,2002:seq";
      }
      constructor(schema) {
        super(identity.SEQ, schema);
        this.items = [];
      }
      add(value) {
        this.items.push(value);
      }
      /**
       * Removes a value from the collection.
       *
       * `key` must contain a representation of an integer for this to succeed.
       * It may be wrapped in a `Scalar`.
       *
       * @returns `true` if the item was found and removed.
       */
      delete(key) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          return false;
        const del = this.items.splice(idx, 1);
        return del.length > 0;
      }
      get(key, keepScalar) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          return void 0;
        const it = this.items[idx];
        return !keepScalar && identity.isScalar(it) ? it.value : it;
      }
      /**
       * Checks if the collection includes a value with the key `key`.
       *
       * `key` must contain a representation of an integer for this to succeed.
       * It may be wrapped in a `Scalar`.
       */
      has(key) {
        const idx = asItemIndex(key);
        return typeof idx === "number" && idx < this.items.length;
      }
      /**
       * Sets a value in this collection. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       *
       * If `key` does not contain a representation of an integer, this will throw.
       * It may be wrapped in a `Scalar`.
       */
      set(key, value) {
        const idx = asItemIndex(key);
        if (typeof idx !== "number")
          throw new Error(`Expected a valid index, not ${key}.`);
        const prev = this.items[idx];
        if (identity.isScalar(prev) && Scalar.isScalarValue(value))
          prev.value = value;
        else
          this.items[idx] = value;
      }
      toJSON(_, ctx) {
        const seq = [];
        if (ctx?.onCreate)
          ctx.onCreate(seq);
        let i = 0;
        for (const item of this.items)
          seq.push(toJS.toJS(item, String(i++), ctx));
        return seq;
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        return stringifyCollection.stringifyCollection(this, ctx, {
          blockItemPrefix: "- ",
          flowChars: { start: "[", end: "]" },
          itemIndent: (ctx.indent || "") + "  ",
          onChompKeep,
          onComment
        });
      }
      static from(schema, obj, ctx) {
        const { replacer } = ctx;
        const seq = new this(schema);
        if (obj && Symbol.iterator in Object(obj)) {
          let i = 0;
          for (let it of obj) {
            if (typeof replacer === "function") {
              const key = obj instanceof Set ? it : String(i++);
              it = replacer.call(obj, key, it);
            }
            seq.items.push(createNode.createNode(it, void 0, ctx));
          }
        }
        return seq;
      }
    };
    function asItemIndex(key) {
      let idx = identity.isScalar(key) ? key.value : key;
      if (idx && typeof idx === "string")
        idx = Number(idx);
      return typeof idx === "number" && Number.isInteger(idx) && idx >= 0 ? idx : null;
    }
    exports.YAMLSeq = YAMLSeq;
  }
});

// node_modules/yaml/dist/schema/common/seq.js
var require_seq = __commonJS({
  "node_modules/yaml/dist/schema/common/seq.js"(exports) {
    "use strict";
    var identity = require_identity();
    var YAMLSeq = require_YAMLSeq();
    var seq = {
      collection: "seq",
      default: true,
      nodeClass: YAMLSeq.YAMLSeq,
      tag: "tag:yaml.org,2002:seq",
      resolve(seq2, onError) {
        if (!identity.isSeq(seq2))
          onError("Expected a sequence for this tag");
        return seq2;
      },
      createNode: (schema, obj, ctx) => YAMLSeq.YAMLSeq.from(schema, obj, ctx)
    };
    exports.seq = seq;
  }
});

// node_modules/yaml/dist/schema/common/string.js
var require_string = __commonJS({
  "node_modules/yaml/dist/schema/common/string.js"(exports) {
    "use strict";
    var stringifyString = require_stringifyString();
    var string = {
      identify: (value) => typeof value === "string",
      default: true,
      tag: "tag:yaml.org,2002:str",
      resolve: (str) => str,
      stringify(item, ctx, onComment, onChompKeep) {
        ctx = Object.assign({ actualString: true }, ctx);
        return stringifyString.stringifyString(item, ctx, onComment, onChompKeep);
      }
    };
    exports.string = string;
  }
});

// node_modules/yaml/dist/schema/common/null.js
var require_null = __commonJS({
  "node_modules/yaml/dist/schema/common/null.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var nullTag = {
      identify: (value) => value == null,
      createNode: () => new Scalar.Scalar(null),
      default: true,
      tag: "tag:yaml.org,2002:null",
      test: /^(?:~|[Nn]ull|NULL)?$/,
      resolve: () => new Scalar.Scalar(null),
      stringify: ({ source }, ctx) => typeof source === "string" && nullTag.test.test(source) ? source : ctx.options.nullStr
    };
    exports.nullTag = nullTag;
  }
});

// node_modules/yaml/dist/schema/core/bool.js
var require_bool = __commonJS({
  "node_modules/yaml/dist/schema/core/bool.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var boolTag = {
      identify: (value) => typeof value === "boolean",
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/,
      resolve: (str) => new Scalar.Scalar(str[0] === "t" || str[0] === "T"),
      stringify({ source, value }, ctx) {
        if (source && boolTag.test.test(source)) {
          const sv = source[0] === "t" || source[0] === "T";
          if (value === sv)
            return source;
        }
        return value ? ctx.options.trueStr : ctx.options.falseStr;
      }
    };
    exports.boolTag = boolTag;
  }
});

// node_modules/yaml/dist/stringify/stringifyNumber.js
var require_stringifyNumber = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyNumber.js"(exports) {
    "use strict";
    function stringifyNumber({ format, minFractionDigits, tag, value }) {
      if (typeof value === "bigint")
        return String(value);
      const num = typeof value === "number" ? value : Number(value);
      if (!isFinite(num))
        return isNaN(num) ? ".nan" : num < 0 ? "-.inf" : ".inf";
      let n = Object.is(value, -0) ? "-0" : JSON.stringify(value);
      if (!format && minFractionDigits && (!tag || tag === "tag:yaml.org,2002:float") && /^-?\d/.test(n) && !n.includes("e")) {
        let i = n.indexOf(".");
        if (i < 0) {
          i = n.length;
          n += ".";
        }
        let d = minFractionDigits - (n.length - i - 1);
        while (d-- > 0)
          n += "0";
      }
      return n;
    }
    exports.stringifyNumber = stringifyNumber;
  }
});

// node_modules/yaml/dist/schema/core/float.js
var require_float = __commonJS({
  "node_modules/yaml/dist/schema/core/float.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var stringifyNumber = require_stringifyNumber();
    var floatNaN = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
      resolve: (str) => str.slice(-3).toLowerCase() === "nan" ? NaN : str[0] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
      stringify: stringifyNumber.stringifyNumber
    };
    var floatExp = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "EXP",
      test: /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/,
      resolve: (str) => parseFloat(str),
      stringify(node) {
        const num = Number(node.value);
        return isFinite(num) ? num.toExponential() : stringifyNumber.stringifyNumber(node);
      }
    };
    var float = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/,
      resolve(str) {
        const node = new Scalar.Scalar(parseFloat(str));
        const dot = str.indexOf(".");
        if (dot !== -1 && str[str.length - 1] === "0")
          node.minFractionDigits = str.length - dot - 1;
        return node;
      },
      stringify: stringifyNumber.stringifyNumber
    };
    exports.float = float;
    exports.floatExp = floatExp;
    exports.floatNaN = floatNaN;
  }
});

// node_modules/yaml/dist/schema/core/int.js
var require_int = __commonJS({
  "node_modules/yaml/dist/schema/core/int.js"(exports) {
    "use strict";
    var stringifyNumber = require_stringifyNumber();
    var intIdentify = (value) => typeof value === "bigint" || Number.isInteger(value);
    var intResolve = (str, offset, radix, { intAsBigInt }) => intAsBigInt ? BigInt(str) : parseInt(str.substring(offset), radix);
    function intStringify(node, radix, prefix) {
      const { value } = node;
      if (intIdentify(value) && value >= 0)
        return prefix + value.toString(radix);
      return stringifyNumber.stringifyNumber(node);
    }
    var intOct = {
      identify: (value) => intIdentify(value) && value >= 0,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "OCT",
      test: /^0o[0-7]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 8, opt),
      stringify: (node) => intStringify(node, 8, "0o")
    };
    var int = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      test: /^[-+]?[0-9]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 0, 10, opt),
      stringify: stringifyNumber.stringifyNumber
    };
    var intHex = {
      identify: (value) => intIdentify(value) && value >= 0,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "HEX",
      test: /^0x[0-9a-fA-F]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 16, opt),
      stringify: (node) => intStringify(node, 16, "0x")
    };
    exports.int = int;
    exports.intHex = intHex;
    exports.intOct = intOct;
  }
});

// node_modules/yaml/dist/schema/core/schema.js
var require_schema = __commonJS({
  "node_modules/yaml/dist/schema/core/schema.js"(exports) {
    "use strict";
    var map = require_map();
    var _null = require_null();
    var seq = require_seq();
    var string = require_string();
    var bool = require_bool();
    var float = require_float();
    var int = require_int();
    var schema = [
      map.map,
      seq.seq,
      string.string,
      _null.nullTag,
      bool.boolTag,
      int.intOct,
      int.int,
      int.intHex,
      float.floatNaN,
      float.floatExp,
      float.float
    ];
    exports.schema = schema;
  }
});

// node_modules/yaml/dist/schema/json/schema.js
var require_schema2 = __commonJS({
  "node_modules/yaml/dist/schema/json/schema.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var map = require_map();
    var seq = require_seq();
    function intIdentify(value) {
      return typeof value === "bigint" || Number.isInteger(value);
    }
    var stringifyJSON = ({ value }) => JSON.stringify(value);
    var jsonScalars = [
      {
        identify: (value) => typeof value === "string",
        default: true,
        tag: "tag:yaml.org,2002:str",
        resolve: (str) => str,
        stringify: stringifyJSON
      },
      {
        identify: (value) => value == null,
        createNode: () => new Scalar.Scalar(null),
        default: true,
        tag: "tag:yaml.org,2002:null",
        test: /^null$/,
        resolve: () => null,
        stringify: stringifyJSON
      },
      {
        identify: (value) => typeof value === "boolean",
        default: true,
        tag: "tag:yaml.org,2002:bool",
        test: /^true$|^false$/,
        resolve: (str) => str === "true",
        stringify: stringifyJSON
      },
      {
        identify: intIdentify,
        default: true,
        tag: "tag:yaml.org,2002:int",
        test: /^-?(?:0|[1-9][0-9]*)$/,
        resolve: (str, _onError, { intAsBigInt }) => intAsBigInt ? BigInt(str) : parseInt(str, 10),
        stringify: ({ value }) => intIdentify(value) ? value.toString() : JSON.stringify(value)
      },
      {
        identify: (value) => typeof value === "number",
        default: true,
        tag: "tag:yaml.org,2002:float",
        test: /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$/,
        resolve: (str) => parseFloat(str),
        stringify: stringifyJSON
      }
    ];
    var jsonError = {
      default: true,
      tag: "",
      test: /^/,
      resolve(str, onError) {
        onError(`Unresolved plain scalar ${JSON.stringify(str)}`);
        return str;
      }
    };
    var schema = [map.map, seq.seq].concat(jsonScalars, jsonError);
    exports.schema = schema;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/binary.js
var require_binary = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/binary.js"(exports) {
    "use strict";
    var node_buffer = __require("buffer");
    var Scalar = require_Scalar();
    var stringifyString = require_stringifyString();
    var binary = {
      identify: (value) => value instanceof Uint8Array,
      // Buffer inherits from Uint8Array
      default: false,
      tag: "tag:yaml.org,2002:binary",
      /**
       * Returns a Buffer in node and an Uint8Array in browsers
       *
       * To use the resulting buffer as an image, you'll want to do something like:
       *
       *   const blob = new Blob([buffer], { type: 'image/jpeg' })
       *   document.querySelector('#photo').src = URL.createObjectURL(blob)
       */
      resolve(src, onError) {
        if (typeof node_buffer.Buffer === "function") {
          return node_buffer.Buffer.from(src, "base64");
        } else if (typeof atob === "function") {
          const str = atob(src.replace(/[\n\r]/g, ""));
          const buffer = new Uint8Array(str.length);
          for (let i = 0; i < str.length; ++i)
            buffer[i] = str.charCodeAt(i);
          return buffer;
        } else {
          onError("This environment does not support reading binary tags; either Buffer or atob is required");
          return src;
        }
      },
      stringify({ comment, type, value }, ctx, onComment, onChompKeep) {
        if (!value)
          return "";
        const buf = value;
        let str;
        if (typeof node_buffer.Buffer === "function") {
          str = buf instanceof node_buffer.Buffer ? buf.toString("base64") : node_buffer.Buffer.from(buf.buffer).toString("base64");
        } else if (typeof btoa === "function") {
          let s = "";
          for (let i = 0; i < buf.length; ++i)
            s += String.fromCharCode(buf[i]);
          str = btoa(s);
        } else {
          throw new Error("This environment does not support writing binary tags; either Buffer or btoa is required");
        }
        type ?? (type = Scalar.Scalar.BLOCK_LITERAL);
        if (type !== Scalar.Scalar.QUOTE_DOUBLE) {
          const lineWidth = Math.max(ctx.options.lineWidth - ctx.indent.length, ctx.options.minContentWidth);
          const n = Math.ceil(str.length / lineWidth);
          const lines = new Array(n);
          for (let i = 0, o = 0; i < n; ++i, o += lineWidth) {
            lines[i] = str.substr(o, lineWidth);
          }
          str = lines.join(type === Scalar.Scalar.BLOCK_LITERAL ? "\n" : " ");
        }
        return stringifyString.stringifyString({ comment, type, value: str }, ctx, onComment, onChompKeep);
      }
    };
    exports.binary = binary;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/pairs.js
var require_pairs = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/pairs.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Pair = require_Pair();
    var Scalar = require_Scalar();
    var YAMLSeq = require_YAMLSeq();
    function resolvePairs(seq, onError) {
      if (identity.isSeq(seq)) {
        for (let i = 0; i < seq.items.length; ++i) {
          let item = seq.items[i];
          if (identity.isPair(item))
            continue;
          else if (identity.isMap(item)) {
            if (item.items.length > 1)
              onError("Each pair must have its own sequence indicator");
            const pair = item.items[0] || new Pair.Pair(new Scalar.Scalar(null));
            if (item.commentBefore)
              pair.key.commentBefore = pair.key.commentBefore ? `${item.commentBefore}
${pair.key.commentBefore}` : item.commentBefore;
            if (item.comment) {
              const cn = pair.value ?? pair.key;
              cn.comment = cn.comment ? `${item.comment}
${cn.comment}` : item.comment;
            }
            item = pair;
          }
          seq.items[i] = identity.isPair(item) ? item : new Pair.Pair(item);
        }
      } else
        onError("Expected a sequence for this tag");
      return seq;
    }
    function createPairs(schema, iterable, ctx) {
      const { replacer } = ctx;
      const pairs2 = new YAMLSeq.YAMLSeq(schema);
      pairs2.tag = "tag:yaml.org,2002:pairs";
      let i = 0;
      if (iterable && Symbol.iterator in Object(iterable))
        for (let it of iterable) {
          if (typeof replacer === "function")
            it = replacer.call(iterable, String(i++), it);
          let key, value;
          if (Array.isArray(it)) {
            if (it.length === 2) {
              key = it[0];
              value = it[1];
            } else
              throw new TypeError(`Expected [key, value] tuple: ${it}`);
          } else if (it && it instanceof Object) {
            const keys = Object.keys(it);
            if (keys.length === 1) {
              key = keys[0];
              value = it[key];
            } else {
              throw new TypeError(`Expected tuple with one key, not ${keys.length} keys`);
            }
          } else {
            key = it;
          }
          pairs2.items.push(Pair.createPair(key, value, ctx));
        }
      return pairs2;
    }
    var pairs = {
      collection: "seq",
      default: false,
      tag: "tag:yaml.org,2002:pairs",
      resolve: resolvePairs,
      createNode: createPairs
    };
    exports.createPairs = createPairs;
    exports.pairs = pairs;
    exports.resolvePairs = resolvePairs;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/omap.js
var require_omap = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/omap.js"(exports) {
    "use strict";
    var identity = require_identity();
    var toJS = require_toJS();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var pairs = require_pairs();
    var YAMLOMap = class _YAMLOMap extends YAMLSeq.YAMLSeq {
      constructor() {
        super();
        this.add = YAMLMap.YAMLMap.prototype.add.bind(this);
        this.delete = YAMLMap.YAMLMap.prototype.delete.bind(this);
        this.get = YAMLMap.YAMLMap.prototype.get.bind(this);
        this.has = YAMLMap.YAMLMap.prototype.has.bind(this);
        this.set = YAMLMap.YAMLMap.prototype.set.bind(this);
        this.tag = _YAMLOMap.tag;
      }
      /**
       * If `ctx` is given, the return type is actually `Map<unknown, unknown>`,
       * but TypeScript won't allow widening the signature of a child method.
       */
      toJSON(_, ctx) {
        if (!ctx)
          return super.toJSON(_);
        const map = /* @__PURE__ */ new Map();
        if (ctx?.onCreate)
          ctx.onCreate(map);
        for (const pair of this.items) {
          let key, value;
          if (identity.isPair(pair)) {
            key = toJS.toJS(pair.key, "", ctx);
            value = toJS.toJS(pair.value, key, ctx);
          } else {
            key = toJS.toJS(pair, "", ctx);
          }
          if (map.has(key))
            throw new Error("Ordered maps must not include duplicate keys");
          map.set(key, value);
        }
        return map;
      }
      static from(schema, iterable, ctx) {
        const pairs$1 = pairs.createPairs(schema, iterable, ctx);
        const omap2 = new this();
        omap2.items = pairs$1.items;
        return omap2;
      }
    };
    YAMLOMap.tag = "tag:yaml.org,2002:omap";
    var omap = {
      collection: "seq",
      identify: (value) => value instanceof Map,
      nodeClass: YAMLOMap,
      default: false,
      tag: "tag:yaml.org,2002:omap",
      resolve(seq, onError) {
        const pairs$1 = pairs.resolvePairs(seq, onError);
        const seenKeys = [];
        for (const { key } of pairs$1.items) {
          if (identity.isScalar(key)) {
            if (seenKeys.includes(key.value)) {
              onError(`Ordered maps must not include duplicate keys: ${key.value}`);
            } else {
              seenKeys.push(key.value);
            }
          }
        }
        return Object.assign(new YAMLOMap(), pairs$1);
      },
      createNode: (schema, iterable, ctx) => YAMLOMap.from(schema, iterable, ctx)
    };
    exports.YAMLOMap = YAMLOMap;
    exports.omap = omap;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/bool.js
var require_bool2 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/bool.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    function boolStringify({ value, source }, ctx) {
      const boolObj = value ? trueTag : falseTag;
      if (source && boolObj.test.test(source))
        return source;
      return value ? ctx.options.trueStr : ctx.options.falseStr;
    }
    var trueTag = {
      identify: (value) => value === true,
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/,
      resolve: () => new Scalar.Scalar(true),
      stringify: boolStringify
    };
    var falseTag = {
      identify: (value) => value === false,
      default: true,
      tag: "tag:yaml.org,2002:bool",
      test: /^(?:N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,
      resolve: () => new Scalar.Scalar(false),
      stringify: boolStringify
    };
    exports.falseTag = falseTag;
    exports.trueTag = trueTag;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/float.js
var require_float2 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/float.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var stringifyNumber = require_stringifyNumber();
    var floatNaN = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
      resolve: (str) => str.slice(-3).toLowerCase() === "nan" ? NaN : str[0] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
      stringify: stringifyNumber.stringifyNumber
    };
    var floatExp = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "EXP",
      test: /^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/,
      resolve: (str) => parseFloat(str.replace(/_/g, "")),
      stringify(node) {
        const num = Number(node.value);
        return isFinite(num) ? num.toExponential() : stringifyNumber.stringifyNumber(node);
      }
    };
    var float = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      test: /^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*$/,
      resolve(str) {
        const node = new Scalar.Scalar(parseFloat(str.replace(/_/g, "")));
        const dot = str.indexOf(".");
        if (dot !== -1) {
          const f = str.substring(dot + 1).replace(/_/g, "");
          if (f[f.length - 1] === "0")
            node.minFractionDigits = f.length;
        }
        return node;
      },
      stringify: stringifyNumber.stringifyNumber
    };
    exports.float = float;
    exports.floatExp = floatExp;
    exports.floatNaN = floatNaN;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/int.js
var require_int2 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/int.js"(exports) {
    "use strict";
    var stringifyNumber = require_stringifyNumber();
    var intIdentify = (value) => typeof value === "bigint" || Number.isInteger(value);
    function intResolve(str, offset, radix, { intAsBigInt }) {
      const sign = str[0];
      if (sign === "-" || sign === "+")
        offset += 1;
      str = str.substring(offset).replace(/_/g, "");
      if (intAsBigInt) {
        switch (radix) {
          case 2:
            str = `0b${str}`;
            break;
          case 8:
            str = `0o${str}`;
            break;
          case 16:
            str = `0x${str}`;
            break;
        }
        const n2 = BigInt(str);
        return sign === "-" ? BigInt(-1) * n2 : n2;
      }
      const n = parseInt(str, radix);
      return sign === "-" ? -1 * n : n;
    }
    function intStringify(node, radix, prefix) {
      const { value } = node;
      if (intIdentify(value)) {
        const str = value.toString(radix);
        return value < 0 ? "-" + prefix + str.substr(1) : prefix + str;
      }
      return stringifyNumber.stringifyNumber(node);
    }
    var intBin = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "BIN",
      test: /^[-+]?0b[0-1_]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 2, opt),
      stringify: (node) => intStringify(node, 2, "0b")
    };
    var intOct = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "OCT",
      test: /^[-+]?0[0-7_]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 1, 8, opt),
      stringify: (node) => intStringify(node, 8, "0")
    };
    var int = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      test: /^[-+]?[0-9][0-9_]*$/,
      resolve: (str, _onError, opt) => intResolve(str, 0, 10, opt),
      stringify: stringifyNumber.stringifyNumber
    };
    var intHex = {
      identify: intIdentify,
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "HEX",
      test: /^[-+]?0x[0-9a-fA-F_]+$/,
      resolve: (str, _onError, opt) => intResolve(str, 2, 16, opt),
      stringify: (node) => intStringify(node, 16, "0x")
    };
    exports.int = int;
    exports.intBin = intBin;
    exports.intHex = intHex;
    exports.intOct = intOct;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/set.js
var require_set = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/set.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Pair = require_Pair();
    var YAMLMap = require_YAMLMap();
    var YAMLSet = class _YAMLSet extends YAMLMap.YAMLMap {
      constructor(schema) {
        super(schema);
        this.tag = _YAMLSet.tag;
      }
      add(key) {
        let pair;
        if (identity.isPair(key))
          pair = key;
        else if (key && typeof key === "object" && "key" in key && "value" in key && key.value === null)
          pair = new Pair.Pair(key.key, null);
        else
          pair = new Pair.Pair(key, null);
        const prev = YAMLMap.findPair(this.items, pair.key);
        if (!prev)
          this.items.push(pair);
      }
      /**
       * If `keepPair` is `true`, returns the Pair matching `key`.
       * Otherwise, returns the value of that Pair's key.
       */
      get(key, keepPair) {
        const pair = YAMLMap.findPair(this.items, key);
        return !keepPair && identity.isPair(pair) ? identity.isScalar(pair.key) ? pair.key.value : pair.key : pair;
      }
      set(key, value) {
        if (typeof value !== "boolean")
          throw new Error(`Expected boolean value for set(key, value) in a YAML set, not ${typeof value}`);
        const prev = YAMLMap.findPair(this.items, key);
        if (prev && !value) {
          this.items.splice(this.items.indexOf(prev), 1);
        } else if (!prev && value) {
          this.items.push(new Pair.Pair(key));
        }
      }
      toJSON(_, ctx) {
        return super.toJSON(_, ctx, Set);
      }
      toString(ctx, onComment, onChompKeep) {
        if (!ctx)
          return JSON.stringify(this);
        if (this.hasAllNullValues(true))
          return super.toString(Object.assign({}, ctx, { allNullValues: true }), onComment, onChompKeep);
        else
          throw new Error("Set items must all have null values");
      }
      static from(schema, iterable, ctx) {
        const { replacer } = ctx;
        const set2 = new this(schema);
        if (iterable && Symbol.iterator in Object(iterable))
          for (let value of iterable) {
            if (typeof replacer === "function")
              value = replacer.call(iterable, value, value);
            set2.items.push(Pair.createPair(value, null, ctx));
          }
        return set2;
      }
    };
    YAMLSet.tag = "tag:yaml.org,2002:set";
    var set = {
      collection: "map",
      identify: (value) => value instanceof Set,
      nodeClass: YAMLSet,
      default: false,
      tag: "tag:yaml.org,2002:set",
      createNode: (schema, iterable, ctx) => YAMLSet.from(schema, iterable, ctx),
      resolve(map, onError) {
        if (identity.isMap(map)) {
          if (map.hasAllNullValues(true))
            return Object.assign(new YAMLSet(), map);
          else
            onError("Set items must all have null values");
        } else
          onError("Expected a mapping for this tag");
        return map;
      }
    };
    exports.YAMLSet = YAMLSet;
    exports.set = set;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/timestamp.js
var require_timestamp = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/timestamp.js"(exports) {
    "use strict";
    var stringifyNumber = require_stringifyNumber();
    function parseSexagesimal(str, asBigInt) {
      const sign = str[0];
      const parts = sign === "-" || sign === "+" ? str.substring(1) : str;
      const num = (n) => asBigInt ? BigInt(n) : Number(n);
      const res = parts.replace(/_/g, "").split(":").reduce((res2, p) => res2 * num(60) + num(p), num(0));
      return sign === "-" ? num(-1) * res : res;
    }
    function stringifySexagesimal(node) {
      let { value } = node;
      let num = (n) => n;
      if (typeof value === "bigint")
        num = (n) => BigInt(n);
      else if (isNaN(value) || !isFinite(value))
        return stringifyNumber.stringifyNumber(node);
      let sign = "";
      if (value < 0) {
        sign = "-";
        value *= num(-1);
      }
      const _60 = num(60);
      const parts = [value % _60];
      if (value < 60) {
        parts.unshift(0);
      } else {
        value = (value - parts[0]) / _60;
        parts.unshift(value % _60);
        if (value >= 60) {
          value = (value - parts[0]) / _60;
          parts.unshift(value);
        }
      }
      return sign + parts.map((n) => String(n).padStart(2, "0")).join(":").replace(/000000\d*$/, "");
    }
    var intTime = {
      identify: (value) => typeof value === "bigint" || Number.isInteger(value),
      default: true,
      tag: "tag:yaml.org,2002:int",
      format: "TIME",
      test: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+$/,
      resolve: (str, _onError, { intAsBigInt }) => parseSexagesimal(str, intAsBigInt),
      stringify: stringifySexagesimal
    };
    var floatTime = {
      identify: (value) => typeof value === "number",
      default: true,
      tag: "tag:yaml.org,2002:float",
      format: "TIME",
      test: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/,
      resolve: (str) => parseSexagesimal(str, false),
      stringify: stringifySexagesimal
    };
    var timestamp = {
      identify: (value) => value instanceof Date,
      default: true,
      tag: "tag:yaml.org,2002:timestamp",
      // If the time zone is omitted, the timestamp is assumed to be specified in UTC. The time part
      // may be omitted altogether, resulting in a date format. In such a case, the time part is
      // assumed to be 00:00:00Z (start of day, UTC).
      test: RegExp("^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:t|T|[ \\t]+)([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2}(\\.[0-9]+)?)(?:[ \\t]*(Z|[-+][012]?[0-9](?::[0-9]{2})?))?)?$"),
      resolve(str) {
        const match = str.match(timestamp.test);
        if (!match)
          throw new Error("!!timestamp expects a date, starting with yyyy-mm-dd");
        const [, year, month, day, hour, minute, second] = match.map(Number);
        const millisec = match[7] ? Number((match[7] + "00").substr(1, 3)) : 0;
        let date = Date.UTC(year, month - 1, day, hour || 0, minute || 0, second || 0, millisec);
        const tz = match[8];
        if (tz && tz !== "Z") {
          let d = parseSexagesimal(tz, false);
          if (Math.abs(d) < 30)
            d *= 60;
          date -= 6e4 * d;
        }
        return new Date(date);
      },
      stringify: ({ value }) => value?.toISOString().replace(/(T00:00:00)?\.000Z$/, "") ?? ""
    };
    exports.floatTime = floatTime;
    exports.intTime = intTime;
    exports.timestamp = timestamp;
  }
});

// node_modules/yaml/dist/schema/yaml-1.1/schema.js
var require_schema3 = __commonJS({
  "node_modules/yaml/dist/schema/yaml-1.1/schema.js"(exports) {
    "use strict";
    var map = require_map();
    var _null = require_null();
    var seq = require_seq();
    var string = require_string();
    var binary = require_binary();
    var bool = require_bool2();
    var float = require_float2();
    var int = require_int2();
    var merge2 = require_merge();
    var omap = require_omap();
    var pairs = require_pairs();
    var set = require_set();
    var timestamp = require_timestamp();
    var schema = [
      map.map,
      seq.seq,
      string.string,
      _null.nullTag,
      bool.trueTag,
      bool.falseTag,
      int.intBin,
      int.intOct,
      int.int,
      int.intHex,
      float.floatNaN,
      float.floatExp,
      float.float,
      binary.binary,
      merge2.merge,
      omap.omap,
      pairs.pairs,
      set.set,
      timestamp.intTime,
      timestamp.floatTime,
      timestamp.timestamp
    ];
    exports.schema = schema;
  }
});

// node_modules/yaml/dist/schema/tags.js
var require_tags = __commonJS({
  "node_modules/yaml/dist/schema/tags.js"(exports) {
    "use strict";
    var map = require_map();
    var _null = require_null();
    var seq = require_seq();
    var string = require_string();
    var bool = require_bool();
    var float = require_float();
    var int = require_int();
    var schema = require_schema();
    var schema$1 = require_schema2();
    var binary = require_binary();
    var merge2 = require_merge();
    var omap = require_omap();
    var pairs = require_pairs();
    var schema$2 = require_schema3();
    var set = require_set();
    var timestamp = require_timestamp();
    var schemas = /* @__PURE__ */ new Map([
      ["core", schema.schema],
      ["failsafe", [map.map, seq.seq, string.string]],
      ["json", schema$1.schema],
      ["yaml11", schema$2.schema],
      ["yaml-1.1", schema$2.schema]
    ]);
    var tagsByName = {
      binary: binary.binary,
      bool: bool.boolTag,
      float: float.float,
      floatExp: float.floatExp,
      floatNaN: float.floatNaN,
      floatTime: timestamp.floatTime,
      int: int.int,
      intHex: int.intHex,
      intOct: int.intOct,
      intTime: timestamp.intTime,
      map: map.map,
      merge: merge2.merge,
      null: _null.nullTag,
      omap: omap.omap,
      pairs: pairs.pairs,
      seq: seq.seq,
      set: set.set,
      timestamp: timestamp.timestamp
    };
    var coreKnownTags = {
      "tag:yaml.org,2002:binary": binary.binary,
      "tag:yaml.org,2002:merge": merge2.merge,
      "tag:yaml.org,2002:omap": omap.omap,
      "tag:yaml.org,2002:pairs": pairs.pairs,
      "tag:yaml.org,2002:set": set.set,
      "tag:yaml.org,2002:timestamp": timestamp.timestamp
    };
    function getTags(customTags, schemaName, addMergeTag) {
      const schemaTags = schemas.get(schemaName);
      if (schemaTags && !customTags) {
        return addMergeTag && !schemaTags.includes(merge2.merge) ? schemaTags.concat(merge2.merge) : schemaTags.slice();
      }
      let tags = schemaTags;
      if (!tags) {
        if (Array.isArray(customTags))
          tags = [];
        else {
          const keys = Array.from(schemas.keys()).filter((key) => key !== "yaml11").map((key) => JSON.stringify(key)).join(", ");
          throw new Error(`Unknown schema "${schemaName}"; use one of ${keys} or define customTags array`);
        }
      }
      if (Array.isArray(customTags)) {
        for (const tag of customTags)
          tags = tags.concat(tag);
      } else if (typeof customTags === "function") {
        tags = customTags(tags.slice());
      }
      if (addMergeTag)
        tags = tags.concat(merge2.merge);
      return tags.reduce((tags2, tag) => {
        const tagObj = typeof tag === "string" ? tagsByName[tag] : tag;
        if (!tagObj) {
          const tagName = JSON.stringify(tag);
          const keys = Object.keys(tagsByName).map((key) => JSON.stringify(key)).join(", ");
          throw new Error(`Unknown custom tag ${tagName}; use one of ${keys}`);
        }
        if (!tags2.includes(tagObj))
          tags2.push(tagObj);
        return tags2;
      }, []);
    }
    exports.coreKnownTags = coreKnownTags;
    exports.getTags = getTags;
  }
});

// node_modules/yaml/dist/schema/Schema.js
var require_Schema = __commonJS({
  "node_modules/yaml/dist/schema/Schema.js"(exports) {
    "use strict";
    var identity = require_identity();
    var map = require_map();
    var seq = require_seq();
    var string = require_string();
    var tags = require_tags();
    var sortMapEntriesByKey = (a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
    var Schema = class _Schema {
      constructor({ compat, customTags, merge: merge2, resolveKnownTags, schema, sortMapEntries, toStringDefaults }) {
        this.compat = Array.isArray(compat) ? tags.getTags(compat, "compat") : compat ? tags.getTags(null, compat) : null;
        this.name = typeof schema === "string" && schema || "core";
        this.knownTags = resolveKnownTags ? tags.coreKnownTags : {};
        this.tags = tags.getTags(customTags, this.name, merge2);
        this.toStringOptions = toStringDefaults ?? null;
        Object.defineProperty(this, identity.MAP, { value: map.map });
        Object.defineProperty(this, identity.SCALAR, { value: string.string });
        Object.defineProperty(this, identity.SEQ, { value: seq.seq });
        this.sortMapEntries = typeof sortMapEntries === "function" ? sortMapEntries : sortMapEntries === true ? sortMapEntriesByKey : null;
      }
      clone() {
        const copy = Object.create(_Schema.prototype, Object.getOwnPropertyDescriptors(this));
        copy.tags = this.tags.slice();
        return copy;
      }
    };
    exports.Schema = Schema;
  }
});

// node_modules/yaml/dist/stringify/stringifyDocument.js
var require_stringifyDocument = __commonJS({
  "node_modules/yaml/dist/stringify/stringifyDocument.js"(exports) {
    "use strict";
    var identity = require_identity();
    var stringify = require_stringify();
    var stringifyComment = require_stringifyComment();
    function stringifyDocument(doc, options) {
      const lines = [];
      let hasDirectives = options.directives === true;
      if (options.directives !== false && doc.directives) {
        const dir = doc.directives.toString(doc);
        if (dir) {
          lines.push(dir);
          hasDirectives = true;
        } else if (doc.directives.docStart)
          hasDirectives = true;
      }
      if (hasDirectives)
        lines.push("---");
      const ctx = stringify.createStringifyContext(doc, options);
      const { commentString } = ctx.options;
      if (doc.commentBefore) {
        if (lines.length !== 1)
          lines.unshift("");
        const cs = commentString(doc.commentBefore);
        lines.unshift(stringifyComment.indentComment(cs, ""));
      }
      let chompKeep = false;
      let contentComment = null;
      if (doc.contents) {
        if (identity.isNode(doc.contents)) {
          if (doc.contents.spaceBefore && hasDirectives)
            lines.push("");
          if (doc.contents.commentBefore) {
            const cs = commentString(doc.contents.commentBefore);
            lines.push(stringifyComment.indentComment(cs, ""));
          }
          ctx.forceBlockIndent = !!doc.comment;
          contentComment = doc.contents.comment;
        }
        const onChompKeep = contentComment ? void 0 : () => chompKeep = true;
        let body = stringify.stringify(doc.contents, ctx, () => contentComment = null, onChompKeep);
        if (contentComment)
          body += stringifyComment.lineComment(body, "", commentString(contentComment));
        if ((body[0] === "|" || body[0] === ">") && lines[lines.length - 1] === "---") {
          lines[lines.length - 1] = `--- ${body}`;
        } else
          lines.push(body);
      } else {
        lines.push(stringify.stringify(doc.contents, ctx));
      }
      if (doc.directives?.docEnd) {
        if (doc.comment) {
          const cs = commentString(doc.comment);
          if (cs.includes("\n")) {
            lines.push("...");
            lines.push(stringifyComment.indentComment(cs, ""));
          } else {
            lines.push(`... ${cs}`);
          }
        } else {
          lines.push("...");
        }
      } else {
        let dc = doc.comment;
        if (dc && chompKeep)
          dc = dc.replace(/^\n+/, "");
        if (dc) {
          if ((!chompKeep || contentComment) && lines[lines.length - 1] !== "")
            lines.push("");
          lines.push(stringifyComment.indentComment(commentString(dc), ""));
        }
      }
      return lines.join("\n") + "\n";
    }
    exports.stringifyDocument = stringifyDocument;
  }
});

// node_modules/yaml/dist/doc/Document.js
var require_Document = __commonJS({
  "node_modules/yaml/dist/doc/Document.js"(exports) {
    "use strict";
    var Alias = require_Alias();
    var Collection = require_Collection();
    var identity = require_identity();
    var Pair = require_Pair();
    var toJS = require_toJS();
    var Schema = require_Schema();
    var stringifyDocument = require_stringifyDocument();
    var anchors = require_anchors();
    var applyReviver = require_applyReviver();
    var createNode = require_createNode();
    var directives = require_directives();
    var Document = class _Document {
      constructor(value, replacer, options) {
        this.commentBefore = null;
        this.comment = null;
        this.errors = [];
        this.warnings = [];
        Object.defineProperty(this, identity.NODE_TYPE, { value: identity.DOC });
        let _replacer = null;
        if (typeof replacer === "function" || Array.isArray(replacer)) {
          _replacer = replacer;
        } else if (options === void 0 && replacer) {
          options = replacer;
          replacer = void 0;
        }
        const opt = Object.assign({
          intAsBigInt: false,
          keepSourceTokens: false,
          logLevel: "warn",
          prettyErrors: true,
          strict: true,
          stringKeys: false,
          uniqueKeys: true,
          version: "1.2"
        }, options);
        this.options = opt;
        let { version } = opt;
        if (options?._directives) {
          this.directives = options._directives.atDocument();
          if (this.directives.yaml.explicit)
            version = this.directives.yaml.version;
        } else
          this.directives = new directives.Directives({ version });
        this.setSchema(version, options);
        this.contents = value === void 0 ? null : this.createNode(value, _replacer, options);
      }
      /**
       * Create a deep copy of this Document and its contents.
       *
       * Custom Node values that inherit from `Object` still refer to their original instances.
       */
      clone() {
        const copy = Object.create(_Document.prototype, {
          [identity.NODE_TYPE]: { value: identity.DOC }
        });
        copy.commentBefore = this.commentBefore;
        copy.comment = this.comment;
        copy.errors = this.errors.slice();
        copy.warnings = this.warnings.slice();
        copy.options = Object.assign({}, this.options);
        if (this.directives)
          copy.directives = this.directives.clone();
        copy.schema = this.schema.clone();
        copy.contents = identity.isNode(this.contents) ? this.contents.clone(copy.schema) : this.contents;
        if (this.range)
          copy.range = this.range.slice();
        return copy;
      }
      /** Adds a value to the document. */
      add(value) {
        if (assertCollection(this.contents))
          this.contents.add(value);
      }
      /** Adds a value to the document. */
      addIn(path, value) {
        if (assertCollection(this.contents))
          this.contents.addIn(path, value);
      }
      /**
       * Create a new `Alias` node, ensuring that the target `node` has the required anchor.
       *
       * If `node` already has an anchor, `name` is ignored.
       * Otherwise, the `node.anchor` value will be set to `name`,
       * or if an anchor with that name is already present in the document,
       * `name` will be used as a prefix for a new unique anchor.
       * If `name` is undefined, the generated anchor will use 'a' as a prefix.
       */
      createAlias(node, name) {
        if (!node.anchor) {
          const prev = anchors.anchorNames(this);
          node.anchor = // eslint-disable-next-line @typescript-eslint/prefer-nullish-coalescing
          !name || prev.has(name) ? anchors.findNewAnchor(name || "a", prev) : name;
        }
        return new Alias.Alias(node.anchor);
      }
      createNode(value, replacer, options) {
        let _replacer = void 0;
        if (typeof replacer === "function") {
          value = replacer.call({ "": value }, "", value);
          _replacer = replacer;
        } else if (Array.isArray(replacer)) {
          const keyToStr = (v) => typeof v === "number" || v instanceof String || v instanceof Number;
          const asStr = replacer.filter(keyToStr).map(String);
          if (asStr.length > 0)
            replacer = replacer.concat(asStr);
          _replacer = replacer;
        } else if (options === void 0 && replacer) {
          options = replacer;
          replacer = void 0;
        }
        const { aliasDuplicateObjects, anchorPrefix, flow, keepUndefined, onTagObj, tag } = options ?? {};
        const { onAnchor, setAnchors, sourceObjects } = anchors.createNodeAnchors(
          this,
          // eslint-disable-next-line @typescript-eslint/prefer-nullish-coalescing
          anchorPrefix || "a"
        );
        const ctx = {
          aliasDuplicateObjects: aliasDuplicateObjects ?? true,
          keepUndefined: keepUndefined ?? false,
          onAnchor,
          onTagObj,
          replacer: _replacer,
          schema: this.schema,
          sourceObjects
        };
        const node = createNode.createNode(value, tag, ctx);
        if (flow && identity.isCollection(node))
          node.flow = true;
        setAnchors();
        return node;
      }
      /**
       * Convert a key and a value into a `Pair` using the current schema,
       * recursively wrapping all values as `Scalar` or `Collection` nodes.
       */
      createPair(key, value, options = {}) {
        const k = this.createNode(key, null, options);
        const v = this.createNode(value, null, options);
        return new Pair.Pair(k, v);
      }
      /**
       * Removes a value from the document.
       * @returns `true` if the item was found and removed.
       */
      delete(key) {
        return assertCollection(this.contents) ? this.contents.delete(key) : false;
      }
      /**
       * Removes a value from the document.
       * @returns `true` if the item was found and removed.
       */
      deleteIn(path) {
        if (Collection.isEmptyPath(path)) {
          if (this.contents == null)
            return false;
          this.contents = null;
          return true;
        }
        return assertCollection(this.contents) ? this.contents.deleteIn(path) : false;
      }
      /**
       * Returns item at `key`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      get(key, keepScalar) {
        return identity.isCollection(this.contents) ? this.contents.get(key, keepScalar) : void 0;
      }
      /**
       * Returns item at `path`, or `undefined` if not found. By default unwraps
       * scalar values from their surrounding node; to disable set `keepScalar` to
       * `true` (collections are always returned intact).
       */
      getIn(path, keepScalar) {
        if (Collection.isEmptyPath(path))
          return !keepScalar && identity.isScalar(this.contents) ? this.contents.value : this.contents;
        return identity.isCollection(this.contents) ? this.contents.getIn(path, keepScalar) : void 0;
      }
      /**
       * Checks if the document includes a value with the key `key`.
       */
      has(key) {
        return identity.isCollection(this.contents) ? this.contents.has(key) : false;
      }
      /**
       * Checks if the document includes a value at `path`.
       */
      hasIn(path) {
        if (Collection.isEmptyPath(path))
          return this.contents !== void 0;
        return identity.isCollection(this.contents) ? this.contents.hasIn(path) : false;
      }
      /**
       * Sets a value in this document. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      set(key, value) {
        if (this.contents == null) {
          this.contents = Collection.collectionFromPath(this.schema, [key], value);
        } else if (assertCollection(this.contents)) {
          this.contents.set(key, value);
        }
      }
      /**
       * Sets a value in this document. For `!!set`, `value` needs to be a
       * boolean to add/remove the item from the set.
       */
      setIn(path, value) {
        if (Collection.isEmptyPath(path)) {
          this.contents = value;
        } else if (this.contents == null) {
          this.contents = Collection.collectionFromPath(this.schema, Array.from(path), value);
        } else if (assertCollection(this.contents)) {
          this.contents.setIn(path, value);
        }
      }
      /**
       * Change the YAML version and schema used by the document.
       * A `null` version disables support for directives, explicit tags, anchors, and aliases.
       * It also requires the `schema` option to be given as a `Schema` instance value.
       *
       * Overrides all previously set schema options.
       */
      setSchema(version, options = {}) {
        if (typeof version === "number")
          version = String(version);
        let opt;
        switch (version) {
          case "1.1":
            if (this.directives)
              this.directives.yaml.version = "1.1";
            else
              this.directives = new directives.Directives({ version: "1.1" });
            opt = { resolveKnownTags: false, schema: "yaml-1.1" };
            break;
          case "1.2":
          case "next":
            if (this.directives)
              this.directives.yaml.version = version;
            else
              this.directives = new directives.Directives({ version });
            opt = { resolveKnownTags: true, schema: "core" };
            break;
          case null:
            if (this.directives)
              delete this.directives;
            opt = null;
            break;
          default: {
            const sv = JSON.stringify(version);
            throw new Error(`Expected '1.1', '1.2' or null as first argument, but found: ${sv}`);
          }
        }
        if (options.schema instanceof Object)
          this.schema = options.schema;
        else if (opt)
          this.schema = new Schema.Schema(Object.assign(opt, options));
        else
          throw new Error(`With a null YAML version, the { schema: Schema } option is required`);
      }
      // json & jsonArg are only used from toJSON()
      toJS({ json, jsonArg, mapAsMap, maxAliasCount, onAnchor, reviver } = {}) {
        const ctx = {
          anchors: /* @__PURE__ */ new Map(),
          doc: this,
          keep: !json,
          mapAsMap: mapAsMap === true,
          mapKeyWarned: false,
          maxAliasCount: typeof maxAliasCount === "number" ? maxAliasCount : 100
        };
        const res = toJS.toJS(this.contents, jsonArg ?? "", ctx);
        if (typeof onAnchor === "function")
          for (const { count, res: res2 } of ctx.anchors.values())
            onAnchor(res2, count);
        return typeof reviver === "function" ? applyReviver.applyReviver(reviver, { "": res }, "", res) : res;
      }
      /**
       * A JSON representation of the document `contents`.
       *
       * @param jsonArg Used by `JSON.stringify` to indicate the array index or
       *   property name.
       */
      toJSON(jsonArg, onAnchor) {
        return this.toJS({ json: true, jsonArg, mapAsMap: false, onAnchor });
      }
      /** A YAML representation of the document. */
      toString(options = {}) {
        if (this.errors.length > 0)
          throw new Error("Document with errors cannot be stringified");
        if ("indent" in options && (!Number.isInteger(options.indent) || Number(options.indent) <= 0)) {
          const s = JSON.stringify(options.indent);
          throw new Error(`"indent" option must be a positive integer, not ${s}`);
        }
        return stringifyDocument.stringifyDocument(this, options);
      }
    };
    function assertCollection(contents) {
      if (identity.isCollection(contents))
        return true;
      throw new Error("Expected a YAML collection as document contents");
    }
    exports.Document = Document;
  }
});

// node_modules/yaml/dist/errors.js
var require_errors = __commonJS({
  "node_modules/yaml/dist/errors.js"(exports) {
    "use strict";
    var YAMLError = class extends Error {
      constructor(name, pos, code, message) {
        super();
        this.name = name;
        this.code = code;
        this.message = message;
        this.pos = pos;
      }
    };
    var YAMLParseError = class extends YAMLError {
      constructor(pos, code, message) {
        super("YAMLParseError", pos, code, message);
      }
    };
    var YAMLWarning = class extends YAMLError {
      constructor(pos, code, message) {
        super("YAMLWarning", pos, code, message);
      }
    };
    var prettifyError = (src, lc) => (error) => {
      if (error.pos[0] === -1)
        return;
      error.linePos = error.pos.map((pos) => lc.linePos(pos));
      const { line, col } = error.linePos[0];
      error.message += ` at line ${line}, column ${col}`;
      let ci = col - 1;
      let lineStr = src.substring(lc.lineStarts[line - 1], lc.lineStarts[line]).replace(/[\n\r]+$/, "");
      if (ci >= 60 && lineStr.length > 80) {
        const trimStart = Math.min(ci - 39, lineStr.length - 79);
        lineStr = "\u2026" + lineStr.substring(trimStart);
        ci -= trimStart - 1;
      }
      if (lineStr.length > 80)
        lineStr = lineStr.substring(0, 79) + "\u2026";
      if (line > 1 && /^ *$/.test(lineStr.substring(0, ci))) {
        let prev = src.substring(lc.lineStarts[line - 2], lc.lineStarts[line - 1]);
        if (prev.length > 80)
          prev = prev.substring(0, 79) + "\u2026\n";
        lineStr = prev + lineStr;
      }
      if (/[^ ]/.test(lineStr)) {
        let count = 1;
        const end = error.linePos[1];
        if (end?.line === line && end.col > col) {
          count = Math.max(1, Math.min(end.col - col, 80 - ci));
        }
        const pointer = " ".repeat(ci) + "^".repeat(count);
        error.message += `:

${lineStr}
${pointer}
`;
      }
    };
    exports.YAMLError = YAMLError;
    exports.YAMLParseError = YAMLParseError;
    exports.YAMLWarning = YAMLWarning;
    exports.prettifyError = prettifyError;
  }
});

// node_modules/yaml/dist/compose/resolve-props.js
var require_resolve_props = __commonJS({
  "node_modules/yaml/dist/compose/resolve-props.js"(exports) {
    "use strict";
    function resolveProps(tokens, { flow, indicator, next, offset, onError, parentIndent, startOnNewline }) {
      let spaceBefore = false;
      let atNewline = startOnNewline;
      let hasSpace = startOnNewline;
      let comment = "";
      let commentSep = "";
      let hasNewline = false;
      let reqSpace = false;
      let tab = null;
      let anchor = null;
      let tag = null;
      let newlineAfterProp = null;
      let comma = null;
      let found = null;
      let start = null;
      for (const token of tokens) {
        if (reqSpace) {
          if (token.type !== "space" && token.type !== "newline" && token.type !== "comma")
            onError(token.offset, "MISSING_CHAR", "Tags and anchors must be separated from the next token by white space");
          reqSpace = false;
        }
        if (tab) {
          if (atNewline && token.type !== "comment" && token.type !== "newline") {
            onError(tab, "TAB_AS_INDENT", "Tabs are not allowed as indentation");
          }
          tab = null;
        }
        switch (token.type) {
          case "space":
            if (!flow && (indicator !== "doc-start" || next?.type !== "flow-collection") && token.source.includes("	")) {
              tab = token;
            }
            hasSpace = true;
            break;
          case "comment": {
            if (!hasSpace)
              onError(token, "MISSING_CHAR", "Comments must be separated from other tokens by white space characters");
            const cb = token.source.substring(1) || " ";
            if (!comment)
              comment = cb;
            else
              comment += commentSep + cb;
            commentSep = "";
            atNewline = false;
            break;
          }
          case "newline":
            if (atNewline) {
              if (comment)
                comment += token.source;
              else if (!found || indicator !== "seq-item-ind")
                spaceBefore = true;
            } else
              commentSep += token.source;
            atNewline = true;
            hasNewline = true;
            if (anchor || tag)
              newlineAfterProp = token;
            hasSpace = true;
            break;
          case "anchor":
            if (anchor)
              onError(token, "MULTIPLE_ANCHORS", "A node can have at most one anchor");
            if (token.source.endsWith(":"))
              onError(token.offset + token.source.length - 1, "BAD_ALIAS", "Anchor ending in : is ambiguous", true);
            anchor = token;
            start ?? (start = token.offset);
            atNewline = false;
            hasSpace = false;
            reqSpace = true;
            break;
          case "tag": {
            if (tag)
              onError(token, "MULTIPLE_TAGS", "A node can have at most one tag");
            tag = token;
            start ?? (start = token.offset);
            atNewline = false;
            hasSpace = false;
            reqSpace = true;
            break;
          }
          case indicator:
            if (anchor || tag)
              onError(token, "BAD_PROP_ORDER", `Anchors and tags must be after the ${token.source} indicator`);
            if (found)
              onError(token, "UNEXPECTED_TOKEN", `Unexpected ${token.source} in ${flow ?? "collection"}`);
            found = token;
            atNewline = indicator === "seq-item-ind" || indicator === "explicit-key-ind";
            hasSpace = false;
            break;
          case "comma":
            if (flow) {
              if (comma)
                onError(token, "UNEXPECTED_TOKEN", `Unexpected , in ${flow}`);
              comma = token;
              atNewline = false;
              hasSpace = false;
              break;
            }
          // else fallthrough
          default:
            onError(token, "UNEXPECTED_TOKEN", `Unexpected ${token.type} token`);
            atNewline = false;
            hasSpace = false;
        }
      }
      const last = tokens[tokens.length - 1];
      const end = last ? last.offset + last.source.length : offset;
      if (reqSpace && next && next.type !== "space" && next.type !== "newline" && next.type !== "comma" && (next.type !== "scalar" || next.source !== "")) {
        onError(next.offset, "MISSING_CHAR", "Tags and anchors must be separated from the next token by white space");
      }
      if (tab && (atNewline && tab.indent <= parentIndent || next?.type === "block-map" || next?.type === "block-seq"))
        onError(tab, "TAB_AS_INDENT", "Tabs are not allowed as indentation");
      return {
        comma,
        found,
        spaceBefore,
        comment,
        hasNewline,
        anchor,
        tag,
        newlineAfterProp,
        end,
        start: start ?? end
      };
    }
    exports.resolveProps = resolveProps;
  }
});

// node_modules/yaml/dist/compose/util-contains-newline.js
var require_util_contains_newline = __commonJS({
  "node_modules/yaml/dist/compose/util-contains-newline.js"(exports) {
    "use strict";
    function containsNewline(key) {
      if (!key)
        return null;
      switch (key.type) {
        case "alias":
        case "scalar":
        case "double-quoted-scalar":
        case "single-quoted-scalar":
          if (key.source.includes("\n"))
            return true;
          if (key.end) {
            for (const st of key.end)
              if (st.type === "newline")
                return true;
          }
          return false;
        case "flow-collection":
          for (const it of key.items) {
            for (const st of it.start)
              if (st.type === "newline")
                return true;
            if (it.sep) {
              for (const st of it.sep)
                if (st.type === "newline")
                  return true;
            }
            if (containsNewline(it.key) || containsNewline(it.value))
              return true;
          }
          return false;
        default:
          return true;
      }
    }
    exports.containsNewline = containsNewline;
  }
});

// node_modules/yaml/dist/compose/util-flow-indent-check.js
var require_util_flow_indent_check = __commonJS({
  "node_modules/yaml/dist/compose/util-flow-indent-check.js"(exports) {
    "use strict";
    var utilContainsNewline = require_util_contains_newline();
    function flowIndentCheck(indent, fc, onError) {
      if (fc?.type === "flow-collection") {
        const end = fc.end[0];
        if (end.indent === indent && (end.source === "]" || end.source === "}") && utilContainsNewline.containsNewline(fc)) {
          const msg = "Flow end indicator should be more indented than parent";
          onError(end, "BAD_INDENT", msg, true);
        }
      }
    }
    exports.flowIndentCheck = flowIndentCheck;
  }
});

// node_modules/yaml/dist/compose/util-map-includes.js
var require_util_map_includes = __commonJS({
  "node_modules/yaml/dist/compose/util-map-includes.js"(exports) {
    "use strict";
    var identity = require_identity();
    function mapIncludes(ctx, items, search) {
      const { uniqueKeys } = ctx.options;
      if (uniqueKeys === false)
        return false;
      const isEqual = typeof uniqueKeys === "function" ? uniqueKeys : (a, b) => a === b || identity.isScalar(a) && identity.isScalar(b) && a.value === b.value;
      return items.some((pair) => isEqual(pair.key, search));
    }
    exports.mapIncludes = mapIncludes;
  }
});

// node_modules/yaml/dist/compose/resolve-block-map.js
var require_resolve_block_map = __commonJS({
  "node_modules/yaml/dist/compose/resolve-block-map.js"(exports) {
    "use strict";
    var Pair = require_Pair();
    var YAMLMap = require_YAMLMap();
    var resolveProps = require_resolve_props();
    var utilContainsNewline = require_util_contains_newline();
    var utilFlowIndentCheck = require_util_flow_indent_check();
    var utilMapIncludes = require_util_map_includes();
    var startColMsg = "All mapping items must start at the same column";
    function resolveBlockMap({ composeNode, composeEmptyNode }, ctx, bm, onError, tag) {
      const NodeClass = tag?.nodeClass ?? YAMLMap.YAMLMap;
      const map = new NodeClass(ctx.schema);
      if (ctx.atRoot)
        ctx.atRoot = false;
      let offset = bm.offset;
      let commentEnd = null;
      for (const collItem of bm.items) {
        const { start, key, sep: sep2, value } = collItem;
        const keyProps = resolveProps.resolveProps(start, {
          indicator: "explicit-key-ind",
          next: key ?? sep2?.[0],
          offset,
          onError,
          parentIndent: bm.indent,
          startOnNewline: true
        });
        const implicitKey = !keyProps.found;
        if (implicitKey) {
          if (key) {
            if (key.type === "block-seq")
              onError(offset, "BLOCK_AS_IMPLICIT_KEY", "A block sequence may not be used as an implicit map key");
            else if ("indent" in key && key.indent !== bm.indent)
              onError(offset, "BAD_INDENT", startColMsg);
          }
          if (!keyProps.anchor && !keyProps.tag && !sep2) {
            commentEnd = keyProps.end;
            if (keyProps.comment) {
              if (map.comment)
                map.comment += "\n" + keyProps.comment;
              else
                map.comment = keyProps.comment;
            }
            continue;
          }
          if (keyProps.newlineAfterProp || utilContainsNewline.containsNewline(key)) {
            onError(key ?? start[start.length - 1], "MULTILINE_IMPLICIT_KEY", "Implicit keys need to be on a single line");
          }
        } else if (keyProps.found?.indent !== bm.indent) {
          onError(offset, "BAD_INDENT", startColMsg);
        }
        ctx.atKey = true;
        const keyStart = keyProps.end;
        const keyNode = key ? composeNode(ctx, key, keyProps, onError) : composeEmptyNode(ctx, keyStart, start, null, keyProps, onError);
        if (ctx.schema.compat)
          utilFlowIndentCheck.flowIndentCheck(bm.indent, key, onError);
        ctx.atKey = false;
        if (utilMapIncludes.mapIncludes(ctx, map.items, keyNode))
          onError(keyStart, "DUPLICATE_KEY", "Map keys must be unique");
        const valueProps = resolveProps.resolveProps(sep2 ?? [], {
          indicator: "map-value-ind",
          next: value,
          offset: keyNode.range[2],
          onError,
          parentIndent: bm.indent,
          startOnNewline: !key || key.type === "block-scalar"
        });
        offset = valueProps.end;
        if (valueProps.found) {
          if (implicitKey) {
            if (value?.type === "block-map" && !valueProps.hasNewline)
              onError(offset, "BLOCK_AS_IMPLICIT_KEY", "Nested mappings are not allowed in compact mappings");
            if (ctx.options.strict && keyProps.start < valueProps.found.offset - 1024)
              onError(keyNode.range, "KEY_OVER_1024_CHARS", "The : indicator must be at most 1024 chars after the start of an implicit block mapping key");
          }
          const valueNode = value ? composeNode(ctx, value, valueProps, onError) : composeEmptyNode(ctx, offset, sep2, null, valueProps, onError);
          if (ctx.schema.compat)
            utilFlowIndentCheck.flowIndentCheck(bm.indent, value, onError);
          offset = valueNode.range[2];
          const pair = new Pair.Pair(keyNode, valueNode);
          if (ctx.options.keepSourceTokens)
            pair.srcToken = collItem;
          map.items.push(pair);
        } else {
          if (implicitKey)
            onError(keyNode.range, "MISSING_CHAR", "Implicit map keys need to be followed by map values");
          if (valueProps.comment) {
            if (keyNode.comment)
              keyNode.comment += "\n" + valueProps.comment;
            else
              keyNode.comment = valueProps.comment;
          }
          const pair = new Pair.Pair(keyNode);
          if (ctx.options.keepSourceTokens)
            pair.srcToken = collItem;
          map.items.push(pair);
        }
      }
      if (commentEnd && commentEnd < offset)
        onError(commentEnd, "IMPOSSIBLE", "Map comment with trailing content");
      map.range = [bm.offset, offset, commentEnd ?? offset];
      return map;
    }
    exports.resolveBlockMap = resolveBlockMap;
  }
});

// node_modules/yaml/dist/compose/resolve-block-seq.js
var require_resolve_block_seq = __commonJS({
  "node_modules/yaml/dist/compose/resolve-block-seq.js"(exports) {
    "use strict";
    var YAMLSeq = require_YAMLSeq();
    var resolveProps = require_resolve_props();
    var utilFlowIndentCheck = require_util_flow_indent_check();
    function resolveBlockSeq({ composeNode, composeEmptyNode }, ctx, bs, onError, tag) {
      const NodeClass = tag?.nodeClass ?? YAMLSeq.YAMLSeq;
      const seq = new NodeClass(ctx.schema);
      if (ctx.atRoot)
        ctx.atRoot = false;
      if (ctx.atKey)
        ctx.atKey = false;
      let offset = bs.offset;
      let commentEnd = null;
      for (const { start, value } of bs.items) {
        const props = resolveProps.resolveProps(start, {
          indicator: "seq-item-ind",
          next: value,
          offset,
          onError,
          parentIndent: bs.indent,
          startOnNewline: true
        });
        if (!props.found) {
          if (props.anchor || props.tag || value) {
            if (value?.type === "block-seq")
              onError(props.end, "BAD_INDENT", "All sequence items must start at the same column");
            else
              onError(offset, "MISSING_CHAR", "Sequence item without - indicator");
          } else {
            commentEnd = props.end;
            if (props.comment)
              seq.comment = props.comment;
            continue;
          }
        }
        const node = value ? composeNode(ctx, value, props, onError) : composeEmptyNode(ctx, props.end, start, null, props, onError);
        if (ctx.schema.compat)
          utilFlowIndentCheck.flowIndentCheck(bs.indent, value, onError);
        offset = node.range[2];
        seq.items.push(node);
      }
      seq.range = [bs.offset, offset, commentEnd ?? offset];
      return seq;
    }
    exports.resolveBlockSeq = resolveBlockSeq;
  }
});

// node_modules/yaml/dist/compose/resolve-end.js
var require_resolve_end = __commonJS({
  "node_modules/yaml/dist/compose/resolve-end.js"(exports) {
    "use strict";
    function resolveEnd(end, offset, reqSpace, onError) {
      let comment = "";
      if (end) {
        let hasSpace = false;
        let sep2 = "";
        for (const token of end) {
          const { source, type } = token;
          switch (type) {
            case "space":
              hasSpace = true;
              break;
            case "comment": {
              if (reqSpace && !hasSpace)
                onError(token, "MISSING_CHAR", "Comments must be separated from other tokens by white space characters");
              const cb = source.substring(1) || " ";
              if (!comment)
                comment = cb;
              else
                comment += sep2 + cb;
              sep2 = "";
              break;
            }
            case "newline":
              if (comment)
                sep2 += source;
              hasSpace = true;
              break;
            default:
              onError(token, "UNEXPECTED_TOKEN", `Unexpected ${type} at node end`);
          }
          offset += source.length;
        }
      }
      return { comment, offset };
    }
    exports.resolveEnd = resolveEnd;
  }
});

// node_modules/yaml/dist/compose/resolve-flow-collection.js
var require_resolve_flow_collection = __commonJS({
  "node_modules/yaml/dist/compose/resolve-flow-collection.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Pair = require_Pair();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var resolveEnd = require_resolve_end();
    var resolveProps = require_resolve_props();
    var utilContainsNewline = require_util_contains_newline();
    var utilMapIncludes = require_util_map_includes();
    var blockMsg = "Block collections are not allowed within flow collections";
    var isBlock = (token) => token && (token.type === "block-map" || token.type === "block-seq");
    function resolveFlowCollection({ composeNode, composeEmptyNode }, ctx, fc, onError, tag) {
      const isMap2 = fc.start.source === "{";
      const fcName = isMap2 ? "flow map" : "flow sequence";
      const NodeClass = tag?.nodeClass ?? (isMap2 ? YAMLMap.YAMLMap : YAMLSeq.YAMLSeq);
      const coll = new NodeClass(ctx.schema);
      coll.flow = true;
      const atRoot = ctx.atRoot;
      if (atRoot)
        ctx.atRoot = false;
      if (ctx.atKey)
        ctx.atKey = false;
      let offset = fc.offset + fc.start.source.length;
      for (let i = 0; i < fc.items.length; ++i) {
        const collItem = fc.items[i];
        const { start, key, sep: sep2, value } = collItem;
        const props = resolveProps.resolveProps(start, {
          flow: fcName,
          indicator: "explicit-key-ind",
          next: key ?? sep2?.[0],
          offset,
          onError,
          parentIndent: fc.indent,
          startOnNewline: false
        });
        if (!props.found) {
          if (!props.anchor && !props.tag && !sep2 && !value) {
            if (i === 0 && props.comma)
              onError(props.comma, "UNEXPECTED_TOKEN", `Unexpected , in ${fcName}`);
            else if (i < fc.items.length - 1)
              onError(props.start, "UNEXPECTED_TOKEN", `Unexpected empty item in ${fcName}`);
            if (props.comment) {
              if (coll.comment)
                coll.comment += "\n" + props.comment;
              else
                coll.comment = props.comment;
            }
            offset = props.end;
            continue;
          }
          if (!isMap2 && ctx.options.strict && utilContainsNewline.containsNewline(key))
            onError(
              key,
              // checked by containsNewline()
              "MULTILINE_IMPLICIT_KEY",
              "Implicit keys of flow sequence pairs need to be on a single line"
            );
        }
        if (i === 0) {
          if (props.comma)
            onError(props.comma, "UNEXPECTED_TOKEN", `Unexpected , in ${fcName}`);
        } else {
          if (!props.comma)
            onError(props.start, "MISSING_CHAR", `Missing , between ${fcName} items`);
          if (props.comment) {
            let prevItemComment = "";
            loop: for (const st of start) {
              switch (st.type) {
                case "comma":
                case "space":
                  break;
                case "comment":
                  prevItemComment = st.source.substring(1);
                  break loop;
                default:
                  break loop;
              }
            }
            if (prevItemComment) {
              let prev = coll.items[coll.items.length - 1];
              if (identity.isPair(prev))
                prev = prev.value ?? prev.key;
              if (prev.comment)
                prev.comment += "\n" + prevItemComment;
              else
                prev.comment = prevItemComment;
              props.comment = props.comment.substring(prevItemComment.length + 1);
            }
          }
        }
        if (!isMap2 && !sep2 && !props.found) {
          const valueNode = value ? composeNode(ctx, value, props, onError) : composeEmptyNode(ctx, props.end, sep2, null, props, onError);
          coll.items.push(valueNode);
          offset = valueNode.range[2];
          if (isBlock(value))
            onError(valueNode.range, "BLOCK_IN_FLOW", blockMsg);
        } else {
          ctx.atKey = true;
          const keyStart = props.end;
          const keyNode = key ? composeNode(ctx, key, props, onError) : composeEmptyNode(ctx, keyStart, start, null, props, onError);
          if (isBlock(key))
            onError(keyNode.range, "BLOCK_IN_FLOW", blockMsg);
          ctx.atKey = false;
          const valueProps = resolveProps.resolveProps(sep2 ?? [], {
            flow: fcName,
            indicator: "map-value-ind",
            next: value,
            offset: keyNode.range[2],
            onError,
            parentIndent: fc.indent,
            startOnNewline: false
          });
          if (valueProps.found) {
            if (!isMap2 && !props.found && ctx.options.strict) {
              if (sep2)
                for (const st of sep2) {
                  if (st === valueProps.found)
                    break;
                  if (st.type === "newline") {
                    onError(st, "MULTILINE_IMPLICIT_KEY", "Implicit keys of flow sequence pairs need to be on a single line");
                    break;
                  }
                }
              if (props.start < valueProps.found.offset - 1024)
                onError(valueProps.found, "KEY_OVER_1024_CHARS", "The : indicator must be at most 1024 chars after the start of an implicit flow sequence key");
            }
          } else if (value) {
            if ("source" in value && value.source?.[0] === ":")
              onError(value, "MISSING_CHAR", `Missing space after : in ${fcName}`);
            else
              onError(valueProps.start, "MISSING_CHAR", `Missing , or : between ${fcName} items`);
          }
          const valueNode = value ? composeNode(ctx, value, valueProps, onError) : valueProps.found ? composeEmptyNode(ctx, valueProps.end, sep2, null, valueProps, onError) : null;
          if (valueNode) {
            if (isBlock(value))
              onError(valueNode.range, "BLOCK_IN_FLOW", blockMsg);
          } else if (valueProps.comment) {
            if (keyNode.comment)
              keyNode.comment += "\n" + valueProps.comment;
            else
              keyNode.comment = valueProps.comment;
          }
          const pair = new Pair.Pair(keyNode, valueNode);
          if (ctx.options.keepSourceTokens)
            pair.srcToken = collItem;
          if (isMap2) {
            const map = coll;
            if (utilMapIncludes.mapIncludes(ctx, map.items, keyNode))
              onError(keyStart, "DUPLICATE_KEY", "Map keys must be unique");
            map.items.push(pair);
          } else {
            const map = new YAMLMap.YAMLMap(ctx.schema);
            map.flow = true;
            map.items.push(pair);
            const endRange = (valueNode ?? keyNode).range;
            map.range = [keyNode.range[0], endRange[1], endRange[2]];
            coll.items.push(map);
          }
          offset = valueNode ? valueNode.range[2] : valueProps.end;
        }
      }
      const expectedEnd = isMap2 ? "}" : "]";
      const [ce, ...ee] = fc.end;
      let cePos = offset;
      if (ce?.source === expectedEnd)
        cePos = ce.offset + ce.source.length;
      else {
        const name = fcName[0].toUpperCase() + fcName.substring(1);
        const msg = atRoot ? `${name} must end with a ${expectedEnd}` : `${name} in block collection must be sufficiently indented and end with a ${expectedEnd}`;
        onError(offset, atRoot ? "MISSING_CHAR" : "BAD_INDENT", msg);
        if (ce && ce.source.length !== 1)
          ee.unshift(ce);
      }
      if (ee.length > 0) {
        const end = resolveEnd.resolveEnd(ee, cePos, ctx.options.strict, onError);
        if (end.comment) {
          if (coll.comment)
            coll.comment += "\n" + end.comment;
          else
            coll.comment = end.comment;
        }
        coll.range = [fc.offset, cePos, end.offset];
      } else {
        coll.range = [fc.offset, cePos, cePos];
      }
      return coll;
    }
    exports.resolveFlowCollection = resolveFlowCollection;
  }
});

// node_modules/yaml/dist/compose/compose-collection.js
var require_compose_collection = __commonJS({
  "node_modules/yaml/dist/compose/compose-collection.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var resolveBlockMap = require_resolve_block_map();
    var resolveBlockSeq = require_resolve_block_seq();
    var resolveFlowCollection = require_resolve_flow_collection();
    function resolveCollection(CN, ctx, token, onError, tagName, tag) {
      const coll = token.type === "block-map" ? resolveBlockMap.resolveBlockMap(CN, ctx, token, onError, tag) : token.type === "block-seq" ? resolveBlockSeq.resolveBlockSeq(CN, ctx, token, onError, tag) : resolveFlowCollection.resolveFlowCollection(CN, ctx, token, onError, tag);
      const Coll = coll.constructor;
      if (tagName === "!" || tagName === Coll.tagName) {
        coll.tag = Coll.tagName;
        return coll;
      }
      if (tagName)
        coll.tag = tagName;
      return coll;
    }
    function composeCollection(CN, ctx, token, props, onError) {
      const tagToken = props.tag;
      const tagName = !tagToken ? null : ctx.directives.tagName(tagToken.source, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg));
      if (token.type === "block-seq") {
        const { anchor, newlineAfterProp: nl } = props;
        const lastProp = anchor && tagToken ? anchor.offset > tagToken.offset ? anchor : tagToken : anchor ?? tagToken;
        if (lastProp && (!nl || nl.offset < lastProp.offset)) {
          const message = "Missing newline after block sequence props";
          onError(lastProp, "MISSING_CHAR", message);
        }
      }
      const expType = token.type === "block-map" ? "map" : token.type === "block-seq" ? "seq" : token.start.source === "{" ? "map" : "seq";
      if (!tagToken || !tagName || tagName === "!" || tagName === YAMLMap.YAMLMap.tagName && expType === "map" || tagName === YAMLSeq.YAMLSeq.tagName && expType === "seq") {
        return resolveCollection(CN, ctx, token, onError, tagName);
      }
      let tag = ctx.schema.tags.find((t) => t.tag === tagName && t.collection === expType);
      if (!tag) {
        const kt = ctx.schema.knownTags[tagName];
        if (kt?.collection === expType) {
          ctx.schema.tags.push(Object.assign({}, kt, { default: false }));
          tag = kt;
        } else {
          if (kt) {
            onError(tagToken, "BAD_COLLECTION_TYPE", `${kt.tag} used for ${expType} collection, but expects ${kt.collection ?? "scalar"}`, true);
          } else {
            onError(tagToken, "TAG_RESOLVE_FAILED", `Unresolved tag: ${tagName}`, true);
          }
          return resolveCollection(CN, ctx, token, onError, tagName);
        }
      }
      const coll = resolveCollection(CN, ctx, token, onError, tagName, tag);
      const res = tag.resolve?.(coll, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg), ctx.options) ?? coll;
      const node = identity.isNode(res) ? res : new Scalar.Scalar(res);
      node.range = coll.range;
      node.tag = tagName;
      if (tag?.format)
        node.format = tag.format;
      return node;
    }
    exports.composeCollection = composeCollection;
  }
});

// node_modules/yaml/dist/compose/resolve-block-scalar.js
var require_resolve_block_scalar = __commonJS({
  "node_modules/yaml/dist/compose/resolve-block-scalar.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    function resolveBlockScalar(ctx, scalar, onError) {
      const start = scalar.offset;
      const header = parseBlockScalarHeader(scalar, ctx.options.strict, onError);
      if (!header)
        return { value: "", type: null, comment: "", range: [start, start, start] };
      const type = header.mode === ">" ? Scalar.Scalar.BLOCK_FOLDED : Scalar.Scalar.BLOCK_LITERAL;
      const lines = scalar.source ? splitLines(scalar.source) : [];
      let chompStart = lines.length;
      for (let i = lines.length - 1; i >= 0; --i) {
        const content = lines[i][1];
        if (content === "" || content === "\r")
          chompStart = i;
        else
          break;
      }
      if (chompStart === 0) {
        const value2 = header.chomp === "+" && lines.length > 0 ? "\n".repeat(Math.max(1, lines.length - 1)) : "";
        let end2 = start + header.length;
        if (scalar.source)
          end2 += scalar.source.length;
        return { value: value2, type, comment: header.comment, range: [start, end2, end2] };
      }
      let trimIndent = scalar.indent + header.indent;
      let offset = scalar.offset + header.length;
      let contentStart = 0;
      for (let i = 0; i < chompStart; ++i) {
        const [indent, content] = lines[i];
        if (content === "" || content === "\r") {
          if (header.indent === 0 && indent.length > trimIndent)
            trimIndent = indent.length;
        } else {
          if (indent.length < trimIndent) {
            const message = "Block scalars with more-indented leading empty lines must use an explicit indentation indicator";
            onError(offset + indent.length, "MISSING_CHAR", message);
          }
          if (header.indent === 0)
            trimIndent = indent.length;
          contentStart = i;
          if (trimIndent === 0 && !ctx.atRoot) {
            const message = "Block scalar values in collections must be indented";
            onError(offset, "BAD_INDENT", message);
          }
          break;
        }
        offset += indent.length + content.length + 1;
      }
      for (let i = lines.length - 1; i >= chompStart; --i) {
        if (lines[i][0].length > trimIndent)
          chompStart = i + 1;
      }
      let value = "";
      let sep2 = "";
      let prevMoreIndented = false;
      for (let i = 0; i < contentStart; ++i)
        value += lines[i][0].slice(trimIndent) + "\n";
      for (let i = contentStart; i < chompStart; ++i) {
        let [indent, content] = lines[i];
        offset += indent.length + content.length + 1;
        const crlf = content[content.length - 1] === "\r";
        if (crlf)
          content = content.slice(0, -1);
        if (content && indent.length < trimIndent) {
          const src = header.indent ? "explicit indentation indicator" : "first line";
          const message = `Block scalar lines must not be less indented than their ${src}`;
          onError(offset - content.length - (crlf ? 2 : 1), "BAD_INDENT", message);
          indent = "";
        }
        if (type === Scalar.Scalar.BLOCK_LITERAL) {
          value += sep2 + indent.slice(trimIndent) + content;
          sep2 = "\n";
        } else if (indent.length > trimIndent || content[0] === "	") {
          if (sep2 === " ")
            sep2 = "\n";
          else if (!prevMoreIndented && sep2 === "\n")
            sep2 = "\n\n";
          value += sep2 + indent.slice(trimIndent) + content;
          sep2 = "\n";
          prevMoreIndented = true;
        } else if (content === "") {
          if (sep2 === "\n")
            value += "\n";
          else
            sep2 = "\n";
        } else {
          value += sep2 + content;
          sep2 = " ";
          prevMoreIndented = false;
        }
      }
      switch (header.chomp) {
        case "-":
          break;
        case "+":
          for (let i = chompStart; i < lines.length; ++i)
            value += "\n" + lines[i][0].slice(trimIndent);
          if (value[value.length - 1] !== "\n")
            value += "\n";
          break;
        default:
          value += "\n";
      }
      const end = start + header.length + scalar.source.length;
      return { value, type, comment: header.comment, range: [start, end, end] };
    }
    function parseBlockScalarHeader({ offset, props }, strict, onError) {
      if (props[0].type !== "block-scalar-header") {
        onError(props[0], "IMPOSSIBLE", "Block scalar header not found");
        return null;
      }
      const { source } = props[0];
      const mode = source[0];
      let indent = 0;
      let chomp = "";
      let error = -1;
      for (let i = 1; i < source.length; ++i) {
        const ch = source[i];
        if (!chomp && (ch === "-" || ch === "+"))
          chomp = ch;
        else {
          const n = Number(ch);
          if (!indent && n)
            indent = n;
          else if (error === -1)
            error = offset + i;
        }
      }
      if (error !== -1)
        onError(error, "UNEXPECTED_TOKEN", `Block scalar header includes extra characters: ${source}`);
      let hasSpace = false;
      let comment = "";
      let length = source.length;
      for (let i = 1; i < props.length; ++i) {
        const token = props[i];
        switch (token.type) {
          case "space":
            hasSpace = true;
          // fallthrough
          case "newline":
            length += token.source.length;
            break;
          case "comment":
            if (strict && !hasSpace) {
              const message = "Comments must be separated from other tokens by white space characters";
              onError(token, "MISSING_CHAR", message);
            }
            length += token.source.length;
            comment = token.source.substring(1);
            break;
          case "error":
            onError(token, "UNEXPECTED_TOKEN", token.message);
            length += token.source.length;
            break;
          /* istanbul ignore next should not happen */
          default: {
            const message = `Unexpected token in block scalar header: ${token.type}`;
            onError(token, "UNEXPECTED_TOKEN", message);
            const ts = token.source;
            if (ts && typeof ts === "string")
              length += ts.length;
          }
        }
      }
      return { mode, indent, chomp, comment, length };
    }
    function splitLines(source) {
      const split = source.split(/\n( *)/);
      const first = split[0];
      const m = first.match(/^( *)/);
      const line0 = m?.[1] ? [m[1], first.slice(m[1].length)] : ["", first];
      const lines = [line0];
      for (let i = 1; i < split.length; i += 2)
        lines.push([split[i], split[i + 1]]);
      return lines;
    }
    exports.resolveBlockScalar = resolveBlockScalar;
  }
});

// node_modules/yaml/dist/compose/resolve-flow-scalar.js
var require_resolve_flow_scalar = __commonJS({
  "node_modules/yaml/dist/compose/resolve-flow-scalar.js"(exports) {
    "use strict";
    var Scalar = require_Scalar();
    var resolveEnd = require_resolve_end();
    function resolveFlowScalar(scalar, strict, onError) {
      const { offset, type, source, end } = scalar;
      let _type;
      let value;
      const _onError = (rel, code, msg) => onError(offset + rel, code, msg);
      switch (type) {
        case "scalar":
          _type = Scalar.Scalar.PLAIN;
          value = plainValue(source, _onError);
          break;
        case "single-quoted-scalar":
          _type = Scalar.Scalar.QUOTE_SINGLE;
          value = singleQuotedValue(source, _onError);
          break;
        case "double-quoted-scalar":
          _type = Scalar.Scalar.QUOTE_DOUBLE;
          value = doubleQuotedValue(source, _onError);
          break;
        /* istanbul ignore next should not happen */
        default:
          onError(scalar, "UNEXPECTED_TOKEN", `Expected a flow scalar value, but found: ${type}`);
          return {
            value: "",
            type: null,
            comment: "",
            range: [offset, offset + source.length, offset + source.length]
          };
      }
      const valueEnd = offset + source.length;
      const re = resolveEnd.resolveEnd(end, valueEnd, strict, onError);
      return {
        value,
        type: _type,
        comment: re.comment,
        range: [offset, valueEnd, re.offset]
      };
    }
    function plainValue(source, onError) {
      let badChar = "";
      switch (source[0]) {
        /* istanbul ignore next should not happen */
        case "	":
          badChar = "a tab character";
          break;
        case ",":
          badChar = "flow indicator character ,";
          break;
        case "%":
          badChar = "directive indicator character %";
          break;
        case "|":
        case ">": {
          badChar = `block scalar indicator ${source[0]}`;
          break;
        }
        case "@":
        case "`": {
          badChar = `reserved character ${source[0]}`;
          break;
        }
      }
      if (badChar)
        onError(0, "BAD_SCALAR_START", `Plain value cannot start with ${badChar}`);
      return unfoldLines(source);
    }
    function singleQuotedValue(source, onError) {
      if (source[source.length - 1] !== "'" || source.length === 1)
        onError(source.length, "MISSING_CHAR", "Missing closing 'quote");
      return unfoldLines(source.slice(1, -1)).replace(/''/g, "'");
    }
    function unfoldLines(source) {
      const line = /(.*?)\r?\n/sy;
      let match = line.exec(source);
      if (!match)
        return source;
      let trimEnd, trimBoth;
      try {
        trimEnd = new RegExp("(?<![ 	])[ 	]+$");
        trimBoth = new RegExp("^[ 	]+|(?<![ 	])[ 	]+$", "g");
      } catch {
        trimEnd = /[ \t]+$/;
        trimBoth = /^[ \t]+|[ \t]+$/g;
      }
      let res = match[1].replace(trimEnd, "");
      let sep2 = " ";
      let pos = line.lastIndex;
      while (match = line.exec(source)) {
        const lm = match[1].replace(trimBoth, "");
        if (lm === "") {
          if (sep2 === "\n")
            res += sep2;
          else
            sep2 = "\n";
        } else {
          res += sep2 + lm;
          sep2 = " ";
        }
        pos = line.lastIndex;
      }
      const last = /[ \t]*(.*)/sy;
      last.lastIndex = pos;
      match = last.exec(source);
      return res + sep2 + (match?.[1] ?? "");
    }
    function doubleQuotedValue(source, onError) {
      let res = "";
      for (let i = 1; i < source.length - 1; ++i) {
        const ch = source[i];
        if (ch === "\r" && source[i + 1] === "\n")
          continue;
        if (ch === "\n") {
          const { fold, offset } = foldNewline(source, i);
          res += fold;
          i = offset;
        } else if (ch === "\\") {
          let next = source[++i];
          const cc = escapeCodes[next];
          if (cc)
            res += cc;
          else if (next === "\n") {
            next = source[i + 1];
            while (next === " " || next === "	")
              next = source[++i + 1];
          } else if (next === "\r" && source[i + 1] === "\n") {
            next = source[++i + 1];
            while (next === " " || next === "	")
              next = source[++i + 1];
          } else if (next === "x" || next === "u" || next === "U") {
            const length = next === "x" ? 2 : next === "u" ? 4 : 8;
            res += parseCharCode(source, i + 1, length, onError);
            i += length;
          } else {
            const raw = source.substr(i - 1, 2);
            onError(i - 1, "BAD_DQ_ESCAPE", `Invalid escape sequence ${raw}`);
            res += raw;
          }
        } else if (ch === " " || ch === "	") {
          const wsStart = i;
          let next = source[i + 1];
          while (next === " " || next === "	")
            next = source[++i + 1];
          if (next !== "\n" && !(next === "\r" && source[i + 2] === "\n"))
            res += i > wsStart ? source.slice(wsStart, i + 1) : ch;
        } else {
          res += ch;
        }
      }
      if (source[source.length - 1] !== '"' || source.length === 1)
        onError(source.length, "MISSING_CHAR", 'Missing closing "quote');
      return res;
    }
    function foldNewline(source, offset) {
      let fold = "";
      let ch = source[offset + 1];
      while (ch === " " || ch === "	" || ch === "\n" || ch === "\r") {
        if (ch === "\r" && source[offset + 2] !== "\n")
          break;
        if (ch === "\n")
          fold += "\n";
        offset += 1;
        ch = source[offset + 1];
      }
      if (!fold)
        fold = " ";
      return { fold, offset };
    }
    var escapeCodes = {
      "0": "\0",
      // null character
      a: "\x07",
      // bell character
      b: "\b",
      // backspace
      e: "\x1B",
      // escape character
      f: "\f",
      // form feed
      n: "\n",
      // line feed
      r: "\r",
      // carriage return
      t: "	",
      // horizontal tab
      v: "\v",
      // vertical tab
      N: "\x85",
      // Unicode next line
      _: "\xA0",
      // Unicode non-breaking space
      L: "\u2028",
      // Unicode line separator
      P: "\u2029",
      // Unicode paragraph separator
      " ": " ",
      '"': '"',
      "/": "/",
      "\\": "\\",
      "	": "	"
    };
    function parseCharCode(source, offset, length, onError) {
      const cc = source.substr(offset, length);
      const ok = cc.length === length && /^[0-9a-fA-F]+$/.test(cc);
      const code = ok ? parseInt(cc, 16) : NaN;
      try {
        return String.fromCodePoint(code);
      } catch {
        const raw = source.substr(offset - 2, length + 2);
        onError(offset - 2, "BAD_DQ_ESCAPE", `Invalid escape sequence ${raw}`);
        return raw;
      }
    }
    exports.resolveFlowScalar = resolveFlowScalar;
  }
});

// node_modules/yaml/dist/compose/compose-scalar.js
var require_compose_scalar = __commonJS({
  "node_modules/yaml/dist/compose/compose-scalar.js"(exports) {
    "use strict";
    var identity = require_identity();
    var Scalar = require_Scalar();
    var resolveBlockScalar = require_resolve_block_scalar();
    var resolveFlowScalar = require_resolve_flow_scalar();
    function composeScalar(ctx, token, tagToken, onError) {
      const { value, type, comment, range } = token.type === "block-scalar" ? resolveBlockScalar.resolveBlockScalar(ctx, token, onError) : resolveFlowScalar.resolveFlowScalar(token, ctx.options.strict, onError);
      const tagName = tagToken ? ctx.directives.tagName(tagToken.source, (msg) => onError(tagToken, "TAG_RESOLVE_FAILED", msg)) : null;
      let tag;
      if (ctx.options.stringKeys && ctx.atKey) {
        tag = ctx.schema[identity.SCALAR];
      } else if (tagName)
        tag = findScalarTagByName(ctx.schema, value, tagName, tagToken, onError);
      else if (token.type === "scalar")
        tag = findScalarTagByTest(ctx, value, token, onError);
      else
        tag = ctx.schema[identity.SCALAR];
      let scalar;
      try {
        const res = tag.resolve(value, (msg) => onError(tagToken ?? token, "TAG_RESOLVE_FAILED", msg), ctx.options);
        scalar = identity.isScalar(res) ? res : new Scalar.Scalar(res);
      } catch (error) {
        const msg = error instanceof Error ? error.message : String(error);
        onError(tagToken ?? token, "TAG_RESOLVE_FAILED", msg);
        scalar = new Scalar.Scalar(value);
      }
      scalar.range = range;
      scalar.source = value;
      if (type)
        scalar.type = type;
      if (tagName)
        scalar.tag = tagName;
      if (tag.format)
        scalar.format = tag.format;
      if (comment)
        scalar.comment = comment;
      return scalar;
    }
    function findScalarTagByName(schema, value, tagName, tagToken, onError) {
      if (tagName === "!")
        return schema[identity.SCALAR];
      const matchWithTest = [];
      for (const tag of schema.tags) {
        if (!tag.collection && tag.tag === tagName) {
          if (tag.default && tag.test)
            matchWithTest.push(tag);
          else
            return tag;
        }
      }
      for (const tag of matchWithTest)
        if (tag.test?.test(value))
          return tag;
      const kt = schema.knownTags[tagName];
      if (kt && !kt.collection) {
        schema.tags.push(Object.assign({}, kt, { default: false, test: void 0 }));
        return kt;
      }
      onError(tagToken, "TAG_RESOLVE_FAILED", `Unresolved tag: ${tagName}`, tagName !== "tag:yaml.org,2002:str");
      return schema[identity.SCALAR];
    }
    function findScalarTagByTest({ atKey, directives, schema }, value, token, onError) {
      const tag = schema.tags.find((tag2) => (tag2.default === true || atKey && tag2.default === "key") && tag2.test?.test(value)) || schema[identity.SCALAR];
      if (schema.compat) {
        const compat = schema.compat.find((tag2) => tag2.default && tag2.test?.test(value)) ?? schema[identity.SCALAR];
        if (tag.tag !== compat.tag) {
          const ts = directives.tagString(tag.tag);
          const cs = directives.tagString(compat.tag);
          const msg = `Value may be parsed as either ${ts} or ${cs}`;
          onError(token, "TAG_RESOLVE_FAILED", msg, true);
        }
      }
      return tag;
    }
    exports.composeScalar = composeScalar;
  }
});

// node_modules/yaml/dist/compose/util-empty-scalar-position.js
var require_util_empty_scalar_position = __commonJS({
  "node_modules/yaml/dist/compose/util-empty-scalar-position.js"(exports) {
    "use strict";
    function emptyScalarPosition(offset, before, pos) {
      if (before) {
        pos ?? (pos = before.length);
        for (let i = pos - 1; i >= 0; --i) {
          let st = before[i];
          switch (st.type) {
            case "space":
            case "comment":
            case "newline":
              offset -= st.source.length;
              continue;
          }
          st = before[++i];
          while (st?.type === "space") {
            offset += st.source.length;
            st = before[++i];
          }
          break;
        }
      }
      return offset;
    }
    exports.emptyScalarPosition = emptyScalarPosition;
  }
});

// node_modules/yaml/dist/compose/compose-node.js
var require_compose_node = __commonJS({
  "node_modules/yaml/dist/compose/compose-node.js"(exports) {
    "use strict";
    var Alias = require_Alias();
    var identity = require_identity();
    var composeCollection = require_compose_collection();
    var composeScalar = require_compose_scalar();
    var resolveEnd = require_resolve_end();
    var utilEmptyScalarPosition = require_util_empty_scalar_position();
    var CN = { composeNode, composeEmptyNode };
    function composeNode(ctx, token, props, onError) {
      const atKey = ctx.atKey;
      const { spaceBefore, comment, anchor, tag } = props;
      let node;
      let isSrcToken = true;
      switch (token.type) {
        case "alias":
          node = composeAlias(ctx, token, onError);
          if (anchor || tag)
            onError(token, "ALIAS_PROPS", "An alias node must not specify any properties");
          break;
        case "scalar":
        case "single-quoted-scalar":
        case "double-quoted-scalar":
        case "block-scalar":
          node = composeScalar.composeScalar(ctx, token, tag, onError);
          if (anchor)
            node.anchor = anchor.source.substring(1);
          break;
        case "block-map":
        case "block-seq":
        case "flow-collection":
          try {
            node = composeCollection.composeCollection(CN, ctx, token, props, onError);
            if (anchor)
              node.anchor = anchor.source.substring(1);
          } catch (error) {
            const message = error instanceof Error ? error.message : String(error);
            onError(token, "RESOURCE_EXHAUSTION", message);
          }
          break;
        default: {
          const message = token.type === "error" ? token.message : `Unsupported token (type: ${token.type})`;
          onError(token, "UNEXPECTED_TOKEN", message);
          isSrcToken = false;
        }
      }
      node ?? (node = composeEmptyNode(ctx, token.offset, void 0, null, props, onError));
      if (anchor && node.anchor === "")
        onError(anchor, "BAD_ALIAS", "Anchor cannot be an empty string");
      if (atKey && ctx.options.stringKeys && (!identity.isScalar(node) || typeof node.value !== "string" || node.tag && node.tag !== "tag:yaml.org,2002:str")) {
        const msg = "With stringKeys, all keys must be strings";
        onError(tag ?? token, "NON_STRING_KEY", msg);
      }
      if (spaceBefore)
        node.spaceBefore = true;
      if (comment) {
        if (token.type === "scalar" && token.source === "")
          node.comment = comment;
        else
          node.commentBefore = comment;
      }
      if (ctx.options.keepSourceTokens && isSrcToken)
        node.srcToken = token;
      return node;
    }
    function composeEmptyNode(ctx, offset, before, pos, { spaceBefore, comment, anchor, tag, end }, onError) {
      const token = {
        type: "scalar",
        offset: utilEmptyScalarPosition.emptyScalarPosition(offset, before, pos),
        indent: -1,
        source: ""
      };
      const node = composeScalar.composeScalar(ctx, token, tag, onError);
      if (anchor) {
        node.anchor = anchor.source.substring(1);
        if (node.anchor === "")
          onError(anchor, "BAD_ALIAS", "Anchor cannot be an empty string");
      }
      if (spaceBefore)
        node.spaceBefore = true;
      if (comment) {
        node.comment = comment;
        node.range[2] = end;
      }
      return node;
    }
    function composeAlias({ options }, { offset, source, end }, onError) {
      const alias = new Alias.Alias(source.substring(1));
      if (alias.source === "")
        onError(offset, "BAD_ALIAS", "Alias cannot be an empty string");
      if (alias.source.endsWith(":"))
        onError(offset + source.length - 1, "BAD_ALIAS", "Alias ending in : is ambiguous", true);
      const valueEnd = offset + source.length;
      const re = resolveEnd.resolveEnd(end, valueEnd, options.strict, onError);
      alias.range = [offset, valueEnd, re.offset];
      if (re.comment)
        alias.comment = re.comment;
      return alias;
    }
    exports.composeEmptyNode = composeEmptyNode;
    exports.composeNode = composeNode;
  }
});

// node_modules/yaml/dist/compose/compose-doc.js
var require_compose_doc = __commonJS({
  "node_modules/yaml/dist/compose/compose-doc.js"(exports) {
    "use strict";
    var Document = require_Document();
    var composeNode = require_compose_node();
    var resolveEnd = require_resolve_end();
    var resolveProps = require_resolve_props();
    function composeDoc(options, directives, { offset, start, value, end }, onError) {
      const opts = Object.assign({ _directives: directives }, options);
      const doc = new Document.Document(void 0, opts);
      const ctx = {
        atKey: false,
        atRoot: true,
        directives: doc.directives,
        options: doc.options,
        schema: doc.schema
      };
      const props = resolveProps.resolveProps(start, {
        indicator: "doc-start",
        next: value ?? end?.[0],
        offset,
        onError,
        parentIndent: 0,
        startOnNewline: true
      });
      if (props.found) {
        doc.directives.docStart = true;
        if (value && (value.type === "block-map" || value.type === "block-seq") && !props.hasNewline)
          onError(props.end, "MISSING_CHAR", "Block collection cannot start on same line with directives-end marker");
      }
      doc.contents = value ? composeNode.composeNode(ctx, value, props, onError) : composeNode.composeEmptyNode(ctx, props.end, start, null, props, onError);
      const contentEnd = doc.contents.range[2];
      const re = resolveEnd.resolveEnd(end, contentEnd, false, onError);
      if (re.comment)
        doc.comment = re.comment;
      doc.range = [offset, contentEnd, re.offset];
      return doc;
    }
    exports.composeDoc = composeDoc;
  }
});

// node_modules/yaml/dist/compose/composer.js
var require_composer = __commonJS({
  "node_modules/yaml/dist/compose/composer.js"(exports) {
    "use strict";
    var node_process = __require("process");
    var directives = require_directives();
    var Document = require_Document();
    var errors = require_errors();
    var identity = require_identity();
    var composeDoc = require_compose_doc();
    var resolveEnd = require_resolve_end();
    function getErrorPos(src) {
      if (typeof src === "number")
        return [src, src + 1];
      if (Array.isArray(src))
        return src.length === 2 ? src : [src[0], src[1]];
      const { offset, source } = src;
      return [offset, offset + (typeof source === "string" ? source.length : 1)];
    }
    function parsePrelude(prelude) {
      let comment = "";
      let atComment = false;
      let afterEmptyLine = false;
      for (let i = 0; i < prelude.length; ++i) {
        const source = prelude[i];
        switch (source[0]) {
          case "#":
            comment += (comment === "" ? "" : afterEmptyLine ? "\n\n" : "\n") + (source.substring(1) || " ");
            atComment = true;
            afterEmptyLine = false;
            break;
          case "%":
            if (prelude[i + 1]?.[0] !== "#")
              i += 1;
            atComment = false;
            break;
          default:
            if (!atComment)
              afterEmptyLine = true;
            atComment = false;
        }
      }
      return { comment, afterEmptyLine };
    }
    var Composer = class {
      constructor(options = {}) {
        this.doc = null;
        this.atDirectives = false;
        this.prelude = [];
        this.errors = [];
        this.warnings = [];
        this.onError = (source, code, message, warning) => {
          const pos = getErrorPos(source);
          if (warning)
            this.warnings.push(new errors.YAMLWarning(pos, code, message));
          else
            this.errors.push(new errors.YAMLParseError(pos, code, message));
        };
        this.directives = new directives.Directives({ version: options.version || "1.2" });
        this.options = options;
      }
      decorate(doc, afterDoc) {
        const { comment, afterEmptyLine } = parsePrelude(this.prelude);
        if (comment) {
          const dc = doc.contents;
          if (afterDoc) {
            doc.comment = doc.comment ? `${doc.comment}
${comment}` : comment;
          } else if (afterEmptyLine || doc.directives.docStart || !dc) {
            doc.commentBefore = comment;
          } else if (identity.isCollection(dc) && !dc.flow && dc.items.length > 0) {
            let it = dc.items[0];
            if (identity.isPair(it))
              it = it.key;
            const cb = it.commentBefore;
            it.commentBefore = cb ? `${comment}
${cb}` : comment;
          } else {
            const cb = dc.commentBefore;
            dc.commentBefore = cb ? `${comment}
${cb}` : comment;
          }
        }
        if (afterDoc) {
          for (let i = 0; i < this.errors.length; ++i)
            doc.errors.push(this.errors[i]);
          for (let i = 0; i < this.warnings.length; ++i)
            doc.warnings.push(this.warnings[i]);
        } else {
          doc.errors = this.errors;
          doc.warnings = this.warnings;
        }
        this.prelude = [];
        this.errors = [];
        this.warnings = [];
      }
      /**
       * Current stream status information.
       *
       * Mostly useful at the end of input for an empty stream.
       */
      streamInfo() {
        return {
          comment: parsePrelude(this.prelude).comment,
          directives: this.directives,
          errors: this.errors,
          warnings: this.warnings
        };
      }
      /**
       * Compose tokens into documents.
       *
       * @param forceDoc - If the stream contains no document, still emit a final document including any comments and directives that would be applied to a subsequent document.
       * @param endOffset - Should be set if `forceDoc` is also set, to set the document range end and to indicate errors correctly.
       */
      *compose(tokens, forceDoc = false, endOffset = -1) {
        for (const token of tokens)
          yield* this.next(token);
        yield* this.end(forceDoc, endOffset);
      }
      /** Advance the composer by one CST token. */
      *next(token) {
        if (node_process.env.LOG_STREAM)
          console.dir(token, { depth: null });
        switch (token.type) {
          case "directive":
            this.directives.add(token.source, (offset, message, warning) => {
              const pos = getErrorPos(token);
              pos[0] += offset;
              this.onError(pos, "BAD_DIRECTIVE", message, warning);
            });
            this.prelude.push(token.source);
            this.atDirectives = true;
            break;
          case "document": {
            const doc = composeDoc.composeDoc(this.options, this.directives, token, this.onError);
            if (this.atDirectives && !doc.directives.docStart)
              this.onError(token, "MISSING_CHAR", "Missing directives-end/doc-start indicator line");
            this.decorate(doc, false);
            if (this.doc)
              yield this.doc;
            this.doc = doc;
            this.atDirectives = false;
            break;
          }
          case "byte-order-mark":
          case "space":
            break;
          case "comment":
          case "newline":
            this.prelude.push(token.source);
            break;
          case "error": {
            const msg = token.source ? `${token.message}: ${JSON.stringify(token.source)}` : token.message;
            const error = new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", msg);
            if (this.atDirectives || !this.doc)
              this.errors.push(error);
            else
              this.doc.errors.push(error);
            break;
          }
          case "doc-end": {
            if (!this.doc) {
              const msg = "Unexpected doc-end without preceding document";
              this.errors.push(new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", msg));
              break;
            }
            this.doc.directives.docEnd = true;
            const end = resolveEnd.resolveEnd(token.end, token.offset + token.source.length, this.doc.options.strict, this.onError);
            this.decorate(this.doc, true);
            if (end.comment) {
              const dc = this.doc.comment;
              this.doc.comment = dc ? `${dc}
${end.comment}` : end.comment;
            }
            this.doc.range[2] = end.offset;
            break;
          }
          default:
            this.errors.push(new errors.YAMLParseError(getErrorPos(token), "UNEXPECTED_TOKEN", `Unsupported token ${token.type}`));
        }
      }
      /**
       * Call at end of input to yield any remaining document.
       *
       * @param forceDoc - If the stream contains no document, still emit a final document including any comments and directives that would be applied to a subsequent document.
       * @param endOffset - Should be set if `forceDoc` is also set, to set the document range end and to indicate errors correctly.
       */
      *end(forceDoc = false, endOffset = -1) {
        if (this.doc) {
          this.decorate(this.doc, true);
          yield this.doc;
          this.doc = null;
        } else if (forceDoc) {
          const opts = Object.assign({ _directives: this.directives }, this.options);
          const doc = new Document.Document(void 0, opts);
          if (this.atDirectives)
            this.onError(endOffset, "MISSING_CHAR", "Missing directives-end indicator line");
          doc.range = [0, endOffset, endOffset];
          this.decorate(doc, false);
          yield doc;
        }
      }
    };
    exports.Composer = Composer;
  }
});

// node_modules/yaml/dist/parse/cst-scalar.js
var require_cst_scalar = __commonJS({
  "node_modules/yaml/dist/parse/cst-scalar.js"(exports) {
    "use strict";
    var resolveBlockScalar = require_resolve_block_scalar();
    var resolveFlowScalar = require_resolve_flow_scalar();
    var errors = require_errors();
    var stringifyString = require_stringifyString();
    function resolveAsScalar(token, strict = true, onError) {
      if (token) {
        const _onError = (pos, code, message) => {
          const offset = typeof pos === "number" ? pos : Array.isArray(pos) ? pos[0] : pos.offset;
          if (onError)
            onError(offset, code, message);
          else
            throw new errors.YAMLParseError([offset, offset + 1], code, message);
        };
        switch (token.type) {
          case "scalar":
          case "single-quoted-scalar":
          case "double-quoted-scalar":
            return resolveFlowScalar.resolveFlowScalar(token, strict, _onError);
          case "block-scalar":
            return resolveBlockScalar.resolveBlockScalar({ options: { strict } }, token, _onError);
        }
      }
      return null;
    }
    function createScalarToken(value, context) {
      const { implicitKey = false, indent, inFlow = false, offset = -1, type = "PLAIN" } = context;
      const source = stringifyString.stringifyString({ type, value }, {
        implicitKey,
        indent: indent > 0 ? " ".repeat(indent) : "",
        inFlow,
        options: { blockQuote: true, lineWidth: -1 }
      });
      const end = context.end ?? [
        { type: "newline", offset: -1, indent, source: "\n" }
      ];
      switch (source[0]) {
        case "|":
        case ">": {
          const he = source.indexOf("\n");
          const head = source.substring(0, he);
          const body = source.substring(he + 1) + "\n";
          const props = [
            { type: "block-scalar-header", offset, indent, source: head }
          ];
          if (!addEndtoBlockProps(props, end))
            props.push({ type: "newline", offset: -1, indent, source: "\n" });
          return { type: "block-scalar", offset, indent, props, source: body };
        }
        case '"':
          return { type: "double-quoted-scalar", offset, indent, source, end };
        case "'":
          return { type: "single-quoted-scalar", offset, indent, source, end };
        default:
          return { type: "scalar", offset, indent, source, end };
      }
    }
    function setScalarValue(token, value, context = {}) {
      let { afterKey = false, implicitKey = false, inFlow = false, type } = context;
      let indent = "indent" in token ? token.indent : null;
      if (afterKey && typeof indent === "number")
        indent += 2;
      if (!type)
        switch (token.type) {
          case "single-quoted-scalar":
            type = "QUOTE_SINGLE";
            break;
          case "double-quoted-scalar":
            type = "QUOTE_DOUBLE";
            break;
          case "block-scalar": {
            const header = token.props[0];
            if (header.type !== "block-scalar-header")
              throw new Error("Invalid block scalar header");
            type = header.source[0] === ">" ? "BLOCK_FOLDED" : "BLOCK_LITERAL";
            break;
          }
          default:
            type = "PLAIN";
        }
      const source = stringifyString.stringifyString({ type, value }, {
        implicitKey: implicitKey || indent === null,
        indent: indent !== null && indent > 0 ? " ".repeat(indent) : "",
        inFlow,
        options: { blockQuote: true, lineWidth: -1 }
      });
      switch (source[0]) {
        case "|":
        case ">":
          setBlockScalarValue(token, source);
          break;
        case '"':
          setFlowScalarValue(token, source, "double-quoted-scalar");
          break;
        case "'":
          setFlowScalarValue(token, source, "single-quoted-scalar");
          break;
        default:
          setFlowScalarValue(token, source, "scalar");
      }
    }
    function setBlockScalarValue(token, source) {
      const he = source.indexOf("\n");
      const head = source.substring(0, he);
      const body = source.substring(he + 1) + "\n";
      if (token.type === "block-scalar") {
        const header = token.props[0];
        if (header.type !== "block-scalar-header")
          throw new Error("Invalid block scalar header");
        header.source = head;
        token.source = body;
      } else {
        const { offset } = token;
        const indent = "indent" in token ? token.indent : -1;
        const props = [
          { type: "block-scalar-header", offset, indent, source: head }
        ];
        if (!addEndtoBlockProps(props, "end" in token ? token.end : void 0))
          props.push({ type: "newline", offset: -1, indent, source: "\n" });
        for (const key of Object.keys(token))
          if (key !== "type" && key !== "offset")
            delete token[key];
        Object.assign(token, { type: "block-scalar", indent, props, source: body });
      }
    }
    function addEndtoBlockProps(props, end) {
      if (end)
        for (const st of end)
          switch (st.type) {
            case "space":
            case "comment":
              props.push(st);
              break;
            case "newline":
              props.push(st);
              return true;
          }
      return false;
    }
    function setFlowScalarValue(token, source, type) {
      switch (token.type) {
        case "scalar":
        case "double-quoted-scalar":
        case "single-quoted-scalar":
          token.type = type;
          token.source = source;
          break;
        case "block-scalar": {
          const end = token.props.slice(1);
          let oa = source.length;
          if (token.props[0].type === "block-scalar-header")
            oa -= token.props[0].source.length;
          for (const tok of end)
            tok.offset += oa;
          delete token.props;
          Object.assign(token, { type, source, end });
          break;
        }
        case "block-map":
        case "block-seq": {
          const offset = token.offset + source.length;
          const nl = { type: "newline", offset, indent: token.indent, source: "\n" };
          delete token.items;
          Object.assign(token, { type, source, end: [nl] });
          break;
        }
        default: {
          const indent = "indent" in token ? token.indent : -1;
          const end = "end" in token && Array.isArray(token.end) ? token.end.filter((st) => st.type === "space" || st.type === "comment" || st.type === "newline") : [];
          for (const key of Object.keys(token))
            if (key !== "type" && key !== "offset")
              delete token[key];
          Object.assign(token, { type, indent, source, end });
        }
      }
    }
    exports.createScalarToken = createScalarToken;
    exports.resolveAsScalar = resolveAsScalar;
    exports.setScalarValue = setScalarValue;
  }
});

// node_modules/yaml/dist/parse/cst-stringify.js
var require_cst_stringify = __commonJS({
  "node_modules/yaml/dist/parse/cst-stringify.js"(exports) {
    "use strict";
    var stringify = (cst) => "type" in cst ? stringifyToken(cst) : stringifyItem(cst);
    function stringifyToken(token) {
      switch (token.type) {
        case "block-scalar": {
          let res = "";
          for (const tok of token.props)
            res += stringifyToken(tok);
          return res + token.source;
        }
        case "block-map":
        case "block-seq": {
          let res = "";
          for (const item of token.items)
            res += stringifyItem(item);
          return res;
        }
        case "flow-collection": {
          let res = token.start.source;
          for (const item of token.items)
            res += stringifyItem(item);
          for (const st of token.end)
            res += st.source;
          return res;
        }
        case "document": {
          let res = stringifyItem(token);
          if (token.end)
            for (const st of token.end)
              res += st.source;
          return res;
        }
        default: {
          let res = token.source;
          if ("end" in token && token.end)
            for (const st of token.end)
              res += st.source;
          return res;
        }
      }
    }
    function stringifyItem({ start, key, sep: sep2, value }) {
      let res = "";
      for (const st of start)
        res += st.source;
      if (key)
        res += stringifyToken(key);
      if (sep2)
        for (const st of sep2)
          res += st.source;
      if (value)
        res += stringifyToken(value);
      return res;
    }
    exports.stringify = stringify;
  }
});

// node_modules/yaml/dist/parse/cst-visit.js
var require_cst_visit = __commonJS({
  "node_modules/yaml/dist/parse/cst-visit.js"(exports) {
    "use strict";
    var BREAK = /* @__PURE__ */ Symbol("break visit");
    var SKIP = /* @__PURE__ */ Symbol("skip children");
    var REMOVE = /* @__PURE__ */ Symbol("remove item");
    function visit(cst, visitor) {
      if ("type" in cst && cst.type === "document")
        cst = { start: cst.start, value: cst.value };
      _visit(Object.freeze([]), cst, visitor);
    }
    visit.BREAK = BREAK;
    visit.SKIP = SKIP;
    visit.REMOVE = REMOVE;
    visit.itemAtPath = (cst, path) => {
      let item = cst;
      for (const [field, index] of path) {
        const tok = item?.[field];
        if (tok && "items" in tok) {
          item = tok.items[index];
        } else
          return void 0;
      }
      return item;
    };
    visit.parentCollection = (cst, path) => {
      const parent = visit.itemAtPath(cst, path.slice(0, -1));
      const field = path[path.length - 1][0];
      const coll = parent?.[field];
      if (coll && "items" in coll)
        return coll;
      throw new Error("Parent collection not found");
    };
    function _visit(path, item, visitor) {
      let ctrl = visitor(item, path);
      if (typeof ctrl === "symbol")
        return ctrl;
      for (const field of ["key", "value"]) {
        const token = item[field];
        if (token && "items" in token) {
          for (let i = 0; i < token.items.length; ++i) {
            const ci = _visit(Object.freeze(path.concat([[field, i]])), token.items[i], visitor);
            if (typeof ci === "number")
              i = ci - 1;
            else if (ci === BREAK)
              return BREAK;
            else if (ci === REMOVE) {
              token.items.splice(i, 1);
              i -= 1;
            }
          }
          if (typeof ctrl === "function" && field === "key")
            ctrl = ctrl(item, path);
        }
      }
      return typeof ctrl === "function" ? ctrl(item, path) : ctrl;
    }
    exports.visit = visit;
  }
});

// node_modules/yaml/dist/parse/cst.js
var require_cst = __commonJS({
  "node_modules/yaml/dist/parse/cst.js"(exports) {
    "use strict";
    var cstScalar = require_cst_scalar();
    var cstStringify = require_cst_stringify();
    var cstVisit = require_cst_visit();
    var BOM = "\uFEFF";
    var DOCUMENT = "";
    var FLOW_END = "";
    var SCALAR = "";
    var isCollection = (token) => !!token && "items" in token;
    var isScalar2 = (token) => !!token && (token.type === "scalar" || token.type === "single-quoted-scalar" || token.type === "double-quoted-scalar" || token.type === "block-scalar");
    function prettyToken(token) {
      switch (token) {
        case BOM:
          return "<BOM>";
        case DOCUMENT:
          return "<DOC>";
        case FLOW_END:
          return "<FLOW_END>";
        case SCALAR:
          return "<SCALAR>";
        default:
          return JSON.stringify(token);
      }
    }
    function tokenType(source) {
      switch (source) {
        case BOM:
          return "byte-order-mark";
        case DOCUMENT:
          return "doc-mode";
        case FLOW_END:
          return "flow-error-end";
        case SCALAR:
          return "scalar";
        case "---":
          return "doc-start";
        case "...":
          return "doc-end";
        case "":
        case "\n":
        case "\r\n":
          return "newline";
        case "-":
          return "seq-item-ind";
        case "?":
          return "explicit-key-ind";
        case ":":
          return "map-value-ind";
        case "{":
          return "flow-map-start";
        case "}":
          return "flow-map-end";
        case "[":
          return "flow-seq-start";
        case "]":
          return "flow-seq-end";
        case ",":
          return "comma";
      }
      switch (source[0]) {
        case " ":
        case "	":
          return "space";
        case "#":
          return "comment";
        case "%":
          return "directive-line";
        case "*":
          return "alias";
        case "&":
          return "anchor";
        case "!":
          return "tag";
        case "'":
          return "single-quoted-scalar";
        case '"':
          return "double-quoted-scalar";
        case "|":
        case ">":
          return "block-scalar-header";
      }
      return null;
    }
    exports.createScalarToken = cstScalar.createScalarToken;
    exports.resolveAsScalar = cstScalar.resolveAsScalar;
    exports.setScalarValue = cstScalar.setScalarValue;
    exports.stringify = cstStringify.stringify;
    exports.visit = cstVisit.visit;
    exports.BOM = BOM;
    exports.DOCUMENT = DOCUMENT;
    exports.FLOW_END = FLOW_END;
    exports.SCALAR = SCALAR;
    exports.isCollection = isCollection;
    exports.isScalar = isScalar2;
    exports.prettyToken = prettyToken;
    exports.tokenType = tokenType;
  }
});

// node_modules/yaml/dist/parse/lexer.js
var require_lexer = __commonJS({
  "node_modules/yaml/dist/parse/lexer.js"(exports) {
    "use strict";
    var cst = require_cst();
    function isEmpty(ch) {
      switch (ch) {
        case void 0:
        case " ":
        case "\n":
        case "\r":
        case "	":
          return true;
        default:
          return false;
      }
    }
    var hexDigits = new Set("0123456789ABCDEFabcdef");
    var tagChars = new Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-#;/?:@&=+$_.!~*'()");
    var flowIndicatorChars = new Set(",[]{}");
    var invalidAnchorChars = new Set(" ,[]{}\n\r	");
    var isNotAnchorChar = (ch) => !ch || invalidAnchorChars.has(ch);
    var Lexer = class {
      constructor() {
        this.atEnd = false;
        this.blockScalarIndent = -1;
        this.blockScalarKeep = false;
        this.buffer = "";
        this.flowKey = false;
        this.flowLevel = 0;
        this.indentNext = 0;
        this.indentValue = 0;
        this.lineEndPos = null;
        this.next = null;
        this.pos = 0;
      }
      /**
       * Generate YAML tokens from the `source` string. If `incomplete`,
       * a part of the last line may be left as a buffer for the next call.
       *
       * @returns A generator of lexical tokens
       */
      *lex(source, incomplete = false) {
        if (source) {
          if (typeof source !== "string")
            throw TypeError("source is not a string");
          this.buffer = this.buffer ? this.buffer + source : source;
          this.lineEndPos = null;
        }
        this.atEnd = !incomplete;
        let next = this.next ?? "stream";
        while (next && (incomplete || this.hasChars(1)))
          next = yield* this.parseNext(next);
      }
      atLineEnd() {
        let i = this.pos;
        let ch = this.buffer[i];
        while (ch === " " || ch === "	")
          ch = this.buffer[++i];
        if (!ch || ch === "#" || ch === "\n")
          return true;
        if (ch === "\r")
          return this.buffer[i + 1] === "\n";
        return false;
      }
      charAt(n) {
        return this.buffer[this.pos + n];
      }
      continueScalar(offset) {
        let ch = this.buffer[offset];
        if (this.indentNext > 0) {
          let indent = 0;
          while (ch === " ")
            ch = this.buffer[++indent + offset];
          if (ch === "\r") {
            const next = this.buffer[indent + offset + 1];
            if (next === "\n" || !next && !this.atEnd)
              return offset + indent + 1;
          }
          return ch === "\n" || indent >= this.indentNext || !ch && !this.atEnd ? offset + indent : -1;
        }
        if (ch === "-" || ch === ".") {
          const dt = this.buffer.substr(offset, 3);
          if ((dt === "---" || dt === "...") && isEmpty(this.buffer[offset + 3]))
            return -1;
        }
        return offset;
      }
      getLine() {
        let end = this.lineEndPos;
        if (typeof end !== "number" || end !== -1 && end < this.pos) {
          end = this.buffer.indexOf("\n", this.pos);
          this.lineEndPos = end;
        }
        if (end === -1)
          return this.atEnd ? this.buffer.substring(this.pos) : null;
        if (this.buffer[end - 1] === "\r")
          end -= 1;
        return this.buffer.substring(this.pos, end);
      }
      hasChars(n) {
        return this.pos + n <= this.buffer.length;
      }
      setNext(state) {
        this.buffer = this.buffer.substring(this.pos);
        this.pos = 0;
        this.lineEndPos = null;
        this.next = state;
        return null;
      }
      peek(n) {
        return this.buffer.substr(this.pos, n);
      }
      *parseNext(next) {
        switch (next) {
          case "stream":
            return yield* this.parseStream();
          case "line-start":
            return yield* this.parseLineStart();
          case "block-start":
            return yield* this.parseBlockStart();
          case "doc":
            return yield* this.parseDocument();
          case "flow":
            return yield* this.parseFlowCollection();
          case "quoted-scalar":
            return yield* this.parseQuotedScalar();
          case "block-scalar":
            return yield* this.parseBlockScalar();
          case "plain-scalar":
            return yield* this.parsePlainScalar();
        }
      }
      *parseStream() {
        let line = this.getLine();
        if (line === null)
          return this.setNext("stream");
        if (line[0] === cst.BOM) {
          yield* this.pushCount(1);
          line = line.substring(1);
        }
        if (line[0] === "%") {
          let dirEnd = line.length;
          let cs = line.indexOf("#");
          while (cs !== -1) {
            const ch = line[cs - 1];
            if (ch === " " || ch === "	") {
              dirEnd = cs - 1;
              break;
            } else {
              cs = line.indexOf("#", cs + 1);
            }
          }
          while (true) {
            const ch = line[dirEnd - 1];
            if (ch === " " || ch === "	")
              dirEnd -= 1;
            else
              break;
          }
          const n = (yield* this.pushCount(dirEnd)) + (yield* this.pushSpaces(true));
          yield* this.pushCount(line.length - n);
          this.pushNewline();
          return "stream";
        }
        if (this.atLineEnd()) {
          const sp = yield* this.pushSpaces(true);
          yield* this.pushCount(line.length - sp);
          yield* this.pushNewline();
          return "stream";
        }
        yield cst.DOCUMENT;
        return yield* this.parseLineStart();
      }
      *parseLineStart() {
        const ch = this.charAt(0);
        if (!ch && !this.atEnd)
          return this.setNext("line-start");
        if (ch === "-" || ch === ".") {
          if (!this.atEnd && !this.hasChars(4))
            return this.setNext("line-start");
          const s = this.peek(3);
          if ((s === "---" || s === "...") && isEmpty(this.charAt(3))) {
            yield* this.pushCount(3);
            this.indentValue = 0;
            this.indentNext = 0;
            return s === "---" ? "doc" : "stream";
          }
        }
        this.indentValue = yield* this.pushSpaces(false);
        if (this.indentNext > this.indentValue && !isEmpty(this.charAt(1)))
          this.indentNext = this.indentValue;
        return yield* this.parseBlockStart();
      }
      *parseBlockStart() {
        const [ch0, ch1] = this.peek(2);
        if (!ch1 && !this.atEnd)
          return this.setNext("block-start");
        if ((ch0 === "-" || ch0 === "?" || ch0 === ":") && isEmpty(ch1)) {
          const n = (yield* this.pushCount(1)) + (yield* this.pushSpaces(true));
          this.indentNext = this.indentValue + 1;
          this.indentValue += n;
          return "block-start";
        }
        return "doc";
      }
      *parseDocument() {
        yield* this.pushSpaces(true);
        const line = this.getLine();
        if (line === null)
          return this.setNext("doc");
        let n = yield* this.pushIndicators();
        switch (line[n]) {
          case "#":
            yield* this.pushCount(line.length - n);
          // fallthrough
          case void 0:
            yield* this.pushNewline();
            return yield* this.parseLineStart();
          case "{":
          case "[":
            yield* this.pushCount(1);
            this.flowKey = false;
            this.flowLevel = 1;
            return "flow";
          case "}":
          case "]":
            yield* this.pushCount(1);
            return "doc";
          case "*":
            yield* this.pushUntil(isNotAnchorChar);
            return "doc";
          case '"':
          case "'":
            return yield* this.parseQuotedScalar();
          case "|":
          case ">":
            n += yield* this.parseBlockScalarHeader();
            n += yield* this.pushSpaces(true);
            yield* this.pushCount(line.length - n);
            yield* this.pushNewline();
            return yield* this.parseBlockScalar();
          default:
            return yield* this.parsePlainScalar();
        }
      }
      *parseFlowCollection() {
        let nl, sp;
        let indent = -1;
        do {
          nl = yield* this.pushNewline();
          if (nl > 0) {
            sp = yield* this.pushSpaces(false);
            this.indentValue = indent = sp;
          } else {
            sp = 0;
          }
          sp += yield* this.pushSpaces(true);
        } while (nl + sp > 0);
        const line = this.getLine();
        if (line === null)
          return this.setNext("flow");
        if (indent !== -1 && indent < this.indentNext && line[0] !== "#" || indent === 0 && (line.startsWith("---") || line.startsWith("...")) && isEmpty(line[3])) {
          const atFlowEndMarker = indent === this.indentNext - 1 && this.flowLevel === 1 && (line[0] === "]" || line[0] === "}");
          if (!atFlowEndMarker) {
            this.flowLevel = 0;
            yield cst.FLOW_END;
            return yield* this.parseLineStart();
          }
        }
        let n = 0;
        while (line[n] === ",") {
          n += yield* this.pushCount(1);
          n += yield* this.pushSpaces(true);
          this.flowKey = false;
        }
        n += yield* this.pushIndicators();
        switch (line[n]) {
          case void 0:
            return "flow";
          case "#":
            yield* this.pushCount(line.length - n);
            return "flow";
          case "{":
          case "[":
            yield* this.pushCount(1);
            this.flowKey = false;
            this.flowLevel += 1;
            return "flow";
          case "}":
          case "]":
            yield* this.pushCount(1);
            this.flowKey = true;
            this.flowLevel -= 1;
            return this.flowLevel ? "flow" : "doc";
          case "*":
            yield* this.pushUntil(isNotAnchorChar);
            return "flow";
          case '"':
          case "'":
            this.flowKey = true;
            return yield* this.parseQuotedScalar();
          case ":": {
            const next = this.charAt(1);
            if (this.flowKey || isEmpty(next) || next === ",") {
              this.flowKey = false;
              yield* this.pushCount(1);
              yield* this.pushSpaces(true);
              return "flow";
            }
          }
          // fallthrough
          default:
            this.flowKey = false;
            return yield* this.parsePlainScalar();
        }
      }
      *parseQuotedScalar() {
        const quote = this.charAt(0);
        let end = this.buffer.indexOf(quote, this.pos + 1);
        if (quote === "'") {
          while (end !== -1 && this.buffer[end + 1] === "'")
            end = this.buffer.indexOf("'", end + 2);
        } else {
          while (end !== -1) {
            let n = 0;
            while (this.buffer[end - 1 - n] === "\\")
              n += 1;
            if (n % 2 === 0)
              break;
            end = this.buffer.indexOf('"', end + 1);
          }
        }
        const qb = this.buffer.substring(0, end);
        let nl = qb.indexOf("\n", this.pos);
        if (nl !== -1) {
          while (nl !== -1) {
            const cs = this.continueScalar(nl + 1);
            if (cs === -1)
              break;
            nl = qb.indexOf("\n", cs);
          }
          if (nl !== -1) {
            end = nl - (qb[nl - 1] === "\r" ? 2 : 1);
          }
        }
        if (end === -1) {
          if (!this.atEnd)
            return this.setNext("quoted-scalar");
          end = this.buffer.length;
        }
        yield* this.pushToIndex(end + 1, false);
        return this.flowLevel ? "flow" : "doc";
      }
      *parseBlockScalarHeader() {
        this.blockScalarIndent = -1;
        this.blockScalarKeep = false;
        let i = this.pos;
        while (true) {
          const ch = this.buffer[++i];
          if (ch === "+")
            this.blockScalarKeep = true;
          else if (ch > "0" && ch <= "9")
            this.blockScalarIndent = Number(ch) - 1;
          else if (ch !== "-")
            break;
        }
        return yield* this.pushUntil((ch) => isEmpty(ch) || ch === "#");
      }
      *parseBlockScalar() {
        let nl = this.pos - 1;
        let indent = 0;
        let ch;
        loop: for (let i2 = this.pos; ch = this.buffer[i2]; ++i2) {
          switch (ch) {
            case " ":
              indent += 1;
              break;
            case "\n":
              nl = i2;
              indent = 0;
              break;
            case "\r": {
              const next = this.buffer[i2 + 1];
              if (!next && !this.atEnd)
                return this.setNext("block-scalar");
              if (next === "\n")
                break;
            }
            // fallthrough
            default:
              break loop;
          }
        }
        if (!ch && !this.atEnd)
          return this.setNext("block-scalar");
        if (indent >= this.indentNext) {
          if (this.blockScalarIndent === -1)
            this.indentNext = indent;
          else {
            this.indentNext = this.blockScalarIndent + (this.indentNext === 0 ? 1 : this.indentNext);
          }
          do {
            const cs = this.continueScalar(nl + 1);
            if (cs === -1)
              break;
            nl = this.buffer.indexOf("\n", cs);
          } while (nl !== -1);
          if (nl === -1) {
            if (!this.atEnd)
              return this.setNext("block-scalar");
            nl = this.buffer.length;
          }
        }
        let i = nl + 1;
        ch = this.buffer[i];
        while (ch === " ")
          ch = this.buffer[++i];
        if (ch === "	") {
          while (ch === "	" || ch === " " || ch === "\r" || ch === "\n")
            ch = this.buffer[++i];
          nl = i - 1;
        } else if (!this.blockScalarKeep) {
          do {
            let i2 = nl - 1;
            let ch2 = this.buffer[i2];
            if (ch2 === "\r")
              ch2 = this.buffer[--i2];
            const lastChar = i2;
            while (ch2 === " ")
              ch2 = this.buffer[--i2];
            if (ch2 === "\n" && i2 >= this.pos && i2 + 1 + indent > lastChar)
              nl = i2;
            else
              break;
          } while (true);
        }
        yield cst.SCALAR;
        yield* this.pushToIndex(nl + 1, true);
        return yield* this.parseLineStart();
      }
      *parsePlainScalar() {
        const inFlow = this.flowLevel > 0;
        let end = this.pos - 1;
        let i = this.pos - 1;
        let ch;
        while (ch = this.buffer[++i]) {
          if (ch === ":") {
            const next = this.buffer[i + 1];
            if (isEmpty(next) || inFlow && flowIndicatorChars.has(next))
              break;
            end = i;
          } else if (isEmpty(ch)) {
            let next = this.buffer[i + 1];
            if (ch === "\r") {
              if (next === "\n") {
                i += 1;
                ch = "\n";
                next = this.buffer[i + 1];
              } else
                end = i;
            }
            if (next === "#" || inFlow && flowIndicatorChars.has(next))
              break;
            if (ch === "\n") {
              const cs = this.continueScalar(i + 1);
              if (cs === -1)
                break;
              i = Math.max(i, cs - 2);
            }
          } else {
            if (inFlow && flowIndicatorChars.has(ch))
              break;
            end = i;
          }
        }
        if (!ch && !this.atEnd)
          return this.setNext("plain-scalar");
        yield cst.SCALAR;
        yield* this.pushToIndex(end + 1, true);
        return inFlow ? "flow" : "doc";
      }
      *pushCount(n) {
        if (n > 0) {
          yield this.buffer.substr(this.pos, n);
          this.pos += n;
          return n;
        }
        return 0;
      }
      *pushToIndex(i, allowEmpty) {
        const s = this.buffer.slice(this.pos, i);
        if (s) {
          yield s;
          this.pos += s.length;
          return s.length;
        } else if (allowEmpty)
          yield "";
        return 0;
      }
      *pushIndicators() {
        let n = 0;
        loop: while (true) {
          switch (this.charAt(0)) {
            case "!":
              n += yield* this.pushTag();
              n += yield* this.pushSpaces(true);
              continue loop;
            case "&":
              n += yield* this.pushUntil(isNotAnchorChar);
              n += yield* this.pushSpaces(true);
              continue loop;
            case "-":
            // this is an error
            case "?":
            // this is an error outside flow collections
            case ":": {
              const inFlow = this.flowLevel > 0;
              const ch1 = this.charAt(1);
              if (isEmpty(ch1) || inFlow && flowIndicatorChars.has(ch1)) {
                if (!inFlow)
                  this.indentNext = this.indentValue + 1;
                else if (this.flowKey)
                  this.flowKey = false;
                n += yield* this.pushCount(1);
                n += yield* this.pushSpaces(true);
                continue loop;
              }
            }
          }
          break loop;
        }
        return n;
      }
      *pushTag() {
        if (this.charAt(1) === "<") {
          let i = this.pos + 2;
          let ch = this.buffer[i];
          while (!isEmpty(ch) && ch !== ">")
            ch = this.buffer[++i];
          return yield* this.pushToIndex(ch === ">" ? i + 1 : i, false);
        } else {
          let i = this.pos + 1;
          let ch = this.buffer[i];
          while (ch) {
            if (tagChars.has(ch))
              ch = this.buffer[++i];
            else if (ch === "%" && hexDigits.has(this.buffer[i + 1]) && hexDigits.has(this.buffer[i + 2])) {
              ch = this.buffer[i += 3];
            } else
              break;
          }
          return yield* this.pushToIndex(i, false);
        }
      }
      *pushNewline() {
        const ch = this.buffer[this.pos];
        if (ch === "\n")
          return yield* this.pushCount(1);
        else if (ch === "\r" && this.charAt(1) === "\n")
          return yield* this.pushCount(2);
        else
          return 0;
      }
      *pushSpaces(allowTabs) {
        let i = this.pos - 1;
        let ch;
        do {
          ch = this.buffer[++i];
        } while (ch === " " || allowTabs && ch === "	");
        const n = i - this.pos;
        if (n > 0) {
          yield this.buffer.substr(this.pos, n);
          this.pos = i;
        }
        return n;
      }
      *pushUntil(test) {
        let i = this.pos;
        let ch = this.buffer[i];
        while (!test(ch))
          ch = this.buffer[++i];
        return yield* this.pushToIndex(i, false);
      }
    };
    exports.Lexer = Lexer;
  }
});

// node_modules/yaml/dist/parse/line-counter.js
var require_line_counter = __commonJS({
  "node_modules/yaml/dist/parse/line-counter.js"(exports) {
    "use strict";
    var LineCounter2 = class {
      constructor() {
        this.lineStarts = [];
        this.addNewLine = (offset) => this.lineStarts.push(offset);
        this.linePos = (offset) => {
          let low = 0;
          let high = this.lineStarts.length;
          while (low < high) {
            const mid = low + high >> 1;
            if (this.lineStarts[mid] < offset)
              low = mid + 1;
            else
              high = mid;
          }
          if (this.lineStarts[low] === offset)
            return { line: low + 1, col: 1 };
          if (low === 0)
            return { line: 0, col: offset };
          const start = this.lineStarts[low - 1];
          return { line: low, col: offset - start + 1 };
        };
      }
    };
    exports.LineCounter = LineCounter2;
  }
});

// node_modules/yaml/dist/parse/parser.js
var require_parser = __commonJS({
  "node_modules/yaml/dist/parse/parser.js"(exports) {
    "use strict";
    var node_process = __require("process");
    var cst = require_cst();
    var lexer = require_lexer();
    function includesToken(list2, type) {
      for (let i = 0; i < list2.length; ++i)
        if (list2[i].type === type)
          return true;
      return false;
    }
    function findNonEmptyIndex(list2) {
      for (let i = 0; i < list2.length; ++i) {
        switch (list2[i].type) {
          case "space":
          case "comment":
          case "newline":
            break;
          default:
            return i;
        }
      }
      return -1;
    }
    function isFlowToken(token) {
      switch (token?.type) {
        case "alias":
        case "scalar":
        case "single-quoted-scalar":
        case "double-quoted-scalar":
        case "flow-collection":
          return true;
        default:
          return false;
      }
    }
    function getPrevProps(parent) {
      switch (parent.type) {
        case "document":
          return parent.start;
        case "block-map": {
          const it = parent.items[parent.items.length - 1];
          return it.sep ?? it.start;
        }
        case "block-seq":
          return parent.items[parent.items.length - 1].start;
        /* istanbul ignore next should not happen */
        default:
          return [];
      }
    }
    function getFirstKeyStartProps(prev) {
      if (prev.length === 0)
        return [];
      let i = prev.length;
      loop: while (--i >= 0) {
        switch (prev[i].type) {
          case "doc-start":
          case "explicit-key-ind":
          case "map-value-ind":
          case "seq-item-ind":
          case "newline":
            break loop;
        }
      }
      while (prev[++i]?.type === "space") {
      }
      return prev.splice(i, prev.length);
    }
    function arrayPushArray(target, source) {
      if (source.length < 1e5)
        Array.prototype.push.apply(target, source);
      else
        for (let i = 0; i < source.length; ++i)
          target.push(source[i]);
    }
    function fixFlowSeqItems(fc) {
      if (fc.start.type === "flow-seq-start") {
        for (const it of fc.items) {
          if (it.sep && !it.value && !includesToken(it.start, "explicit-key-ind") && !includesToken(it.sep, "map-value-ind")) {
            if (it.key)
              it.value = it.key;
            delete it.key;
            if (isFlowToken(it.value)) {
              if (it.value.end)
                arrayPushArray(it.value.end, it.sep);
              else
                it.value.end = it.sep;
            } else
              arrayPushArray(it.start, it.sep);
            delete it.sep;
          }
        }
      }
    }
    var Parser = class {
      /**
       * @param onNewLine - If defined, called separately with the start position of
       *   each new line (in `parse()`, including the start of input).
       */
      constructor(onNewLine) {
        this.atNewLine = true;
        this.atScalar = false;
        this.indent = 0;
        this.offset = 0;
        this.onKeyLine = false;
        this.stack = [];
        this.source = "";
        this.type = "";
        this.lexer = new lexer.Lexer();
        this.onNewLine = onNewLine;
      }
      /**
       * Parse `source` as a YAML stream.
       * If `incomplete`, a part of the last line may be left as a buffer for the next call.
       *
       * Errors are not thrown, but yielded as `{ type: 'error', message }` tokens.
       *
       * @returns A generator of tokens representing each directive, document, and other structure.
       */
      *parse(source, incomplete = false) {
        if (this.onNewLine && this.offset === 0)
          this.onNewLine(0);
        for (const lexeme of this.lexer.lex(source, incomplete))
          yield* this.next(lexeme);
        if (!incomplete)
          yield* this.end();
      }
      /**
       * Advance the parser by the `source` of one lexical token.
       */
      *next(source) {
        this.source = source;
        if (node_process.env.LOG_TOKENS)
          console.log("|", cst.prettyToken(source));
        if (this.atScalar) {
          this.atScalar = false;
          yield* this.step();
          this.offset += source.length;
          return;
        }
        const type = cst.tokenType(source);
        if (!type) {
          const message = `Not a YAML token: ${source}`;
          yield* this.pop({ type: "error", offset: this.offset, message, source });
          this.offset += source.length;
        } else if (type === "scalar") {
          this.atNewLine = false;
          this.atScalar = true;
          this.type = "scalar";
        } else {
          this.type = type;
          yield* this.step();
          switch (type) {
            case "newline":
              this.atNewLine = true;
              this.indent = 0;
              if (this.onNewLine)
                this.onNewLine(this.offset + source.length);
              break;
            case "space":
              if (this.atNewLine && source[0] === " ")
                this.indent += source.length;
              break;
            case "explicit-key-ind":
            case "map-value-ind":
            case "seq-item-ind":
              if (this.atNewLine)
                this.indent += source.length;
              break;
            case "doc-mode":
            case "flow-error-end":
              return;
            default:
              this.atNewLine = false;
          }
          this.offset += source.length;
        }
      }
      /** Call at end of input to push out any remaining constructions */
      *end() {
        while (this.stack.length > 0)
          yield* this.pop();
      }
      get sourceToken() {
        const st = {
          type: this.type,
          offset: this.offset,
          indent: this.indent,
          source: this.source
        };
        return st;
      }
      *step() {
        const top = this.peek(1);
        if (this.type === "doc-end" && top?.type !== "doc-end") {
          while (this.stack.length > 0)
            yield* this.pop();
          this.stack.push({
            type: "doc-end",
            offset: this.offset,
            source: this.source
          });
          return;
        }
        if (!top)
          return yield* this.stream();
        switch (top.type) {
          case "document":
            return yield* this.document(top);
          case "alias":
          case "scalar":
          case "single-quoted-scalar":
          case "double-quoted-scalar":
            return yield* this.scalar(top);
          case "block-scalar":
            return yield* this.blockScalar(top);
          case "block-map":
            return yield* this.blockMap(top);
          case "block-seq":
            return yield* this.blockSequence(top);
          case "flow-collection":
            return yield* this.flowCollection(top);
          case "doc-end":
            return yield* this.documentEnd(top);
        }
        yield* this.pop();
      }
      peek(n) {
        return this.stack[this.stack.length - n];
      }
      *pop(error) {
        const token = error ?? this.stack.pop();
        if (!token) {
          const message = "Tried to pop an empty stack";
          yield { type: "error", offset: this.offset, source: "", message };
        } else if (this.stack.length === 0) {
          yield token;
        } else {
          const top = this.peek(1);
          if (token.type === "block-scalar") {
            token.indent = "indent" in top ? top.indent : 0;
          } else if (token.type === "flow-collection" && top.type === "document") {
            token.indent = 0;
          }
          if (token.type === "flow-collection")
            fixFlowSeqItems(token);
          switch (top.type) {
            case "document":
              top.value = token;
              break;
            case "block-scalar":
              top.props.push(token);
              break;
            case "block-map": {
              const it = top.items[top.items.length - 1];
              if (it.value) {
                top.items.push({ start: [], key: token, sep: [] });
                this.onKeyLine = true;
                return;
              } else if (it.sep) {
                it.value = token;
              } else {
                Object.assign(it, { key: token, sep: [] });
                this.onKeyLine = !it.explicitKey;
                return;
              }
              break;
            }
            case "block-seq": {
              const it = top.items[top.items.length - 1];
              if (it.value)
                top.items.push({ start: [], value: token });
              else
                it.value = token;
              break;
            }
            case "flow-collection": {
              const it = top.items[top.items.length - 1];
              if (!it || it.value)
                top.items.push({ start: [], key: token, sep: [] });
              else if (it.sep)
                it.value = token;
              else
                Object.assign(it, { key: token, sep: [] });
              return;
            }
            /* istanbul ignore next should not happen */
            default:
              yield* this.pop();
              yield* this.pop(token);
          }
          if ((top.type === "document" || top.type === "block-map" || top.type === "block-seq") && (token.type === "block-map" || token.type === "block-seq")) {
            const last = token.items[token.items.length - 1];
            if (last && !last.sep && !last.value && last.start.length > 0 && findNonEmptyIndex(last.start) === -1 && (token.indent === 0 || last.start.every((st) => st.type !== "comment" || st.indent < token.indent))) {
              if (top.type === "document")
                top.end = last.start;
              else
                top.items.push({ start: last.start });
              token.items.splice(-1, 1);
            }
          }
        }
      }
      *stream() {
        switch (this.type) {
          case "directive-line":
            yield { type: "directive", offset: this.offset, source: this.source };
            return;
          case "byte-order-mark":
          case "space":
          case "comment":
          case "newline":
            yield this.sourceToken;
            return;
          case "doc-mode":
          case "doc-start": {
            const doc = {
              type: "document",
              offset: this.offset,
              start: []
            };
            if (this.type === "doc-start")
              doc.start.push(this.sourceToken);
            this.stack.push(doc);
            return;
          }
        }
        yield {
          type: "error",
          offset: this.offset,
          message: `Unexpected ${this.type} token in YAML stream`,
          source: this.source
        };
      }
      *document(doc) {
        if (doc.value)
          return yield* this.lineEnd(doc);
        switch (this.type) {
          case "doc-start": {
            if (findNonEmptyIndex(doc.start) !== -1) {
              yield* this.pop();
              yield* this.step();
            } else
              doc.start.push(this.sourceToken);
            return;
          }
          case "anchor":
          case "tag":
          case "space":
          case "comment":
          case "newline":
            doc.start.push(this.sourceToken);
            return;
        }
        const bv = this.startBlockValue(doc);
        if (bv)
          this.stack.push(bv);
        else {
          yield {
            type: "error",
            offset: this.offset,
            message: `Unexpected ${this.type} token in YAML document`,
            source: this.source
          };
        }
      }
      *scalar(scalar) {
        if (this.type === "map-value-ind") {
          const prev = getPrevProps(this.peek(2));
          const start = getFirstKeyStartProps(prev);
          let sep2;
          if (scalar.end) {
            sep2 = scalar.end;
            sep2.push(this.sourceToken);
            delete scalar.end;
          } else
            sep2 = [this.sourceToken];
          const map = {
            type: "block-map",
            offset: scalar.offset,
            indent: scalar.indent,
            items: [{ start, key: scalar, sep: sep2 }]
          };
          this.onKeyLine = true;
          this.stack[this.stack.length - 1] = map;
        } else
          yield* this.lineEnd(scalar);
      }
      *blockScalar(scalar) {
        switch (this.type) {
          case "space":
          case "comment":
          case "newline":
            scalar.props.push(this.sourceToken);
            return;
          case "scalar":
            scalar.source = this.source;
            this.atNewLine = true;
            this.indent = 0;
            if (this.onNewLine) {
              let nl = this.source.indexOf("\n") + 1;
              while (nl !== 0) {
                this.onNewLine(this.offset + nl);
                nl = this.source.indexOf("\n", nl) + 1;
              }
            }
            yield* this.pop();
            break;
          /* istanbul ignore next should not happen */
          default:
            yield* this.pop();
            yield* this.step();
        }
      }
      *blockMap(map) {
        const it = map.items[map.items.length - 1];
        switch (this.type) {
          case "newline":
            this.onKeyLine = false;
            if (it.value) {
              const end = "end" in it.value ? it.value.end : void 0;
              const last = Array.isArray(end) ? end[end.length - 1] : void 0;
              if (last?.type === "comment")
                end?.push(this.sourceToken);
              else
                map.items.push({ start: [this.sourceToken] });
            } else if (it.sep) {
              it.sep.push(this.sourceToken);
            } else {
              it.start.push(this.sourceToken);
            }
            return;
          case "space":
          case "comment":
            if (it.value) {
              map.items.push({ start: [this.sourceToken] });
            } else if (it.sep) {
              it.sep.push(this.sourceToken);
            } else {
              if (this.atIndentedComment(it.start, map.indent)) {
                const prev = map.items[map.items.length - 2];
                const end = prev?.value?.end;
                if (Array.isArray(end)) {
                  arrayPushArray(end, it.start);
                  end.push(this.sourceToken);
                  map.items.pop();
                  return;
                }
              }
              it.start.push(this.sourceToken);
            }
            return;
        }
        if (this.indent >= map.indent) {
          const atMapIndent = !this.onKeyLine && this.indent === map.indent;
          const atNextItem = atMapIndent && (it.sep || it.explicitKey) && this.type !== "seq-item-ind";
          let start = [];
          if (atNextItem && it.sep && !it.value) {
            const nl = [];
            for (let i = 0; i < it.sep.length; ++i) {
              const st = it.sep[i];
              switch (st.type) {
                case "newline":
                  nl.push(i);
                  break;
                case "space":
                  break;
                case "comment":
                  if (st.indent > map.indent)
                    nl.length = 0;
                  break;
                default:
                  nl.length = 0;
              }
            }
            if (nl.length >= 2)
              start = it.sep.splice(nl[1]);
          }
          switch (this.type) {
            case "anchor":
            case "tag":
              if (atNextItem || it.value) {
                start.push(this.sourceToken);
                map.items.push({ start });
                this.onKeyLine = true;
              } else if (it.sep) {
                it.sep.push(this.sourceToken);
              } else {
                it.start.push(this.sourceToken);
              }
              return;
            case "explicit-key-ind":
              if (!it.sep && !it.explicitKey) {
                it.start.push(this.sourceToken);
                it.explicitKey = true;
              } else if (atNextItem || it.value) {
                start.push(this.sourceToken);
                map.items.push({ start, explicitKey: true });
              } else {
                this.stack.push({
                  type: "block-map",
                  offset: this.offset,
                  indent: this.indent,
                  items: [{ start: [this.sourceToken], explicitKey: true }]
                });
              }
              this.onKeyLine = true;
              return;
            case "map-value-ind":
              if (it.explicitKey) {
                if (!it.sep) {
                  if (includesToken(it.start, "newline")) {
                    Object.assign(it, { key: null, sep: [this.sourceToken] });
                  } else {
                    const start2 = getFirstKeyStartProps(it.start);
                    this.stack.push({
                      type: "block-map",
                      offset: this.offset,
                      indent: this.indent,
                      items: [{ start: start2, key: null, sep: [this.sourceToken] }]
                    });
                  }
                } else if (it.value) {
                  map.items.push({ start: [], key: null, sep: [this.sourceToken] });
                } else if (includesToken(it.sep, "map-value-ind")) {
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start, key: null, sep: [this.sourceToken] }]
                  });
                } else if (isFlowToken(it.key) && !includesToken(it.sep, "newline")) {
                  const start2 = getFirstKeyStartProps(it.start);
                  const key = it.key;
                  const sep2 = it.sep;
                  sep2.push(this.sourceToken);
                  delete it.key;
                  delete it.sep;
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start: start2, key, sep: sep2 }]
                  });
                } else if (start.length > 0) {
                  it.sep = it.sep.concat(start, this.sourceToken);
                } else {
                  it.sep.push(this.sourceToken);
                }
              } else {
                if (!it.sep) {
                  Object.assign(it, { key: null, sep: [this.sourceToken] });
                } else if (it.value || atNextItem) {
                  map.items.push({ start, key: null, sep: [this.sourceToken] });
                } else if (includesToken(it.sep, "map-value-ind")) {
                  this.stack.push({
                    type: "block-map",
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start: [], key: null, sep: [this.sourceToken] }]
                  });
                } else {
                  it.sep.push(this.sourceToken);
                }
              }
              this.onKeyLine = true;
              return;
            case "alias":
            case "scalar":
            case "single-quoted-scalar":
            case "double-quoted-scalar": {
              const fs = this.flowScalar(this.type);
              if (atNextItem || it.value) {
                map.items.push({ start, key: fs, sep: [] });
                this.onKeyLine = true;
              } else if (it.sep) {
                this.stack.push(fs);
              } else {
                Object.assign(it, { key: fs, sep: [] });
                this.onKeyLine = true;
              }
              return;
            }
            default: {
              const bv = this.startBlockValue(map);
              if (bv) {
                if (bv.type === "block-seq") {
                  if (!it.explicitKey && it.sep && !includesToken(it.sep, "newline")) {
                    yield* this.pop({
                      type: "error",
                      offset: this.offset,
                      message: "Unexpected block-seq-ind on same line with key",
                      source: this.source
                    });
                    return;
                  }
                } else if (atMapIndent) {
                  map.items.push({ start });
                }
                this.stack.push(bv);
                return;
              }
            }
          }
        }
        yield* this.pop();
        yield* this.step();
      }
      *blockSequence(seq) {
        const it = seq.items[seq.items.length - 1];
        switch (this.type) {
          case "newline":
            if (it.value) {
              const end = "end" in it.value ? it.value.end : void 0;
              const last = Array.isArray(end) ? end[end.length - 1] : void 0;
              if (last?.type === "comment")
                end?.push(this.sourceToken);
              else
                seq.items.push({ start: [this.sourceToken] });
            } else
              it.start.push(this.sourceToken);
            return;
          case "space":
          case "comment":
            if (it.value)
              seq.items.push({ start: [this.sourceToken] });
            else {
              if (this.atIndentedComment(it.start, seq.indent)) {
                const prev = seq.items[seq.items.length - 2];
                const end = prev?.value?.end;
                if (Array.isArray(end)) {
                  arrayPushArray(end, it.start);
                  end.push(this.sourceToken);
                  seq.items.pop();
                  return;
                }
              }
              it.start.push(this.sourceToken);
            }
            return;
          case "anchor":
          case "tag":
            if (it.value || this.indent <= seq.indent)
              break;
            it.start.push(this.sourceToken);
            return;
          case "seq-item-ind":
            if (this.indent !== seq.indent)
              break;
            if (it.value || includesToken(it.start, "seq-item-ind"))
              seq.items.push({ start: [this.sourceToken] });
            else
              it.start.push(this.sourceToken);
            return;
        }
        if (this.indent > seq.indent) {
          const bv = this.startBlockValue(seq);
          if (bv) {
            this.stack.push(bv);
            return;
          }
        }
        yield* this.pop();
        yield* this.step();
      }
      *flowCollection(fc) {
        const it = fc.items[fc.items.length - 1];
        if (this.type === "flow-error-end") {
          let top;
          do {
            yield* this.pop();
            top = this.peek(1);
          } while (top?.type === "flow-collection");
        } else if (fc.end.length === 0) {
          switch (this.type) {
            case "comma":
            case "explicit-key-ind":
              if (!it || it.sep)
                fc.items.push({ start: [this.sourceToken] });
              else
                it.start.push(this.sourceToken);
              return;
            case "map-value-ind":
              if (!it || it.value)
                fc.items.push({ start: [], key: null, sep: [this.sourceToken] });
              else if (it.sep)
                it.sep.push(this.sourceToken);
              else
                Object.assign(it, { key: null, sep: [this.sourceToken] });
              return;
            case "space":
            case "comment":
            case "newline":
            case "anchor":
            case "tag":
              if (!it || it.value)
                fc.items.push({ start: [this.sourceToken] });
              else if (it.sep)
                it.sep.push(this.sourceToken);
              else
                it.start.push(this.sourceToken);
              return;
            case "alias":
            case "scalar":
            case "single-quoted-scalar":
            case "double-quoted-scalar": {
              const fs = this.flowScalar(this.type);
              if (!it || it.value)
                fc.items.push({ start: [], key: fs, sep: [] });
              else if (it.sep)
                this.stack.push(fs);
              else
                Object.assign(it, { key: fs, sep: [] });
              return;
            }
            case "flow-map-end":
            case "flow-seq-end":
              fc.end.push(this.sourceToken);
              return;
          }
          const bv = this.startBlockValue(fc);
          if (bv)
            this.stack.push(bv);
          else {
            yield* this.pop();
            yield* this.step();
          }
        } else {
          const parent = this.peek(2);
          if (parent.type === "block-map" && (this.type === "map-value-ind" && parent.indent === fc.indent || this.type === "newline" && !parent.items[parent.items.length - 1].sep)) {
            yield* this.pop();
            yield* this.step();
          } else if (this.type === "map-value-ind" && parent.type !== "flow-collection") {
            const prev = getPrevProps(parent);
            const start = getFirstKeyStartProps(prev);
            fixFlowSeqItems(fc);
            const sep2 = fc.end.splice(1, fc.end.length);
            sep2.push(this.sourceToken);
            const map = {
              type: "block-map",
              offset: fc.offset,
              indent: fc.indent,
              items: [{ start, key: fc, sep: sep2 }]
            };
            this.onKeyLine = true;
            this.stack[this.stack.length - 1] = map;
          } else {
            yield* this.lineEnd(fc);
          }
        }
      }
      flowScalar(type) {
        if (this.onNewLine) {
          let nl = this.source.indexOf("\n") + 1;
          while (nl !== 0) {
            this.onNewLine(this.offset + nl);
            nl = this.source.indexOf("\n", nl) + 1;
          }
        }
        return {
          type,
          offset: this.offset,
          indent: this.indent,
          source: this.source
        };
      }
      startBlockValue(parent) {
        switch (this.type) {
          case "alias":
          case "scalar":
          case "single-quoted-scalar":
          case "double-quoted-scalar":
            return this.flowScalar(this.type);
          case "block-scalar-header":
            return {
              type: "block-scalar",
              offset: this.offset,
              indent: this.indent,
              props: [this.sourceToken],
              source: ""
            };
          case "flow-map-start":
          case "flow-seq-start":
            return {
              type: "flow-collection",
              offset: this.offset,
              indent: this.indent,
              start: this.sourceToken,
              items: [],
              end: []
            };
          case "seq-item-ind":
            return {
              type: "block-seq",
              offset: this.offset,
              indent: this.indent,
              items: [{ start: [this.sourceToken] }]
            };
          case "explicit-key-ind": {
            this.onKeyLine = true;
            const prev = getPrevProps(parent);
            const start = getFirstKeyStartProps(prev);
            start.push(this.sourceToken);
            return {
              type: "block-map",
              offset: this.offset,
              indent: this.indent,
              items: [{ start, explicitKey: true }]
            };
          }
          case "map-value-ind": {
            this.onKeyLine = true;
            const prev = getPrevProps(parent);
            const start = getFirstKeyStartProps(prev);
            return {
              type: "block-map",
              offset: this.offset,
              indent: this.indent,
              items: [{ start, key: null, sep: [this.sourceToken] }]
            };
          }
        }
        return null;
      }
      atIndentedComment(start, indent) {
        if (this.type !== "comment")
          return false;
        if (this.indent <= indent)
          return false;
        return start.every((st) => st.type === "newline" || st.type === "space");
      }
      *documentEnd(docEnd) {
        if (this.type !== "doc-mode") {
          if (docEnd.end)
            docEnd.end.push(this.sourceToken);
          else
            docEnd.end = [this.sourceToken];
          if (this.type === "newline")
            yield* this.pop();
        }
      }
      *lineEnd(token) {
        switch (this.type) {
          case "comma":
          case "doc-start":
          case "doc-end":
          case "flow-seq-end":
          case "flow-map-end":
          case "map-value-ind":
            yield* this.pop();
            yield* this.step();
            break;
          case "newline":
            this.onKeyLine = false;
          // fallthrough
          case "space":
          case "comment":
          default:
            if (token.end)
              token.end.push(this.sourceToken);
            else
              token.end = [this.sourceToken];
            if (this.type === "newline")
              yield* this.pop();
        }
      }
    };
    exports.Parser = Parser;
  }
});

// node_modules/yaml/dist/public-api.js
var require_public_api = __commonJS({
  "node_modules/yaml/dist/public-api.js"(exports) {
    "use strict";
    var composer = require_composer();
    var Document = require_Document();
    var errors = require_errors();
    var log = require_log();
    var identity = require_identity();
    var lineCounter = require_line_counter();
    var parser = require_parser();
    function parseOptions(options) {
      const prettyErrors = options.prettyErrors !== false;
      const lineCounter$1 = options.lineCounter || prettyErrors && new lineCounter.LineCounter() || null;
      return { lineCounter: lineCounter$1, prettyErrors };
    }
    function parseAllDocuments2(source, options = {}) {
      const { lineCounter: lineCounter2, prettyErrors } = parseOptions(options);
      const parser$1 = new parser.Parser(lineCounter2?.addNewLine);
      const composer$1 = new composer.Composer(options);
      const docs = Array.from(composer$1.compose(parser$1.parse(source)));
      if (prettyErrors && lineCounter2)
        for (const doc of docs) {
          doc.errors.forEach(errors.prettifyError(source, lineCounter2));
          doc.warnings.forEach(errors.prettifyError(source, lineCounter2));
        }
      if (docs.length > 0)
        return docs;
      return Object.assign([], { empty: true }, composer$1.streamInfo());
    }
    function parseDocument2(source, options = {}) {
      const { lineCounter: lineCounter2, prettyErrors } = parseOptions(options);
      const parser$1 = new parser.Parser(lineCounter2?.addNewLine);
      const composer$1 = new composer.Composer(options);
      let doc = null;
      for (const _doc of composer$1.compose(parser$1.parse(source), true, source.length)) {
        if (!doc)
          doc = _doc;
        else if (doc.options.logLevel !== "silent") {
          doc.errors.push(new errors.YAMLParseError(_doc.range.slice(0, 2), "MULTIPLE_DOCS", "Source contains multiple documents; please use YAML.parseAllDocuments()"));
          break;
        }
      }
      if (prettyErrors && lineCounter2) {
        doc.errors.forEach(errors.prettifyError(source, lineCounter2));
        doc.warnings.forEach(errors.prettifyError(source, lineCounter2));
      }
      return doc;
    }
    function parse2(src, reviver, options) {
      let _reviver = void 0;
      if (typeof reviver === "function") {
        _reviver = reviver;
      } else if (options === void 0 && reviver && typeof reviver === "object") {
        options = reviver;
      }
      const doc = parseDocument2(src, options);
      if (!doc)
        return null;
      doc.warnings.forEach((warning) => log.warn(doc.options.logLevel, warning));
      if (doc.errors.length > 0) {
        if (doc.options.logLevel !== "silent")
          throw doc.errors[0];
        else
          doc.errors = [];
      }
      return doc.toJS(Object.assign({ reviver: _reviver }, options));
    }
    function stringify(value, replacer, options) {
      let _replacer = null;
      if (typeof replacer === "function" || Array.isArray(replacer)) {
        _replacer = replacer;
      } else if (options === void 0 && replacer) {
        options = replacer;
      }
      if (typeof options === "string")
        options = options.length;
      if (typeof options === "number") {
        const indent = Math.round(options);
        options = indent < 1 ? void 0 : indent > 8 ? { indent: 8 } : { indent };
      }
      if (value === void 0) {
        const { keepUndefined } = options ?? replacer ?? {};
        if (!keepUndefined)
          return void 0;
      }
      if (identity.isDocument(value) && !_replacer)
        return value.toString(options);
      return new Document.Document(value, _replacer, options).toString(options);
    }
    exports.parse = parse2;
    exports.parseAllDocuments = parseAllDocuments2;
    exports.parseDocument = parseDocument2;
    exports.stringify = stringify;
  }
});

// node_modules/yaml/dist/index.js
var require_dist = __commonJS({
  "node_modules/yaml/dist/index.js"(exports) {
    "use strict";
    var composer = require_composer();
    var Document = require_Document();
    var Schema = require_Schema();
    var errors = require_errors();
    var Alias = require_Alias();
    var identity = require_identity();
    var Pair = require_Pair();
    var Scalar = require_Scalar();
    var YAMLMap = require_YAMLMap();
    var YAMLSeq = require_YAMLSeq();
    var cst = require_cst();
    var lexer = require_lexer();
    var lineCounter = require_line_counter();
    var parser = require_parser();
    var publicApi = require_public_api();
    var visit = require_visit();
    exports.Composer = composer.Composer;
    exports.Document = Document.Document;
    exports.Schema = Schema.Schema;
    exports.YAMLError = errors.YAMLError;
    exports.YAMLParseError = errors.YAMLParseError;
    exports.YAMLWarning = errors.YAMLWarning;
    exports.Alias = Alias.Alias;
    exports.isAlias = identity.isAlias;
    exports.isCollection = identity.isCollection;
    exports.isDocument = identity.isDocument;
    exports.isMap = identity.isMap;
    exports.isNode = identity.isNode;
    exports.isPair = identity.isPair;
    exports.isScalar = identity.isScalar;
    exports.isSeq = identity.isSeq;
    exports.Pair = Pair.Pair;
    exports.Scalar = Scalar.Scalar;
    exports.YAMLMap = YAMLMap.YAMLMap;
    exports.YAMLSeq = YAMLSeq.YAMLSeq;
    exports.CST = cst;
    exports.Lexer = lexer.Lexer;
    exports.LineCounter = lineCounter.LineCounter;
    exports.Parser = parser.Parser;
    exports.parse = publicApi.parse;
    exports.parseAllDocuments = publicApi.parseAllDocuments;
    exports.parseDocument = publicApi.parseDocument;
    exports.stringify = publicApi.stringify;
    exports.visit = visit.visit;
    exports.visitAsync = visit.visitAsync;
  }
});

// node_modules/fast-deep-equal/index.js
var require_fast_deep_equal = __commonJS({
  "node_modules/fast-deep-equal/index.js"(exports, module) {
    "use strict";
    module.exports = function equal(a, b) {
      if (a === b) return true;
      if (a && b && typeof a == "object" && typeof b == "object") {
        if (a.constructor !== b.constructor) return false;
        var length, i, keys;
        if (Array.isArray(a)) {
          length = a.length;
          if (length != b.length) return false;
          for (i = length; i-- !== 0; )
            if (!equal(a[i], b[i])) return false;
          return true;
        }
        if (a.constructor === RegExp) return a.source === b.source && a.flags === b.flags;
        if (a.valueOf !== Object.prototype.valueOf) return a.valueOf() === b.valueOf();
        if (a.toString !== Object.prototype.toString) return a.toString() === b.toString();
        keys = Object.keys(a);
        length = keys.length;
        if (length !== Object.keys(b).length) return false;
        for (i = length; i-- !== 0; )
          if (!Object.prototype.hasOwnProperty.call(b, keys[i])) return false;
        for (i = length; i-- !== 0; ) {
          var key = keys[i];
          if (!equal(a[key], b[key])) return false;
        }
        return true;
      }
      return a !== a && b !== b;
    };
  }
});

// node_modules/ajv/dist/runtime/equal.js
var require_equal = __commonJS({
  "node_modules/ajv/dist/runtime/equal.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    var equal = require_fast_deep_equal();
    equal.code = 'require("ajv/dist/runtime/equal").default';
    exports.default = equal;
  }
});

// src/config/option-rules.ts
var READ_BY = {
  calibrator: ["int8-static", "auto"],
  percentile: ["int8-static", "auto"],
  "block-size": ["int8-weights", "int4-weights", "auto"],
  // int8-weights is always symmetric.
  symmetric: ["int8-static", "int8-dynamic", "int4-weights", "auto"],
  "per-channel": ["int8-static", "int8-dynamic", "auto"],
  "saturation-safe": ["int8-static", "int8-dynamic", "auto"],
  "bias-correction": ["int8-static", "auto"],
  equalization: ["int8-static", "auto"],
  "smooth-quant": ["int8-dynamic", "auto"],
  rounding: ["int8-static", "int8-weights", "int4-weights", "auto"],
  objective: ["auto"],
  budget: ["auto"]
};
var FITTED_BY = {
  adaptive: ["int8-static", "auto"],
  gptq: ["int8-weights", "int4-weights", "auto"]
};
function unreadOptions(given, method) {
  const unread = [];
  const refuse = (key, message) => unread.push({ key, message });
  for (const [name, methods] of Object.entries(READ_BY)) {
    const key = name;
    if (given[key] !== void 0 && !methods.includes(method))
      refuse(key, `only for method ${methods.join(" or ")}; this variant's method is ${method}`);
  }
  const rounding = given.rounding;
  const fitted = FITTED_BY[rounding ?? "nearest"];
  if (fitted && READ_BY.rounding?.includes(method) && !fitted.includes(method))
    refuse(
      "rounding",
      `${rounding} is for method ${fitted.join(" or ")}; this variant's method is ${method}`
    );
  if (given.preset !== void 0 && method !== "int8-static")
    refuse("preset", `presets are for method int8-static; this variant's method is ${method}`);
  if (given.plan !== void 0 && method !== "auto")
    refuse("plan", `a plan is followed by method auto; this variant's method is ${method}`);
  if (given.percentile !== void 0 && (given.calibrator ?? "percentile") !== "percentile")
    refuse("percentile", `only for calibrator percentile; this variant's is ${given.calibrator}`);
  return unread;
}

// src/config/load.ts
import { readFile, stat } from "node:fs/promises";
import { dirname as dirname2, resolve as resolve3 } from "node:path";

// src/config/document.ts
var import_yaml = __toESM(require_dist(), 1);
function parseDocument(text, file) {
  const lines = new import_yaml.LineCounter();
  const plainText = text.replace(/^\uFEFF/, "");
  const source = isJson(plainText) ? plainText.replace(/\t/g, " ") : plainText;
  const documents = (0, import_yaml.parseAllDocuments)(source, {
    lineCounter: lines,
    merge: true,
    prettyErrors: false,
    uniqueKeys: true
  });
  const list2 = Array.isArray(documents) ? documents : [];
  const line = (offset) => lines.linePos(offset).line;
  const problems = firstOfEachLine(
    list2.flatMap((document2) => [...document2.errors, ...document2.warnings]).map((error) => ({ line: line(error.pos[0]), path: "", message: syntaxMessage(error) }))
  );
  if (problems.length === 0 && list2.length > 1) {
    const at = list2[1].contents?.range?.[0];
    problems.push({
      line: at === void 0 ? null : line(at),
      path: "",
      message: "a second document starts here ('---'); keep one per file"
    });
  }
  const document = list2[0];
  if (problems.length === 0 && (document === void 0 || document.contents === null)) {
    problems.push({
      line: null,
      path: "",
      message: "the file is empty; 'quantgate init' writes one to start from"
    });
  }
  if (problems.length > 0 || document === void 0) throw new ConfigError(file, problems);
  return {
    value: plain(document, file),
    lineOf: (path) => {
      const offset = offsetOf(document, path);
      return offset === null ? null : line(offset);
    }
  };
}
function firstOfEachLine(problems) {
  const lines = /* @__PURE__ */ new Set();
  return problems.filter((problem) => !lines.has(problem.line) && lines.add(problem.line));
}
function isJson(text) {
  if (!/^\s*\{/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
function plain(document, file) {
  try {
    return document.toJS({ maxAliasCount: 1e3 });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ConfigError(file, [{ line: null, path: "", message: `not usable as YAML: ${message}` }]);
  }
}
function syntaxMessage(error) {
  switch (error.code) {
    case "DUPLICATE_KEY":
      return "this key is written twice in the same mapping";
    case "TAB_AS_INDENT":
      return "a tab is used as indentation; YAML allows spaces only";
    case "TAG_RESOLVE_FAILED":
      return `a YAML tag that means nothing here (${error.message})`;
    default:
      return `not valid YAML: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`;
  }
}
function offsetOf(document, path) {
  let node = document.contents;
  let offset = node?.range?.[0] ?? null;
  for (const step of path) {
    if ((0, import_yaml.isAlias)(node)) node = node.resolve(document) ?? null;
    if ((0, import_yaml.isMap)(node)) {
      const pair = node.items.find((item) => keyOf(item) === String(step));
      if (!pair) break;
      offset = pair.key?.range?.[0] ?? offset;
      node = pair.value ?? null;
    } else if ((0, import_yaml.isSeq)(node)) {
      const item = node.items[Number(step)];
      if (!item) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else {
      break;
    }
  }
  return offset;
}
function keyOf(pair) {
  return (0, import_yaml.isScalar)(pair.key) ? String(pair.key.value) : String(pair.key);
}

// src/config/models.ts
import { existsSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute as isAbsolute2, relative, resolve as resolve2, sep } from "node:path";

// src/config/variants.ts
import { isAbsolute, resolve } from "node:path";
var SHORTHANDS = {
  int8: "int8-static",
  "int8-static": "int8-static",
  "int8-dynamic": "int8-dynamic",
  fp16: "float16",
  float16: "float16",
  "int8-weights": "int8-weights",
  "int4-weights": "int4-weights",
  auto: "auto"
};
function readVariants(raw, place) {
  const { problems } = place;
  const taken = /* @__PURE__ */ new Map();
  const files = /* @__PURE__ */ new Map();
  return (raw ?? ["int8"]).flatMap((entry, index) => {
    const path = [...place.path, index];
    if (problems.touches(path)) return [];
    const variant = typeof entry === "string" ? shorthand(entry) : readVariant(entry, { ...place, path });
    if (variant.name === ORIGINAL) {
      problems.add(path, `the name '${ORIGINAL}' belongs to the unquantized model; choose another`);
    }
    const first = taken.get(variant.name);
    if (first === void 0) taken.set(variant.name, index);
    else {
      problems.add(
        path,
        `variants ${first} and ${index} are both named '${variant.name}'; give one a 'name'`
      );
    }
    const sharing = variant.kind === "file" ? void 0 : files.get(fileKey(variant.name));
    if (first === void 0 && sharing !== void 0) {
      problems.add(
        path,
        `'${sharing}' and '${variant.name}' would be written to one file; give one a 'name' that differs by more than case or punctuation`
      );
    }
    if (variant.kind !== "file") files.set(fileKey(variant.name), variant.name);
    return [variant];
  });
}
function shorthand(word) {
  return { name: word, kind: "quantize", ...defaultQuantize(SHORTHANDS[word]) };
}
function readVariant(raw, place) {
  const { path, directory, problems } = place;
  const absolute = (file) => isAbsolute(file) ? file : resolve(directory, file);
  if (raw.file !== void 0) {
    return { name: raw.name ?? modelName(raw.file), kind: "file", file: absolute(raw.file) };
  }
  if (raw.command !== void 0) {
    if (!raw.command.some((argument) => argument.includes("{output}"))) {
      problems.add([...path, "command"], "no argument holds '{output}', the path of the model to write");
    }
    const timeoutMs = raw.timeout === void 0 ? DEFAULT_TIMEOUT_MS : problems.attempt([...path, "timeout"], () => parseDuration(raw.timeout));
    return {
      name: raw.name,
      kind: "command",
      command: raw.command,
      timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS
    };
  }
  const options = readOptions(raw, { ...place, absolute });
  return { name: raw.name ?? defaultName(options, raw), kind: "quantize", ...options };
}
function defaultName(options, raw) {
  return raw.preset ?? (options.method === "int8-static" ? "int8" : options.method);
}
function readOptions(raw, place) {
  const { path, problems } = place;
  const method = raw.method ?? (raw.plan === void 0 ? "int8-static" : "auto");
  for (const { key, message } of unreadOptions(raw, method)) problems.add([...path, key], message);
  const defaults = defaultQuantize(method);
  const budgetMs = raw.budget === void 0 ? defaults.budgetMs : problems.attempt([...path, "budget"], () => parseDuration(raw.budget));
  const tensorrt = method === "int8-static" && raw.target === "tensorrt";
  return {
    method,
    preset: raw.preset ?? (tensorrt ? "tensorrt" : null),
    target: raw.target ?? (raw.preset === "tensorrt" ? "tensorrt" : null),
    calibrator: raw.calibrator ?? (raw.percentile === void 0 ? null : "percentile"),
    percentile: raw.percentile ?? null,
    include: raw.include === void 0 ? null : list(raw.include),
    exclude: raw.exclude === void 0 ? [] : list(raw.exclude),
    overrides: Object.fromEntries(
      Object.entries(raw.overrides ?? {}).map(([node, override]) => [node, readOverride(override)])
    ),
    blockSize: raw["block-size"] ?? null,
    symmetric: raw.symmetric ?? null,
    perChannel: raw["per-channel"] ?? null,
    saturationSafe: raw["saturation-safe"] ?? null,
    biasCorrection: raw["bias-correction"] ?? null,
    equalization: raw.equalization ?? null,
    smoothQuant: raw["smooth-quant"] ?? null,
    rounding: raw.rounding ?? null,
    objective: raw.objective ?? defaults.objective,
    budgetMs: budgetMs ?? defaults.budgetMs,
    plan: raw.plan === void 0 ? null : place.absolute(raw.plan),
    repair: raw.repair ?? true
  };
}
function readOverride(raw) {
  const { "per-channel": perChannel, ...rest } = raw;
  return { ...rest, perChannel };
}

// src/config/models.ts
async function readModels(raw, place) {
  const models = [];
  const taken = /* @__PURE__ */ new Map();
  const folders = /* @__PURE__ */ new Map();
  for (const [index, entry] of raw.entries()) {
    const path = ["models", index];
    if (place.problems.touches([...path, "path"])) continue;
    const files = await matches(entry.path, { ...place, path: [...path, "path"] });
    if (entry.baseline && files.some((file) => file.path !== resolve2(place.directory, entry.path))) {
      place.problems.add(
        [...path, "baseline"],
        `a baseline is one model's; write its file as 'path' instead of '${entry.path}'`
      );
    }
    if (entry.name !== void 0 && files.length > 1 && place.expand) {
      place.problems.add(
        [...path, "name"],
        `one name can't serve the ${files.length} models that '${entry.path}' matches; leave it out`
      );
    }
    if (place.problems.touches(path)) {
      readParts(entry, { ...place, path });
      continue;
    }
    const parts = readParts(entry, { ...place, path });
    for (const file of files) {
      const name = entry.name ?? file.name;
      const first = taken.get(name);
      if (first !== void 0 && !place.expand && (await tinyglobby()).isDynamicPattern(entry.path)) continue;
      if (first !== void 0 && !place.expand && (await tinyglobby()).isDynamicPattern(raw[first].path)) {
        models.splice(
          models.findIndex((model) => model.name === name),
          1
        );
      } else if (first !== void 0) {
        place.problems.add(path, `models ${first} and ${index} are both named '${name}'; give one a 'name'`);
      }
      const asWritten = place.expand || !(await tinyglobby()).isDynamicPattern(entry.path);
      const sharing = asWritten ? folders.get(fileKey(name)) : void 0;
      if (first === void 0 && sharing !== void 0) {
        place.problems.add(
          path,
          `variants of '${sharing}' and '${name}' would be written to one folder; give one a 'name' that differs by more than case or punctuation`
        );
      }
      if (asWritten) folders.set(fileKey(name), name);
      taken.set(name, index);
      models.push({ name, path: file.path, ...withTextsOf(file.path, structuredClone(parts)) });
    }
  }
  return models;
}
function withTextsOf(path, parts) {
  const own = (data) => data?.text ? { ...data, text: textOfModel(data.text, { path, task: parts.task }) } : data;
  const { evaluation, calibration } = parts.data;
  return { ...parts, data: { evaluation: own(evaluation), calibration: own(calibration) } };
}
function readParts(raw, place) {
  const { path, problems } = place;
  const at = (key) => [...path, key];
  const evaluator = raw.evaluator === void 0 || problems.touches(at("evaluator")) ? null : readEvaluator(raw.evaluator, { ...place, path: at("evaluator") });
  const task = raw.task ?? (raw.evaluator === void 0 ? "none" : "custom");
  const known = !problems.touches(at("task"));
  if (known && raw.evaluator !== void 0 && task !== "custom") {
    problems.add(at("task"), `an 'evaluator' goes with task custom, not ${task}`);
  }
  if (known && task === "custom" && raw.evaluator === void 0) {
    problems.add(at("task"), "task custom needs an 'evaluator' with a 'command' or a 'module'");
  }
  return {
    task,
    output: raw.output ?? null,
    outputs: raw.outputs ?? {},
    decoder: raw.decoder ?? null,
    keys: typeof raw.keys === "string" ? resolve2(place.directory, raw.keys) : null,
    labelOffset: raw["label-offset"] ?? 0,
    evaluator,
    data: raw.data === void 0 || raw.data === null || problems.touches(at("data")) ? { evaluation: null, calibration: null } : readData(raw.data, { ...place, path: at("data") }),
    variants: raw.variants !== void 0 && !Array.isArray(raw.variants) ? [] : readVariants(raw.variants, { ...place, path: at("variants") }),
    baseline: raw.baseline && !problems.touches(at("baseline")) ? readBaseline(raw.baseline, place) : null
  };
}
function readBaseline(raw, { directory }) {
  const hashes = Object.entries(raw["external-data"] ?? {});
  return {
    file: resolve2(directory, raw.file),
    sha256: raw.sha256.toLowerCase(),
    externalData: Object.fromEntries(hashes.map(([name, hash]) => [name, hash.toLowerCase()]))
  };
}
async function matches(pattern, place) {
  const { directory, problems, path } = place;
  const literal = resolve2(directory, pattern);
  if (existsSync(literal) || !(await tinyglobby()).isDynamicPattern(pattern)) {
    if (place.expand && !existsSync(literal)) {
      problems.add(path, `no such file: ${pattern} (looked in ${directory})${await nearby(literal)}`);
    } else if (place.expand && statSync(literal).isDirectory()) {
      problems.add(
        path,
        `'${pattern}' is a folder; write '${pattern.replace(/\/$/, "")}/*.onnx' for its models`
      );
    }
    return [{ path: literal, name: modelName(literal) }];
  }
  const { glob } = await tinyglobby();
  const found = await glob(pattern, { cwd: directory, absolute: true, expandDirectories: false });
  const files = found.map((file) => resolve2(file)).sort();
  if (files.length === 0) {
    if (!place.expand) return [{ path: literal, name: modelName(literal) }];
    problems.add(path, `no file matches '${pattern}' (looked in ${directory})`);
  }
  return named(files);
}
function named(files) {
  const short = files.map(modelName);
  if (new Set(short).size === files.length) return files.map((path, i) => ({ path, name: short[i] }));
  let root = dirname(files[0]);
  while (!files.every((file) => file.startsWith(root.endsWith(sep) ? root : root + sep)))
    root = dirname(root);
  return files.map((path, i) => {
    const folders = relative(root, dirname(path)).split(sep).filter(Boolean);
    return { path, name: [...folders, short[i]].join("-") };
  });
}
var tinyglobby = () => import("./chunk-WOYIBC7Z.js");
async function nearby(file) {
  const { glob } = await tinyglobby();
  const others = await glob("*.onnx", { cwd: dirname(file), expandDirectories: false }).catch(() => []);
  return didYouMean(basename(file), others.map((other) => basename(other)).sort());
}
function readEvaluator(raw, place) {
  const { path, problems, directory } = place;
  const timeoutMs = raw.timeout === void 0 ? DEFAULT_TIMEOUT_MS : problems.attempt([...path, "timeout"], () => parseDuration(raw.timeout));
  const rest = {
    higherIsBetter: raw["higher-is-better"] ?? true,
    timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS
  };
  if (raw.command === void 0 === (raw.module === void 0)) {
    problems.add(path, "give either a 'command' or a 'module'");
    return null;
  }
  return raw.command !== void 0 ? { command: raw.command, ...rest } : { module: resolve2(directory, raw.module), ...rest };
}
function readData(raw, place) {
  if (raw.input !== void 0 && raw.inputs !== void 0) {
    place.problems.add(
      [...place.path, "inputs"],
      "give 'input' for the model's only input or 'inputs' by name, not both"
    );
  }
  const inputs = {};
  if (raw.input !== void 0)
    inputs[""] = readInput(raw.input, { ...place, path: [...place.path, "input"] });
  for (const [name, input] of Object.entries(raw.inputs ?? {})) {
    inputs[name] = readInput(input, { ...place, path: [...place.path, "inputs", name] });
  }
  const text = readText(raw, place);
  const source = (value) => {
    if (value === void 0) return null;
    const {
      path,
      images,
      masks,
      "class-order": classOrder = null,
      ...rest
    } = typeof value === "string" ? { path: value } : value;
    const absolute = (file) => isAbsolute2(file) ? file : resolve2(place.directory, file);
    return defaultData(absolute(path), {
      ...rest,
      images: images === void 0 ? null : absolute(images),
      masks: masks === void 0 ? null : absolute(masks),
      classNames: raw["class-names"] ?? null,
      classOrder,
      inputs: structuredClone(inputs),
      ...text ? { text } : {},
      ...raw.audio ? {
        audio: { features: raw.audio.features ?? null, samplingRate: raw.audio["sampling-rate"] ?? null }
      } : {}
    });
  };
  const { split } = readSplit(raw, place);
  const evaluation = source(raw.evaluation ?? raw.path);
  if (split === null) return { evaluation, calibration: source(raw.calibration) };
  return {
    evaluation: evaluation && { ...evaluation, split: { part: "evaluation", calibration: split } },
    calibration: evaluation && {
      ...structuredClone(evaluation),
      limit: null,
      split: { part: "calibration", calibration: split }
    }
  };
}
function readSplit(raw, { problems, path }) {
  const refuse = (key, why) => problems.add([...path, key], why);
  if (raw.path !== void 0 && raw.evaluation !== void 0)
    refuse("path", "'evaluation' names the data already; remove one of them");
  if (raw.path !== void 0 && raw.split === void 0)
    refuse("path", "one set is split in two: say how, 'split: { calibration: 200 }', or write 'evaluation'");
  if (raw.split !== void 0 && raw.calibration !== void 0)
    refuse("calibration", "'split' takes the calibration samples out of the others; remove one of them");
  if (raw.split !== void 0 && raw.path === void 0 && raw.evaluation === void 0)
    refuse("split", "there is nothing to split: give a 'path'");
  return { split: raw.split?.calibration ?? null };
}
function readText(raw, { directory, problems, path }) {
  const { tokenizer, "max-length": maxLength = null, text } = raw;
  if (tokenizer !== void 0) {
    const columns = text === void 0 ? null : list(text);
    return defaultText(resolve2(directory, tokenizer), { maxLength, columns });
  }
  for (const key of ["max-length", "text"]) {
    if (raw[key] !== void 0 && !problems.touches([...path, key]))
      problems.add([...path, key], "texts become tokens by a 'tokenizer': give one, or remove this");
  }
  return null;
}

// src/config/presets.ts
function mlperf(fraction) {
  const preset = {};
  for (const metric of METRICS) {
    if (metric.judging !== "paired" || !metric.needsData) continue;
    preset[metric.name] = metric.higherIsBetter ? { "min-ratio": fraction } : { "max-ratio": Number((1 / fraction).toPrecision(6)) };
  }
  return preset;
}
var THRESHOLD_PRESETS = {
  "mlperf-99": mlperf(0.99),
  "mlperf-99.9": mlperf(0.999)
};

// src/config/thresholds.ts
var CONDITIONS = ["max", "min", "max-ratio", "min-ratio", "max-drop", "max-regression"];
function readChecks(raw, models, place) {
  const written = merge(raw, models, place);
  return written.flatMap((check) => apart(check, place)).map((check) => readCheck(check, { ...place, models }));
}
function apart(check, { problems }) {
  const { id, metric, path } = check;
  const { original, ...raw } = check.raw;
  if (!isMapping(original) || problems.touches([...path, "original"])) return [{ ...check, raw }];
  if (metric.startsWith("fidelity.")) {
    problems.add(
      [...path, "original"],
      `${metric} is how close a variant is to the original, which has none`
    );
    return [{ ...check, raw }];
  }
  const bounds = {
    id: `${id}.original`,
    metric,
    raw: {
      ...original,
      ...raw.level === void 0 ? {} : { level: raw.level },
      ...raw["min-samples"] === void 0 ? {} : { "min-samples": raw["min-samples"] },
      where: { ...problems.touches([...path, "where"]) ? {} : raw.where, variant: ORIGINAL }
    },
    path: [...path, "original"]
  };
  return CONDITIONS.some((key) => raw[key] !== void 0) ? [{ ...check, raw }, bounds] : [bounds];
}
function merge(raw, models, place) {
  const merged = /* @__PURE__ */ new Map();
  const presets = raw.extends === void 0 || place.problems.touches(["extends"]) ? [] : list(raw.extends);
  for (const name of presets) {
    const applicable = Object.entries(THRESHOLD_PRESETS[name] ?? {}).filter(
      ([metric]) => models.some((model) => canMeasure(model, metric))
    );
    if (applicable.length === 0 && models.length > 0 && !place.problems.touches(["models"])) {
      place.problems.add(
        ["extends"],
        `${name} checks accuracy, but no model has both a 'task' with built-in metrics and 'data.evaluation'`
      );
    }
    for (const [metric, check] of applicable) {
      const below = merged.get(metric)?.[0]?.raw;
      merged.set(metric, [{ id: metric, metric, raw: { ...below, ...check }, path: ["extends"] }]);
    }
  }
  for (const [metric, value] of Object.entries(raw.thresholds ?? {})) {
    const path = ["thresholds", metric];
    if (metricDefinition(metric) === void 0) continue;
    if (Array.isArray(value)) {
      merged.set(
        metric,
        value.flatMap(
          (check, i) => isMapping(check) ? [{ id: `${metric}[${i}]`, metric, raw: check, path: [...path, i] }] : []
        )
      );
    } else if (isMapping(value)) {
      const below = merged.get(metric)?.[0]?.raw;
      merged.set(metric, [{ id: metric, metric, raw: { ...below, ...value }, path }]);
    }
  }
  return [...merged.values()].flat();
}
function canMeasure(model, metric) {
  return model.data.evaluation !== null && (metricDefinition(metric)?.tasks ?? []).includes(model.task);
}
function definitionIn(metric, models) {
  const evaluator = models.some((model) => model.evaluator !== null) ? { higherIsBetter: true } : null;
  return metricDefinition(metric, evaluator);
}
function readCheck({ id, metric, raw: all, path }, place) {
  const { problems } = place;
  const spoiled = problems.touches(path);
  const raw = Object.fromEntries(
    Object.entries(all).filter(([key]) => !problems.touches([...path, key]))
  );
  const definition = definitionIn(metric, place.models);
  const at = (key) => [...path, key];
  const percent = definition.tasks?.includes("custom") === true;
  const check = {
    id,
    metric,
    level: raw.level ?? "error",
    where: readWhere(raw.where ?? {}),
    line: place.lineOf(path)
  };
  if (CONDITIONS.every((key) => raw[key] === void 0) && check.level !== "off" && !spoiled) {
    problems.add(
      path,
      `this check has no condition; give it one of ${CONDITIONS.join(", ")}, or 'original' with one of max, min`
    );
  }
  for (const key of ["max", "min"]) {
    if (raw[key] === void 0) continue;
    const bound = problems.attempt(at(key), () => parseQuantity(raw[key], definition.unit, { percent }));
    if (bound === void 0) continue;
    check[key] = bound;
    impossible(definition, key, bound, (message) => problems.add(at(key), message));
  }
  const maxRatio = optional(
    raw["max-ratio"],
    (value) => problems.attempt(at("max-ratio"), () => parseRatio(value))
  );
  const minRatio = optional(
    raw["min-ratio"],
    (value) => problems.attempt(at("min-ratio"), () => parseRatio(value))
  );
  const maxDrop = optional(
    raw["max-drop"],
    (value) => problems.attempt(at("max-drop"), () => parseDifference(value, definition.unit, { percent }))
  );
  const maxRegression = optional(
    raw["max-regression"],
    (value) => readRegression(value, { definition, percent, path: at("max-regression"), problems })
  );
  if (maxRatio !== void 0) check.maxRatio = maxRatio;
  if (minRatio !== void 0) check.minRatio = minRatio;
  if (maxDrop !== void 0) check.maxDrop = maxDrop;
  if (maxRegression !== void 0) check.maxRegression = maxRegression;
  crossed(check, (message) => problems.add(path, message));
  if (raw["min-samples"] !== void 0) check.minSamples = raw["min-samples"];
  if (raw.confident !== void 0) check.confident = raw.confident;
  if (raw["ignore-ops"] !== void 0) {
    check.ignoreOps = list(raw["ignore-ops"]);
    if (metric !== "placement.fallback")
      problems.add(at("ignore-ops"), "only placement.fallback counts operators");
  }
  return check;
}
function readRegression(raw, place) {
  const { path, problems, definition, percent } = place;
  const written = typeof raw === "object" ? raw : { ratio: raw };
  const ratioPath = typeof raw === "object" ? [...path, "ratio"] : path;
  const ratio = problems.attempt(ratioPath, () => parseChange(written.ratio));
  const slack = written.slack === void 0 ? 0 : problems.attempt(
    [...path, "slack"],
    () => parseDifference(written.slack, definition.unit, { percent })
  );
  if (slack !== void 0 && slack < 0) problems.add([...path, "slack"], "expected 0 or more");
  return ratio === void 0 || slack === void 0 ? void 0 : { ratio, slack };
}
function impossible(metric, key, bound, report) {
  if (metric.unit === "fraction" && bound > 1) {
    report(`${metric.name} is a fraction from 0 to 1; write ${bound / 100} or '${bound}%' if that is meant`);
  }
  const neverNegative = ["bytes", "count", "ms", "per-second", "fraction"].includes(metric.unit);
  if (neverNegative && bound < 0) {
    report(
      `${metric.name} is never negative, so '${key}: ${bound}' ${key === "max" ? "can't hold" : "says nothing"}`
    );
  }
}
function crossed(check, report) {
  if (check.max !== void 0 && check.min !== void 0 && check.min > check.max) {
    report("'min' is above 'max': no value can satisfy both");
  }
  if (check.maxRatio !== void 0 && check.minRatio !== void 0 && check.minRatio > check.maxRatio) {
    report("'min-ratio' is above 'max-ratio': no value can satisfy both");
  }
}
function readWhere(raw) {
  const where = {};
  if (raw.model !== void 0) where.model = list(raw.model);
  if (raw.variant !== void 0) where.variant = list(raw.variant);
  if (raw.provider !== void 0) where.provider = list(raw.provider);
  if (raw.batch !== void 0) where.batch = list(raw.batch);
  if (raw.threads !== void 0) where.threads = list(raw.threads);
  if (raw.concurrency !== void 0) where.concurrency = list(raw.concurrency);
  return where;
}
function readWaivers(raw, place) {
  return (raw ?? []).flatMap((waiver, index) => {
    const path = ["waivers", index];
    if (place.problems.touches(path)) return [];
    if (!isDate(waiver.until)) {
      place.problems.add([...path, "until"], `there is no such day: '${waiver.until}'`);
    }
    return [{ check: waiver.check, reason: waiver.reason, until: waiver.until, line: place.lineOf(path) }];
  });
}
function isDate(text) {
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}
function optional(value, read) {
  return value === void 0 ? void 0 : read(value);
}

// quantgate.schema.json
var quantgate_schema_default = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "quantgate.yml",
  description: "Which ONNX models to quantize, how to measure them, and the thresholds that decide.",
  type: "object",
  additionalProperties: false,
  required: ["version", "models"],
  properties: {
    $schema: { type: "string", description: "For editors; quantgate ignores it." },
    version: { const: 1, description: "Version of this format." },
    extends: {
      description: "Presets of thresholds, overridden key by key by `thresholds`.",
      type: ["string", "array"],
      if: { type: "array" },
      then: {
        items: { $ref: "#/definitions/thresholdPreset" },
        allOf: [{ $ref: "#/definitions/noneTwice" }]
      },
      else: { $ref: "#/definitions/thresholdPreset" }
    },
    models: {
      description: "The models to gate.",
      type: "array",
      minItems: 1,
      items: { $ref: "#/definitions/model" }
    },
    benchmark: { $ref: "#/definitions/benchmark" },
    thresholds: { $ref: "#/definitions/thresholds" },
    confidence: {
      description: "One-sided confidence of each bound that is judged by interval, above 0.5, at most 0.9999. Default 0.95.",
      type: ["number", "string"]
    },
    "on-inconclusive": {
      $ref: "#/definitions/level",
      description: "What a check counts as whose interval crosses its bound. Default warn."
    },
    "on-missing-base": {
      $ref: "#/definitions/level",
      description: "What max-regression counts as when there is no base to compare with: the model or variant is new. Default info."
    },
    "on-skipped": {
      $ref: "#/definitions/level",
      description: "What a check counts as that this machine could not measure. Default warn."
    },
    "on-chance": {
      $ref: "#/definitions/level",
      description: "What an original model counts as whose accuracy is no better than chance on its own data (established.original). Default error."
    },
    "on-unchanged": {
      $ref: "#/definitions/level",
      description: "What a variant counts as that is the original, unchanged. Default warn."
    },
    waivers: {
      description: "Checks that may fail for a while.",
      type: ["array", "null"],
      items: { $ref: "#/definitions/waiver" }
    }
  },
  definitions: {
    name: {
      type: "string",
      minLength: 1,
      maxLength: 100,
      pattern: '^[^./\\\\*?<>:|"\\u0000-\\u001f\\u007f][^/\\\\*?<>:|"\\u0000-\\u001f\\u007f]*$'
    },
    text: { type: "string", minLength: 1 },
    sha256: { type: "string", pattern: "^[0-9a-fA-F]{64}$" },
    path: {
      $comment: "Files and folders that the configuration names: src/config/paths.ts lists their values.",
      type: "string",
      minLength: 1
    },
    texts: { type: "array", minItems: 1, items: { $ref: "#/definitions/text" } },
    textOrTexts: {
      type: ["string", "array"],
      if: { type: "array" },
      then: { $ref: "#/definitions/texts" },
      else: { $ref: "#/definitions/text" }
    },
    positiveInteger: { type: "integer", minimum: 1 },
    noneTwice: {
      if: { items: { type: ["string", "number"] } },
      then: { uniqueItems: true }
    },
    positiveIntegerOrList: {
      type: ["integer", "array"],
      if: { type: "array" },
      then: {
        minItems: 1,
        items: { $ref: "#/definitions/positiveInteger" },
        allOf: [{ $ref: "#/definitions/noneTwice" }]
      },
      else: { $ref: "#/definitions/positiveInteger" }
    },
    duration: {
      description: "A time with its unit: 500 ms, 60s, 2 min.",
      type: ["string", "number"]
    },
    quantity: {
      description: "A number in the metric's base unit, or with a unit: 25 MiB, 10 kB, 8 ms, 1.2 s, 75%, 20 dB, 100 /s.",
      type: ["string", "number"]
    },
    level: { enum: ["error", "warn", "info", "off"] },
    thresholdPreset: { enum: ["mlperf-99", "mlperf-99.9"] },
    provider: { enum: ["cpu", "cuda", "tensorrt", "webgpu", "wasm", "dml", "coreml"] },
    model: {
      type: "object",
      additionalProperties: false,
      required: ["path"],
      properties: {
        name: {
          $ref: "#/definitions/name",
          description: "Name in the report. Default: the file's name without extension."
        },
        path: {
          $ref: "#/definitions/path",
          description: "ONNX file or glob, relative to this file's folder."
        },
        task: {
          description: "What the model does; decides which accuracy metrics there are. Default none, or custom with an evaluator.",
          enum: [
            "classification",
            "regression",
            "embedding",
            "segmentation",
            "language-model",
            "text-classification",
            "detection",
            "text-recognition",
            "token-classification",
            "question-answering",
            "retrieval",
            "speech-recognition",
            "custom",
            "none"
          ]
        },
        output: {
          $ref: "#/definitions/text",
          description: "Name of the output that is scored. Default: the only (or first) tensor output."
        },
        outputs: {
          description: "Names of outputs by what they hold, for models with several heads: { boxes: output0, scores: output1 }.",
          type: "object",
          additionalProperties: false,
          properties: {
            boxes: { $ref: "#/definitions/text" },
            scores: { $ref: "#/definitions/text" },
            classes: { $ref: "#/definitions/text" },
            start: { $ref: "#/definitions/text" },
            end: { $ref: "#/definitions/text" }
          }
        },
        decoder: {
          $ref: "#/definitions/text",
          description: "How the outputs become boxes, words or spans. Default: the task's."
        },
        keys: {
          $ref: "#/definitions/path",
          description: "For text-recognition: file with the symbols of the model's classes, one per line, relative to this file's folder."
        },
        "label-offset": {
          description: "Index of the output that belongs to label 0: 1 for models with a background class. Default 0.",
          type: "integer"
        },
        evaluator: { $ref: "#/definitions/evaluator" },
        data: { $ref: "#/definitions/data" },
        variants: {
          description: "What is made of the model. Default [int8].",
          type: "array",
          minItems: 1,
          items: { $ref: "#/definitions/variant" }
        },
        baseline: { $ref: "#/definitions/baseline" }
      }
    },
    baseline: {
      description: "The model that pull requests into this revision are compared with, when it is not kept in git. An earlier step puts the file there.",
      type: ["object", "null"],
      additionalProperties: false,
      required: ["file", "sha256"],
      properties: {
        file: {
          $ref: "#/definitions/path",
          description: "ONNX file inside the workspace, relative to this file's folder."
        },
        sha256: { $ref: "#/definitions/sha256", description: "SHA-256 of the file." },
        "external-data": {
          description: "SHA-256 of each file beside the model that it keeps weights in, by name.",
          type: "object",
          additionalProperties: { $ref: "#/definitions/sha256" }
        }
      }
    },
    evaluator: {
      description: "For task custom: a program or an ES module that returns numbers, each judged as accuracy.<name>.",
      type: "object",
      additionalProperties: false,
      properties: {
        command: { $ref: "#/definitions/texts", description: "Program and arguments." },
        module: {
          $ref: "#/definitions/path",
          description: "ES module, relative to this file's folder."
        },
        "higher-is-better": {
          description: "Direction of all numbers, or of each by name. Default true.",
          type: ["boolean", "object"],
          additionalProperties: { type: "boolean" }
        },
        timeout: {
          $ref: "#/definitions/duration",
          description: "Longest time one evaluation may take. Default 10 min."
        }
      }
    },
    data: {
      type: ["object", "null"],
      additionalProperties: false,
      properties: {
        path: {
          $ref: "#/definitions/path",
          description: "File or folder of all samples, which split takes the calibration samples from, relative to this file's folder."
        },
        split: {
          description: "Take the calibration samples out of path (or of evaluation); the others evaluate. By class where there are classes; equal samples stay together.",
          type: "object",
          additionalProperties: false,
          required: ["calibration"],
          properties: {
            calibration: {
              $ref: "#/definitions/positiveInteger",
              description: "Samples that calibrate."
            }
          }
        },
        evaluation: {
          $ref: "#/definitions/source",
          description: "Samples that accuracy and fidelity are measured on."
        },
        calibration: {
          $ref: "#/definitions/source",
          description: "Samples that ranges are taken from. Must not overlap evaluation."
        },
        input: {
          $ref: "#/definitions/input",
          description: "Preprocessing of the model's only input."
        },
        inputs: {
          description: "Preprocessing by model input name.",
          type: "object",
          additionalProperties: { $ref: "#/definitions/input" }
        },
        tokenizer: {
          $ref: "#/definitions/path",
          description: "tokenizer.json (Hugging Face) that makes token ids of the data's texts, relative to this file's folder; tokenizer_config.json beside it is read too."
        },
        audio: {
          description: "How recordings become the model's input. Default: as the input's shape tells, at 16,000 Hz.",
          type: "object",
          additionalProperties: false,
          properties: {
            features: {
              description: "waveform: samples from -1 to 1; normalized: those with mean 0 and variance 1 (Wav2Vec2); whisper, kaldi: log-mel filter banks.",
              enum: ["waveform", "normalized", "whisper", "kaldi"]
            },
            "sampling-rate": {
              $ref: "#/definitions/positiveInteger",
              description: "Samples per second that the model takes; other recordings are resampled. Default 16000."
            }
          }
        },
        "max-length": {
          $ref: "#/definitions/positiveInteger",
          description: "Tokens of a text (or pair) at most, special tokens included: the rest is cut. Default: as many as model and tokenizer take."
        },
        text: {
          $ref: "#/definitions/textOrTexts",
          description: "Column that holds the text, or the two columns of a pair. Default: guessed by their names (text, sentence; sentence1 and sentence2, premise and hypothesis)."
        },
        "class-names": {
          $ref: "#/definitions/texts",
          description: "Names of the classes in the order of the model's output: of texts, of coco, yolo and voc, and of masks. Default: id2label of the config.json beside tokenizer or model; else as class-order says."
        }
      }
    },
    source: {
      type: ["string", "object"],
      if: { type: "object" },
      then: {
        additionalProperties: false,
        required: ["path"],
        properties: {
          path: {
            $ref: "#/definitions/path",
            description: "File or folder, relative to this file's folder."
          },
          format: {
            description: "Guessed from the path when omitted.",
            enum: [
              "image-folder",
              "npz",
              "npy",
              "onnx-tests",
              "jsonl",
              "idx",
              "csv",
              "coco",
              "yolo",
              "voc",
              "text-lines",
              "conll",
              "squad",
              "text",
              "beir",
              "speech"
            ]
          },
          limit: {
            $ref: "#/definitions/positiveInteger",
            description: "Use at most this many samples of the shuffled set. Default: all."
          },
          seed: {
            description: "Seed of the fixed shuffle. Default 0.",
            type: "integer",
            minimum: 0,
            maximum: 4294967295
          },
          labels: {
            $ref: "#/definitions/text",
            description: "Name of the array or column that holds the labels. Default labels."
          },
          images: {
            $ref: "#/definitions/path",
            description: "Folder of the image files that the data name, relative to this file's folder. Only files inside it are read."
          },
          masks: {
            $ref: "#/definitions/path",
            description: "Folder of masks for a folder of images: PNG files of the same names, palette or grey, one class index per pixel, relative to this file's folder. For task segmentation."
          },
          ignore: {
            description: "Value of a mask's pixels without a class. 255 counts as such anyway, unless the model has such a class.",
            type: "integer",
            minimum: 0,
            maximum: 65535
          },
          "class-order": {
            description: "How names of classes (folders, text labels) become indices. index: the name is the index; name: counted in alphabetical order, as torchvision's ImageFolder; number: counted, digits in names as numbers (class2 before class10). Default: index where every name is a whole number, else name.",
            enum: ["index", "name", "number"]
          }
        }
      },
      else: { $ref: "#/definitions/text" }
    },
    input: {
      type: "object",
      additionalProperties: false,
      properties: {
        from: {
          $ref: "#/definitions/text",
          description: "Array, column or folder that the input reads. Default: the input's own name."
        },
        preset: {
          description: "The field's usual preprocessing, sized to the model's input. Other keys here come before it.",
          enum: ["imagenet", "imagenet-bicubic", "clip", "yolo", "caffe"]
        },
        preprocessor: {
          $ref: "#/definitions/path",
          description: "A preprocessor_config.json of Hugging Face, relative to this file's folder. Other keys here come before it."
        },
        resize: {
          description: "Shorter side in pixels, or { shorter }, { longer }, both (the shorter side, unless the longer one would exceed its number), or exactly [height, width].",
          type: ["integer", "array", "object"],
          if: { type: "object" },
          then: {
            additionalProperties: false,
            minProperties: 1,
            properties: {
              shorter: {
                $ref: "#/definitions/positiveInteger",
                description: "Shorter side in pixels."
              },
              longer: { $ref: "#/definitions/positiveInteger", description: "Longer side in pixels." }
            }
          },
          else: { $ref: "#/definitions/imageSize" }
        },
        filter: {
          description: "How pixels are made when an image is resized: Pillow's filters, or opencv-bilinear, OpenCV's INTER_LINEAR. Default bilinear.",
          enum: ["bilinear", "bicubic", "lanczos", "nearest", "box", "opencv-bilinear"]
        },
        letterbox: {
          description: "Resize to fit into this size and fill the rest: a size, or { size, fill, align }.",
          type: ["integer", "array", "object"],
          if: { type: "object" },
          then: {
            additionalProperties: false,
            required: ["size"],
            properties: {
              size: {
                $ref: "#/definitions/imageSize",
                description: "One number for a square, or [height, width]."
              },
              fill: { $ref: "#/definitions/levels", description: "Level of the rest. Default 114." },
              align: {
                $ref: "#/definitions/align",
                description: "Where the image lies. Default center."
              }
            }
          },
          else: { $ref: "#/definitions/imageSize" }
        },
        crop: {
          $ref: "#/definitions/imageSize",
          description: "Centre crop in pixels: one number for a square, or [height, width]."
        },
        pad: {
          description: "Fill up to this size without resizing: a size, or { size, multiple, fill, align }.",
          type: ["integer", "array", "object"],
          if: { type: "object" },
          then: {
            additionalProperties: false,
            minProperties: 1,
            properties: {
              size: {
                $ref: "#/definitions/imageSize",
                description: "One number for a square, or [height, width]."
              },
              multiple: {
                $ref: "#/definitions/positiveInteger",
                description: "Each side is filled up to a multiple of this."
              },
              fill: {
                description: "Level of the rest, or mean: what is 0 after normalization. Default 0.",
                type: ["number", "array", "string"],
                if: { type: "string" },
                then: { enum: ["mean"] },
                else: { $ref: "#/definitions/levels" }
              },
              align: {
                $ref: "#/definitions/align",
                description: "Where the image lies. Default top-left."
              }
            }
          },
          else: { $ref: "#/definitions/imageSize" }
        },
        channels: { description: "Order of the colour channels. Default rgb.", enum: ["rgb", "bgr"] },
        scale: {
          description: "Divide by 255, or multiply by a number. Default: true when the source is 8-bit.",
          type: ["boolean", "number"],
          if: { type: "number" },
          then: { exclusiveMinimum: 0 }
        },
        mean: { $ref: "#/definitions/numbers", description: "Subtracted, per channel." },
        std: { $ref: "#/definitions/numbers", description: "Divided by, per channel." },
        layout: {
          description: "Order of the tensor's axes. Default: as the model's input shape says.",
          enum: ["NCHW", "NHWC"]
        }
      }
    },
    imageSize: {
      type: ["integer", "array"],
      if: { type: "array" },
      then: { items: { $ref: "#/definitions/positiveInteger" }, minItems: 2, maxItems: 2 },
      else: { $ref: "#/definitions/positiveInteger" }
    },
    levels: {
      description: "A level from 0 to 255, or one per channel in the order of the model.",
      type: ["integer", "array"],
      if: { type: "array" },
      then: { items: { $ref: "#/definitions/level8" }, minItems: 1 },
      else: { $ref: "#/definitions/level8" }
    },
    level8: { type: "integer", minimum: 0, maximum: 255 },
    align: { enum: ["center", "top-left"] },
    numbers: {
      type: ["number", "array"],
      items: { type: "number" },
      minItems: 1
    },
    method: {
      enum: ["int8-static", "int8-dynamic", "float16", "int8-weights", "int4-weights", "auto"]
    },
    variant: {
      type: ["string", "object"],
      if: { type: "object" },
      then: {
        if: { required: ["file"] },
        then: { $ref: "#/definitions/fileVariant" },
        else: {
          if: { required: ["command"] },
          then: { $ref: "#/definitions/commandVariant" },
          else: { $ref: "#/definitions/quantizeVariant" }
        }
      },
      else: {
        enum: [
          "int8",
          "int8-static",
          "int8-dynamic",
          "fp16",
          "float16",
          "int8-weights",
          "int4-weights",
          "auto"
        ]
      }
    },
    fileVariant: {
      description: "A model made by any other tool.",
      type: "object",
      additionalProperties: false,
      required: ["file"],
      properties: {
        name: {
          $ref: "#/definitions/name",
          description: "Name in the report. Default: the file's name without extension."
        },
        file: { $ref: "#/definitions/path", description: "ONNX file, relative to this file's folder." }
      }
    },
    commandVariant: {
      description: "A model made by a command that runs in this file's folder.",
      type: "object",
      additionalProperties: false,
      required: ["name", "command"],
      properties: {
        name: { $ref: "#/definitions/name", description: "Name in the report." },
        command: {
          $ref: "#/definitions/texts",
          description: "Program and arguments; {output} is the path to write."
        },
        timeout: {
          $ref: "#/definitions/duration",
          description: "Longest time the command may take. Default 10 min."
        }
      }
    },
    quantizeVariant: {
      description: "A model that quantgate quantizes.",
      type: "object",
      additionalProperties: false,
      properties: {
        name: {
          $ref: "#/definitions/name",
          description: "Name in the report. Default: the preset, else int8 for int8-static, else the method."
        },
        method: {
          $ref: "#/definitions/method",
          description: "How to quantize. Default int8-static, or auto with a plan."
        },
        preset: {
          description: "Reproduce another system's options. Default tensorrt for int8-static with target tensorrt, else none.",
          enum: ["torch", "onnxruntime", "tensorrt"]
        },
        target: {
          description: "Where the file is meant to be fast. Default tensorrt with preset tensorrt, else it follows the provider.",
          enum: ["cpu", "arm64", "cuda", "tensorrt", "webgpu", "wasm"]
        },
        calibrator: {
          description: "How activation ranges are chosen. Default: the method's or preset's.",
          enum: ["minmax", "moving-average", "percentile", "entropy", "mse"]
        },
        percentile: {
          description: "For calibrator percentile, in percent: 99.99.",
          type: "number",
          exclusiveMinimum: 50,
          maximum: 100
        },
        include: {
          $ref: "#/definitions/textOrTexts",
          description: "Quantize only these: node names, operator types, or patterns with *."
        },
        exclude: {
          $ref: "#/definitions/textOrTexts",
          description: "Keep these in float: node names, operator types, or patterns with *."
        },
        overrides: {
          description: "Types by node name, operator type, or pattern with *.",
          type: "object",
          additionalProperties: { $ref: "#/definitions/override" }
        },
        "block-size": {
          description: "Weights that share a scale, for weight-only methods: a power of two from 16 to 256.",
          enum: [16, 32, 64, 128, 256]
        },
        symmetric: {
          description: "Symmetric activation (or block-wise weight) ranges. Default: the method's or preset's.",
          type: "boolean"
        },
        "per-channel": {
          description: "One weight scale per output channel. Default: the method's or preset's.",
          type: "boolean"
        },
        "saturation-safe": {
          description: "Weight scales that cannot saturate on CPUs without VNNI. Default: as the target needs.",
          type: "boolean"
        },
        "bias-correction": {
          description: "Correct the mean error of each layer in its bias. Default: the method's.",
          type: "boolean"
        },
        equalization: {
          description: "Cross-layer equalization of weight ranges. Default: the method's.",
          type: "boolean"
        },
        "smooth-quant": {
          description: "Move activation outliers into the weights. Default: the method's.",
          type: "boolean"
        },
        rounding: {
          description: "How weights are rounded: to the nearest, or so that the layer's output on the calibration data is nearest (adaptive: int8-static; gptq: int8-weights and int4-weights). Default: the method's.",
          enum: ["nearest", "adaptive", "gptq"]
        },
        repair: {
          description: "Leave the layers that lose most as they are when the outputs fall below the method's floor. Not where a preset, a plan or include promises what is quantized. Default true.",
          type: "boolean"
        },
        objective: {
          description: "For method auto: what to make small while the thresholds hold. Default latency.",
          enum: ["latency", "size"]
        },
        budget: {
          $ref: "#/definitions/duration",
          description: "For method auto: time the search may take. Default 60s."
        },
        plan: {
          $ref: "#/definitions/path",
          description: "Plan file to reproduce, relative to this file's folder."
        }
      }
    },
    override: {
      type: "object",
      additionalProperties: false,
      minProperties: 1,
      properties: {
        activation: {
          description: "Type of the activations.",
          enum: ["uint8", "int8", "float32", "float16"]
        },
        weight: {
          description: "Type of the weights.",
          enum: ["int8", "uint8", "int4", "float32", "float16"]
        },
        symmetric: { description: "Symmetric ranges.", type: "boolean" },
        "per-channel": { description: "One weight scale per output channel.", type: "boolean" }
      }
    },
    benchmark: {
      type: ["object", "null"],
      additionalProperties: false,
      properties: {
        providers: {
          description: "Execution providers, one block of rows each. Default [cpu].",
          type: ["string", "array"],
          if: { type: "array" },
          then: {
            minItems: 1,
            items: { $ref: "#/definitions/provider" },
            allOf: [{ $ref: "#/definitions/noneTwice" }]
          },
          else: { $ref: "#/definitions/provider" }
        },
        batch: {
          $ref: "#/definitions/positiveIntegerOrList",
          description: "Batch sizes. Default [1]."
        },
        threads: {
          description: "Intra-op threads: auto, or numbers to sweep. Default auto.",
          type: ["string", "integer", "array"],
          if: { type: "string" },
          then: { enum: ["auto"] },
          else: { $ref: "#/definitions/positiveIntegerOrList" }
        },
        concurrency: {
          $ref: "#/definitions/positiveIntegerOrList",
          description: "Workers at once. Default [1]."
        },
        budget: {
          $ref: "#/definitions/duration",
          description: "Measuring time per model and provider. Default 120s."
        },
        precision: {
          description: "Half-width of the latency ratio's interval at which timing ends: 1% or 0.01, from 0.1% to 10%. Default: half of what the checks allow.",
          type: ["string", "number"]
        },
        device: {
          description: "Number of the GPU, as CUDA counts them. Default 0.",
          type: "integer",
          minimum: 0
        },
        shapes: {
          description: "Values of symbolic input dimensions.",
          type: "object",
          additionalProperties: { $ref: "#/definitions/positiveInteger" }
        }
      }
    },
    thresholds: {
      description: "Metric -> check, or a list of checks.",
      type: ["object", "null"],
      additionalProperties: false,
      properties: {
        "size.file": {
          $ref: "#/definitions/checks",
          description: "Size of the file, with external data."
        },
        "size.compressed": { $ref: "#/definitions/checks", description: "Size after gzip level 6." },
        "size.brotli": { $ref: "#/definitions/checks", description: "Size after Brotli quality 5." },
        "size.parameters": { $ref: "#/definitions/checks", description: "Number of parameters." },
        "latency.p50": { $ref: "#/definitions/checks", description: "Median latency." },
        "latency.p90": { $ref: "#/definitions/checks", description: "90th percentile of latency." },
        "latency.p95": { $ref: "#/definitions/checks", description: "95th percentile of latency." },
        "latency.p99": { $ref: "#/definitions/checks", description: "99th percentile of latency." },
        "latency.first": { $ref: "#/definitions/checks", description: "First inference after loading." },
        "latency.load": { $ref: "#/definitions/checks", description: "Loading the model." },
        "latency.end-to-end": {
          $ref: "#/definitions/checks",
          description: "Latency with transfers between host and device."
        },
        throughput: { $ref: "#/definitions/checks", description: "Samples per second." },
        "memory.peak": { $ref: "#/definitions/checks", description: "Peak memory of the process." },
        "memory.model": {
          $ref: "#/definitions/checks",
          description: "Peak memory above the runtime's baseline."
        },
        "memory.gpu": { $ref: "#/definitions/checks", description: "GPU memory." },
        "accuracy.top1": {
          $ref: "#/definitions/checks",
          description: "Classification, also of text: top-1."
        },
        "accuracy.top5": { $ref: "#/definitions/checks", description: "Classification: top-5." },
        "accuracy.mae": { $ref: "#/definitions/checks", description: "Regression: mean absolute error." },
        "accuracy.rmse": {
          $ref: "#/definitions/checks",
          description: "Regression: root mean square error."
        },
        "accuracy.r2": { $ref: "#/definitions/checks", description: "Regression: R\xB2." },
        "accuracy.recall1": { $ref: "#/definitions/checks", description: "Embedding: recall@1." },
        "accuracy.spearman": {
          $ref: "#/definitions/checks",
          description: "Embedding: Spearman correlation."
        },
        "accuracy.miou": { $ref: "#/definitions/checks", description: "Segmentation: mean IoU." },
        "accuracy.pixel": { $ref: "#/definitions/checks", description: "Segmentation: pixel accuracy." },
        "accuracy.perplexity": {
          $ref: "#/definitions/checks",
          description: "Language model: perplexity."
        },
        "accuracy.next-token": {
          $ref: "#/definitions/checks",
          description: "Language model: next-token accuracy."
        },
        "accuracy.bits-per-byte": {
          $ref: "#/definitions/checks",
          description: "Language-model: cross-entropy in bits per byte of the text."
        },
        "accuracy.map": {
          $ref: "#/definitions/checks",
          description: "Detection: COCO mAP, IoU 0.5 to 0.95."
        },
        "accuracy.map50": { $ref: "#/definitions/checks", description: "Detection: COCO AP at IoU 0.5." },
        "accuracy.map75": {
          $ref: "#/definitions/checks",
          description: "Detection: COCO AP at IoU 0.75."
        },
        "accuracy.map-small": {
          $ref: "#/definitions/checks",
          description: "Detection: COCO mAP of objects below 32\xB2 pixels."
        },
        "accuracy.map-medium": {
          $ref: "#/definitions/checks",
          description: "Detection: COCO mAP of objects of 32\xB2 to 96\xB2 pixels."
        },
        "accuracy.map-large": {
          $ref: "#/definitions/checks",
          description: "Detection: COCO mAP of objects above 96\xB2 pixels."
        },
        "accuracy.recall100": {
          $ref: "#/definitions/checks",
          description: "Detection or retrieval: average recall at 100 boxes per image; recall at 100 documents."
        },
        "accuracy.ap": {
          $ref: "#/definitions/checks",
          description: "Detection: Pascal VOC average precision at IoU 0.5, all points."
        },
        "accuracy.f1": { $ref: "#/definitions/checks", description: "Text-classification: macro F1." },
        "accuracy.mcc": {
          $ref: "#/definitions/checks",
          description: "Text-classification: Matthews correlation coefficient."
        },
        "accuracy.entity-f1": {
          $ref: "#/definitions/checks",
          description: "Token-classification: F1 of whole entities."
        },
        "accuracy.entity-precision": {
          $ref: "#/definitions/checks",
          description: "Token-classification: precision of whole entities."
        },
        "accuracy.entity-recall": {
          $ref: "#/definitions/checks",
          description: "Token-classification: recall of whole entities."
        },
        "accuracy.answer-f1": {
          $ref: "#/definitions/checks",
          description: "Question-answering: F1 of the words of the answer, as SQuAD counts."
        },
        "accuracy.exact-match": {
          $ref: "#/definitions/checks",
          description: "Question-answering or text-recognition: whole answers that are right."
        },
        "accuracy.wer": {
          $ref: "#/definitions/checks",
          description: "Speech-recognition: word error rate over the corpus."
        },
        "accuracy.cer": {
          $ref: "#/definitions/checks",
          description: "Speech-recognition or text-recognition: character error rate over the corpus."
        },
        "accuracy.ndcg10": {
          $ref: "#/definitions/checks",
          description: "Retrieval: nDCG of the first 10."
        },
        "accuracy.recall5": {
          $ref: "#/definitions/checks",
          description: "Retrieval: recall of the first 5."
        },
        "accuracy.mrr10": {
          $ref: "#/definitions/checks",
          description: "Retrieval: mean reciprocal rank within the first 10."
        },
        "accuracy.retrieval-map": {
          $ref: "#/definitions/checks",
          description: "Retrieval: mean average precision."
        },
        "fidelity.sqnr": {
          $ref: "#/definitions/checks",
          description: "Signal to quantization noise against the original."
        },
        "fidelity.cosine": {
          $ref: "#/definitions/checks",
          description: "Cosine similarity with the original."
        },
        "fidelity.max-abs": {
          $ref: "#/definitions/checks",
          description: "Largest absolute difference from the original."
        },
        "fidelity.agreement": {
          $ref: "#/definitions/checks",
          description: "Top-1 agreement with the original."
        },
        "fidelity.kl": {
          $ref: "#/definitions/checks",
          description: "KL divergence of the scored output, in nats."
        },
        "placement.fallback": {
          $ref: "#/definitions/checks",
          description: "Nodes asked for on a device that ran on the CPU."
        },
        "placement.quantized": {
          $ref: "#/definitions/checks",
          description: "Share of compute that ran in the reduced type."
        }
      },
      patternProperties: { "^accuracy\\.[a-z0-9][a-z0-9-]*$": { $ref: "#/definitions/checks" } }
    },
    checks: {
      type: ["object", "array"],
      if: { type: "array" },
      then: { minItems: 1, items: { $ref: "#/definitions/check" } },
      else: { $ref: "#/definitions/check" }
    },
    check: {
      type: "object",
      additionalProperties: false,
      properties: {
        max: { $ref: "#/definitions/quantity", description: "Largest value allowed." },
        min: { $ref: "#/definitions/quantity", description: "Smallest value allowed." },
        "max-ratio": {
          description: "Largest variant \xF7 original: 0.8 or 80%.",
          type: ["number", "string"]
        },
        "min-ratio": {
          description: "Smallest variant \xF7 original: 0.99 or 99%.",
          type: ["number", "string"]
        },
        "max-drop": {
          $ref: "#/definitions/quantity",
          description: "How much worse than the original: 0.5pp for fractions."
        },
        "max-regression": {
          description: "How much worse than the base branch's variant: 5%, or with a slack in the metric's unit that must be exceeded too.",
          type: ["number", "string", "object"],
          additionalProperties: false,
          required: ["ratio"],
          properties: {
            ratio: { description: "5% or 0.05.", type: ["number", "string"] },
            slack: {
              $ref: "#/definitions/quantity",
              description: "Worsening that is always allowed. Default 0."
            }
          }
        },
        original: {
          description: "Bounds on the original itself: `min: 75%` fails when the unquantized model gets less on this data. Its level and place are the check's.",
          type: "object",
          additionalProperties: false,
          minProperties: 1,
          properties: {
            max: {
              $ref: "#/definitions/quantity",
              description: "The original's value must not exceed it."
            },
            min: { $ref: "#/definitions/quantity", description: "The original's value must reach it." }
          }
        },
        "min-samples": {
          $ref: "#/definitions/positiveInteger",
          description: "Below this many samples the check is skipped."
        },
        confident: {
          description: "Accuracy: the whole confidence interval must hold, not only the value. Default false.",
          type: "boolean"
        },
        "ignore-ops": {
          $ref: "#/definitions/textOrTexts",
          description: "placement.fallback: operator types that don't count, instead of the default list."
        },
        level: {
          $ref: "#/definitions/level",
          description: "What a failure means. Default error."
        },
        where: { $ref: "#/definitions/where", description: "What the check applies to. Default: all." }
      }
    },
    where: {
      type: "object",
      additionalProperties: false,
      properties: {
        model: { $ref: "#/definitions/textOrTexts", description: "Model names; * matches anything." },
        variant: {
          $ref: "#/definitions/textOrTexts",
          description: "Variant names; * matches anything."
        },
        provider: {
          $ref: "#/definitions/textOrTexts",
          description: "Execution providers; * matches anything."
        },
        batch: { $ref: "#/definitions/positiveIntegerOrList", description: "Batch sizes." },
        threads: { $ref: "#/definitions/positiveIntegerOrList", description: "Thread counts." },
        concurrency: {
          $ref: "#/definitions/positiveIntegerOrList",
          description: "Workers at once."
        }
      }
    },
    waiver: {
      type: "object",
      additionalProperties: false,
      required: ["check", "reason", "until"],
      properties: {
        check: {
          $ref: "#/definitions/text",
          description: "A metric, a check (latency.p50[1]) or one condition (latency.p50.max-ratio)."
        },
        reason: { $ref: "#/definitions/text", description: "Why, and where it is tracked." },
        until: {
          description: "Last day it holds, YYYY-MM-DD (UTC).",
          type: "string",
          pattern: "^\\d{4}-\\d{2}-\\d{2}$"
        }
      }
    }
  }
};

// src/config/schema-validator.ts
var validate = validate0;
var schema0 = { "$schema": "http://json-schema.org/draft-07/schema#", "title": "quantgate.yml", "description": "Which ONNX models to quantize, how to measure them, and the thresholds that decide.", "type": "object", "additionalProperties": false, "required": ["version", "models"], "properties": { "$schema": { "type": "string", "description": "For editors; quantgate ignores it." }, "version": { "const": 1, "description": "Version of this format." }, "extends": { "description": "Presets of thresholds, overridden key by key by `thresholds`.", "type": ["string", "array"], "if": { "type": "array" }, "then": { "items": { "$ref": "#/definitions/thresholdPreset" }, "allOf": [{ "$ref": "#/definitions/noneTwice" }] }, "else": { "$ref": "#/definitions/thresholdPreset" } }, "models": { "description": "The models to gate.", "type": "array", "minItems": 1, "items": { "$ref": "#/definitions/model" } }, "benchmark": { "$ref": "#/definitions/benchmark" }, "thresholds": { "$ref": "#/definitions/thresholds" }, "confidence": { "description": "One-sided confidence of each bound that is judged by interval, above 0.5, at most 0.9999. Default 0.95.", "type": ["number", "string"] }, "on-inconclusive": { "$ref": "#/definitions/level", "description": "What a check counts as whose interval crosses its bound. Default warn." }, "on-missing-base": { "$ref": "#/definitions/level", "description": "What max-regression counts as when there is no base to compare with: the model or variant is new. Default info." }, "on-skipped": { "$ref": "#/definitions/level", "description": "What a check counts as that this machine could not measure. Default warn." }, "on-chance": { "$ref": "#/definitions/level", "description": "What an original model counts as whose accuracy is no better than chance on its own data (established.original). Default error." }, "on-unchanged": { "$ref": "#/definitions/level", "description": "What a variant counts as that is the original, unchanged. Default warn." }, "waivers": { "description": "Checks that may fail for a while.", "type": ["array", "null"], "items": { "$ref": "#/definitions/waiver" } } }, "definitions": { "name": { "type": "string", "minLength": 1, "maxLength": 100, "pattern": '^[^./\\\\*?<>:|"\\u0000-\\u001f\\u007f][^/\\\\*?<>:|"\\u0000-\\u001f\\u007f]*$' }, "text": { "type": "string", "minLength": 1 }, "sha256": { "type": "string", "pattern": "^[0-9a-fA-F]{64}$" }, "path": { "$comment": "Files and folders that the configuration names: src/config/paths.ts lists their values.", "type": "string", "minLength": 1 }, "texts": { "type": "array", "minItems": 1, "items": { "$ref": "#/definitions/text" } }, "textOrTexts": { "type": ["string", "array"], "if": { "type": "array" }, "then": { "$ref": "#/definitions/texts" }, "else": { "$ref": "#/definitions/text" } }, "positiveInteger": { "type": "integer", "minimum": 1 }, "noneTwice": { "if": { "items": { "type": ["string", "number"] } }, "then": { "uniqueItems": true } }, "positiveIntegerOrList": { "type": ["integer", "array"], "if": { "type": "array" }, "then": { "minItems": 1, "items": { "$ref": "#/definitions/positiveInteger" }, "allOf": [{ "$ref": "#/definitions/noneTwice" }] }, "else": { "$ref": "#/definitions/positiveInteger" } }, "duration": { "description": "A time with its unit: 500 ms, 60s, 2 min.", "type": ["string", "number"] }, "quantity": { "description": "A number in the metric's base unit, or with a unit: 25 MiB, 10 kB, 8 ms, 1.2 s, 75%, 20 dB, 100 /s.", "type": ["string", "number"] }, "level": { "enum": ["error", "warn", "info", "off"] }, "thresholdPreset": { "enum": ["mlperf-99", "mlperf-99.9"] }, "provider": { "enum": ["cpu", "cuda", "tensorrt", "webgpu", "wasm", "dml", "coreml"] }, "model": { "type": "object", "additionalProperties": false, "required": ["path"], "properties": { "name": { "$ref": "#/definitions/name", "description": "Name in the report. Default: the file's name without extension." }, "path": { "$ref": "#/definitions/path", "description": "ONNX file or glob, relative to this file's folder." }, "task": { "description": "What the model does; decides which accuracy metrics there are. Default none, or custom with an evaluator.", "enum": ["classification", "regression", "embedding", "segmentation", "language-model", "text-classification", "detection", "text-recognition", "token-classification", "question-answering", "retrieval", "speech-recognition", "custom", "none"] }, "output": { "$ref": "#/definitions/text", "description": "Name of the output that is scored. Default: the only (or first) tensor output." }, "outputs": { "description": "Names of outputs by what they hold, for models with several heads: { boxes: output0, scores: output1 }.", "type": "object", "additionalProperties": false, "properties": { "boxes": { "$ref": "#/definitions/text" }, "scores": { "$ref": "#/definitions/text" }, "classes": { "$ref": "#/definitions/text" }, "start": { "$ref": "#/definitions/text" }, "end": { "$ref": "#/definitions/text" } } }, "decoder": { "$ref": "#/definitions/text", "description": "How the outputs become boxes, words or spans. Default: the task's." }, "keys": { "$ref": "#/definitions/path", "description": "For text-recognition: file with the symbols of the model's classes, one per line, relative to this file's folder." }, "label-offset": { "description": "Index of the output that belongs to label 0: 1 for models with a background class. Default 0.", "type": "integer" }, "evaluator": { "$ref": "#/definitions/evaluator" }, "data": { "$ref": "#/definitions/data" }, "variants": { "description": "What is made of the model. Default [int8].", "type": "array", "minItems": 1, "items": { "$ref": "#/definitions/variant" } }, "baseline": { "$ref": "#/definitions/baseline" } } }, "baseline": { "description": "The model that pull requests into this revision are compared with, when it is not kept in git. An earlier step puts the file there.", "type": ["object", "null"], "additionalProperties": false, "required": ["file", "sha256"], "properties": { "file": { "$ref": "#/definitions/path", "description": "ONNX file inside the workspace, relative to this file's folder." }, "sha256": { "$ref": "#/definitions/sha256", "description": "SHA-256 of the file." }, "external-data": { "description": "SHA-256 of each file beside the model that it keeps weights in, by name.", "type": "object", "additionalProperties": { "$ref": "#/definitions/sha256" } } } }, "evaluator": { "description": "For task custom: a program or an ES module that returns numbers, each judged as accuracy.<name>.", "type": "object", "additionalProperties": false, "properties": { "command": { "$ref": "#/definitions/texts", "description": "Program and arguments." }, "module": { "$ref": "#/definitions/path", "description": "ES module, relative to this file's folder." }, "higher-is-better": { "description": "Direction of all numbers, or of each by name. Default true.", "type": ["boolean", "object"], "additionalProperties": { "type": "boolean" } }, "timeout": { "$ref": "#/definitions/duration", "description": "Longest time one evaluation may take. Default 10 min." } } }, "data": { "type": ["object", "null"], "additionalProperties": false, "properties": { "path": { "$ref": "#/definitions/path", "description": "File or folder of all samples, which split takes the calibration samples from, relative to this file's folder." }, "split": { "description": "Take the calibration samples out of path (or of evaluation); the others evaluate. By class where there are classes; equal samples stay together.", "type": "object", "additionalProperties": false, "required": ["calibration"], "properties": { "calibration": { "$ref": "#/definitions/positiveInteger", "description": "Samples that calibrate." } } }, "evaluation": { "$ref": "#/definitions/source", "description": "Samples that accuracy and fidelity are measured on." }, "calibration": { "$ref": "#/definitions/source", "description": "Samples that ranges are taken from. Must not overlap evaluation." }, "input": { "$ref": "#/definitions/input", "description": "Preprocessing of the model's only input." }, "inputs": { "description": "Preprocessing by model input name.", "type": "object", "additionalProperties": { "$ref": "#/definitions/input" } }, "tokenizer": { "$ref": "#/definitions/path", "description": "tokenizer.json (Hugging Face) that makes token ids of the data's texts, relative to this file's folder; tokenizer_config.json beside it is read too." }, "audio": { "description": "How recordings become the model's input. Default: as the input's shape tells, at 16,000 Hz.", "type": "object", "additionalProperties": false, "properties": { "features": { "description": "waveform: samples from -1 to 1; normalized: those with mean 0 and variance 1 (Wav2Vec2); whisper, kaldi: log-mel filter banks.", "enum": ["waveform", "normalized", "whisper", "kaldi"] }, "sampling-rate": { "$ref": "#/definitions/positiveInteger", "description": "Samples per second that the model takes; other recordings are resampled. Default 16000." } } }, "max-length": { "$ref": "#/definitions/positiveInteger", "description": "Tokens of a text (or pair) at most, special tokens included: the rest is cut. Default: as many as model and tokenizer take." }, "text": { "$ref": "#/definitions/textOrTexts", "description": "Column that holds the text, or the two columns of a pair. Default: guessed by their names (text, sentence; sentence1 and sentence2, premise and hypothesis)." }, "class-names": { "$ref": "#/definitions/texts", "description": "Names of the classes in the order of the model's output: of texts, of coco, yolo and voc, and of masks. Default: id2label of the config.json beside tokenizer or model; else as class-order says." } } }, "source": { "type": ["string", "object"], "if": { "type": "object" }, "then": { "additionalProperties": false, "required": ["path"], "properties": { "path": { "$ref": "#/definitions/path", "description": "File or folder, relative to this file's folder." }, "format": { "description": "Guessed from the path when omitted.", "enum": ["image-folder", "npz", "npy", "onnx-tests", "jsonl", "idx", "csv", "coco", "yolo", "voc", "text-lines", "conll", "squad", "text", "beir", "speech"] }, "limit": { "$ref": "#/definitions/positiveInteger", "description": "Use at most this many samples of the shuffled set. Default: all." }, "seed": { "description": "Seed of the fixed shuffle. Default 0.", "type": "integer", "minimum": 0, "maximum": 4294967295 }, "labels": { "$ref": "#/definitions/text", "description": "Name of the array or column that holds the labels. Default labels." }, "images": { "$ref": "#/definitions/path", "description": "Folder of the image files that the data name, relative to this file's folder. Only files inside it are read." }, "masks": { "$ref": "#/definitions/path", "description": "Folder of masks for a folder of images: PNG files of the same names, palette or grey, one class index per pixel, relative to this file's folder. For task segmentation." }, "ignore": { "description": "Value of a mask's pixels without a class. 255 counts as such anyway, unless the model has such a class.", "type": "integer", "minimum": 0, "maximum": 65535 }, "class-order": { "description": "How names of classes (folders, text labels) become indices. index: the name is the index; name: counted in alphabetical order, as torchvision's ImageFolder; number: counted, digits in names as numbers (class2 before class10). Default: index where every name is a whole number, else name.", "enum": ["index", "name", "number"] } } }, "else": { "$ref": "#/definitions/text" } }, "input": { "type": "object", "additionalProperties": false, "properties": { "from": { "$ref": "#/definitions/text", "description": "Array, column or folder that the input reads. Default: the input's own name." }, "preset": { "description": "The field's usual preprocessing, sized to the model's input. Other keys here come before it.", "enum": ["imagenet", "imagenet-bicubic", "clip", "yolo", "caffe"] }, "preprocessor": { "$ref": "#/definitions/path", "description": "A preprocessor_config.json of Hugging Face, relative to this file's folder. Other keys here come before it." }, "resize": { "description": "Shorter side in pixels, or { shorter }, { longer }, both (the shorter side, unless the longer one would exceed its number), or exactly [height, width].", "type": ["integer", "array", "object"], "if": { "type": "object" }, "then": { "additionalProperties": false, "minProperties": 1, "properties": { "shorter": { "$ref": "#/definitions/positiveInteger", "description": "Shorter side in pixels." }, "longer": { "$ref": "#/definitions/positiveInteger", "description": "Longer side in pixels." } } }, "else": { "$ref": "#/definitions/imageSize" } }, "filter": { "description": "How pixels are made when an image is resized: Pillow's filters, or opencv-bilinear, OpenCV's INTER_LINEAR. Default bilinear.", "enum": ["bilinear", "bicubic", "lanczos", "nearest", "box", "opencv-bilinear"] }, "letterbox": { "description": "Resize to fit into this size and fill the rest: a size, or { size, fill, align }.", "type": ["integer", "array", "object"], "if": { "type": "object" }, "then": { "additionalProperties": false, "required": ["size"], "properties": { "size": { "$ref": "#/definitions/imageSize", "description": "One number for a square, or [height, width]." }, "fill": { "$ref": "#/definitions/levels", "description": "Level of the rest. Default 114." }, "align": { "$ref": "#/definitions/align", "description": "Where the image lies. Default center." } } }, "else": { "$ref": "#/definitions/imageSize" } }, "crop": { "$ref": "#/definitions/imageSize", "description": "Centre crop in pixels: one number for a square, or [height, width]." }, "pad": { "description": "Fill up to this size without resizing: a size, or { size, multiple, fill, align }.", "type": ["integer", "array", "object"], "if": { "type": "object" }, "then": { "additionalProperties": false, "minProperties": 1, "properties": { "size": { "$ref": "#/definitions/imageSize", "description": "One number for a square, or [height, width]." }, "multiple": { "$ref": "#/definitions/positiveInteger", "description": "Each side is filled up to a multiple of this." }, "fill": { "description": "Level of the rest, or mean: what is 0 after normalization. Default 0.", "type": ["number", "array", "string"], "if": { "type": "string" }, "then": { "enum": ["mean"] }, "else": { "$ref": "#/definitions/levels" } }, "align": { "$ref": "#/definitions/align", "description": "Where the image lies. Default top-left." } } }, "else": { "$ref": "#/definitions/imageSize" } }, "channels": { "description": "Order of the colour channels. Default rgb.", "enum": ["rgb", "bgr"] }, "scale": { "description": "Divide by 255, or multiply by a number. Default: true when the source is 8-bit.", "type": ["boolean", "number"], "if": { "type": "number" }, "then": { "exclusiveMinimum": 0 } }, "mean": { "$ref": "#/definitions/numbers", "description": "Subtracted, per channel." }, "std": { "$ref": "#/definitions/numbers", "description": "Divided by, per channel." }, "layout": { "description": "Order of the tensor's axes. Default: as the model's input shape says.", "enum": ["NCHW", "NHWC"] } } }, "imageSize": { "type": ["integer", "array"], "if": { "type": "array" }, "then": { "items": { "$ref": "#/definitions/positiveInteger" }, "minItems": 2, "maxItems": 2 }, "else": { "$ref": "#/definitions/positiveInteger" } }, "levels": { "description": "A level from 0 to 255, or one per channel in the order of the model.", "type": ["integer", "array"], "if": { "type": "array" }, "then": { "items": { "$ref": "#/definitions/level8" }, "minItems": 1 }, "else": { "$ref": "#/definitions/level8" } }, "level8": { "type": "integer", "minimum": 0, "maximum": 255 }, "align": { "enum": ["center", "top-left"] }, "numbers": { "type": ["number", "array"], "items": { "type": "number" }, "minItems": 1 }, "method": { "enum": ["int8-static", "int8-dynamic", "float16", "int8-weights", "int4-weights", "auto"] }, "variant": { "type": ["string", "object"], "if": { "type": "object" }, "then": { "if": { "required": ["file"] }, "then": { "$ref": "#/definitions/fileVariant" }, "else": { "if": { "required": ["command"] }, "then": { "$ref": "#/definitions/commandVariant" }, "else": { "$ref": "#/definitions/quantizeVariant" } } }, "else": { "enum": ["int8", "int8-static", "int8-dynamic", "fp16", "float16", "int8-weights", "int4-weights", "auto"] } }, "fileVariant": { "description": "A model made by any other tool.", "type": "object", "additionalProperties": false, "required": ["file"], "properties": { "name": { "$ref": "#/definitions/name", "description": "Name in the report. Default: the file's name without extension." }, "file": { "$ref": "#/definitions/path", "description": "ONNX file, relative to this file's folder." } } }, "commandVariant": { "description": "A model made by a command that runs in this file's folder.", "type": "object", "additionalProperties": false, "required": ["name", "command"], "properties": { "name": { "$ref": "#/definitions/name", "description": "Name in the report." }, "command": { "$ref": "#/definitions/texts", "description": "Program and arguments; {output} is the path to write." }, "timeout": { "$ref": "#/definitions/duration", "description": "Longest time the command may take. Default 10 min." } } }, "quantizeVariant": { "description": "A model that quantgate quantizes.", "type": "object", "additionalProperties": false, "properties": { "name": { "$ref": "#/definitions/name", "description": "Name in the report. Default: the preset, else int8 for int8-static, else the method." }, "method": { "$ref": "#/definitions/method", "description": "How to quantize. Default int8-static, or auto with a plan." }, "preset": { "description": "Reproduce another system's options. Default tensorrt for int8-static with target tensorrt, else none.", "enum": ["torch", "onnxruntime", "tensorrt"] }, "target": { "description": "Where the file is meant to be fast. Default tensorrt with preset tensorrt, else it follows the provider.", "enum": ["cpu", "arm64", "cuda", "tensorrt", "webgpu", "wasm"] }, "calibrator": { "description": "How activation ranges are chosen. Default: the method's or preset's.", "enum": ["minmax", "moving-average", "percentile", "entropy", "mse"] }, "percentile": { "description": "For calibrator percentile, in percent: 99.99.", "type": "number", "exclusiveMinimum": 50, "maximum": 100 }, "include": { "$ref": "#/definitions/textOrTexts", "description": "Quantize only these: node names, operator types, or patterns with *." }, "exclude": { "$ref": "#/definitions/textOrTexts", "description": "Keep these in float: node names, operator types, or patterns with *." }, "overrides": { "description": "Types by node name, operator type, or pattern with *.", "type": "object", "additionalProperties": { "$ref": "#/definitions/override" } }, "block-size": { "description": "Weights that share a scale, for weight-only methods: a power of two from 16 to 256.", "enum": [16, 32, 64, 128, 256] }, "symmetric": { "description": "Symmetric activation (or block-wise weight) ranges. Default: the method's or preset's.", "type": "boolean" }, "per-channel": { "description": "One weight scale per output channel. Default: the method's or preset's.", "type": "boolean" }, "saturation-safe": { "description": "Weight scales that cannot saturate on CPUs without VNNI. Default: as the target needs.", "type": "boolean" }, "bias-correction": { "description": "Correct the mean error of each layer in its bias. Default: the method's.", "type": "boolean" }, "equalization": { "description": "Cross-layer equalization of weight ranges. Default: the method's.", "type": "boolean" }, "smooth-quant": { "description": "Move activation outliers into the weights. Default: the method's.", "type": "boolean" }, "rounding": { "description": "How weights are rounded: to the nearest, or so that the layer's output on the calibration data is nearest (adaptive: int8-static; gptq: int8-weights and int4-weights). Default: the method's.", "enum": ["nearest", "adaptive", "gptq"] }, "repair": { "description": "Leave the layers that lose most as they are when the outputs fall below the method's floor. Not where a preset, a plan or include promises what is quantized. Default true.", "type": "boolean" }, "objective": { "description": "For method auto: what to make small while the thresholds hold. Default latency.", "enum": ["latency", "size"] }, "budget": { "$ref": "#/definitions/duration", "description": "For method auto: time the search may take. Default 60s." }, "plan": { "$ref": "#/definitions/path", "description": "Plan file to reproduce, relative to this file's folder." } } }, "override": { "type": "object", "additionalProperties": false, "minProperties": 1, "properties": { "activation": { "description": "Type of the activations.", "enum": ["uint8", "int8", "float32", "float16"] }, "weight": { "description": "Type of the weights.", "enum": ["int8", "uint8", "int4", "float32", "float16"] }, "symmetric": { "description": "Symmetric ranges.", "type": "boolean" }, "per-channel": { "description": "One weight scale per output channel.", "type": "boolean" } } }, "benchmark": { "type": ["object", "null"], "additionalProperties": false, "properties": { "providers": { "description": "Execution providers, one block of rows each. Default [cpu].", "type": ["string", "array"], "if": { "type": "array" }, "then": { "minItems": 1, "items": { "$ref": "#/definitions/provider" }, "allOf": [{ "$ref": "#/definitions/noneTwice" }] }, "else": { "$ref": "#/definitions/provider" } }, "batch": { "$ref": "#/definitions/positiveIntegerOrList", "description": "Batch sizes. Default [1]." }, "threads": { "description": "Intra-op threads: auto, or numbers to sweep. Default auto.", "type": ["string", "integer", "array"], "if": { "type": "string" }, "then": { "enum": ["auto"] }, "else": { "$ref": "#/definitions/positiveIntegerOrList" } }, "concurrency": { "$ref": "#/definitions/positiveIntegerOrList", "description": "Workers at once. Default [1]." }, "budget": { "$ref": "#/definitions/duration", "description": "Measuring time per model and provider. Default 120s." }, "precision": { "description": "Half-width of the latency ratio's interval at which timing ends: 1% or 0.01, from 0.1% to 10%. Default: half of what the checks allow.", "type": ["string", "number"] }, "device": { "description": "Number of the GPU, as CUDA counts them. Default 0.", "type": "integer", "minimum": 0 }, "shapes": { "description": "Values of symbolic input dimensions.", "type": "object", "additionalProperties": { "$ref": "#/definitions/positiveInteger" } } } }, "thresholds": { "description": "Metric -> check, or a list of checks.", "type": ["object", "null"], "additionalProperties": false, "properties": { "size.file": { "$ref": "#/definitions/checks", "description": "Size of the file, with external data." }, "size.compressed": { "$ref": "#/definitions/checks", "description": "Size after gzip level 6." }, "size.brotli": { "$ref": "#/definitions/checks", "description": "Size after Brotli quality 5." }, "size.parameters": { "$ref": "#/definitions/checks", "description": "Number of parameters." }, "latency.p50": { "$ref": "#/definitions/checks", "description": "Median latency." }, "latency.p90": { "$ref": "#/definitions/checks", "description": "90th percentile of latency." }, "latency.p95": { "$ref": "#/definitions/checks", "description": "95th percentile of latency." }, "latency.p99": { "$ref": "#/definitions/checks", "description": "99th percentile of latency." }, "latency.first": { "$ref": "#/definitions/checks", "description": "First inference after loading." }, "latency.load": { "$ref": "#/definitions/checks", "description": "Loading the model." }, "latency.end-to-end": { "$ref": "#/definitions/checks", "description": "Latency with transfers between host and device." }, "throughput": { "$ref": "#/definitions/checks", "description": "Samples per second." }, "memory.peak": { "$ref": "#/definitions/checks", "description": "Peak memory of the process." }, "memory.model": { "$ref": "#/definitions/checks", "description": "Peak memory above the runtime's baseline." }, "memory.gpu": { "$ref": "#/definitions/checks", "description": "GPU memory." }, "accuracy.top1": { "$ref": "#/definitions/checks", "description": "Classification, also of text: top-1." }, "accuracy.top5": { "$ref": "#/definitions/checks", "description": "Classification: top-5." }, "accuracy.mae": { "$ref": "#/definitions/checks", "description": "Regression: mean absolute error." }, "accuracy.rmse": { "$ref": "#/definitions/checks", "description": "Regression: root mean square error." }, "accuracy.r2": { "$ref": "#/definitions/checks", "description": "Regression: R\xB2." }, "accuracy.recall1": { "$ref": "#/definitions/checks", "description": "Embedding: recall@1." }, "accuracy.spearman": { "$ref": "#/definitions/checks", "description": "Embedding: Spearman correlation." }, "accuracy.miou": { "$ref": "#/definitions/checks", "description": "Segmentation: mean IoU." }, "accuracy.pixel": { "$ref": "#/definitions/checks", "description": "Segmentation: pixel accuracy." }, "accuracy.perplexity": { "$ref": "#/definitions/checks", "description": "Language model: perplexity." }, "accuracy.next-token": { "$ref": "#/definitions/checks", "description": "Language model: next-token accuracy." }, "accuracy.bits-per-byte": { "$ref": "#/definitions/checks", "description": "Language-model: cross-entropy in bits per byte of the text." }, "accuracy.map": { "$ref": "#/definitions/checks", "description": "Detection: COCO mAP, IoU 0.5 to 0.95." }, "accuracy.map50": { "$ref": "#/definitions/checks", "description": "Detection: COCO AP at IoU 0.5." }, "accuracy.map75": { "$ref": "#/definitions/checks", "description": "Detection: COCO AP at IoU 0.75." }, "accuracy.map-small": { "$ref": "#/definitions/checks", "description": "Detection: COCO mAP of objects below 32\xB2 pixels." }, "accuracy.map-medium": { "$ref": "#/definitions/checks", "description": "Detection: COCO mAP of objects of 32\xB2 to 96\xB2 pixels." }, "accuracy.map-large": { "$ref": "#/definitions/checks", "description": "Detection: COCO mAP of objects above 96\xB2 pixels." }, "accuracy.recall100": { "$ref": "#/definitions/checks", "description": "Detection or retrieval: average recall at 100 boxes per image; recall at 100 documents." }, "accuracy.ap": { "$ref": "#/definitions/checks", "description": "Detection: Pascal VOC average precision at IoU 0.5, all points." }, "accuracy.f1": { "$ref": "#/definitions/checks", "description": "Text-classification: macro F1." }, "accuracy.mcc": { "$ref": "#/definitions/checks", "description": "Text-classification: Matthews correlation coefficient." }, "accuracy.entity-f1": { "$ref": "#/definitions/checks", "description": "Token-classification: F1 of whole entities." }, "accuracy.entity-precision": { "$ref": "#/definitions/checks", "description": "Token-classification: precision of whole entities." }, "accuracy.entity-recall": { "$ref": "#/definitions/checks", "description": "Token-classification: recall of whole entities." }, "accuracy.answer-f1": { "$ref": "#/definitions/checks", "description": "Question-answering: F1 of the words of the answer, as SQuAD counts." }, "accuracy.exact-match": { "$ref": "#/definitions/checks", "description": "Question-answering or text-recognition: whole answers that are right." }, "accuracy.wer": { "$ref": "#/definitions/checks", "description": "Speech-recognition: word error rate over the corpus." }, "accuracy.cer": { "$ref": "#/definitions/checks", "description": "Speech-recognition or text-recognition: character error rate over the corpus." }, "accuracy.ndcg10": { "$ref": "#/definitions/checks", "description": "Retrieval: nDCG of the first 10." }, "accuracy.recall5": { "$ref": "#/definitions/checks", "description": "Retrieval: recall of the first 5." }, "accuracy.mrr10": { "$ref": "#/definitions/checks", "description": "Retrieval: mean reciprocal rank within the first 10." }, "accuracy.retrieval-map": { "$ref": "#/definitions/checks", "description": "Retrieval: mean average precision." }, "fidelity.sqnr": { "$ref": "#/definitions/checks", "description": "Signal to quantization noise against the original." }, "fidelity.cosine": { "$ref": "#/definitions/checks", "description": "Cosine similarity with the original." }, "fidelity.max-abs": { "$ref": "#/definitions/checks", "description": "Largest absolute difference from the original." }, "fidelity.agreement": { "$ref": "#/definitions/checks", "description": "Top-1 agreement with the original." }, "fidelity.kl": { "$ref": "#/definitions/checks", "description": "KL divergence of the scored output, in nats." }, "placement.fallback": { "$ref": "#/definitions/checks", "description": "Nodes asked for on a device that ran on the CPU." }, "placement.quantized": { "$ref": "#/definitions/checks", "description": "Share of compute that ran in the reduced type." } }, "patternProperties": { "^accuracy\\.[a-z0-9][a-z0-9-]*$": { "$ref": "#/definitions/checks" } } }, "checks": { "type": ["object", "array"], "if": { "type": "array" }, "then": { "minItems": 1, "items": { "$ref": "#/definitions/check" } }, "else": { "$ref": "#/definitions/check" } }, "check": { "type": "object", "additionalProperties": false, "properties": { "max": { "$ref": "#/definitions/quantity", "description": "Largest value allowed." }, "min": { "$ref": "#/definitions/quantity", "description": "Smallest value allowed." }, "max-ratio": { "description": "Largest variant \xF7 original: 0.8 or 80%.", "type": ["number", "string"] }, "min-ratio": { "description": "Smallest variant \xF7 original: 0.99 or 99%.", "type": ["number", "string"] }, "max-drop": { "$ref": "#/definitions/quantity", "description": "How much worse than the original: 0.5pp for fractions." }, "max-regression": { "description": "How much worse than the base branch's variant: 5%, or with a slack in the metric's unit that must be exceeded too.", "type": ["number", "string", "object"], "additionalProperties": false, "required": ["ratio"], "properties": { "ratio": { "description": "5% or 0.05.", "type": ["number", "string"] }, "slack": { "$ref": "#/definitions/quantity", "description": "Worsening that is always allowed. Default 0." } } }, "original": { "description": "Bounds on the original itself: `min: 75%` fails when the unquantized model gets less on this data. Its level and place are the check's.", "type": "object", "additionalProperties": false, "minProperties": 1, "properties": { "max": { "$ref": "#/definitions/quantity", "description": "The original's value must not exceed it." }, "min": { "$ref": "#/definitions/quantity", "description": "The original's value must reach it." } } }, "min-samples": { "$ref": "#/definitions/positiveInteger", "description": "Below this many samples the check is skipped." }, "confident": { "description": "Accuracy: the whole confidence interval must hold, not only the value. Default false.", "type": "boolean" }, "ignore-ops": { "$ref": "#/definitions/textOrTexts", "description": "placement.fallback: operator types that don't count, instead of the default list." }, "level": { "$ref": "#/definitions/level", "description": "What a failure means. Default error." }, "where": { "$ref": "#/definitions/where", "description": "What the check applies to. Default: all." } } }, "where": { "type": "object", "additionalProperties": false, "properties": { "model": { "$ref": "#/definitions/textOrTexts", "description": "Model names; * matches anything." }, "variant": { "$ref": "#/definitions/textOrTexts", "description": "Variant names; * matches anything." }, "provider": { "$ref": "#/definitions/textOrTexts", "description": "Execution providers; * matches anything." }, "batch": { "$ref": "#/definitions/positiveIntegerOrList", "description": "Batch sizes." }, "threads": { "$ref": "#/definitions/positiveIntegerOrList", "description": "Thread counts." }, "concurrency": { "$ref": "#/definitions/positiveIntegerOrList", "description": "Workers at once." } } }, "waiver": { "type": "object", "additionalProperties": false, "required": ["check", "reason", "until"], "properties": { "check": { "$ref": "#/definitions/text", "description": "A metric, a check (latency.p50[1]) or one condition (latency.p50.max-ratio)." }, "reason": { "$ref": "#/definitions/text", "description": "Why, and where it is tracked." }, "until": { "description": "Last day it holds, YYYY-MM-DD (UTC).", "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$" } } } } };
var schema1 = { "if": { "items": { "type": ["string", "number"] } }, "then": { "uniqueItems": true } };
var schema2 = { "enum": ["mlperf-99", "mlperf-99.9"] };
var schema88 = { "enum": ["error", "warn", "info", "off"] };
var func0 = Object.prototype.hasOwnProperty;
var func1 = require_equal().default;
var schema4 = { "type": "object", "additionalProperties": false, "required": ["path"], "properties": { "name": { "$ref": "#/definitions/name", "description": "Name in the report. Default: the file's name without extension." }, "path": { "$ref": "#/definitions/path", "description": "ONNX file or glob, relative to this file's folder." }, "task": { "description": "What the model does; decides which accuracy metrics there are. Default none, or custom with an evaluator.", "enum": ["classification", "regression", "embedding", "segmentation", "language-model", "text-classification", "detection", "text-recognition", "token-classification", "question-answering", "retrieval", "speech-recognition", "custom", "none"] }, "output": { "$ref": "#/definitions/text", "description": "Name of the output that is scored. Default: the only (or first) tensor output." }, "outputs": { "description": "Names of outputs by what they hold, for models with several heads: { boxes: output0, scores: output1 }.", "type": "object", "additionalProperties": false, "properties": { "boxes": { "$ref": "#/definitions/text" }, "scores": { "$ref": "#/definitions/text" }, "classes": { "$ref": "#/definitions/text" }, "start": { "$ref": "#/definitions/text" }, "end": { "$ref": "#/definitions/text" } } }, "decoder": { "$ref": "#/definitions/text", "description": "How the outputs become boxes, words or spans. Default: the task's." }, "keys": { "$ref": "#/definitions/path", "description": "For text-recognition: file with the symbols of the model's classes, one per line, relative to this file's folder." }, "label-offset": { "description": "Index of the output that belongs to label 0: 1 for models with a background class. Default 0.", "type": "integer" }, "evaluator": { "$ref": "#/definitions/evaluator" }, "data": { "$ref": "#/definitions/data" }, "variants": { "description": "What is made of the model. Default [int8].", "type": "array", "minItems": 1, "items": { "$ref": "#/definitions/variant" } }, "baseline": { "$ref": "#/definitions/baseline" } } };
var schema5 = { "type": "string", "minLength": 1, "maxLength": 100, "pattern": '^[^./\\\\*?<>:|"\\u0000-\\u001f\\u007f][^/\\\\*?<>:|"\\u0000-\\u001f\\u007f]*$' };
var schema6 = { "$comment": "Files and folders that the configuration names: src/config/paths.ts lists their values.", "type": "string", "minLength": 1 };
var schema7 = { "type": "string", "minLength": 1 };
var func3 = require_ucs2length().default;
var pattern0 = new RegExp('^[^./\\\\*?<>:|"\\u0000-\\u001f\\u007f][^/\\\\*?<>:|"\\u0000-\\u001f\\u007f]*$', "u");
var schema15 = { "description": "For task custom: a program or an ES module that returns numbers, each judged as accuracy.<name>.", "type": "object", "additionalProperties": false, "properties": { "command": { "$ref": "#/definitions/texts", "description": "Program and arguments." }, "module": { "$ref": "#/definitions/path", "description": "ES module, relative to this file's folder." }, "higher-is-better": { "description": "Direction of all numbers, or of each by name. Default true.", "type": ["boolean", "object"], "additionalProperties": { "type": "boolean" } }, "timeout": { "$ref": "#/definitions/duration", "description": "Longest time one evaluation may take. Default 10 min." } } };
var schema19 = { "description": "A time with its unit: 500 ms, 60s, 2 min.", "type": ["string", "number"] };
var schema16 = { "type": "array", "minItems": 1, "items": { "$ref": "#/definitions/text" } };
function validate3(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (Array.isArray(data)) {
    if (data.length < 1) {
      const err0 = { instancePath, schemaPath: "#/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema16, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    const len0 = data.length;
    for (let i0 = 0; i0 < len0; i0++) {
      let data0 = data[i0];
      if (typeof data0 === "string") {
        if (func3(data0) < 1) {
          const err1 = { instancePath: instancePath + "/" + i0, schemaPath: "#/definitions/text/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema7, data: data0 };
          if (vErrors === null) {
            vErrors = [err1];
          } else {
            vErrors.push(err1);
          }
          errors++;
        }
      } else {
        const err2 = { instancePath: instancePath + "/" + i0, schemaPath: "#/definitions/text/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema7.type, parentSchema: schema7, data: data0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
  } else {
    const err3 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema16.type, parentSchema: schema16, data };
    if (vErrors === null) {
      vErrors = [err3];
    } else {
      vErrors.push(err3);
    }
    errors++;
  }
  validate3.errors = vErrors;
  return errors === 0;
}
function validate2(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "command" || key0 === "module" || key0 === "higher-is-better" || key0 === "timeout")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema15, data };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.command !== void 0) {
      if (!validate3(data.command, { instancePath: instancePath + "/command", parentData: data, parentDataProperty: "command", rootData })) {
        vErrors = vErrors === null ? validate3.errors : vErrors.concat(validate3.errors);
        errors = vErrors.length;
      }
    }
    if (data.module !== void 0) {
      let data1 = data.module;
      if (typeof data1 === "string") {
        if (func3(data1) < 1) {
          const err1 = { instancePath: instancePath + "/module", schemaPath: "#/definitions/path/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema6, data: data1 };
          if (vErrors === null) {
            vErrors = [err1];
          } else {
            vErrors.push(err1);
          }
          errors++;
        }
      } else {
        const err2 = { instancePath: instancePath + "/module", schemaPath: "#/definitions/path/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema6.type, parentSchema: schema6, data: data1 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data["higher-is-better"] !== void 0) {
      let data2 = data["higher-is-better"];
      if (typeof data2 !== "boolean" && !(data2 && typeof data2 == "object" && !Array.isArray(data2))) {
        const err3 = { instancePath: instancePath + "/higher-is-better", schemaPath: "#/properties/higher-is-better/type", keyword: "type", params: { type: schema15.properties["higher-is-better"].type }, message: "must be boolean,object", schema: schema15.properties["higher-is-better"].type, parentSchema: schema15.properties["higher-is-better"], data: data2 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
      if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
        for (const key1 in data2) {
          let data3 = data2[key1];
          if (typeof data3 !== "boolean") {
            const err4 = { instancePath: instancePath + "/higher-is-better/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/higher-is-better/additionalProperties/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema15.properties["higher-is-better"].additionalProperties.type, parentSchema: schema15.properties["higher-is-better"].additionalProperties, data: data3 };
            if (vErrors === null) {
              vErrors = [err4];
            } else {
              vErrors.push(err4);
            }
            errors++;
          }
        }
      }
    }
    if (data.timeout !== void 0) {
      let data4 = data.timeout;
      if (typeof data4 !== "string" && !(typeof data4 == "number" && isFinite(data4))) {
        const err5 = { instancePath: instancePath + "/timeout", schemaPath: "#/definitions/duration/type", keyword: "type", params: { type: schema19.type }, message: "must be string,number", schema: schema19.type, parentSchema: schema19, data: data4 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
  } else {
    const err6 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema15.type, parentSchema: schema15, data };
    if (vErrors === null) {
      vErrors = [err6];
    } else {
      vErrors.push(err6);
    }
    errors++;
  }
  validate2.errors = vErrors;
  return errors === 0;
}
var schema20 = { "type": ["object", "null"], "additionalProperties": false, "properties": { "path": { "$ref": "#/definitions/path", "description": "File or folder of all samples, which split takes the calibration samples from, relative to this file's folder." }, "split": { "description": "Take the calibration samples out of path (or of evaluation); the others evaluate. By class where there are classes; equal samples stay together.", "type": "object", "additionalProperties": false, "required": ["calibration"], "properties": { "calibration": { "$ref": "#/definitions/positiveInteger", "description": "Samples that calibrate." } } }, "evaluation": { "$ref": "#/definitions/source", "description": "Samples that accuracy and fidelity are measured on." }, "calibration": { "$ref": "#/definitions/source", "description": "Samples that ranges are taken from. Must not overlap evaluation." }, "input": { "$ref": "#/definitions/input", "description": "Preprocessing of the model's only input." }, "inputs": { "description": "Preprocessing by model input name.", "type": "object", "additionalProperties": { "$ref": "#/definitions/input" } }, "tokenizer": { "$ref": "#/definitions/path", "description": "tokenizer.json (Hugging Face) that makes token ids of the data's texts, relative to this file's folder; tokenizer_config.json beside it is read too." }, "audio": { "description": "How recordings become the model's input. Default: as the input's shape tells, at 16,000 Hz.", "type": "object", "additionalProperties": false, "properties": { "features": { "description": "waveform: samples from -1 to 1; normalized: those with mean 0 and variance 1 (Wav2Vec2); whisper, kaldi: log-mel filter banks.", "enum": ["waveform", "normalized", "whisper", "kaldi"] }, "sampling-rate": { "$ref": "#/definitions/positiveInteger", "description": "Samples per second that the model takes; other recordings are resampled. Default 16000." } } }, "max-length": { "$ref": "#/definitions/positiveInteger", "description": "Tokens of a text (or pair) at most, special tokens included: the rest is cut. Default: as many as model and tokenizer take." }, "text": { "$ref": "#/definitions/textOrTexts", "description": "Column that holds the text, or the two columns of a pair. Default: guessed by their names (text, sentence; sentence1 and sentence2, premise and hypothesis)." }, "class-names": { "$ref": "#/definitions/texts", "description": "Names of the classes in the order of the model's output: of texts, of coco, yolo and voc, and of masks. Default: id2label of the config.json beside tokenizer or model; else as class-order says." } } };
var schema22 = { "type": "integer", "minimum": 1 };
var schema23 = { "type": ["string", "object"], "if": { "type": "object" }, "then": { "additionalProperties": false, "required": ["path"], "properties": { "path": { "$ref": "#/definitions/path", "description": "File or folder, relative to this file's folder." }, "format": { "description": "Guessed from the path when omitted.", "enum": ["image-folder", "npz", "npy", "onnx-tests", "jsonl", "idx", "csv", "coco", "yolo", "voc", "text-lines", "conll", "squad", "text", "beir", "speech"] }, "limit": { "$ref": "#/definitions/positiveInteger", "description": "Use at most this many samples of the shuffled set. Default: all." }, "seed": { "description": "Seed of the fixed shuffle. Default 0.", "type": "integer", "minimum": 0, "maximum": 4294967295 }, "labels": { "$ref": "#/definitions/text", "description": "Name of the array or column that holds the labels. Default labels." }, "images": { "$ref": "#/definitions/path", "description": "Folder of the image files that the data name, relative to this file's folder. Only files inside it are read." }, "masks": { "$ref": "#/definitions/path", "description": "Folder of masks for a folder of images: PNG files of the same names, palette or grey, one class index per pixel, relative to this file's folder. For task segmentation." }, "ignore": { "description": "Value of a mask's pixels without a class. 255 counts as such anyway, unless the model has such a class.", "type": "integer", "minimum": 0, "maximum": 65535 }, "class-order": { "description": "How names of classes (folders, text labels) become indices. index: the name is the index; name: counted in alphabetical order, as torchvision's ImageFolder; number: counted, digits in names as numbers (class2 before class10). Default: index where every name is a whole number, else name.", "enum": ["index", "name", "number"] } } }, "else": { "$ref": "#/definitions/text" } };
function validate7(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (typeof data !== "string" && !(data && typeof data == "object" && !Array.isArray(data))) {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema23.type }, message: "must be string,object", schema: schema23.type, parentSchema: schema23, data };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  const _errs1 = errors;
  let valid0 = true;
  const _errs2 = errors;
  if (!(data && typeof data == "object" && !Array.isArray(data))) {
    const err1 = {};
    if (vErrors === null) {
      vErrors = [err1];
    } else {
      vErrors.push(err1);
    }
    errors++;
  }
  var _valid0 = _errs2 === errors;
  errors = _errs1;
  if (vErrors !== null) {
    if (_errs1) {
      vErrors.length = _errs1;
    } else {
      vErrors = null;
    }
  }
  let ifClause0;
  if (_valid0) {
    const _errs4 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      if (data.path === void 0) {
        const err2 = { instancePath, schemaPath: "#/then/required", keyword: "required", params: { missingProperty: "path" }, message: "must have required property 'path'", schema: schema23.then.required, parentSchema: schema23.then, data };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
      for (const key0 in data) {
        if (!func0.call(schema23.then.properties, key0)) {
          const err3 = { instancePath, schemaPath: "#/then/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema23.then, data };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
      }
      if (data.path !== void 0) {
        let data0 = data.path;
        if (typeof data0 === "string") {
          if (func3(data0) < 1) {
            const err4 = { instancePath: instancePath + "/path", schemaPath: "#/definitions/path/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema6, data: data0 };
            if (vErrors === null) {
              vErrors = [err4];
            } else {
              vErrors.push(err4);
            }
            errors++;
          }
        } else {
          const err5 = { instancePath: instancePath + "/path", schemaPath: "#/definitions/path/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema6.type, parentSchema: schema6, data: data0 };
          if (vErrors === null) {
            vErrors = [err5];
          } else {
            vErrors.push(err5);
          }
          errors++;
        }
      }
      if (data.format !== void 0) {
        let data1 = data.format;
        if (!(data1 === "image-folder" || data1 === "npz" || data1 === "npy" || data1 === "onnx-tests" || data1 === "jsonl" || data1 === "idx" || data1 === "csv" || data1 === "coco" || data1 === "yolo" || data1 === "voc" || data1 === "text-lines" || data1 === "conll" || data1 === "squad" || data1 === "text" || data1 === "beir" || data1 === "speech")) {
          const err6 = { instancePath: instancePath + "/format", schemaPath: "#/then/properties/format/enum", keyword: "enum", params: { allowedValues: schema23.then.properties.format.enum }, message: "must be equal to one of the allowed values", schema: schema23.then.properties.format.enum, parentSchema: schema23.then.properties.format, data: data1 };
          if (vErrors === null) {
            vErrors = [err6];
          } else {
            vErrors.push(err6);
          }
          errors++;
        }
      }
      if (data.limit !== void 0) {
        let data2 = data.limit;
        if (!(typeof data2 == "number" && (!(data2 % 1) && !isNaN(data2)) && isFinite(data2))) {
          const err7 = { instancePath: instancePath + "/limit", schemaPath: "#/definitions/positiveInteger/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema22.type, parentSchema: schema22, data: data2 };
          if (vErrors === null) {
            vErrors = [err7];
          } else {
            vErrors.push(err7);
          }
          errors++;
        }
        if (typeof data2 == "number" && isFinite(data2)) {
          if (data2 < 1 || isNaN(data2)) {
            const err8 = { instancePath: instancePath + "/limit", schemaPath: "#/definitions/positiveInteger/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema22, data: data2 };
            if (vErrors === null) {
              vErrors = [err8];
            } else {
              vErrors.push(err8);
            }
            errors++;
          }
        }
      }
      if (data.seed !== void 0) {
        let data3 = data.seed;
        if (!(typeof data3 == "number" && (!(data3 % 1) && !isNaN(data3)) && isFinite(data3))) {
          const err9 = { instancePath: instancePath + "/seed", schemaPath: "#/then/properties/seed/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema23.then.properties.seed.type, parentSchema: schema23.then.properties.seed, data: data3 };
          if (vErrors === null) {
            vErrors = [err9];
          } else {
            vErrors.push(err9);
          }
          errors++;
        }
        if (typeof data3 == "number" && isFinite(data3)) {
          if (data3 > 4294967295 || isNaN(data3)) {
            const err10 = { instancePath: instancePath + "/seed", schemaPath: "#/then/properties/seed/maximum", keyword: "maximum", params: { comparison: "<=", limit: 4294967295 }, message: "must be <= 4294967295", schema: 4294967295, parentSchema: schema23.then.properties.seed, data: data3 };
            if (vErrors === null) {
              vErrors = [err10];
            } else {
              vErrors.push(err10);
            }
            errors++;
          }
          if (data3 < 0 || isNaN(data3)) {
            const err11 = { instancePath: instancePath + "/seed", schemaPath: "#/then/properties/seed/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0", schema: 0, parentSchema: schema23.then.properties.seed, data: data3 };
            if (vErrors === null) {
              vErrors = [err11];
            } else {
              vErrors.push(err11);
            }
            errors++;
          }
        }
      }
      if (data.labels !== void 0) {
        let data4 = data.labels;
        if (typeof data4 === "string") {
          if (func3(data4) < 1) {
            const err12 = { instancePath: instancePath + "/labels", schemaPath: "#/definitions/text/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema7, data: data4 };
            if (vErrors === null) {
              vErrors = [err12];
            } else {
              vErrors.push(err12);
            }
            errors++;
          }
        } else {
          const err13 = { instancePath: instancePath + "/labels", schemaPath: "#/definitions/text/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema7.type, parentSchema: schema7, data: data4 };
          if (vErrors === null) {
            vErrors = [err13];
          } else {
            vErrors.push(err13);
          }
          errors++;
        }
      }
      if (data.images !== void 0) {
        let data5 = data.images;
        if (typeof data5 === "string") {
          if (func3(data5) < 1) {
            const err14 = { instancePath: instancePath + "/images", schemaPath: "#/definitions/path/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema6, data: data5 };
            if (vErrors === null) {
              vErrors = [err14];
            } else {
              vErrors.push(err14);
            }
            errors++;
          }
        } else {
          const err15 = { instancePath: instancePath + "/images", schemaPath: "#/definitions/path/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema6.type, parentSchema: schema6, data: data5 };
          if (vErrors === null) {
            vErrors = [err15];
          } else {
            vErrors.push(err15);
          }
          errors++;
        }
      }
      if (data.masks !== void 0) {
        let data6 = data.masks;
        if (typeof data6 === "string") {
          if (func3(data6) < 1) {
            const err16 = { instancePath: instancePath + "/masks", schemaPath: "#/definitions/path/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema6, data: data6 };
            if (vErrors === null) {
              vErrors = [err16];
            } else {
              vErrors.push(err16);
            }
            errors++;
          }
        } else {
          const err17 = { instancePath: instancePath + "/masks", schemaPath: "#/definitions/path/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema6.type, parentSchema: schema6, data: data6 };
          if (vErrors === null) {
            vErrors = [err17];
          } else {
            vErrors.push(err17);
          }
          errors++;
        }
      }
      if (data.ignore !== void 0) {
        let data7 = data.ignore;
        if (!(typeof data7 == "number" && (!(data7 % 1) && !isNaN(data7)) && isFinite(data7))) {
          const err18 = { instancePath: instancePath + "/ignore", schemaPath: "#/then/properties/ignore/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema23.then.properties.ignore.type, parentSchema: schema23.then.properties.ignore, data: data7 };
          if (vErrors === null) {
            vErrors = [err18];
          } else {
            vErrors.push(err18);
          }
          errors++;
        }
        if (typeof data7 == "number" && isFinite(data7)) {
          if (data7 > 65535 || isNaN(data7)) {
            const err19 = { instancePath: instancePath + "/ignore", schemaPath: "#/then/properties/ignore/maximum", keyword: "maximum", params: { comparison: "<=", limit: 65535 }, message: "must be <= 65535", schema: 65535, parentSchema: schema23.then.properties.ignore, data: data7 };
            if (vErrors === null) {
              vErrors = [err19];
            } else {
              vErrors.push(err19);
            }
            errors++;
          }
          if (data7 < 0 || isNaN(data7)) {
            const err20 = { instancePath: instancePath + "/ignore", schemaPath: "#/then/properties/ignore/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0", schema: 0, parentSchema: schema23.then.properties.ignore, data: data7 };
            if (vErrors === null) {
              vErrors = [err20];
            } else {
              vErrors.push(err20);
            }
            errors++;
          }
        }
      }
      if (data["class-order"] !== void 0) {
        let data8 = data["class-order"];
        if (!(data8 === "index" || data8 === "name" || data8 === "number")) {
          const err21 = { instancePath: instancePath + "/class-order", schemaPath: "#/then/properties/class-order/enum", keyword: "enum", params: { allowedValues: schema23.then.properties["class-order"].enum }, message: "must be equal to one of the allowed values", schema: schema23.then.properties["class-order"].enum, parentSchema: schema23.then.properties["class-order"], data: data8 };
          if (vErrors === null) {
            vErrors = [err21];
          } else {
            vErrors.push(err21);
          }
          errors++;
        }
      }
    }
    var _valid0 = _errs4 === errors;
    valid0 = _valid0;
    ifClause0 = "then";
  } else {
    const _errs30 = errors;
    if (typeof data === "string") {
      if (func3(data) < 1) {
        const err22 = { instancePath, schemaPath: "#/definitions/text/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema7, data };
        if (vErrors === null) {
          vErrors = [err22];
        } else {
          vErrors.push(err22);
        }
        errors++;
      }
    } else {
      const err23 = { instancePath, schemaPath: "#/definitions/text/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema7.type, parentSchema: schema7, data };
      if (vErrors === null) {
        vErrors = [err23];
      } else {
        vErrors.push(err23);
      }
      errors++;
    }
    var _valid0 = _errs30 === errors;
    valid0 = _valid0;
    ifClause0 = "else";
  }
  if (!valid0) {
    const err24 = { instancePath, schemaPath: "#/if", keyword: "if", params: { failingKeyword: ifClause0 }, message: 'must match "' + ifClause0 + '" schema', schema: schema23.if, parentSchema: schema23, data };
    if (vErrors === null) {
      vErrors = [err24];
    } else {
      vErrors.push(err24);
    }
    errors++;
  }
  validate7.errors = vErrors;
  return errors === 0;
}
var schema30 = { "type": "object", "additionalProperties": false, "properties": { "from": { "$ref": "#/definitions/text", "description": "Array, column or folder that the input reads. Default: the input's own name." }, "preset": { "description": "The field's usual preprocessing, sized to the model's input. Other keys here come before it.", "enum": ["imagenet", "imagenet-bicubic", "clip", "yolo", "caffe"] }, "preprocessor": { "$ref": "#/definitions/path", "description": "A preprocessor_config.json of Hugging Face, relative to this file's folder. Other keys here come before it." }, "resize": { "description": "Shorter side in pixels, or { shorter }, { longer }, both (the shorter side, unless the longer one would exceed its number), or exactly [height, width].", "type": ["integer", "array", "object"], "if": { "type": "object" }, "then": { "additionalProperties": false, "minProperties": 1, "properties": { "shorter": { "$ref": "#/definitions/positiveInteger", "description": "Shorter side in pixels." }, "longer": { "$ref": "#/definitions/positiveInteger", "description": "Longer side in pixels." } } }, "else": { "$ref": "#/definitions/imageSize" } }, "filter": { "description": "How pixels are made when an image is resized: Pillow's filters, or opencv-bilinear, OpenCV's INTER_LINEAR. Default bilinear.", "enum": ["bilinear", "bicubic", "lanczos", "nearest", "box", "opencv-bilinear"] }, "letterbox": { "description": "Resize to fit into this size and fill the rest: a size, or { size, fill, align }.", "type": ["integer", "array", "object"], "if": { "type": "object" }, "then": { "additionalProperties": false, "required": ["size"], "properties": { "size": { "$ref": "#/definitions/imageSize", "description": "One number for a square, or [height, width]." }, "fill": { "$ref": "#/definitions/levels", "description": "Level of the rest. Default 114." }, "align": { "$ref": "#/definitions/align", "description": "Where the image lies. Default center." } } }, "else": { "$ref": "#/definitions/imageSize" } }, "crop": { "$ref": "#/definitions/imageSize", "description": "Centre crop in pixels: one number for a square, or [height, width]." }, "pad": { "description": "Fill up to this size without resizing: a size, or { size, multiple, fill, align }.", "type": ["integer", "array", "object"], "if": { "type": "object" }, "then": { "additionalProperties": false, "minProperties": 1, "properties": { "size": { "$ref": "#/definitions/imageSize", "description": "One number for a square, or [height, width]." }, "multiple": { "$ref": "#/definitions/positiveInteger", "description": "Each side is filled up to a multiple of this." }, "fill": { "description": "Level of the rest, or mean: what is 0 after normalization. Default 0.", "type": ["number", "array", "string"], "if": { "type": "string" }, "then": { "enum": ["mean"] }, "else": { "$ref": "#/definitions/levels" } }, "align": { "$ref": "#/definitions/align", "description": "Where the image lies. Default top-left." } } }, "else": { "$ref": "#/definitions/imageSize" } }, "channels": { "description": "Order of the colour channels. Default rgb.", "enum": ["rgb", "bgr"] }, "scale": { "description": "Divide by 255, or multiply by a number. Default: true when the source is 8-bit.", "type": ["boolean", "number"], "if": { "type": "number" }, "then": { "exclusiveMinimum": 0 } }, "mean": { "$ref": "#/definitions/numbers", "description": "Subtracted, per channel." }, "std": { "$ref": "#/definitions/numbers", "description": "Divided by, per channel." }, "layout": { "description": "Order of the tensor's axes. Default: as the model's input shape says.", "enum": ["NCHW", "NHWC"] } } };
var schema41 = { "enum": ["center", "top-left"] };
var schema44 = { "type": ["number", "array"], "items": { "type": "number" }, "minItems": 1 };
var schema35 = { "type": ["integer", "array"], "if": { "type": "array" }, "then": { "items": { "$ref": "#/definitions/positiveInteger" }, "minItems": 2, "maxItems": 2 }, "else": { "$ref": "#/definitions/positiveInteger" } };
function validate11(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (!(typeof data == "number" && (!(data % 1) && !isNaN(data)) && isFinite(data)) && !Array.isArray(data)) {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema35.type }, message: "must be integer,array", schema: schema35.type, parentSchema: schema35, data };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  const _errs1 = errors;
  let valid0 = true;
  const _errs2 = errors;
  if (!Array.isArray(data)) {
    const err1 = {};
    if (vErrors === null) {
      vErrors = [err1];
    } else {
      vErrors.push(err1);
    }
    errors++;
  }
  var _valid0 = _errs2 === errors;
  errors = _errs1;
  if (vErrors !== null) {
    if (_errs1) {
      vErrors.length = _errs1;
    } else {
      vErrors = null;
    }
  }
  let ifClause0;
  if (_valid0) {
    const _errs4 = errors;
    if (Array.isArray(data)) {
      if (data.length > 2) {
        const err2 = { instancePath, schemaPath: "#/then/maxItems", keyword: "maxItems", params: { limit: 2 }, message: "must NOT have more than 2 items", schema: 2, parentSchema: schema35.then, data };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
      if (data.length < 2) {
        const err3 = { instancePath, schemaPath: "#/then/minItems", keyword: "minItems", params: { limit: 2 }, message: "must NOT have fewer than 2 items", schema: 2, parentSchema: schema35.then, data };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
      const len0 = data.length;
      for (let i0 = 0; i0 < len0; i0++) {
        let data0 = data[i0];
        if (!(typeof data0 == "number" && (!(data0 % 1) && !isNaN(data0)) && isFinite(data0))) {
          const err4 = { instancePath: instancePath + "/" + i0, schemaPath: "#/definitions/positiveInteger/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema22.type, parentSchema: schema22, data: data0 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
        if (typeof data0 == "number" && isFinite(data0)) {
          if (data0 < 1 || isNaN(data0)) {
            const err5 = { instancePath: instancePath + "/" + i0, schemaPath: "#/definitions/positiveInteger/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema22, data: data0 };
            if (vErrors === null) {
              vErrors = [err5];
            } else {
              vErrors.push(err5);
            }
            errors++;
          }
        }
      }
    }
    var _valid0 = _errs4 === errors;
    valid0 = _valid0;
    ifClause0 = "then";
  } else {
    const _errs8 = errors;
    if (!(typeof data == "number" && (!(data % 1) && !isNaN(data)) && isFinite(data))) {
      const err6 = { instancePath, schemaPath: "#/definitions/positiveInteger/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema22.type, parentSchema: schema22, data };
      if (vErrors === null) {
        vErrors = [err6];
      } else {
        vErrors.push(err6);
      }
      errors++;
    }
    if (typeof data == "number" && isFinite(data)) {
      if (data < 1 || isNaN(data)) {
        const err7 = { instancePath, schemaPath: "#/definitions/positiveInteger/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema22, data };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    var _valid0 = _errs8 === errors;
    valid0 = _valid0;
    ifClause0 = "else";
  }
  if (!valid0) {
    const err8 = { instancePath, schemaPath: "#/if", keyword: "if", params: { failingKeyword: ifClause0 }, message: 'must match "' + ifClause0 + '" schema', schema: schema35.if, parentSchema: schema35, data };
    if (vErrors === null) {
      vErrors = [err8];
    } else {
      vErrors.push(err8);
    }
    errors++;
  }
  validate11.errors = vErrors;
  return errors === 0;
}
var schema38 = { "description": "A level from 0 to 255, or one per channel in the order of the model.", "type": ["integer", "array"], "if": { "type": "array" }, "then": { "items": { "$ref": "#/definitions/level8" }, "minItems": 1 }, "else": { "$ref": "#/definitions/level8" } };
var schema39 = { "type": "integer", "minimum": 0, "maximum": 255 };
function validate14(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (!(typeof data == "number" && (!(data % 1) && !isNaN(data)) && isFinite(data)) && !Array.isArray(data)) {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema38.type }, message: "must be integer,array", schema: schema38.type, parentSchema: schema38, data };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  const _errs1 = errors;
  let valid0 = true;
  const _errs2 = errors;
  if (!Array.isArray(data)) {
    const err1 = {};
    if (vErrors === null) {
      vErrors = [err1];
    } else {
      vErrors.push(err1);
    }
    errors++;
  }
  var _valid0 = _errs2 === errors;
  errors = _errs1;
  if (vErrors !== null) {
    if (_errs1) {
      vErrors.length = _errs1;
    } else {
      vErrors = null;
    }
  }
  let ifClause0;
  if (_valid0) {
    const _errs4 = errors;
    if (Array.isArray(data)) {
      if (data.length < 1) {
        const err2 = { instancePath, schemaPath: "#/then/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema38.then, data };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
      const len0 = data.length;
      for (let i0 = 0; i0 < len0; i0++) {
        let data0 = data[i0];
        if (!(typeof data0 == "number" && (!(data0 % 1) && !isNaN(data0)) && isFinite(data0))) {
          const err3 = { instancePath: instancePath + "/" + i0, schemaPath: "#/definitions/level8/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema39.type, parentSchema: schema39, data: data0 };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
        if (typeof data0 == "number" && isFinite(data0)) {
          if (data0 > 255 || isNaN(data0)) {
            const err4 = { instancePath: instancePath + "/" + i0, schemaPath: "#/definitions/level8/maximum", keyword: "maximum", params: { comparison: "<=", limit: 255 }, message: "must be <= 255", schema: 255, parentSchema: schema39, data: data0 };
            if (vErrors === null) {
              vErrors = [err4];
            } else {
              vErrors.push(err4);
            }
            errors++;
          }
          if (data0 < 0 || isNaN(data0)) {
            const err5 = { instancePath: instancePath + "/" + i0, schemaPath: "#/definitions/level8/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0", schema: 0, parentSchema: schema39, data: data0 };
            if (vErrors === null) {
              vErrors = [err5];
            } else {
              vErrors.push(err5);
            }
            errors++;
          }
        }
      }
    }
    var _valid0 = _errs4 === errors;
    valid0 = _valid0;
    ifClause0 = "then";
  } else {
    const _errs8 = errors;
    if (!(typeof data == "number" && (!(data % 1) && !isNaN(data)) && isFinite(data))) {
      const err6 = { instancePath, schemaPath: "#/definitions/level8/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema39.type, parentSchema: schema39, data };
      if (vErrors === null) {
        vErrors = [err6];
      } else {
        vErrors.push(err6);
      }
      errors++;
    }
    if (typeof data == "number" && isFinite(data)) {
      if (data > 255 || isNaN(data)) {
        const err7 = { instancePath, schemaPath: "#/definitions/level8/maximum", keyword: "maximum", params: { comparison: "<=", limit: 255 }, message: "must be <= 255", schema: 255, parentSchema: schema39, data };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
      if (data < 0 || isNaN(data)) {
        const err8 = { instancePath, schemaPath: "#/definitions/level8/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0", schema: 0, parentSchema: schema39, data };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    var _valid0 = _errs8 === errors;
    valid0 = _valid0;
    ifClause0 = "else";
  }
  if (!valid0) {
    const err9 = { instancePath, schemaPath: "#/if", keyword: "if", params: { failingKeyword: ifClause0 }, message: 'must match "' + ifClause0 + '" schema', schema: schema38.if, parentSchema: schema38, data };
    if (vErrors === null) {
      vErrors = [err9];
    } else {
      vErrors.push(err9);
    }
    errors++;
  }
  validate14.errors = vErrors;
  return errors === 0;
}
function validate10(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!func0.call(schema30.properties, key0)) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema30, data };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.from !== void 0) {
      let data0 = data.from;
      if (typeof data0 === "string") {
        if (func3(data0) < 1) {
          const err1 = { instancePath: instancePath + "/from", schemaPath: "#/definitions/text/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema7, data: data0 };
          if (vErrors === null) {
            vErrors = [err1];
          } else {
            vErrors.push(err1);
          }
          errors++;
        }
      } else {
        const err2 = { instancePath: instancePath + "/from", schemaPath: "#/definitions/text/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema7.type, parentSchema: schema7, data: data0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.preset !== void 0) {
      let data1 = data.preset;
      if (!(data1 === "imagenet" || data1 === "imagenet-bicubic" || data1 === "clip" || data1 === "yolo" || data1 === "caffe")) {
        const err3 = { instancePath: instancePath + "/preset", schemaPath: "#/properties/preset/enum", keyword: "enum", params: { allowedValues: schema30.properties.preset.enum }, message: "must be equal to one of the allowed values", schema: schema30.properties.preset.enum, parentSchema: schema30.properties.preset, data: data1 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.preprocessor !== void 0) {
      let data2 = data.preprocessor;
      if (typeof data2 === "string") {
        if (func3(data2) < 1) {
          const err4 = { instancePath: instancePath + "/preprocessor", schemaPath: "#/definitions/path/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema6, data: data2 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
      } else {
        const err5 = { instancePath: instancePath + "/preprocessor", schemaPath: "#/definitions/path/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema6.type, parentSchema: schema6, data: data2 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.resize !== void 0) {
      let data3 = data.resize;
      if ((!data3 || typeof data3 != "object") && !(typeof data3 == "number" && (!(data3 % 1) && !isNaN(data3)) && isFinite(data3))) {
        const err6 = { instancePath: instancePath + "/resize", schemaPath: "#/properties/resize/type", keyword: "type", params: { type: schema30.properties.resize.type }, message: "must be integer,array,object", schema: schema30.properties.resize.type, parentSchema: schema30.properties.resize, data: data3 };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
      const _errs12 = errors;
      let valid3 = true;
      const _errs13 = errors;
      if (!(data3 && typeof data3 == "object" && !Array.isArray(data3))) {
        const err7 = {};
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
      var _valid0 = _errs13 === errors;
      errors = _errs12;
      if (vErrors !== null) {
        if (_errs12) {
          vErrors.length = _errs12;
        } else {
          vErrors = null;
        }
      }
      let ifClause0;
      if (_valid0) {
        const _errs15 = errors;
        if (data3 && typeof data3 == "object" && !Array.isArray(data3)) {
          if (Object.keys(data3).length < 1) {
            const err8 = { instancePath: instancePath + "/resize", schemaPath: "#/properties/resize/then/minProperties", keyword: "minProperties", params: { limit: 1 }, message: "must NOT have fewer than 1 properties", schema: 1, parentSchema: schema30.properties.resize.then, data: data3 };
            if (vErrors === null) {
              vErrors = [err8];
            } else {
              vErrors.push(err8);
            }
            errors++;
          }
          for (const key1 in data3) {
            if (!(key1 === "shorter" || key1 === "longer")) {
              const err9 = { instancePath: instancePath + "/resize", schemaPath: "#/properties/resize/then/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties", schema: false, parentSchema: schema30.properties.resize.then, data: data3 };
              if (vErrors === null) {
                vErrors = [err9];
              } else {
                vErrors.push(err9);
              }
              errors++;
            }
          }
          if (data3.shorter !== void 0) {
            let data4 = data3.shorter;
            if (!(typeof data4 == "number" && (!(data4 % 1) && !isNaN(data4)) && isFinite(data4))) {
              const err10 = { instancePath: instancePath + "/resize/shorter", schemaPath: "#/definitions/positiveInteger/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema22.type, parentSchema: schema22, data: data4 };
              if (vErrors === null) {
                vErrors = [err10];
              } else {
                vErrors.push(err10);
              }
              errors++;
            }
            if (typeof data4 == "number" && isFinite(data4)) {
              if (data4 < 1 || isNaN(data4)) {
                const err11 = { instancePath: instancePath + "/resize/shorter", schemaPath: "#/definitions/positiveInteger/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema22, data: data4 };
                if (vErrors === null) {
                  vErrors = [err11];
                } else {
                  vErrors.push(err11);
                }
                errors++;
              }
            }
          }
          if (data3.longer !== void 0) {
            let data5 = data3.longer;
            if (!(typeof data5 == "number" && (!(data5 % 1) && !isNaN(data5)) && isFinite(data5))) {
              const err12 = { instancePath: instancePath + "/resize/longer", schemaPath: "#/definitions/positiveInteger/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema22.type, parentSchema: schema22, data: data5 };
              if (vErrors === null) {
                vErrors = [err12];
              } else {
                vErrors.push(err12);
              }
              errors++;
            }
            if (typeof data5 == "number" && isFinite(data5)) {
              if (data5 < 1 || isNaN(data5)) {
                const err13 = { instancePath: instancePath + "/resize/longer", schemaPath: "#/definitions/positiveInteger/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema22, data: data5 };
                if (vErrors === null) {
                  vErrors = [err13];
                } else {
                  vErrors.push(err13);
                }
                errors++;
              }
            }
          }
        }
        var _valid0 = _errs15 === errors;
        valid3 = _valid0;
        ifClause0 = "then";
      } else {
        const _errs23 = errors;
        if (!validate11(data3, { instancePath: instancePath + "/resize", parentData: data, parentDataProperty: "resize", rootData })) {
          vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors);
          errors = vErrors.length;
        }
        var _valid0 = _errs23 === errors;
        valid3 = _valid0;
        ifClause0 = "else";
      }
      if (!valid3) {
        const err14 = { instancePath: instancePath + "/resize", schemaPath: "#/properties/resize/if", keyword: "if", params: { failingKeyword: ifClause0 }, message: 'must match "' + ifClause0 + '" schema', schema: schema30.properties.resize.if, parentSchema: schema30.properties.resize, data: data3 };
        if (vErrors === null) {
          vErrors = [err14];
        } else {
          vErrors.push(err14);
        }
        errors++;
      }
    }
    if (data.filter !== void 0) {
      let data6 = data.filter;
      if (!(data6 === "bilinear" || data6 === "bicubic" || data6 === "lanczos" || data6 === "nearest" || data6 === "box" || data6 === "opencv-bilinear")) {
        const err15 = { instancePath: instancePath + "/filter", schemaPath: "#/properties/filter/enum", keyword: "enum", params: { allowedValues: schema30.properties.filter.enum }, message: "must be equal to one of the allowed values", schema: schema30.properties.filter.enum, parentSchema: schema30.properties.filter, data: data6 };
        if (vErrors === null) {
          vErrors = [err15];
        } else {
          vErrors.push(err15);
        }
        errors++;
      }
    }
    if (data.letterbox !== void 0) {
      let data7 = data.letterbox;
      if ((!data7 || typeof data7 != "object") && !(typeof data7 == "number" && (!(data7 % 1) && !isNaN(data7)) && isFinite(data7))) {
        const err16 = { instancePath: instancePath + "/letterbox", schemaPath: "#/properties/letterbox/type", keyword: "type", params: { type: schema30.properties.letterbox.type }, message: "must be integer,array,object", schema: schema30.properties.letterbox.type, parentSchema: schema30.properties.letterbox, data: data7 };
        if (vErrors === null) {
          vErrors = [err16];
        } else {
          vErrors.push(err16);
        }
        errors++;
      }
      const _errs27 = errors;
      let valid7 = true;
      const _errs28 = errors;
      if (!(data7 && typeof data7 == "object" && !Array.isArray(data7))) {
        const err17 = {};
        if (vErrors === null) {
          vErrors = [err17];
        } else {
          vErrors.push(err17);
        }
        errors++;
      }
      var _valid1 = _errs28 === errors;
      errors = _errs27;
      if (vErrors !== null) {
        if (_errs27) {
          vErrors.length = _errs27;
        } else {
          vErrors = null;
        }
      }
      let ifClause1;
      if (_valid1) {
        const _errs30 = errors;
        if (data7 && typeof data7 == "object" && !Array.isArray(data7)) {
          if (data7.size === void 0) {
            const err18 = { instancePath: instancePath + "/letterbox", schemaPath: "#/properties/letterbox/then/required", keyword: "required", params: { missingProperty: "size" }, message: "must have required property 'size'", schema: schema30.properties.letterbox.then.required, parentSchema: schema30.properties.letterbox.then, data: data7 };
            if (vErrors === null) {
              vErrors = [err18];
            } else {
              vErrors.push(err18);
            }
            errors++;
          }
          for (const key2 in data7) {
            if (!(key2 === "size" || key2 === "fill" || key2 === "align")) {
              const err19 = { instancePath: instancePath + "/letterbox", schemaPath: "#/properties/letterbox/then/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 }, message: "must NOT have additional properties", schema: false, parentSchema: schema30.properties.letterbox.then, data: data7 };
              if (vErrors === null) {
                vErrors = [err19];
              } else {
                vErrors.push(err19);
              }
              errors++;
            }
          }
          if (data7.size !== void 0) {
            if (!validate11(data7.size, { instancePath: instancePath + "/letterbox/size", parentData: data7, parentDataProperty: "size", rootData })) {
              vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors);
              errors = vErrors.length;
            }
          }
          if (data7.fill !== void 0) {
            if (!validate14(data7.fill, { instancePath: instancePath + "/letterbox/fill", parentData: data7, parentDataProperty: "fill", rootData })) {
              vErrors = vErrors === null ? validate14.errors : vErrors.concat(validate14.errors);
              errors = vErrors.length;
            }
          }
          if (data7.align !== void 0) {
            let data10 = data7.align;
            if (!(data10 === "center" || data10 === "top-left")) {
              const err20 = { instancePath: instancePath + "/letterbox/align", schemaPath: "#/definitions/align/enum", keyword: "enum", params: { allowedValues: schema41.enum }, message: "must be equal to one of the allowed values", schema: schema41.enum, parentSchema: schema41, data: data10 };
              if (vErrors === null) {
                vErrors = [err20];
              } else {
                vErrors.push(err20);
              }
              errors++;
            }
          }
        }
        var _valid1 = _errs30 === errors;
        valid7 = _valid1;
        ifClause1 = "then";
      } else {
        const _errs36 = errors;
        if (!validate11(data7, { instancePath: instancePath + "/letterbox", parentData: data, parentDataProperty: "letterbox", rootData })) {
          vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors);
          errors = vErrors.length;
        }
        var _valid1 = _errs36 === errors;
        valid7 = _valid1;
        ifClause1 = "else";
      }
      if (!valid7) {
        const err21 = { instancePath: instancePath + "/letterbox", schemaPath: "#/properties/letterbox/if", keyword: "if", params: { failingKeyword: ifClause1 }, message: 'must match "' + ifClause1 + '" schema', schema: schema30.properties.letterbox.if, parentSchema: schema30.properties.letterbox, data: data7 };
        if (vErrors === null) {
          vErrors = [err21];
        } else {
          vErrors.push(err21);
        }
        errors++;
      }
    }
    if (data.crop !== void 0) {
      if (!validate11(data.crop, { instancePath: instancePath + "/crop", parentData: data, parentDataProperty: "crop", rootData })) {
        vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors);
        errors = vErrors.length;
      }
    }
    if (data.pad !== void 0) {
      let data12 = data.pad;
      if ((!data12 || typeof data12 != "object") && !(typeof data12 == "number" && (!(data12 % 1) && !isNaN(data12)) && isFinite(data12))) {
        const err22 = { instancePath: instancePath + "/pad", schemaPath: "#/properties/pad/type", keyword: "type", params: { type: schema30.properties.pad.type }, message: "must be integer,array,object", schema: schema30.properties.pad.type, parentSchema: schema30.properties.pad, data: data12 };
        if (vErrors === null) {
          vErrors = [err22];
        } else {
          vErrors.push(err22);
        }
        errors++;
      }
      const _errs40 = errors;
      let valid10 = true;
      const _errs41 = errors;
      if (!(data12 && typeof data12 == "object" && !Array.isArray(data12))) {
        const err23 = {};
        if (vErrors === null) {
          vErrors = [err23];
        } else {
          vErrors.push(err23);
        }
        errors++;
      }
      var _valid2 = _errs41 === errors;
      errors = _errs40;
      if (vErrors !== null) {
        if (_errs40) {
          vErrors.length = _errs40;
        } else {
          vErrors = null;
        }
      }
      let ifClause2;
      if (_valid2) {
        const _errs43 = errors;
        if (data12 && typeof data12 == "object" && !Array.isArray(data12)) {
          if (Object.keys(data12).length < 1) {
            const err24 = { instancePath: instancePath + "/pad", schemaPath: "#/properties/pad/then/minProperties", keyword: "minProperties", params: { limit: 1 }, message: "must NOT have fewer than 1 properties", schema: 1, parentSchema: schema30.properties.pad.then, data: data12 };
            if (vErrors === null) {
              vErrors = [err24];
            } else {
              vErrors.push(err24);
            }
            errors++;
          }
          for (const key3 in data12) {
            if (!(key3 === "size" || key3 === "multiple" || key3 === "fill" || key3 === "align")) {
              const err25 = { instancePath: instancePath + "/pad", schemaPath: "#/properties/pad/then/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 }, message: "must NOT have additional properties", schema: false, parentSchema: schema30.properties.pad.then, data: data12 };
              if (vErrors === null) {
                vErrors = [err25];
              } else {
                vErrors.push(err25);
              }
              errors++;
            }
          }
          if (data12.size !== void 0) {
            if (!validate11(data12.size, { instancePath: instancePath + "/pad/size", parentData: data12, parentDataProperty: "size", rootData })) {
              vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors);
              errors = vErrors.length;
            }
          }
          if (data12.multiple !== void 0) {
            let data14 = data12.multiple;
            if (!(typeof data14 == "number" && (!(data14 % 1) && !isNaN(data14)) && isFinite(data14))) {
              const err26 = { instancePath: instancePath + "/pad/multiple", schemaPath: "#/definitions/positiveInteger/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema22.type, parentSchema: schema22, data: data14 };
              if (vErrors === null) {
                vErrors = [err26];
              } else {
                vErrors.push(err26);
              }
              errors++;
            }
            if (typeof data14 == "number" && isFinite(data14)) {
              if (data14 < 1 || isNaN(data14)) {
                const err27 = { instancePath: instancePath + "/pad/multiple", schemaPath: "#/definitions/positiveInteger/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema22, data: data14 };
                if (vErrors === null) {
                  vErrors = [err27];
                } else {
                  vErrors.push(err27);
                }
                errors++;
              }
            }
          }
          if (data12.fill !== void 0) {
            let data15 = data12.fill;
            if (!(typeof data15 == "number" && isFinite(data15)) && !Array.isArray(data15) && typeof data15 !== "string") {
              const err28 = { instancePath: instancePath + "/pad/fill", schemaPath: "#/properties/pad/then/properties/fill/type", keyword: "type", params: { type: schema30.properties.pad.then.properties.fill.type }, message: "must be number,array,string", schema: schema30.properties.pad.then.properties.fill.type, parentSchema: schema30.properties.pad.then.properties.fill, data: data15 };
              if (vErrors === null) {
                vErrors = [err28];
              } else {
                vErrors.push(err28);
              }
              errors++;
            }
            const _errs51 = errors;
            let valid13 = true;
            const _errs52 = errors;
            if (typeof data15 !== "string") {
              const err29 = {};
              if (vErrors === null) {
                vErrors = [err29];
              } else {
                vErrors.push(err29);
              }
              errors++;
            }
            var _valid3 = _errs52 === errors;
            errors = _errs51;
            if (vErrors !== null) {
              if (_errs51) {
                vErrors.length = _errs51;
              } else {
                vErrors = null;
              }
            }
            let ifClause3;
            if (_valid3) {
              const _errs54 = errors;
              if (!(data15 === "mean")) {
                const err30 = { instancePath: instancePath + "/pad/fill", schemaPath: "#/properties/pad/then/properties/fill/then/enum", keyword: "enum", params: { allowedValues: schema30.properties.pad.then.properties.fill.then.enum }, message: "must be equal to one of the allowed values", schema: schema30.properties.pad.then.properties.fill.then.enum, parentSchema: schema30.properties.pad.then.properties.fill.then, data: data15 };
                if (vErrors === null) {
                  vErrors = [err30];
                } else {
                  vErrors.push(err30);
                }
                errors++;
              }
              var _valid3 = _errs54 === errors;
              valid13 = _valid3;
              ifClause3 = "then";
            } else {
              const _errs55 = errors;
              if (!validate14(data15, { instancePath: instancePath + "/pad/fill", parentData: data12, parentDataProperty: "fill", rootData })) {
                vErrors = vErrors === null ? validate14.errors : vErrors.concat(validate14.errors);
                errors = vErrors.length;
              }
              var _valid3 = _errs55 === errors;
              valid13 = _valid3;
              ifClause3 = "else";
            }
            if (!valid13) {
              const err31 = { instancePath: instancePath + "/pad/fill", schemaPath: "#/properties/pad/then/properties/fill/if", keyword: "if", params: { failingKeyword: ifClause3 }, message: 'must match "' + ifClause3 + '" schema', schema: schema30.properties.pad.then.properties.fill.if, parentSchema: schema30.properties.pad.then.properties.fill, data: data15 };
              if (vErrors === null) {
                vErrors = [err31];
              } else {
                vErrors.push(err31);
              }
              errors++;
            }
          }
          if (data12.align !== void 0) {
            let data16 = data12.align;
            if (!(data16 === "center" || data16 === "top-left")) {
              const err32 = { instancePath: instancePath + "/pad/align", schemaPath: "#/definitions/align/enum", keyword: "enum", params: { allowedValues: schema41.enum }, message: "must be equal to one of the allowed values", schema: schema41.enum, parentSchema: schema41, data: data16 };
              if (vErrors === null) {
                vErrors = [err32];
              } else {
                vErrors.push(err32);
              }
              errors++;
            }
          }
        }
        var _valid2 = _errs43 === errors;
        valid10 = _valid2;
        ifClause2 = "then";
      } else {
        const _errs58 = errors;
        if (!validate11(data12, { instancePath: instancePath + "/pad", parentData: data, parentDataProperty: "pad", rootData })) {
          vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors);
          errors = vErrors.length;
        }
        var _valid2 = _errs58 === errors;
        valid10 = _valid2;
        ifClause2 = "else";
      }
      if (!valid10) {
        const err33 = { instancePath: instancePath + "/pad", schemaPath: "#/properties/pad/if", keyword: "if", params: { failingKeyword: ifClause2 }, message: 'must match "' + ifClause2 + '" schema', schema: schema30.properties.pad.if, parentSchema: schema30.properties.pad, data: data12 };
        if (vErrors === null) {
          vErrors = [err33];
        } else {
          vErrors.push(err33);
        }
        errors++;
      }
    }
    if (data.channels !== void 0) {
      let data17 = data.channels;
      if (!(data17 === "rgb" || data17 === "bgr")) {
        const err34 = { instancePath: instancePath + "/channels", schemaPath: "#/properties/channels/enum", keyword: "enum", params: { allowedValues: schema30.properties.channels.enum }, message: "must be equal to one of the allowed values", schema: schema30.properties.channels.enum, parentSchema: schema30.properties.channels, data: data17 };
        if (vErrors === null) {
          vErrors = [err34];
        } else {
          vErrors.push(err34);
        }
        errors++;
      }
    }
    if (data.scale !== void 0) {
      let data18 = data.scale;
      if (typeof data18 !== "boolean" && !(typeof data18 == "number" && isFinite(data18))) {
        const err35 = { instancePath: instancePath + "/scale", schemaPath: "#/properties/scale/type", keyword: "type", params: { type: schema30.properties.scale.type }, message: "must be boolean,number", schema: schema30.properties.scale.type, parentSchema: schema30.properties.scale, data: data18 };
        if (vErrors === null) {
          vErrors = [err35];
        } else {
          vErrors.push(err35);
        }
        errors++;
      }
      const _errs62 = errors;
      let valid15 = true;
      const _errs63 = errors;
      if (!(typeof data18 == "number" && isFinite(data18))) {
        const err36 = {};
        if (vErrors === null) {
          vErrors = [err36];
        } else {
          vErrors.push(err36);
        }
        errors++;
      }
      var _valid4 = _errs63 === errors;
      errors = _errs62;
      if (vErrors !== null) {
        if (_errs62) {
          vErrors.length = _errs62;
        } else {
          vErrors = null;
        }
      }
      if (_valid4) {
        const _errs65 = errors;
        if (typeof data18 == "number" && isFinite(data18)) {
          if (data18 <= 0 || isNaN(data18)) {
            const err37 = { instancePath: instancePath + "/scale", schemaPath: "#/properties/scale/then/exclusiveMinimum", keyword: "exclusiveMinimum", params: { comparison: ">", limit: 0 }, message: "must be > 0", schema: 0, parentSchema: schema30.properties.scale.then, data: data18 };
            if (vErrors === null) {
              vErrors = [err37];
            } else {
              vErrors.push(err37);
            }
            errors++;
          }
        }
        var _valid4 = _errs65 === errors;
        valid15 = _valid4;
      }
      if (!valid15) {
        const err38 = { instancePath: instancePath + "/scale", schemaPath: "#/properties/scale/if", keyword: "if", params: { failingKeyword: "then" }, message: 'must match "then" schema', schema: schema30.properties.scale.if, parentSchema: schema30.properties.scale, data: data18 };
        if (vErrors === null) {
          vErrors = [err38];
        } else {
          vErrors.push(err38);
        }
        errors++;
      }
    }
    if (data.mean !== void 0) {
      let data19 = data.mean;
      if (!(typeof data19 == "number" && isFinite(data19)) && !Array.isArray(data19)) {
        const err39 = { instancePath: instancePath + "/mean", schemaPath: "#/definitions/numbers/type", keyword: "type", params: { type: schema44.type }, message: "must be number,array", schema: schema44.type, parentSchema: schema44, data: data19 };
        if (vErrors === null) {
          vErrors = [err39];
        } else {
          vErrors.push(err39);
        }
        errors++;
      }
      if (Array.isArray(data19)) {
        if (data19.length < 1) {
          const err40 = { instancePath: instancePath + "/mean", schemaPath: "#/definitions/numbers/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema44, data: data19 };
          if (vErrors === null) {
            vErrors = [err40];
          } else {
            vErrors.push(err40);
          }
          errors++;
        }
        const len0 = data19.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data20 = data19[i0];
          if (!(typeof data20 == "number" && isFinite(data20))) {
            const err41 = { instancePath: instancePath + "/mean/" + i0, schemaPath: "#/definitions/numbers/items/type", keyword: "type", params: { type: "number" }, message: "must be number", schema: schema44.items.type, parentSchema: schema44.items, data: data20 };
            if (vErrors === null) {
              vErrors = [err41];
            } else {
              vErrors.push(err41);
            }
            errors++;
          }
        }
      }
    }
    if (data.std !== void 0) {
      let data21 = data.std;
      if (!(typeof data21 == "number" && isFinite(data21)) && !Array.isArray(data21)) {
        const err42 = { instancePath: instancePath + "/std", schemaPath: "#/definitions/numbers/type", keyword: "type", params: { type: schema44.type }, message: "must be number,array", schema: schema44.type, parentSchema: schema44, data: data21 };
        if (vErrors === null) {
          vErrors = [err42];
        } else {
          vErrors.push(err42);
        }
        errors++;
      }
      if (Array.isArray(data21)) {
        if (data21.length < 1) {
          const err43 = { instancePath: instancePath + "/std", schemaPath: "#/definitions/numbers/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema44, data: data21 };
          if (vErrors === null) {
            vErrors = [err43];
          } else {
            vErrors.push(err43);
          }
          errors++;
        }
        const len1 = data21.length;
        for (let i1 = 0; i1 < len1; i1++) {
          let data22 = data21[i1];
          if (!(typeof data22 == "number" && isFinite(data22))) {
            const err44 = { instancePath: instancePath + "/std/" + i1, schemaPath: "#/definitions/numbers/items/type", keyword: "type", params: { type: "number" }, message: "must be number", schema: schema44.items.type, parentSchema: schema44.items, data: data22 };
            if (vErrors === null) {
              vErrors = [err44];
            } else {
              vErrors.push(err44);
            }
            errors++;
          }
        }
      }
    }
    if (data.layout !== void 0) {
      let data23 = data.layout;
      if (!(data23 === "NCHW" || data23 === "NHWC")) {
        const err45 = { instancePath: instancePath + "/layout", schemaPath: "#/properties/layout/enum", keyword: "enum", params: { allowedValues: schema30.properties.layout.enum }, message: "must be equal to one of the allowed values", schema: schema30.properties.layout.enum, parentSchema: schema30.properties.layout, data: data23 };
        if (vErrors === null) {
          vErrors = [err45];
        } else {
          vErrors.push(err45);
        }
        errors++;
      }
    }
  } else {
    const err46 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema30.type, parentSchema: schema30, data };
    if (vErrors === null) {
      vErrors = [err46];
    } else {
      vErrors.push(err46);
    }
    errors++;
  }
  validate10.errors = vErrors;
  return errors === 0;
}
var schema49 = { "type": ["string", "array"], "if": { "type": "array" }, "then": { "$ref": "#/definitions/texts" }, "else": { "$ref": "#/definitions/text" } };
function validate23(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (typeof data !== "string" && !Array.isArray(data)) {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema49.type }, message: "must be string,array", schema: schema49.type, parentSchema: schema49, data };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  const _errs1 = errors;
  let valid0 = true;
  const _errs2 = errors;
  if (!Array.isArray(data)) {
    const err1 = {};
    if (vErrors === null) {
      vErrors = [err1];
    } else {
      vErrors.push(err1);
    }
    errors++;
  }
  var _valid0 = _errs2 === errors;
  errors = _errs1;
  if (vErrors !== null) {
    if (_errs1) {
      vErrors.length = _errs1;
    } else {
      vErrors = null;
    }
  }
  let ifClause0;
  if (_valid0) {
    const _errs4 = errors;
    if (!validate3(data, { instancePath, parentData, parentDataProperty, rootData })) {
      vErrors = vErrors === null ? validate3.errors : vErrors.concat(validate3.errors);
      errors = vErrors.length;
    }
    var _valid0 = _errs4 === errors;
    valid0 = _valid0;
    ifClause0 = "then";
  } else {
    const _errs5 = errors;
    if (typeof data === "string") {
      if (func3(data) < 1) {
        const err2 = { instancePath, schemaPath: "#/definitions/text/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema7, data };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    } else {
      const err3 = { instancePath, schemaPath: "#/definitions/text/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema7.type, parentSchema: schema7, data };
      if (vErrors === null) {
        vErrors = [err3];
      } else {
        vErrors.push(err3);
      }
      errors++;
    }
    var _valid0 = _errs5 === errors;
    valid0 = _valid0;
    ifClause0 = "else";
  }
  if (!valid0) {
    const err4 = { instancePath, schemaPath: "#/if", keyword: "if", params: { failingKeyword: ifClause0 }, message: 'must match "' + ifClause0 + '" schema', schema: schema49.if, parentSchema: schema49, data };
    if (vErrors === null) {
      vErrors = [err4];
    } else {
      vErrors.push(err4);
    }
    errors++;
  }
  validate23.errors = vErrors;
  return errors === 0;
}
function validate6(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (!(data && typeof data == "object" && !Array.isArray(data)) && data !== null) {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema20.type }, message: "must be object,null", schema: schema20.type, parentSchema: schema20, data };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!func0.call(schema20.properties, key0)) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema20, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.path !== void 0) {
      let data0 = data.path;
      if (typeof data0 === "string") {
        if (func3(data0) < 1) {
          const err2 = { instancePath: instancePath + "/path", schemaPath: "#/definitions/path/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema6, data: data0 };
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        }
      } else {
        const err3 = { instancePath: instancePath + "/path", schemaPath: "#/definitions/path/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema6.type, parentSchema: schema6, data: data0 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.split !== void 0) {
      let data1 = data.split;
      if (data1 && typeof data1 == "object" && !Array.isArray(data1)) {
        if (data1.calibration === void 0) {
          const err4 = { instancePath: instancePath + "/split", schemaPath: "#/properties/split/required", keyword: "required", params: { missingProperty: "calibration" }, message: "must have required property 'calibration'", schema: schema20.properties.split.required, parentSchema: schema20.properties.split, data: data1 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
        for (const key1 in data1) {
          if (!(key1 === "calibration")) {
            const err5 = { instancePath: instancePath + "/split", schemaPath: "#/properties/split/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties", schema: false, parentSchema: schema20.properties.split, data: data1 };
            if (vErrors === null) {
              vErrors = [err5];
            } else {
              vErrors.push(err5);
            }
            errors++;
          }
        }
        if (data1.calibration !== void 0) {
          let data2 = data1.calibration;
          if (!(typeof data2 == "number" && (!(data2 % 1) && !isNaN(data2)) && isFinite(data2))) {
            const err6 = { instancePath: instancePath + "/split/calibration", schemaPath: "#/definitions/positiveInteger/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema22.type, parentSchema: schema22, data: data2 };
            if (vErrors === null) {
              vErrors = [err6];
            } else {
              vErrors.push(err6);
            }
            errors++;
          }
          if (typeof data2 == "number" && isFinite(data2)) {
            if (data2 < 1 || isNaN(data2)) {
              const err7 = { instancePath: instancePath + "/split/calibration", schemaPath: "#/definitions/positiveInteger/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema22, data: data2 };
              if (vErrors === null) {
                vErrors = [err7];
              } else {
                vErrors.push(err7);
              }
              errors++;
            }
          }
        }
      } else {
        const err8 = { instancePath: instancePath + "/split", schemaPath: "#/properties/split/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema20.properties.split.type, parentSchema: schema20.properties.split, data: data1 };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    if (data.evaluation !== void 0) {
      if (!validate7(data.evaluation, { instancePath: instancePath + "/evaluation", parentData: data, parentDataProperty: "evaluation", rootData })) {
        vErrors = vErrors === null ? validate7.errors : vErrors.concat(validate7.errors);
        errors = vErrors.length;
      }
    }
    if (data.calibration !== void 0) {
      if (!validate7(data.calibration, { instancePath: instancePath + "/calibration", parentData: data, parentDataProperty: "calibration", rootData })) {
        vErrors = vErrors === null ? validate7.errors : vErrors.concat(validate7.errors);
        errors = vErrors.length;
      }
    }
    if (data.input !== void 0) {
      if (!validate10(data.input, { instancePath: instancePath + "/input", parentData: data, parentDataProperty: "input", rootData })) {
        vErrors = vErrors === null ? validate10.errors : vErrors.concat(validate10.errors);
        errors = vErrors.length;
      }
    }
    if (data.inputs !== void 0) {
      let data6 = data.inputs;
      if (data6 && typeof data6 == "object" && !Array.isArray(data6)) {
        for (const key2 in data6) {
          if (!validate10(data6[key2], { instancePath: instancePath + "/inputs/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data6, parentDataProperty: key2, rootData })) {
            vErrors = vErrors === null ? validate10.errors : vErrors.concat(validate10.errors);
            errors = vErrors.length;
          }
        }
      } else {
        const err9 = { instancePath: instancePath + "/inputs", schemaPath: "#/properties/inputs/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema20.properties.inputs.type, parentSchema: schema20.properties.inputs, data: data6 };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      }
    }
    if (data.tokenizer !== void 0) {
      let data8 = data.tokenizer;
      if (typeof data8 === "string") {
        if (func3(data8) < 1) {
          const err10 = { instancePath: instancePath + "/tokenizer", schemaPath: "#/definitions/path/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema6, data: data8 };
          if (vErrors === null) {
            vErrors = [err10];
          } else {
            vErrors.push(err10);
          }
          errors++;
        }
      } else {
        const err11 = { instancePath: instancePath + "/tokenizer", schemaPath: "#/definitions/path/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema6.type, parentSchema: schema6, data: data8 };
        if (vErrors === null) {
          vErrors = [err11];
        } else {
          vErrors.push(err11);
        }
        errors++;
      }
    }
    if (data.audio !== void 0) {
      let data9 = data.audio;
      if (data9 && typeof data9 == "object" && !Array.isArray(data9)) {
        for (const key3 in data9) {
          if (!(key3 === "features" || key3 === "sampling-rate")) {
            const err12 = { instancePath: instancePath + "/audio", schemaPath: "#/properties/audio/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 }, message: "must NOT have additional properties", schema: false, parentSchema: schema20.properties.audio, data: data9 };
            if (vErrors === null) {
              vErrors = [err12];
            } else {
              vErrors.push(err12);
            }
            errors++;
          }
        }
        if (data9.features !== void 0) {
          let data10 = data9.features;
          if (!(data10 === "waveform" || data10 === "normalized" || data10 === "whisper" || data10 === "kaldi")) {
            const err13 = { instancePath: instancePath + "/audio/features", schemaPath: "#/properties/audio/properties/features/enum", keyword: "enum", params: { allowedValues: schema20.properties.audio.properties.features.enum }, message: "must be equal to one of the allowed values", schema: schema20.properties.audio.properties.features.enum, parentSchema: schema20.properties.audio.properties.features, data: data10 };
            if (vErrors === null) {
              vErrors = [err13];
            } else {
              vErrors.push(err13);
            }
            errors++;
          }
        }
        if (data9["sampling-rate"] !== void 0) {
          let data11 = data9["sampling-rate"];
          if (!(typeof data11 == "number" && (!(data11 % 1) && !isNaN(data11)) && isFinite(data11))) {
            const err14 = { instancePath: instancePath + "/audio/sampling-rate", schemaPath: "#/definitions/positiveInteger/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema22.type, parentSchema: schema22, data: data11 };
            if (vErrors === null) {
              vErrors = [err14];
            } else {
              vErrors.push(err14);
            }
            errors++;
          }
          if (typeof data11 == "number" && isFinite(data11)) {
            if (data11 < 1 || isNaN(data11)) {
              const err15 = { instancePath: instancePath + "/audio/sampling-rate", schemaPath: "#/definitions/positiveInteger/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema22, data: data11 };
              if (vErrors === null) {
                vErrors = [err15];
              } else {
                vErrors.push(err15);
              }
              errors++;
            }
          }
        }
      } else {
        const err16 = { instancePath: instancePath + "/audio", schemaPath: "#/properties/audio/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema20.properties.audio.type, parentSchema: schema20.properties.audio, data: data9 };
        if (vErrors === null) {
          vErrors = [err16];
        } else {
          vErrors.push(err16);
        }
        errors++;
      }
    }
    if (data["max-length"] !== void 0) {
      let data12 = data["max-length"];
      if (!(typeof data12 == "number" && (!(data12 % 1) && !isNaN(data12)) && isFinite(data12))) {
        const err17 = { instancePath: instancePath + "/max-length", schemaPath: "#/definitions/positiveInteger/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema22.type, parentSchema: schema22, data: data12 };
        if (vErrors === null) {
          vErrors = [err17];
        } else {
          vErrors.push(err17);
        }
        errors++;
      }
      if (typeof data12 == "number" && isFinite(data12)) {
        if (data12 < 1 || isNaN(data12)) {
          const err18 = { instancePath: instancePath + "/max-length", schemaPath: "#/definitions/positiveInteger/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema22, data: data12 };
          if (vErrors === null) {
            vErrors = [err18];
          } else {
            vErrors.push(err18);
          }
          errors++;
        }
      }
    }
    if (data.text !== void 0) {
      if (!validate23(data.text, { instancePath: instancePath + "/text", parentData: data, parentDataProperty: "text", rootData })) {
        vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
        errors = vErrors.length;
      }
    }
    if (data["class-names"] !== void 0) {
      if (!validate3(data["class-names"], { instancePath: instancePath + "/class-names", parentData: data, parentDataProperty: "class-names", rootData })) {
        vErrors = vErrors === null ? validate3.errors : vErrors.concat(validate3.errors);
        errors = vErrors.length;
      }
    }
  }
  validate6.errors = vErrors;
  return errors === 0;
}
var schema51 = { "type": ["string", "object"], "if": { "type": "object" }, "then": { "if": { "required": ["file"] }, "then": { "$ref": "#/definitions/fileVariant" }, "else": { "if": { "required": ["command"] }, "then": { "$ref": "#/definitions/commandVariant" }, "else": { "$ref": "#/definitions/quantizeVariant" } } }, "else": { "enum": ["int8", "int8-static", "int8-dynamic", "fp16", "float16", "int8-weights", "int4-weights", "auto"] } };
var schema52 = { "description": "A model made by any other tool.", "type": "object", "additionalProperties": false, "required": ["file"], "properties": { "name": { "$ref": "#/definitions/name", "description": "Name in the report. Default: the file's name without extension." }, "file": { "$ref": "#/definitions/path", "description": "ONNX file, relative to this file's folder." } } };
function validate29(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.file === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "file" }, message: "must have required property 'file'", schema: schema52.required, parentSchema: schema52, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "name" || key0 === "file")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema52, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.name !== void 0) {
      let data0 = data.name;
      if (typeof data0 === "string") {
        if (func3(data0) > 100) {
          const err2 = { instancePath: instancePath + "/name", schemaPath: "#/definitions/name/maxLength", keyword: "maxLength", params: { limit: 100 }, message: "must NOT have more than 100 characters", schema: 100, parentSchema: schema5, data: data0 };
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        }
        if (func3(data0) < 1) {
          const err3 = { instancePath: instancePath + "/name", schemaPath: "#/definitions/name/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema5, data: data0 };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
        if (!pattern0.test(data0)) {
          const err4 = { instancePath: instancePath + "/name", schemaPath: "#/definitions/name/pattern", keyword: "pattern", params: { pattern: '^[^./\\\\*?<>:|"\\u0000-\\u001f\\u007f][^/\\\\*?<>:|"\\u0000-\\u001f\\u007f]*$' }, message: 'must match pattern "^[^./\\\\*?<>:|"\\u0000-\\u001f\\u007f][^/\\\\*?<>:|"\\u0000-\\u001f\\u007f]*$"', schema: '^[^./\\\\*?<>:|"\\u0000-\\u001f\\u007f][^/\\\\*?<>:|"\\u0000-\\u001f\\u007f]*$', parentSchema: schema5, data: data0 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
      } else {
        const err5 = { instancePath: instancePath + "/name", schemaPath: "#/definitions/name/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema5.type, parentSchema: schema5, data: data0 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.file !== void 0) {
      let data1 = data.file;
      if (typeof data1 === "string") {
        if (func3(data1) < 1) {
          const err6 = { instancePath: instancePath + "/file", schemaPath: "#/definitions/path/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema6, data: data1 };
          if (vErrors === null) {
            vErrors = [err6];
          } else {
            vErrors.push(err6);
          }
          errors++;
        }
      } else {
        const err7 = { instancePath: instancePath + "/file", schemaPath: "#/definitions/path/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema6.type, parentSchema: schema6, data: data1 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
  } else {
    const err8 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema52.type, parentSchema: schema52, data };
    if (vErrors === null) {
      vErrors = [err8];
    } else {
      vErrors.push(err8);
    }
    errors++;
  }
  validate29.errors = vErrors;
  return errors === 0;
}
var schema55 = { "description": "A model made by a command that runs in this file's folder.", "type": "object", "additionalProperties": false, "required": ["name", "command"], "properties": { "name": { "$ref": "#/definitions/name", "description": "Name in the report." }, "command": { "$ref": "#/definitions/texts", "description": "Program and arguments; {output} is the path to write." }, "timeout": { "$ref": "#/definitions/duration", "description": "Longest time the command may take. Default 10 min." } } };
function validate31(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.name === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "name" }, message: "must have required property 'name'", schema: schema55.required, parentSchema: schema55, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.command === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "command" }, message: "must have required property 'command'", schema: schema55.required, parentSchema: schema55, data };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "name" || key0 === "command" || key0 === "timeout")) {
        const err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema55, data };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.name !== void 0) {
      let data0 = data.name;
      if (typeof data0 === "string") {
        if (func3(data0) > 100) {
          const err3 = { instancePath: instancePath + "/name", schemaPath: "#/definitions/name/maxLength", keyword: "maxLength", params: { limit: 100 }, message: "must NOT have more than 100 characters", schema: 100, parentSchema: schema5, data: data0 };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
        if (func3(data0) < 1) {
          const err4 = { instancePath: instancePath + "/name", schemaPath: "#/definitions/name/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema5, data: data0 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
        if (!pattern0.test(data0)) {
          const err5 = { instancePath: instancePath + "/name", schemaPath: "#/definitions/name/pattern", keyword: "pattern", params: { pattern: '^[^./\\\\*?<>:|"\\u0000-\\u001f\\u007f][^/\\\\*?<>:|"\\u0000-\\u001f\\u007f]*$' }, message: 'must match pattern "^[^./\\\\*?<>:|"\\u0000-\\u001f\\u007f][^/\\\\*?<>:|"\\u0000-\\u001f\\u007f]*$"', schema: '^[^./\\\\*?<>:|"\\u0000-\\u001f\\u007f][^/\\\\*?<>:|"\\u0000-\\u001f\\u007f]*$', parentSchema: schema5, data: data0 };
          if (vErrors === null) {
            vErrors = [err5];
          } else {
            vErrors.push(err5);
          }
          errors++;
        }
      } else {
        const err6 = { instancePath: instancePath + "/name", schemaPath: "#/definitions/name/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema5.type, parentSchema: schema5, data: data0 };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    if (data.command !== void 0) {
      if (!validate3(data.command, { instancePath: instancePath + "/command", parentData: data, parentDataProperty: "command", rootData })) {
        vErrors = vErrors === null ? validate3.errors : vErrors.concat(validate3.errors);
        errors = vErrors.length;
      }
    }
    if (data.timeout !== void 0) {
      let data2 = data.timeout;
      if (typeof data2 !== "string" && !(typeof data2 == "number" && isFinite(data2))) {
        const err7 = { instancePath: instancePath + "/timeout", schemaPath: "#/definitions/duration/type", keyword: "type", params: { type: schema19.type }, message: "must be string,number", schema: schema19.type, parentSchema: schema19, data: data2 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
  } else {
    const err8 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema55.type, parentSchema: schema55, data };
    if (vErrors === null) {
      vErrors = [err8];
    } else {
      vErrors.push(err8);
    }
    errors++;
  }
  validate31.errors = vErrors;
  return errors === 0;
}
var schema58 = { "description": "A model that quantgate quantizes.", "type": "object", "additionalProperties": false, "properties": { "name": { "$ref": "#/definitions/name", "description": "Name in the report. Default: the preset, else int8 for int8-static, else the method." }, "method": { "$ref": "#/definitions/method", "description": "How to quantize. Default int8-static, or auto with a plan." }, "preset": { "description": "Reproduce another system's options. Default tensorrt for int8-static with target tensorrt, else none.", "enum": ["torch", "onnxruntime", "tensorrt"] }, "target": { "description": "Where the file is meant to be fast. Default tensorrt with preset tensorrt, else it follows the provider.", "enum": ["cpu", "arm64", "cuda", "tensorrt", "webgpu", "wasm"] }, "calibrator": { "description": "How activation ranges are chosen. Default: the method's or preset's.", "enum": ["minmax", "moving-average", "percentile", "entropy", "mse"] }, "percentile": { "description": "For calibrator percentile, in percent: 99.99.", "type": "number", "exclusiveMinimum": 50, "maximum": 100 }, "include": { "$ref": "#/definitions/textOrTexts", "description": "Quantize only these: node names, operator types, or patterns with *." }, "exclude": { "$ref": "#/definitions/textOrTexts", "description": "Keep these in float: node names, operator types, or patterns with *." }, "overrides": { "description": "Types by node name, operator type, or pattern with *.", "type": "object", "additionalProperties": { "$ref": "#/definitions/override" } }, "block-size": { "description": "Weights that share a scale, for weight-only methods: a power of two from 16 to 256.", "enum": [16, 32, 64, 128, 256] }, "symmetric": { "description": "Symmetric activation (or block-wise weight) ranges. Default: the method's or preset's.", "type": "boolean" }, "per-channel": { "description": "One weight scale per output channel. Default: the method's or preset's.", "type": "boolean" }, "saturation-safe": { "description": "Weight scales that cannot saturate on CPUs without VNNI. Default: as the target needs.", "type": "boolean" }, "bias-correction": { "description": "Correct the mean error of each layer in its bias. Default: the method's.", "type": "boolean" }, "equalization": { "description": "Cross-layer equalization of weight ranges. Default: the method's.", "type": "boolean" }, "smooth-quant": { "description": "Move activation outliers into the weights. Default: the method's.", "type": "boolean" }, "rounding": { "description": "How weights are rounded: to the nearest, or so that the layer's output on the calibration data is nearest (adaptive: int8-static; gptq: int8-weights and int4-weights). Default: the method's.", "enum": ["nearest", "adaptive", "gptq"] }, "repair": { "description": "Leave the layers that lose most as they are when the outputs fall below the method's floor. Not where a preset, a plan or include promises what is quantized. Default true.", "type": "boolean" }, "objective": { "description": "For method auto: what to make small while the thresholds hold. Default latency.", "enum": ["latency", "size"] }, "budget": { "$ref": "#/definitions/duration", "description": "For method auto: time the search may take. Default 60s." }, "plan": { "$ref": "#/definitions/path", "description": "Plan file to reproduce, relative to this file's folder." } } };
var schema60 = { "enum": ["int8-static", "int8-dynamic", "float16", "int8-weights", "int4-weights", "auto"] };
var schema61 = { "type": "object", "additionalProperties": false, "minProperties": 1, "properties": { "activation": { "description": "Type of the activations.", "enum": ["uint8", "int8", "float32", "float16"] }, "weight": { "description": "Type of the weights.", "enum": ["int8", "uint8", "int4", "float32", "float16"] }, "symmetric": { "description": "Symmetric ranges.", "type": "boolean" }, "per-channel": { "description": "One weight scale per output channel.", "type": "boolean" } } };
function validate34(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!func0.call(schema58.properties, key0)) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema58, data };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.name !== void 0) {
      let data0 = data.name;
      if (typeof data0 === "string") {
        if (func3(data0) > 100) {
          const err1 = { instancePath: instancePath + "/name", schemaPath: "#/definitions/name/maxLength", keyword: "maxLength", params: { limit: 100 }, message: "must NOT have more than 100 characters", schema: 100, parentSchema: schema5, data: data0 };
          if (vErrors === null) {
            vErrors = [err1];
          } else {
            vErrors.push(err1);
          }
          errors++;
        }
        if (func3(data0) < 1) {
          const err2 = { instancePath: instancePath + "/name", schemaPath: "#/definitions/name/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema5, data: data0 };
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        }
        if (!pattern0.test(data0)) {
          const err3 = { instancePath: instancePath + "/name", schemaPath: "#/definitions/name/pattern", keyword: "pattern", params: { pattern: '^[^./\\\\*?<>:|"\\u0000-\\u001f\\u007f][^/\\\\*?<>:|"\\u0000-\\u001f\\u007f]*$' }, message: 'must match pattern "^[^./\\\\*?<>:|"\\u0000-\\u001f\\u007f][^/\\\\*?<>:|"\\u0000-\\u001f\\u007f]*$"', schema: '^[^./\\\\*?<>:|"\\u0000-\\u001f\\u007f][^/\\\\*?<>:|"\\u0000-\\u001f\\u007f]*$', parentSchema: schema5, data: data0 };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
      } else {
        const err4 = { instancePath: instancePath + "/name", schemaPath: "#/definitions/name/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema5.type, parentSchema: schema5, data: data0 };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.method !== void 0) {
      let data1 = data.method;
      if (!(data1 === "int8-static" || data1 === "int8-dynamic" || data1 === "float16" || data1 === "int8-weights" || data1 === "int4-weights" || data1 === "auto")) {
        const err5 = { instancePath: instancePath + "/method", schemaPath: "#/definitions/method/enum", keyword: "enum", params: { allowedValues: schema60.enum }, message: "must be equal to one of the allowed values", schema: schema60.enum, parentSchema: schema60, data: data1 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.preset !== void 0) {
      let data2 = data.preset;
      if (!(data2 === "torch" || data2 === "onnxruntime" || data2 === "tensorrt")) {
        const err6 = { instancePath: instancePath + "/preset", schemaPath: "#/properties/preset/enum", keyword: "enum", params: { allowedValues: schema58.properties.preset.enum }, message: "must be equal to one of the allowed values", schema: schema58.properties.preset.enum, parentSchema: schema58.properties.preset, data: data2 };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
    }
    if (data.target !== void 0) {
      let data3 = data.target;
      if (!(data3 === "cpu" || data3 === "arm64" || data3 === "cuda" || data3 === "tensorrt" || data3 === "webgpu" || data3 === "wasm")) {
        const err7 = { instancePath: instancePath + "/target", schemaPath: "#/properties/target/enum", keyword: "enum", params: { allowedValues: schema58.properties.target.enum }, message: "must be equal to one of the allowed values", schema: schema58.properties.target.enum, parentSchema: schema58.properties.target, data: data3 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    if (data.calibrator !== void 0) {
      let data4 = data.calibrator;
      if (!(data4 === "minmax" || data4 === "moving-average" || data4 === "percentile" || data4 === "entropy" || data4 === "mse")) {
        const err8 = { instancePath: instancePath + "/calibrator", schemaPath: "#/properties/calibrator/enum", keyword: "enum", params: { allowedValues: schema58.properties.calibrator.enum }, message: "must be equal to one of the allowed values", schema: schema58.properties.calibrator.enum, parentSchema: schema58.properties.calibrator, data: data4 };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    if (data.percentile !== void 0) {
      let data5 = data.percentile;
      if (typeof data5 == "number" && isFinite(data5)) {
        if (data5 > 100 || isNaN(data5)) {
          const err9 = { instancePath: instancePath + "/percentile", schemaPath: "#/properties/percentile/maximum", keyword: "maximum", params: { comparison: "<=", limit: 100 }, message: "must be <= 100", schema: 100, parentSchema: schema58.properties.percentile, data: data5 };
          if (vErrors === null) {
            vErrors = [err9];
          } else {
            vErrors.push(err9);
          }
          errors++;
        }
        if (data5 <= 50 || isNaN(data5)) {
          const err10 = { instancePath: instancePath + "/percentile", schemaPath: "#/properties/percentile/exclusiveMinimum", keyword: "exclusiveMinimum", params: { comparison: ">", limit: 50 }, message: "must be > 50", schema: 50, parentSchema: schema58.properties.percentile, data: data5 };
          if (vErrors === null) {
            vErrors = [err10];
          } else {
            vErrors.push(err10);
          }
          errors++;
        }
      } else {
        const err11 = { instancePath: instancePath + "/percentile", schemaPath: "#/properties/percentile/type", keyword: "type", params: { type: "number" }, message: "must be number", schema: schema58.properties.percentile.type, parentSchema: schema58.properties.percentile, data: data5 };
        if (vErrors === null) {
          vErrors = [err11];
        } else {
          vErrors.push(err11);
        }
        errors++;
      }
    }
    if (data.include !== void 0) {
      if (!validate23(data.include, { instancePath: instancePath + "/include", parentData: data, parentDataProperty: "include", rootData })) {
        vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
        errors = vErrors.length;
      }
    }
    if (data.exclude !== void 0) {
      if (!validate23(data.exclude, { instancePath: instancePath + "/exclude", parentData: data, parentDataProperty: "exclude", rootData })) {
        vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
        errors = vErrors.length;
      }
    }
    if (data.overrides !== void 0) {
      let data8 = data.overrides;
      if (data8 && typeof data8 == "object" && !Array.isArray(data8)) {
        for (const key1 in data8) {
          let data9 = data8[key1];
          if (data9 && typeof data9 == "object" && !Array.isArray(data9)) {
            if (Object.keys(data9).length < 1) {
              const err12 = { instancePath: instancePath + "/overrides/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/override/minProperties", keyword: "minProperties", params: { limit: 1 }, message: "must NOT have fewer than 1 properties", schema: 1, parentSchema: schema61, data: data9 };
              if (vErrors === null) {
                vErrors = [err12];
              } else {
                vErrors.push(err12);
              }
              errors++;
            }
            for (const key2 in data9) {
              if (!(key2 === "activation" || key2 === "weight" || key2 === "symmetric" || key2 === "per-channel")) {
                const err13 = { instancePath: instancePath + "/overrides/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/override/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 }, message: "must NOT have additional properties", schema: false, parentSchema: schema61, data: data9 };
                if (vErrors === null) {
                  vErrors = [err13];
                } else {
                  vErrors.push(err13);
                }
                errors++;
              }
            }
            if (data9.activation !== void 0) {
              let data10 = data9.activation;
              if (!(data10 === "uint8" || data10 === "int8" || data10 === "float32" || data10 === "float16")) {
                const err14 = { instancePath: instancePath + "/overrides/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/activation", schemaPath: "#/definitions/override/properties/activation/enum", keyword: "enum", params: { allowedValues: schema61.properties.activation.enum }, message: "must be equal to one of the allowed values", schema: schema61.properties.activation.enum, parentSchema: schema61.properties.activation, data: data10 };
                if (vErrors === null) {
                  vErrors = [err14];
                } else {
                  vErrors.push(err14);
                }
                errors++;
              }
            }
            if (data9.weight !== void 0) {
              let data11 = data9.weight;
              if (!(data11 === "int8" || data11 === "uint8" || data11 === "int4" || data11 === "float32" || data11 === "float16")) {
                const err15 = { instancePath: instancePath + "/overrides/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/weight", schemaPath: "#/definitions/override/properties/weight/enum", keyword: "enum", params: { allowedValues: schema61.properties.weight.enum }, message: "must be equal to one of the allowed values", schema: schema61.properties.weight.enum, parentSchema: schema61.properties.weight, data: data11 };
                if (vErrors === null) {
                  vErrors = [err15];
                } else {
                  vErrors.push(err15);
                }
                errors++;
              }
            }
            if (data9.symmetric !== void 0) {
              let data12 = data9.symmetric;
              if (typeof data12 !== "boolean") {
                const err16 = { instancePath: instancePath + "/overrides/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/symmetric", schemaPath: "#/definitions/override/properties/symmetric/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema61.properties.symmetric.type, parentSchema: schema61.properties.symmetric, data: data12 };
                if (vErrors === null) {
                  vErrors = [err16];
                } else {
                  vErrors.push(err16);
                }
                errors++;
              }
            }
            if (data9["per-channel"] !== void 0) {
              let data13 = data9["per-channel"];
              if (typeof data13 !== "boolean") {
                const err17 = { instancePath: instancePath + "/overrides/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/per-channel", schemaPath: "#/definitions/override/properties/per-channel/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema61.properties["per-channel"].type, parentSchema: schema61.properties["per-channel"], data: data13 };
                if (vErrors === null) {
                  vErrors = [err17];
                } else {
                  vErrors.push(err17);
                }
                errors++;
              }
            }
          } else {
            const err18 = { instancePath: instancePath + "/overrides/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/override/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema61.type, parentSchema: schema61, data: data9 };
            if (vErrors === null) {
              vErrors = [err18];
            } else {
              vErrors.push(err18);
            }
            errors++;
          }
        }
      } else {
        const err19 = { instancePath: instancePath + "/overrides", schemaPath: "#/properties/overrides/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema58.properties.overrides.type, parentSchema: schema58.properties.overrides, data: data8 };
        if (vErrors === null) {
          vErrors = [err19];
        } else {
          vErrors.push(err19);
        }
        errors++;
      }
    }
    if (data["block-size"] !== void 0) {
      let data14 = data["block-size"];
      if (!(data14 === 16 || data14 === 32 || data14 === 64 || data14 === 128 || data14 === 256)) {
        const err20 = { instancePath: instancePath + "/block-size", schemaPath: "#/properties/block-size/enum", keyword: "enum", params: { allowedValues: schema58.properties["block-size"].enum }, message: "must be equal to one of the allowed values", schema: schema58.properties["block-size"].enum, parentSchema: schema58.properties["block-size"], data: data14 };
        if (vErrors === null) {
          vErrors = [err20];
        } else {
          vErrors.push(err20);
        }
        errors++;
      }
    }
    if (data.symmetric !== void 0) {
      let data15 = data.symmetric;
      if (typeof data15 !== "boolean") {
        const err21 = { instancePath: instancePath + "/symmetric", schemaPath: "#/properties/symmetric/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema58.properties.symmetric.type, parentSchema: schema58.properties.symmetric, data: data15 };
        if (vErrors === null) {
          vErrors = [err21];
        } else {
          vErrors.push(err21);
        }
        errors++;
      }
    }
    if (data["per-channel"] !== void 0) {
      let data16 = data["per-channel"];
      if (typeof data16 !== "boolean") {
        const err22 = { instancePath: instancePath + "/per-channel", schemaPath: "#/properties/per-channel/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema58.properties["per-channel"].type, parentSchema: schema58.properties["per-channel"], data: data16 };
        if (vErrors === null) {
          vErrors = [err22];
        } else {
          vErrors.push(err22);
        }
        errors++;
      }
    }
    if (data["saturation-safe"] !== void 0) {
      let data17 = data["saturation-safe"];
      if (typeof data17 !== "boolean") {
        const err23 = { instancePath: instancePath + "/saturation-safe", schemaPath: "#/properties/saturation-safe/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema58.properties["saturation-safe"].type, parentSchema: schema58.properties["saturation-safe"], data: data17 };
        if (vErrors === null) {
          vErrors = [err23];
        } else {
          vErrors.push(err23);
        }
        errors++;
      }
    }
    if (data["bias-correction"] !== void 0) {
      let data18 = data["bias-correction"];
      if (typeof data18 !== "boolean") {
        const err24 = { instancePath: instancePath + "/bias-correction", schemaPath: "#/properties/bias-correction/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema58.properties["bias-correction"].type, parentSchema: schema58.properties["bias-correction"], data: data18 };
        if (vErrors === null) {
          vErrors = [err24];
        } else {
          vErrors.push(err24);
        }
        errors++;
      }
    }
    if (data.equalization !== void 0) {
      let data19 = data.equalization;
      if (typeof data19 !== "boolean") {
        const err25 = { instancePath: instancePath + "/equalization", schemaPath: "#/properties/equalization/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema58.properties.equalization.type, parentSchema: schema58.properties.equalization, data: data19 };
        if (vErrors === null) {
          vErrors = [err25];
        } else {
          vErrors.push(err25);
        }
        errors++;
      }
    }
    if (data["smooth-quant"] !== void 0) {
      let data20 = data["smooth-quant"];
      if (typeof data20 !== "boolean") {
        const err26 = { instancePath: instancePath + "/smooth-quant", schemaPath: "#/properties/smooth-quant/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema58.properties["smooth-quant"].type, parentSchema: schema58.properties["smooth-quant"], data: data20 };
        if (vErrors === null) {
          vErrors = [err26];
        } else {
          vErrors.push(err26);
        }
        errors++;
      }
    }
    if (data.rounding !== void 0) {
      let data21 = data.rounding;
      if (!(data21 === "nearest" || data21 === "adaptive" || data21 === "gptq")) {
        const err27 = { instancePath: instancePath + "/rounding", schemaPath: "#/properties/rounding/enum", keyword: "enum", params: { allowedValues: schema58.properties.rounding.enum }, message: "must be equal to one of the allowed values", schema: schema58.properties.rounding.enum, parentSchema: schema58.properties.rounding, data: data21 };
        if (vErrors === null) {
          vErrors = [err27];
        } else {
          vErrors.push(err27);
        }
        errors++;
      }
    }
    if (data.repair !== void 0) {
      let data22 = data.repair;
      if (typeof data22 !== "boolean") {
        const err28 = { instancePath: instancePath + "/repair", schemaPath: "#/properties/repair/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema58.properties.repair.type, parentSchema: schema58.properties.repair, data: data22 };
        if (vErrors === null) {
          vErrors = [err28];
        } else {
          vErrors.push(err28);
        }
        errors++;
      }
    }
    if (data.objective !== void 0) {
      let data23 = data.objective;
      if (!(data23 === "latency" || data23 === "size")) {
        const err29 = { instancePath: instancePath + "/objective", schemaPath: "#/properties/objective/enum", keyword: "enum", params: { allowedValues: schema58.properties.objective.enum }, message: "must be equal to one of the allowed values", schema: schema58.properties.objective.enum, parentSchema: schema58.properties.objective, data: data23 };
        if (vErrors === null) {
          vErrors = [err29];
        } else {
          vErrors.push(err29);
        }
        errors++;
      }
    }
    if (data.budget !== void 0) {
      let data24 = data.budget;
      if (typeof data24 !== "string" && !(typeof data24 == "number" && isFinite(data24))) {
        const err30 = { instancePath: instancePath + "/budget", schemaPath: "#/definitions/duration/type", keyword: "type", params: { type: schema19.type }, message: "must be string,number", schema: schema19.type, parentSchema: schema19, data: data24 };
        if (vErrors === null) {
          vErrors = [err30];
        } else {
          vErrors.push(err30);
        }
        errors++;
      }
    }
    if (data.plan !== void 0) {
      let data25 = data.plan;
      if (typeof data25 === "string") {
        if (func3(data25) < 1) {
          const err31 = { instancePath: instancePath + "/plan", schemaPath: "#/definitions/path/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema6, data: data25 };
          if (vErrors === null) {
            vErrors = [err31];
          } else {
            vErrors.push(err31);
          }
          errors++;
        }
      } else {
        const err32 = { instancePath: instancePath + "/plan", schemaPath: "#/definitions/path/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema6.type, parentSchema: schema6, data: data25 };
        if (vErrors === null) {
          vErrors = [err32];
        } else {
          vErrors.push(err32);
        }
        errors++;
      }
    }
  } else {
    const err33 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema58.type, parentSchema: schema58, data };
    if (vErrors === null) {
      vErrors = [err33];
    } else {
      vErrors.push(err33);
    }
    errors++;
  }
  validate34.errors = vErrors;
  return errors === 0;
}
function validate28(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (typeof data !== "string" && !(data && typeof data == "object" && !Array.isArray(data))) {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema51.type }, message: "must be string,object", schema: schema51.type, parentSchema: schema51, data };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  const _errs1 = errors;
  let valid0 = true;
  const _errs2 = errors;
  if (!(data && typeof data == "object" && !Array.isArray(data))) {
    const err1 = {};
    if (vErrors === null) {
      vErrors = [err1];
    } else {
      vErrors.push(err1);
    }
    errors++;
  }
  var _valid0 = _errs2 === errors;
  errors = _errs1;
  if (vErrors !== null) {
    if (_errs1) {
      vErrors.length = _errs1;
    } else {
      vErrors = null;
    }
  }
  let ifClause0;
  if (_valid0) {
    const _errs4 = errors;
    const _errs5 = errors;
    let valid1 = true;
    const _errs6 = errors;
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.file === void 0 && (missing0 = "file")) {
        const err2 = {};
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    var _valid1 = _errs6 === errors;
    errors = _errs5;
    if (vErrors !== null) {
      if (_errs5) {
        vErrors.length = _errs5;
      } else {
        vErrors = null;
      }
    }
    let ifClause1;
    if (_valid1) {
      const _errs7 = errors;
      if (!validate29(data, { instancePath, parentData, parentDataProperty, rootData })) {
        vErrors = vErrors === null ? validate29.errors : vErrors.concat(validate29.errors);
        errors = vErrors.length;
      }
      var _valid1 = _errs7 === errors;
      valid1 = _valid1;
      ifClause1 = "then";
    } else {
      const _errs8 = errors;
      const _errs9 = errors;
      let valid2 = true;
      const _errs10 = errors;
      if (data && typeof data == "object" && !Array.isArray(data)) {
        let missing1;
        if (data.command === void 0 && (missing1 = "command")) {
          const err3 = {};
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
      }
      var _valid2 = _errs10 === errors;
      errors = _errs9;
      if (vErrors !== null) {
        if (_errs9) {
          vErrors.length = _errs9;
        } else {
          vErrors = null;
        }
      }
      let ifClause2;
      if (_valid2) {
        const _errs11 = errors;
        if (!validate31(data, { instancePath, parentData, parentDataProperty, rootData })) {
          vErrors = vErrors === null ? validate31.errors : vErrors.concat(validate31.errors);
          errors = vErrors.length;
        }
        var _valid2 = _errs11 === errors;
        valid2 = _valid2;
        ifClause2 = "then";
      } else {
        const _errs12 = errors;
        if (!validate34(data, { instancePath, parentData, parentDataProperty, rootData })) {
          vErrors = vErrors === null ? validate34.errors : vErrors.concat(validate34.errors);
          errors = vErrors.length;
        }
        var _valid2 = _errs12 === errors;
        valid2 = _valid2;
        ifClause2 = "else";
      }
      if (!valid2) {
        const err4 = { instancePath, schemaPath: "#/then/else/if", keyword: "if", params: { failingKeyword: ifClause2 }, message: 'must match "' + ifClause2 + '" schema', schema: schema51.then.else.if, parentSchema: schema51.then.else, data };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
      var _valid1 = _errs8 === errors;
      valid1 = _valid1;
      ifClause1 = "else";
    }
    if (!valid1) {
      const err5 = { instancePath, schemaPath: "#/then/if", keyword: "if", params: { failingKeyword: ifClause1 }, message: 'must match "' + ifClause1 + '" schema', schema: schema51.then.if, parentSchema: schema51.then, data };
      if (vErrors === null) {
        vErrors = [err5];
      } else {
        vErrors.push(err5);
      }
      errors++;
    }
    var _valid0 = _errs4 === errors;
    valid0 = _valid0;
    ifClause0 = "then";
  } else {
    const _errs13 = errors;
    if (!(data === "int8" || data === "int8-static" || data === "int8-dynamic" || data === "fp16" || data === "float16" || data === "int8-weights" || data === "int4-weights" || data === "auto")) {
      const err6 = { instancePath, schemaPath: "#/else/enum", keyword: "enum", params: { allowedValues: schema51.else.enum }, message: "must be equal to one of the allowed values", schema: schema51.else.enum, parentSchema: schema51.else, data };
      if (vErrors === null) {
        vErrors = [err6];
      } else {
        vErrors.push(err6);
      }
      errors++;
    }
    var _valid0 = _errs13 === errors;
    valid0 = _valid0;
    ifClause0 = "else";
  }
  if (!valid0) {
    const err7 = { instancePath, schemaPath: "#/if", keyword: "if", params: { failingKeyword: ifClause0 }, message: 'must match "' + ifClause0 + '" schema', schema: schema51.if, parentSchema: schema51, data };
    if (vErrors === null) {
      vErrors = [err7];
    } else {
      vErrors.push(err7);
    }
    errors++;
  }
  validate28.errors = vErrors;
  return errors === 0;
}
var schema64 = { "description": "The model that pull requests into this revision are compared with, when it is not kept in git. An earlier step puts the file there.", "type": ["object", "null"], "additionalProperties": false, "required": ["file", "sha256"], "properties": { "file": { "$ref": "#/definitions/path", "description": "ONNX file inside the workspace, relative to this file's folder." }, "sha256": { "$ref": "#/definitions/sha256", "description": "SHA-256 of the file." }, "external-data": { "description": "SHA-256 of each file beside the model that it keeps weights in, by name.", "type": "object", "additionalProperties": { "$ref": "#/definitions/sha256" } } } };
var schema66 = { "type": "string", "pattern": "^[0-9a-fA-F]{64}$" };
var pattern4 = new RegExp("^[0-9a-fA-F]{64}$", "u");
function validate39(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (!(data && typeof data == "object" && !Array.isArray(data)) && data !== null) {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema64.type }, message: "must be object,null", schema: schema64.type, parentSchema: schema64, data };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.file === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "file" }, message: "must have required property 'file'", schema: schema64.required, parentSchema: schema64, data };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    if (data.sha256 === void 0) {
      const err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "sha256" }, message: "must have required property 'sha256'", schema: schema64.required, parentSchema: schema64, data };
      if (vErrors === null) {
        vErrors = [err2];
      } else {
        vErrors.push(err2);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "file" || key0 === "sha256" || key0 === "external-data")) {
        const err3 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema64, data };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.file !== void 0) {
      let data0 = data.file;
      if (typeof data0 === "string") {
        if (func3(data0) < 1) {
          const err4 = { instancePath: instancePath + "/file", schemaPath: "#/definitions/path/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema6, data: data0 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
      } else {
        const err5 = { instancePath: instancePath + "/file", schemaPath: "#/definitions/path/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema6.type, parentSchema: schema6, data: data0 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.sha256 !== void 0) {
      let data1 = data.sha256;
      if (typeof data1 === "string") {
        if (!pattern4.test(data1)) {
          const err6 = { instancePath: instancePath + "/sha256", schemaPath: "#/definitions/sha256/pattern", keyword: "pattern", params: { pattern: "^[0-9a-fA-F]{64}$" }, message: 'must match pattern "^[0-9a-fA-F]{64}$"', schema: "^[0-9a-fA-F]{64}$", parentSchema: schema66, data: data1 };
          if (vErrors === null) {
            vErrors = [err6];
          } else {
            vErrors.push(err6);
          }
          errors++;
        }
      } else {
        const err7 = { instancePath: instancePath + "/sha256", schemaPath: "#/definitions/sha256/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema66.type, parentSchema: schema66, data: data1 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    if (data["external-data"] !== void 0) {
      let data2 = data["external-data"];
      if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
        for (const key1 in data2) {
          let data3 = data2[key1];
          if (typeof data3 === "string") {
            if (!pattern4.test(data3)) {
              const err8 = { instancePath: instancePath + "/external-data/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/sha256/pattern", keyword: "pattern", params: { pattern: "^[0-9a-fA-F]{64}$" }, message: 'must match pattern "^[0-9a-fA-F]{64}$"', schema: "^[0-9a-fA-F]{64}$", parentSchema: schema66, data: data3 };
              if (vErrors === null) {
                vErrors = [err8];
              } else {
                vErrors.push(err8);
              }
              errors++;
            }
          } else {
            const err9 = { instancePath: instancePath + "/external-data/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/sha256/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema66.type, parentSchema: schema66, data: data3 };
            if (vErrors === null) {
              vErrors = [err9];
            } else {
              vErrors.push(err9);
            }
            errors++;
          }
        }
      } else {
        const err10 = { instancePath: instancePath + "/external-data", schemaPath: "#/properties/external-data/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema64.properties["external-data"].type, parentSchema: schema64.properties["external-data"], data: data2 };
        if (vErrors === null) {
          vErrors = [err10];
        } else {
          vErrors.push(err10);
        }
        errors++;
      }
    }
  }
  validate39.errors = vErrors;
  return errors === 0;
}
function validate1(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.path === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "path" }, message: "must have required property 'path'", schema: schema4.required, parentSchema: schema4, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!func0.call(schema4.properties, key0)) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema4, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.name !== void 0) {
      let data0 = data.name;
      if (typeof data0 === "string") {
        if (func3(data0) > 100) {
          const err2 = { instancePath: instancePath + "/name", schemaPath: "#/definitions/name/maxLength", keyword: "maxLength", params: { limit: 100 }, message: "must NOT have more than 100 characters", schema: 100, parentSchema: schema5, data: data0 };
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        }
        if (func3(data0) < 1) {
          const err3 = { instancePath: instancePath + "/name", schemaPath: "#/definitions/name/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema5, data: data0 };
          if (vErrors === null) {
            vErrors = [err3];
          } else {
            vErrors.push(err3);
          }
          errors++;
        }
        if (!pattern0.test(data0)) {
          const err4 = { instancePath: instancePath + "/name", schemaPath: "#/definitions/name/pattern", keyword: "pattern", params: { pattern: '^[^./\\\\*?<>:|"\\u0000-\\u001f\\u007f][^/\\\\*?<>:|"\\u0000-\\u001f\\u007f]*$' }, message: 'must match pattern "^[^./\\\\*?<>:|"\\u0000-\\u001f\\u007f][^/\\\\*?<>:|"\\u0000-\\u001f\\u007f]*$"', schema: '^[^./\\\\*?<>:|"\\u0000-\\u001f\\u007f][^/\\\\*?<>:|"\\u0000-\\u001f\\u007f]*$', parentSchema: schema5, data: data0 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
      } else {
        const err5 = { instancePath: instancePath + "/name", schemaPath: "#/definitions/name/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema5.type, parentSchema: schema5, data: data0 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.path !== void 0) {
      let data1 = data.path;
      if (typeof data1 === "string") {
        if (func3(data1) < 1) {
          const err6 = { instancePath: instancePath + "/path", schemaPath: "#/definitions/path/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema6, data: data1 };
          if (vErrors === null) {
            vErrors = [err6];
          } else {
            vErrors.push(err6);
          }
          errors++;
        }
      } else {
        const err7 = { instancePath: instancePath + "/path", schemaPath: "#/definitions/path/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema6.type, parentSchema: schema6, data: data1 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    if (data.task !== void 0) {
      let data2 = data.task;
      if (!(data2 === "classification" || data2 === "regression" || data2 === "embedding" || data2 === "segmentation" || data2 === "language-model" || data2 === "text-classification" || data2 === "detection" || data2 === "text-recognition" || data2 === "token-classification" || data2 === "question-answering" || data2 === "retrieval" || data2 === "speech-recognition" || data2 === "custom" || data2 === "none")) {
        const err8 = { instancePath: instancePath + "/task", schemaPath: "#/properties/task/enum", keyword: "enum", params: { allowedValues: schema4.properties.task.enum }, message: "must be equal to one of the allowed values", schema: schema4.properties.task.enum, parentSchema: schema4.properties.task, data: data2 };
        if (vErrors === null) {
          vErrors = [err8];
        } else {
          vErrors.push(err8);
        }
        errors++;
      }
    }
    if (data.output !== void 0) {
      let data3 = data.output;
      if (typeof data3 === "string") {
        if (func3(data3) < 1) {
          const err9 = { instancePath: instancePath + "/output", schemaPath: "#/definitions/text/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema7, data: data3 };
          if (vErrors === null) {
            vErrors = [err9];
          } else {
            vErrors.push(err9);
          }
          errors++;
        }
      } else {
        const err10 = { instancePath: instancePath + "/output", schemaPath: "#/definitions/text/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema7.type, parentSchema: schema7, data: data3 };
        if (vErrors === null) {
          vErrors = [err10];
        } else {
          vErrors.push(err10);
        }
        errors++;
      }
    }
    if (data.outputs !== void 0) {
      let data4 = data.outputs;
      if (data4 && typeof data4 == "object" && !Array.isArray(data4)) {
        for (const key1 in data4) {
          if (!(key1 === "boxes" || key1 === "scores" || key1 === "classes" || key1 === "start" || key1 === "end")) {
            const err11 = { instancePath: instancePath + "/outputs", schemaPath: "#/properties/outputs/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties", schema: false, parentSchema: schema4.properties.outputs, data: data4 };
            if (vErrors === null) {
              vErrors = [err11];
            } else {
              vErrors.push(err11);
            }
            errors++;
          }
        }
        if (data4.boxes !== void 0) {
          let data5 = data4.boxes;
          if (typeof data5 === "string") {
            if (func3(data5) < 1) {
              const err12 = { instancePath: instancePath + "/outputs/boxes", schemaPath: "#/definitions/text/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema7, data: data5 };
              if (vErrors === null) {
                vErrors = [err12];
              } else {
                vErrors.push(err12);
              }
              errors++;
            }
          } else {
            const err13 = { instancePath: instancePath + "/outputs/boxes", schemaPath: "#/definitions/text/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema7.type, parentSchema: schema7, data: data5 };
            if (vErrors === null) {
              vErrors = [err13];
            } else {
              vErrors.push(err13);
            }
            errors++;
          }
        }
        if (data4.scores !== void 0) {
          let data6 = data4.scores;
          if (typeof data6 === "string") {
            if (func3(data6) < 1) {
              const err14 = { instancePath: instancePath + "/outputs/scores", schemaPath: "#/definitions/text/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema7, data: data6 };
              if (vErrors === null) {
                vErrors = [err14];
              } else {
                vErrors.push(err14);
              }
              errors++;
            }
          } else {
            const err15 = { instancePath: instancePath + "/outputs/scores", schemaPath: "#/definitions/text/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema7.type, parentSchema: schema7, data: data6 };
            if (vErrors === null) {
              vErrors = [err15];
            } else {
              vErrors.push(err15);
            }
            errors++;
          }
        }
        if (data4.classes !== void 0) {
          let data7 = data4.classes;
          if (typeof data7 === "string") {
            if (func3(data7) < 1) {
              const err16 = { instancePath: instancePath + "/outputs/classes", schemaPath: "#/definitions/text/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema7, data: data7 };
              if (vErrors === null) {
                vErrors = [err16];
              } else {
                vErrors.push(err16);
              }
              errors++;
            }
          } else {
            const err17 = { instancePath: instancePath + "/outputs/classes", schemaPath: "#/definitions/text/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema7.type, parentSchema: schema7, data: data7 };
            if (vErrors === null) {
              vErrors = [err17];
            } else {
              vErrors.push(err17);
            }
            errors++;
          }
        }
        if (data4.start !== void 0) {
          let data8 = data4.start;
          if (typeof data8 === "string") {
            if (func3(data8) < 1) {
              const err18 = { instancePath: instancePath + "/outputs/start", schemaPath: "#/definitions/text/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema7, data: data8 };
              if (vErrors === null) {
                vErrors = [err18];
              } else {
                vErrors.push(err18);
              }
              errors++;
            }
          } else {
            const err19 = { instancePath: instancePath + "/outputs/start", schemaPath: "#/definitions/text/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema7.type, parentSchema: schema7, data: data8 };
            if (vErrors === null) {
              vErrors = [err19];
            } else {
              vErrors.push(err19);
            }
            errors++;
          }
        }
        if (data4.end !== void 0) {
          let data9 = data4.end;
          if (typeof data9 === "string") {
            if (func3(data9) < 1) {
              const err20 = { instancePath: instancePath + "/outputs/end", schemaPath: "#/definitions/text/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema7, data: data9 };
              if (vErrors === null) {
                vErrors = [err20];
              } else {
                vErrors.push(err20);
              }
              errors++;
            }
          } else {
            const err21 = { instancePath: instancePath + "/outputs/end", schemaPath: "#/definitions/text/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema7.type, parentSchema: schema7, data: data9 };
            if (vErrors === null) {
              vErrors = [err21];
            } else {
              vErrors.push(err21);
            }
            errors++;
          }
        }
      } else {
        const err22 = { instancePath: instancePath + "/outputs", schemaPath: "#/properties/outputs/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema4.properties.outputs.type, parentSchema: schema4.properties.outputs, data: data4 };
        if (vErrors === null) {
          vErrors = [err22];
        } else {
          vErrors.push(err22);
        }
        errors++;
      }
    }
    if (data.decoder !== void 0) {
      let data10 = data.decoder;
      if (typeof data10 === "string") {
        if (func3(data10) < 1) {
          const err23 = { instancePath: instancePath + "/decoder", schemaPath: "#/definitions/text/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema7, data: data10 };
          if (vErrors === null) {
            vErrors = [err23];
          } else {
            vErrors.push(err23);
          }
          errors++;
        }
      } else {
        const err24 = { instancePath: instancePath + "/decoder", schemaPath: "#/definitions/text/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema7.type, parentSchema: schema7, data: data10 };
        if (vErrors === null) {
          vErrors = [err24];
        } else {
          vErrors.push(err24);
        }
        errors++;
      }
    }
    if (data.keys !== void 0) {
      let data11 = data.keys;
      if (typeof data11 === "string") {
        if (func3(data11) < 1) {
          const err25 = { instancePath: instancePath + "/keys", schemaPath: "#/definitions/path/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema6, data: data11 };
          if (vErrors === null) {
            vErrors = [err25];
          } else {
            vErrors.push(err25);
          }
          errors++;
        }
      } else {
        const err26 = { instancePath: instancePath + "/keys", schemaPath: "#/definitions/path/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema6.type, parentSchema: schema6, data: data11 };
        if (vErrors === null) {
          vErrors = [err26];
        } else {
          vErrors.push(err26);
        }
        errors++;
      }
    }
    if (data["label-offset"] !== void 0) {
      let data12 = data["label-offset"];
      if (!(typeof data12 == "number" && (!(data12 % 1) && !isNaN(data12)) && isFinite(data12))) {
        const err27 = { instancePath: instancePath + "/label-offset", schemaPath: "#/properties/label-offset/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema4.properties["label-offset"].type, parentSchema: schema4.properties["label-offset"], data: data12 };
        if (vErrors === null) {
          vErrors = [err27];
        } else {
          vErrors.push(err27);
        }
        errors++;
      }
    }
    if (data.evaluator !== void 0) {
      if (!validate2(data.evaluator, { instancePath: instancePath + "/evaluator", parentData: data, parentDataProperty: "evaluator", rootData })) {
        vErrors = vErrors === null ? validate2.errors : vErrors.concat(validate2.errors);
        errors = vErrors.length;
      }
    }
    if (data.data !== void 0) {
      if (!validate6(data.data, { instancePath: instancePath + "/data", parentData: data, parentDataProperty: "data", rootData })) {
        vErrors = vErrors === null ? validate6.errors : vErrors.concat(validate6.errors);
        errors = vErrors.length;
      }
    }
    if (data.variants !== void 0) {
      let data15 = data.variants;
      if (Array.isArray(data15)) {
        if (data15.length < 1) {
          const err28 = { instancePath: instancePath + "/variants", schemaPath: "#/properties/variants/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema4.properties.variants, data: data15 };
          if (vErrors === null) {
            vErrors = [err28];
          } else {
            vErrors.push(err28);
          }
          errors++;
        }
        const len0 = data15.length;
        for (let i0 = 0; i0 < len0; i0++) {
          if (!validate28(data15[i0], { instancePath: instancePath + "/variants/" + i0, parentData: data15, parentDataProperty: i0, rootData })) {
            vErrors = vErrors === null ? validate28.errors : vErrors.concat(validate28.errors);
            errors = vErrors.length;
          }
        }
      } else {
        const err29 = { instancePath: instancePath + "/variants", schemaPath: "#/properties/variants/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema4.properties.variants.type, parentSchema: schema4.properties.variants, data: data15 };
        if (vErrors === null) {
          vErrors = [err29];
        } else {
          vErrors.push(err29);
        }
        errors++;
      }
    }
    if (data.baseline !== void 0) {
      if (!validate39(data.baseline, { instancePath: instancePath + "/baseline", parentData: data, parentDataProperty: "baseline", rootData })) {
        vErrors = vErrors === null ? validate39.errors : vErrors.concat(validate39.errors);
        errors = vErrors.length;
      }
    }
  } else {
    const err30 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema4.type, parentSchema: schema4, data };
    if (vErrors === null) {
      vErrors = [err30];
    } else {
      vErrors.push(err30);
    }
    errors++;
  }
  validate1.errors = vErrors;
  return errors === 0;
}
var schema68 = { "type": ["object", "null"], "additionalProperties": false, "properties": { "providers": { "description": "Execution providers, one block of rows each. Default [cpu].", "type": ["string", "array"], "if": { "type": "array" }, "then": { "minItems": 1, "items": { "$ref": "#/definitions/provider" }, "allOf": [{ "$ref": "#/definitions/noneTwice" }] }, "else": { "$ref": "#/definitions/provider" } }, "batch": { "$ref": "#/definitions/positiveIntegerOrList", "description": "Batch sizes. Default [1]." }, "threads": { "description": "Intra-op threads: auto, or numbers to sweep. Default auto.", "type": ["string", "integer", "array"], "if": { "type": "string" }, "then": { "enum": ["auto"] }, "else": { "$ref": "#/definitions/positiveIntegerOrList" } }, "concurrency": { "$ref": "#/definitions/positiveIntegerOrList", "description": "Workers at once. Default [1]." }, "budget": { "$ref": "#/definitions/duration", "description": "Measuring time per model and provider. Default 120s." }, "precision": { "description": "Half-width of the latency ratio's interval at which timing ends: 1% or 0.01, from 0.1% to 10%. Default: half of what the checks allow.", "type": ["string", "number"] }, "device": { "description": "Number of the GPU, as CUDA counts them. Default 0.", "type": "integer", "minimum": 0 }, "shapes": { "description": "Values of symbolic input dimensions.", "type": "object", "additionalProperties": { "$ref": "#/definitions/positiveInteger" } } } };
var schema70 = { "enum": ["cpu", "cuda", "tensorrt", "webgpu", "wasm", "dml", "coreml"] };
var schema72 = { "type": ["integer", "array"], "if": { "type": "array" }, "then": { "minItems": 1, "items": { "$ref": "#/definitions/positiveInteger" }, "allOf": [{ "$ref": "#/definitions/noneTwice" }] }, "else": { "$ref": "#/definitions/positiveInteger" } };
function validate43(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (!(typeof data == "number" && (!(data % 1) && !isNaN(data)) && isFinite(data)) && !Array.isArray(data)) {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema72.type }, message: "must be integer,array", schema: schema72.type, parentSchema: schema72, data };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  const _errs1 = errors;
  let valid0 = true;
  const _errs2 = errors;
  if (!Array.isArray(data)) {
    const err1 = {};
    if (vErrors === null) {
      vErrors = [err1];
    } else {
      vErrors.push(err1);
    }
    errors++;
  }
  var _valid0 = _errs2 === errors;
  errors = _errs1;
  if (vErrors !== null) {
    if (_errs1) {
      vErrors.length = _errs1;
    } else {
      vErrors = null;
    }
  }
  let ifClause0;
  if (_valid0) {
    const _errs4 = errors;
    const _errs7 = errors;
    let valid3 = true;
    const _errs8 = errors;
    if (Array.isArray(data)) {
      var valid4 = true;
      const len0 = data.length;
      for (let i0 = 0; i0 < len0; i0++) {
        let data0 = data[i0];
        const _errs9 = errors;
        if (typeof data0 !== "string" && !(typeof data0 == "number" && isFinite(data0))) {
          const err2 = {};
          if (vErrors === null) {
            vErrors = [err2];
          } else {
            vErrors.push(err2);
          }
          errors++;
        }
        var valid4 = _errs9 === errors;
        if (!valid4) {
          break;
        }
      }
    }
    var _valid1 = _errs8 === errors;
    errors = _errs7;
    if (vErrors !== null) {
      if (_errs7) {
        vErrors.length = _errs7;
      } else {
        vErrors = null;
      }
    }
    if (_valid1) {
      const _errs11 = errors;
      if (Array.isArray(data)) {
        let i1 = data.length;
        let j0;
        if (i1 > 1) {
          outer0: for (; i1--; ) {
            for (j0 = i1; j0--; ) {
              if (func1(data[i1], data[j0])) {
                const err3 = { instancePath, schemaPath: "#/definitions/noneTwice/then/uniqueItems", keyword: "uniqueItems", params: { i: i1, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i1 + " are identical)", schema: true, parentSchema: schema1.then, data };
                if (vErrors === null) {
                  vErrors = [err3];
                } else {
                  vErrors.push(err3);
                }
                errors++;
                break outer0;
              }
            }
          }
        }
      }
      var _valid1 = _errs11 === errors;
      valid3 = _valid1;
    }
    if (!valid3) {
      const err4 = { instancePath, schemaPath: "#/definitions/noneTwice/if", keyword: "if", params: { failingKeyword: "then" }, message: 'must match "then" schema', schema: schema1.if, parentSchema: schema1, data };
      if (vErrors === null) {
        vErrors = [err4];
      } else {
        vErrors.push(err4);
      }
      errors++;
    }
    if (Array.isArray(data)) {
      if (data.length < 1) {
        const err5 = { instancePath, schemaPath: "#/then/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema72.then, data };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
      const len1 = data.length;
      for (let i2 = 0; i2 < len1; i2++) {
        let data1 = data[i2];
        if (!(typeof data1 == "number" && (!(data1 % 1) && !isNaN(data1)) && isFinite(data1))) {
          const err6 = { instancePath: instancePath + "/" + i2, schemaPath: "#/definitions/positiveInteger/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema22.type, parentSchema: schema22, data: data1 };
          if (vErrors === null) {
            vErrors = [err6];
          } else {
            vErrors.push(err6);
          }
          errors++;
        }
        if (typeof data1 == "number" && isFinite(data1)) {
          if (data1 < 1 || isNaN(data1)) {
            const err7 = { instancePath: instancePath + "/" + i2, schemaPath: "#/definitions/positiveInteger/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema22, data: data1 };
            if (vErrors === null) {
              vErrors = [err7];
            } else {
              vErrors.push(err7);
            }
            errors++;
          }
        }
      }
    }
    var _valid0 = _errs4 === errors;
    valid0 = _valid0;
    ifClause0 = "then";
  } else {
    const _errs15 = errors;
    if (!(typeof data == "number" && (!(data % 1) && !isNaN(data)) && isFinite(data))) {
      const err8 = { instancePath, schemaPath: "#/definitions/positiveInteger/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema22.type, parentSchema: schema22, data };
      if (vErrors === null) {
        vErrors = [err8];
      } else {
        vErrors.push(err8);
      }
      errors++;
    }
    if (typeof data == "number" && isFinite(data)) {
      if (data < 1 || isNaN(data)) {
        const err9 = { instancePath, schemaPath: "#/definitions/positiveInteger/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema22, data };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      }
    }
    var _valid0 = _errs15 === errors;
    valid0 = _valid0;
    ifClause0 = "else";
  }
  if (!valid0) {
    const err10 = { instancePath, schemaPath: "#/if", keyword: "if", params: { failingKeyword: ifClause0 }, message: 'must match "' + ifClause0 + '" schema', schema: schema72.if, parentSchema: schema72, data };
    if (vErrors === null) {
      vErrors = [err10];
    } else {
      vErrors.push(err10);
    }
    errors++;
  }
  validate43.errors = vErrors;
  return errors === 0;
}
function validate42(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (!(data && typeof data == "object" && !Array.isArray(data)) && data !== null) {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema68.type }, message: "must be object,null", schema: schema68.type, parentSchema: schema68, data };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "providers" || key0 === "batch" || key0 === "threads" || key0 === "concurrency" || key0 === "budget" || key0 === "precision" || key0 === "device" || key0 === "shapes")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema68, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.providers !== void 0) {
      let data0 = data.providers;
      if (typeof data0 !== "string" && !Array.isArray(data0)) {
        const err2 = { instancePath: instancePath + "/providers", schemaPath: "#/properties/providers/type", keyword: "type", params: { type: schema68.properties.providers.type }, message: "must be string,array", schema: schema68.properties.providers.type, parentSchema: schema68.properties.providers, data: data0 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
      const _errs4 = errors;
      let valid1 = true;
      const _errs5 = errors;
      if (!Array.isArray(data0)) {
        const err3 = {};
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
      var _valid0 = _errs5 === errors;
      errors = _errs4;
      if (vErrors !== null) {
        if (_errs4) {
          vErrors.length = _errs4;
        } else {
          vErrors = null;
        }
      }
      let ifClause0;
      if (_valid0) {
        const _errs7 = errors;
        const _errs10 = errors;
        let valid4 = true;
        const _errs11 = errors;
        if (Array.isArray(data0)) {
          var valid5 = true;
          const len0 = data0.length;
          for (let i0 = 0; i0 < len0; i0++) {
            let data1 = data0[i0];
            const _errs12 = errors;
            if (typeof data1 !== "string" && !(typeof data1 == "number" && isFinite(data1))) {
              const err4 = {};
              if (vErrors === null) {
                vErrors = [err4];
              } else {
                vErrors.push(err4);
              }
              errors++;
            }
            var valid5 = _errs12 === errors;
            if (!valid5) {
              break;
            }
          }
        }
        var _valid1 = _errs11 === errors;
        errors = _errs10;
        if (vErrors !== null) {
          if (_errs10) {
            vErrors.length = _errs10;
          } else {
            vErrors = null;
          }
        }
        if (_valid1) {
          const _errs14 = errors;
          if (Array.isArray(data0)) {
            let i1 = data0.length;
            let j0;
            if (i1 > 1) {
              outer0: for (; i1--; ) {
                for (j0 = i1; j0--; ) {
                  if (func1(data0[i1], data0[j0])) {
                    const err5 = { instancePath: instancePath + "/providers", schemaPath: "#/definitions/noneTwice/then/uniqueItems", keyword: "uniqueItems", params: { i: i1, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i1 + " are identical)", schema: true, parentSchema: schema1.then, data: data0 };
                    if (vErrors === null) {
                      vErrors = [err5];
                    } else {
                      vErrors.push(err5);
                    }
                    errors++;
                    break outer0;
                  }
                }
              }
            }
          }
          var _valid1 = _errs14 === errors;
          valid4 = _valid1;
        }
        if (!valid4) {
          const err6 = { instancePath: instancePath + "/providers", schemaPath: "#/definitions/noneTwice/if", keyword: "if", params: { failingKeyword: "then" }, message: 'must match "then" schema', schema: schema1.if, parentSchema: schema1, data: data0 };
          if (vErrors === null) {
            vErrors = [err6];
          } else {
            vErrors.push(err6);
          }
          errors++;
        }
        if (Array.isArray(data0)) {
          if (data0.length < 1) {
            const err7 = { instancePath: instancePath + "/providers", schemaPath: "#/properties/providers/then/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema68.properties.providers.then, data: data0 };
            if (vErrors === null) {
              vErrors = [err7];
            } else {
              vErrors.push(err7);
            }
            errors++;
          }
          const len1 = data0.length;
          for (let i2 = 0; i2 < len1; i2++) {
            let data2 = data0[i2];
            if (!(data2 === "cpu" || data2 === "cuda" || data2 === "tensorrt" || data2 === "webgpu" || data2 === "wasm" || data2 === "dml" || data2 === "coreml")) {
              const err8 = { instancePath: instancePath + "/providers/" + i2, schemaPath: "#/definitions/provider/enum", keyword: "enum", params: { allowedValues: schema70.enum }, message: "must be equal to one of the allowed values", schema: schema70.enum, parentSchema: schema70, data: data2 };
              if (vErrors === null) {
                vErrors = [err8];
              } else {
                vErrors.push(err8);
              }
              errors++;
            }
          }
        }
        var _valid0 = _errs7 === errors;
        valid1 = _valid0;
        ifClause0 = "then";
      } else {
        const _errs17 = errors;
        if (!(data0 === "cpu" || data0 === "cuda" || data0 === "tensorrt" || data0 === "webgpu" || data0 === "wasm" || data0 === "dml" || data0 === "coreml")) {
          const err9 = { instancePath: instancePath + "/providers", schemaPath: "#/definitions/provider/enum", keyword: "enum", params: { allowedValues: schema70.enum }, message: "must be equal to one of the allowed values", schema: schema70.enum, parentSchema: schema70, data: data0 };
          if (vErrors === null) {
            vErrors = [err9];
          } else {
            vErrors.push(err9);
          }
          errors++;
        }
        var _valid0 = _errs17 === errors;
        valid1 = _valid0;
        ifClause0 = "else";
      }
      if (!valid1) {
        const err10 = { instancePath: instancePath + "/providers", schemaPath: "#/properties/providers/if", keyword: "if", params: { failingKeyword: ifClause0 }, message: 'must match "' + ifClause0 + '" schema', schema: schema68.properties.providers.if, parentSchema: schema68.properties.providers, data: data0 };
        if (vErrors === null) {
          vErrors = [err10];
        } else {
          vErrors.push(err10);
        }
        errors++;
      }
    }
    if (data.batch !== void 0) {
      if (!validate43(data.batch, { instancePath: instancePath + "/batch", parentData: data, parentDataProperty: "batch", rootData })) {
        vErrors = vErrors === null ? validate43.errors : vErrors.concat(validate43.errors);
        errors = vErrors.length;
      }
    }
    if (data.threads !== void 0) {
      let data4 = data.threads;
      if (typeof data4 !== "string" && !(typeof data4 == "number" && (!(data4 % 1) && !isNaN(data4)) && isFinite(data4)) && !Array.isArray(data4)) {
        const err11 = { instancePath: instancePath + "/threads", schemaPath: "#/properties/threads/type", keyword: "type", params: { type: schema68.properties.threads.type }, message: "must be string,integer,array", schema: schema68.properties.threads.type, parentSchema: schema68.properties.threads, data: data4 };
        if (vErrors === null) {
          vErrors = [err11];
        } else {
          vErrors.push(err11);
        }
        errors++;
      }
      const _errs22 = errors;
      let valid11 = true;
      const _errs23 = errors;
      if (typeof data4 !== "string") {
        const err12 = {};
        if (vErrors === null) {
          vErrors = [err12];
        } else {
          vErrors.push(err12);
        }
        errors++;
      }
      var _valid2 = _errs23 === errors;
      errors = _errs22;
      if (vErrors !== null) {
        if (_errs22) {
          vErrors.length = _errs22;
        } else {
          vErrors = null;
        }
      }
      let ifClause1;
      if (_valid2) {
        const _errs25 = errors;
        if (!(data4 === "auto")) {
          const err13 = { instancePath: instancePath + "/threads", schemaPath: "#/properties/threads/then/enum", keyword: "enum", params: { allowedValues: schema68.properties.threads.then.enum }, message: "must be equal to one of the allowed values", schema: schema68.properties.threads.then.enum, parentSchema: schema68.properties.threads.then, data: data4 };
          if (vErrors === null) {
            vErrors = [err13];
          } else {
            vErrors.push(err13);
          }
          errors++;
        }
        var _valid2 = _errs25 === errors;
        valid11 = _valid2;
        ifClause1 = "then";
      } else {
        const _errs26 = errors;
        if (!validate43(data4, { instancePath: instancePath + "/threads", parentData: data, parentDataProperty: "threads", rootData })) {
          vErrors = vErrors === null ? validate43.errors : vErrors.concat(validate43.errors);
          errors = vErrors.length;
        }
        var _valid2 = _errs26 === errors;
        valid11 = _valid2;
        ifClause1 = "else";
      }
      if (!valid11) {
        const err14 = { instancePath: instancePath + "/threads", schemaPath: "#/properties/threads/if", keyword: "if", params: { failingKeyword: ifClause1 }, message: 'must match "' + ifClause1 + '" schema', schema: schema68.properties.threads.if, parentSchema: schema68.properties.threads, data: data4 };
        if (vErrors === null) {
          vErrors = [err14];
        } else {
          vErrors.push(err14);
        }
        errors++;
      }
    }
    if (data.concurrency !== void 0) {
      if (!validate43(data.concurrency, { instancePath: instancePath + "/concurrency", parentData: data, parentDataProperty: "concurrency", rootData })) {
        vErrors = vErrors === null ? validate43.errors : vErrors.concat(validate43.errors);
        errors = vErrors.length;
      }
    }
    if (data.budget !== void 0) {
      let data6 = data.budget;
      if (typeof data6 !== "string" && !(typeof data6 == "number" && isFinite(data6))) {
        const err15 = { instancePath: instancePath + "/budget", schemaPath: "#/definitions/duration/type", keyword: "type", params: { type: schema19.type }, message: "must be string,number", schema: schema19.type, parentSchema: schema19, data: data6 };
        if (vErrors === null) {
          vErrors = [err15];
        } else {
          vErrors.push(err15);
        }
        errors++;
      }
    }
    if (data.precision !== void 0) {
      let data7 = data.precision;
      if (typeof data7 !== "string" && !(typeof data7 == "number" && isFinite(data7))) {
        const err16 = { instancePath: instancePath + "/precision", schemaPath: "#/properties/precision/type", keyword: "type", params: { type: schema68.properties.precision.type }, message: "must be string,number", schema: schema68.properties.precision.type, parentSchema: schema68.properties.precision, data: data7 };
        if (vErrors === null) {
          vErrors = [err16];
        } else {
          vErrors.push(err16);
        }
        errors++;
      }
    }
    if (data.device !== void 0) {
      let data8 = data.device;
      if (!(typeof data8 == "number" && (!(data8 % 1) && !isNaN(data8)) && isFinite(data8))) {
        const err17 = { instancePath: instancePath + "/device", schemaPath: "#/properties/device/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema68.properties.device.type, parentSchema: schema68.properties.device, data: data8 };
        if (vErrors === null) {
          vErrors = [err17];
        } else {
          vErrors.push(err17);
        }
        errors++;
      }
      if (typeof data8 == "number" && isFinite(data8)) {
        if (data8 < 0 || isNaN(data8)) {
          const err18 = { instancePath: instancePath + "/device", schemaPath: "#/properties/device/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0", schema: 0, parentSchema: schema68.properties.device, data: data8 };
          if (vErrors === null) {
            vErrors = [err18];
          } else {
            vErrors.push(err18);
          }
          errors++;
        }
      }
    }
    if (data.shapes !== void 0) {
      let data9 = data.shapes;
      if (data9 && typeof data9 == "object" && !Array.isArray(data9)) {
        for (const key1 in data9) {
          let data10 = data9[key1];
          if (!(typeof data10 == "number" && (!(data10 % 1) && !isNaN(data10)) && isFinite(data10))) {
            const err19 = { instancePath: instancePath + "/shapes/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/positiveInteger/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema22.type, parentSchema: schema22, data: data10 };
            if (vErrors === null) {
              vErrors = [err19];
            } else {
              vErrors.push(err19);
            }
            errors++;
          }
          if (typeof data10 == "number" && isFinite(data10)) {
            if (data10 < 1 || isNaN(data10)) {
              const err20 = { instancePath: instancePath + "/shapes/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/positiveInteger/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema22, data: data10 };
              if (vErrors === null) {
                vErrors = [err20];
              } else {
                vErrors.push(err20);
              }
              errors++;
            }
          }
        }
      } else {
        const err21 = { instancePath: instancePath + "/shapes", schemaPath: "#/properties/shapes/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema68.properties.shapes.type, parentSchema: schema68.properties.shapes, data: data9 };
        if (vErrors === null) {
          vErrors = [err21];
        } else {
          vErrors.push(err21);
        }
        errors++;
      }
    }
  }
  validate42.errors = vErrors;
  return errors === 0;
}
var schema78 = { "description": "Metric -> check, or a list of checks.", "type": ["object", "null"], "additionalProperties": false, "properties": { "size.file": { "$ref": "#/definitions/checks", "description": "Size of the file, with external data." }, "size.compressed": { "$ref": "#/definitions/checks", "description": "Size after gzip level 6." }, "size.brotli": { "$ref": "#/definitions/checks", "description": "Size after Brotli quality 5." }, "size.parameters": { "$ref": "#/definitions/checks", "description": "Number of parameters." }, "latency.p50": { "$ref": "#/definitions/checks", "description": "Median latency." }, "latency.p90": { "$ref": "#/definitions/checks", "description": "90th percentile of latency." }, "latency.p95": { "$ref": "#/definitions/checks", "description": "95th percentile of latency." }, "latency.p99": { "$ref": "#/definitions/checks", "description": "99th percentile of latency." }, "latency.first": { "$ref": "#/definitions/checks", "description": "First inference after loading." }, "latency.load": { "$ref": "#/definitions/checks", "description": "Loading the model." }, "latency.end-to-end": { "$ref": "#/definitions/checks", "description": "Latency with transfers between host and device." }, "throughput": { "$ref": "#/definitions/checks", "description": "Samples per second." }, "memory.peak": { "$ref": "#/definitions/checks", "description": "Peak memory of the process." }, "memory.model": { "$ref": "#/definitions/checks", "description": "Peak memory above the runtime's baseline." }, "memory.gpu": { "$ref": "#/definitions/checks", "description": "GPU memory." }, "accuracy.top1": { "$ref": "#/definitions/checks", "description": "Classification, also of text: top-1." }, "accuracy.top5": { "$ref": "#/definitions/checks", "description": "Classification: top-5." }, "accuracy.mae": { "$ref": "#/definitions/checks", "description": "Regression: mean absolute error." }, "accuracy.rmse": { "$ref": "#/definitions/checks", "description": "Regression: root mean square error." }, "accuracy.r2": { "$ref": "#/definitions/checks", "description": "Regression: R\xB2." }, "accuracy.recall1": { "$ref": "#/definitions/checks", "description": "Embedding: recall@1." }, "accuracy.spearman": { "$ref": "#/definitions/checks", "description": "Embedding: Spearman correlation." }, "accuracy.miou": { "$ref": "#/definitions/checks", "description": "Segmentation: mean IoU." }, "accuracy.pixel": { "$ref": "#/definitions/checks", "description": "Segmentation: pixel accuracy." }, "accuracy.perplexity": { "$ref": "#/definitions/checks", "description": "Language model: perplexity." }, "accuracy.next-token": { "$ref": "#/definitions/checks", "description": "Language model: next-token accuracy." }, "accuracy.bits-per-byte": { "$ref": "#/definitions/checks", "description": "Language-model: cross-entropy in bits per byte of the text." }, "accuracy.map": { "$ref": "#/definitions/checks", "description": "Detection: COCO mAP, IoU 0.5 to 0.95." }, "accuracy.map50": { "$ref": "#/definitions/checks", "description": "Detection: COCO AP at IoU 0.5." }, "accuracy.map75": { "$ref": "#/definitions/checks", "description": "Detection: COCO AP at IoU 0.75." }, "accuracy.map-small": { "$ref": "#/definitions/checks", "description": "Detection: COCO mAP of objects below 32\xB2 pixels." }, "accuracy.map-medium": { "$ref": "#/definitions/checks", "description": "Detection: COCO mAP of objects of 32\xB2 to 96\xB2 pixels." }, "accuracy.map-large": { "$ref": "#/definitions/checks", "description": "Detection: COCO mAP of objects above 96\xB2 pixels." }, "accuracy.recall100": { "$ref": "#/definitions/checks", "description": "Detection or retrieval: average recall at 100 boxes per image; recall at 100 documents." }, "accuracy.ap": { "$ref": "#/definitions/checks", "description": "Detection: Pascal VOC average precision at IoU 0.5, all points." }, "accuracy.f1": { "$ref": "#/definitions/checks", "description": "Text-classification: macro F1." }, "accuracy.mcc": { "$ref": "#/definitions/checks", "description": "Text-classification: Matthews correlation coefficient." }, "accuracy.entity-f1": { "$ref": "#/definitions/checks", "description": "Token-classification: F1 of whole entities." }, "accuracy.entity-precision": { "$ref": "#/definitions/checks", "description": "Token-classification: precision of whole entities." }, "accuracy.entity-recall": { "$ref": "#/definitions/checks", "description": "Token-classification: recall of whole entities." }, "accuracy.answer-f1": { "$ref": "#/definitions/checks", "description": "Question-answering: F1 of the words of the answer, as SQuAD counts." }, "accuracy.exact-match": { "$ref": "#/definitions/checks", "description": "Question-answering or text-recognition: whole answers that are right." }, "accuracy.wer": { "$ref": "#/definitions/checks", "description": "Speech-recognition: word error rate over the corpus." }, "accuracy.cer": { "$ref": "#/definitions/checks", "description": "Speech-recognition or text-recognition: character error rate over the corpus." }, "accuracy.ndcg10": { "$ref": "#/definitions/checks", "description": "Retrieval: nDCG of the first 10." }, "accuracy.recall5": { "$ref": "#/definitions/checks", "description": "Retrieval: recall of the first 5." }, "accuracy.mrr10": { "$ref": "#/definitions/checks", "description": "Retrieval: mean reciprocal rank within the first 10." }, "accuracy.retrieval-map": { "$ref": "#/definitions/checks", "description": "Retrieval: mean average precision." }, "fidelity.sqnr": { "$ref": "#/definitions/checks", "description": "Signal to quantization noise against the original." }, "fidelity.cosine": { "$ref": "#/definitions/checks", "description": "Cosine similarity with the original." }, "fidelity.max-abs": { "$ref": "#/definitions/checks", "description": "Largest absolute difference from the original." }, "fidelity.agreement": { "$ref": "#/definitions/checks", "description": "Top-1 agreement with the original." }, "fidelity.kl": { "$ref": "#/definitions/checks", "description": "KL divergence of the scored output, in nats." }, "placement.fallback": { "$ref": "#/definitions/checks", "description": "Nodes asked for on a device that ran on the CPU." }, "placement.quantized": { "$ref": "#/definitions/checks", "description": "Share of compute that ran in the reduced type." } }, "patternProperties": { "^accuracy\\.[a-z0-9][a-z0-9-]*$": { "$ref": "#/definitions/checks" } } };
var pattern6 = new RegExp("^accuracy\\.[a-z0-9][a-z0-9-]*$", "u");
var schema79 = { "type": ["object", "array"], "if": { "type": "array" }, "then": { "minItems": 1, "items": { "$ref": "#/definitions/check" } }, "else": { "$ref": "#/definitions/check" } };
var schema80 = { "type": "object", "additionalProperties": false, "properties": { "max": { "$ref": "#/definitions/quantity", "description": "Largest value allowed." }, "min": { "$ref": "#/definitions/quantity", "description": "Smallest value allowed." }, "max-ratio": { "description": "Largest variant \xF7 original: 0.8 or 80%.", "type": ["number", "string"] }, "min-ratio": { "description": "Smallest variant \xF7 original: 0.99 or 99%.", "type": ["number", "string"] }, "max-drop": { "$ref": "#/definitions/quantity", "description": "How much worse than the original: 0.5pp for fractions." }, "max-regression": { "description": "How much worse than the base branch's variant: 5%, or with a slack in the metric's unit that must be exceeded too.", "type": ["number", "string", "object"], "additionalProperties": false, "required": ["ratio"], "properties": { "ratio": { "description": "5% or 0.05.", "type": ["number", "string"] }, "slack": { "$ref": "#/definitions/quantity", "description": "Worsening that is always allowed. Default 0." } } }, "original": { "description": "Bounds on the original itself: `min: 75%` fails when the unquantized model gets less on this data. Its level and place are the check's.", "type": "object", "additionalProperties": false, "minProperties": 1, "properties": { "max": { "$ref": "#/definitions/quantity", "description": "The original's value must not exceed it." }, "min": { "$ref": "#/definitions/quantity", "description": "The original's value must reach it." } } }, "min-samples": { "$ref": "#/definitions/positiveInteger", "description": "Below this many samples the check is skipped." }, "confident": { "description": "Accuracy: the whole confidence interval must hold, not only the value. Default false.", "type": "boolean" }, "ignore-ops": { "$ref": "#/definitions/textOrTexts", "description": "placement.fallback: operator types that don't count, instead of the default list." }, "level": { "$ref": "#/definitions/level", "description": "What a failure means. Default error." }, "where": { "$ref": "#/definitions/where", "description": "What the check applies to. Default: all." } } };
var schema81 = { "description": "A number in the metric's base unit, or with a unit: 25 MiB, 10 kB, 8 ms, 1.2 s, 75%, 20 dB, 100 /s.", "type": ["string", "number"] };
var schema89 = { "type": "object", "additionalProperties": false, "properties": { "model": { "$ref": "#/definitions/textOrTexts", "description": "Model names; * matches anything." }, "variant": { "$ref": "#/definitions/textOrTexts", "description": "Variant names; * matches anything." }, "provider": { "$ref": "#/definitions/textOrTexts", "description": "Execution providers; * matches anything." }, "batch": { "$ref": "#/definitions/positiveIntegerOrList", "description": "Batch sizes." }, "threads": { "$ref": "#/definitions/positiveIntegerOrList", "description": "Thread counts." }, "concurrency": { "$ref": "#/definitions/positiveIntegerOrList", "description": "Workers at once." } } };
function validate52(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(key0 === "model" || key0 === "variant" || key0 === "provider" || key0 === "batch" || key0 === "threads" || key0 === "concurrency")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema89, data };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.model !== void 0) {
      if (!validate23(data.model, { instancePath: instancePath + "/model", parentData: data, parentDataProperty: "model", rootData })) {
        vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
        errors = vErrors.length;
      }
    }
    if (data.variant !== void 0) {
      if (!validate23(data.variant, { instancePath: instancePath + "/variant", parentData: data, parentDataProperty: "variant", rootData })) {
        vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
        errors = vErrors.length;
      }
    }
    if (data.provider !== void 0) {
      if (!validate23(data.provider, { instancePath: instancePath + "/provider", parentData: data, parentDataProperty: "provider", rootData })) {
        vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
        errors = vErrors.length;
      }
    }
    if (data.batch !== void 0) {
      if (!validate43(data.batch, { instancePath: instancePath + "/batch", parentData: data, parentDataProperty: "batch", rootData })) {
        vErrors = vErrors === null ? validate43.errors : vErrors.concat(validate43.errors);
        errors = vErrors.length;
      }
    }
    if (data.threads !== void 0) {
      if (!validate43(data.threads, { instancePath: instancePath + "/threads", parentData: data, parentDataProperty: "threads", rootData })) {
        vErrors = vErrors === null ? validate43.errors : vErrors.concat(validate43.errors);
        errors = vErrors.length;
      }
    }
    if (data.concurrency !== void 0) {
      if (!validate43(data.concurrency, { instancePath: instancePath + "/concurrency", parentData: data, parentDataProperty: "concurrency", rootData })) {
        vErrors = vErrors === null ? validate43.errors : vErrors.concat(validate43.errors);
        errors = vErrors.length;
      }
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema89.type, parentSchema: schema89, data };
    if (vErrors === null) {
      vErrors = [err1];
    } else {
      vErrors.push(err1);
    }
    errors++;
  }
  validate52.errors = vErrors;
  return errors === 0;
}
function validate50(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!func0.call(schema80.properties, key0)) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema80, data };
        if (vErrors === null) {
          vErrors = [err0];
        } else {
          vErrors.push(err0);
        }
        errors++;
      }
    }
    if (data.max !== void 0) {
      let data0 = data.max;
      if (typeof data0 !== "string" && !(typeof data0 == "number" && isFinite(data0))) {
        const err1 = { instancePath: instancePath + "/max", schemaPath: "#/definitions/quantity/type", keyword: "type", params: { type: schema81.type }, message: "must be string,number", schema: schema81.type, parentSchema: schema81, data: data0 };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data.min !== void 0) {
      let data1 = data.min;
      if (typeof data1 !== "string" && !(typeof data1 == "number" && isFinite(data1))) {
        const err2 = { instancePath: instancePath + "/min", schemaPath: "#/definitions/quantity/type", keyword: "type", params: { type: schema81.type }, message: "must be string,number", schema: schema81.type, parentSchema: schema81, data: data1 };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data["max-ratio"] !== void 0) {
      let data2 = data["max-ratio"];
      if (!(typeof data2 == "number" && isFinite(data2)) && typeof data2 !== "string") {
        const err3 = { instancePath: instancePath + "/max-ratio", schemaPath: "#/properties/max-ratio/type", keyword: "type", params: { type: schema80.properties["max-ratio"].type }, message: "must be number,string", schema: schema80.properties["max-ratio"].type, parentSchema: schema80.properties["max-ratio"], data: data2 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data["min-ratio"] !== void 0) {
      let data3 = data["min-ratio"];
      if (!(typeof data3 == "number" && isFinite(data3)) && typeof data3 !== "string") {
        const err4 = { instancePath: instancePath + "/min-ratio", schemaPath: "#/properties/min-ratio/type", keyword: "type", params: { type: schema80.properties["min-ratio"].type }, message: "must be number,string", schema: schema80.properties["min-ratio"].type, parentSchema: schema80.properties["min-ratio"], data: data3 };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data["max-drop"] !== void 0) {
      let data4 = data["max-drop"];
      if (typeof data4 !== "string" && !(typeof data4 == "number" && isFinite(data4))) {
        const err5 = { instancePath: instancePath + "/max-drop", schemaPath: "#/definitions/quantity/type", keyword: "type", params: { type: schema81.type }, message: "must be string,number", schema: schema81.type, parentSchema: schema81, data: data4 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data["max-regression"] !== void 0) {
      let data5 = data["max-regression"];
      if (!(typeof data5 == "number" && isFinite(data5)) && typeof data5 !== "string" && !(data5 && typeof data5 == "object" && !Array.isArray(data5))) {
        const err6 = { instancePath: instancePath + "/max-regression", schemaPath: "#/properties/max-regression/type", keyword: "type", params: { type: schema80.properties["max-regression"].type }, message: "must be number,string,object", schema: schema80.properties["max-regression"].type, parentSchema: schema80.properties["max-regression"], data: data5 };
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
      if (data5 && typeof data5 == "object" && !Array.isArray(data5)) {
        if (data5.ratio === void 0) {
          const err7 = { instancePath: instancePath + "/max-regression", schemaPath: "#/properties/max-regression/required", keyword: "required", params: { missingProperty: "ratio" }, message: "must have required property 'ratio'", schema: schema80.properties["max-regression"].required, parentSchema: schema80.properties["max-regression"], data: data5 };
          if (vErrors === null) {
            vErrors = [err7];
          } else {
            vErrors.push(err7);
          }
          errors++;
        }
        for (const key1 in data5) {
          if (!(key1 === "ratio" || key1 === "slack")) {
            const err8 = { instancePath: instancePath + "/max-regression", schemaPath: "#/properties/max-regression/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties", schema: false, parentSchema: schema80.properties["max-regression"], data: data5 };
            if (vErrors === null) {
              vErrors = [err8];
            } else {
              vErrors.push(err8);
            }
            errors++;
          }
        }
        if (data5.ratio !== void 0) {
          let data6 = data5.ratio;
          if (!(typeof data6 == "number" && isFinite(data6)) && typeof data6 !== "string") {
            const err9 = { instancePath: instancePath + "/max-regression/ratio", schemaPath: "#/properties/max-regression/properties/ratio/type", keyword: "type", params: { type: schema80.properties["max-regression"].properties.ratio.type }, message: "must be number,string", schema: schema80.properties["max-regression"].properties.ratio.type, parentSchema: schema80.properties["max-regression"].properties.ratio, data: data6 };
            if (vErrors === null) {
              vErrors = [err9];
            } else {
              vErrors.push(err9);
            }
            errors++;
          }
        }
        if (data5.slack !== void 0) {
          let data7 = data5.slack;
          if (typeof data7 !== "string" && !(typeof data7 == "number" && isFinite(data7))) {
            const err10 = { instancePath: instancePath + "/max-regression/slack", schemaPath: "#/definitions/quantity/type", keyword: "type", params: { type: schema81.type }, message: "must be string,number", schema: schema81.type, parentSchema: schema81, data: data7 };
            if (vErrors === null) {
              vErrors = [err10];
            } else {
              vErrors.push(err10);
            }
            errors++;
          }
        }
      }
    }
    if (data.original !== void 0) {
      let data8 = data.original;
      if (data8 && typeof data8 == "object" && !Array.isArray(data8)) {
        if (Object.keys(data8).length < 1) {
          const err11 = { instancePath: instancePath + "/original", schemaPath: "#/properties/original/minProperties", keyword: "minProperties", params: { limit: 1 }, message: "must NOT have fewer than 1 properties", schema: 1, parentSchema: schema80.properties.original, data: data8 };
          if (vErrors === null) {
            vErrors = [err11];
          } else {
            vErrors.push(err11);
          }
          errors++;
        }
        for (const key2 in data8) {
          if (!(key2 === "max" || key2 === "min")) {
            const err12 = { instancePath: instancePath + "/original", schemaPath: "#/properties/original/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 }, message: "must NOT have additional properties", schema: false, parentSchema: schema80.properties.original, data: data8 };
            if (vErrors === null) {
              vErrors = [err12];
            } else {
              vErrors.push(err12);
            }
            errors++;
          }
        }
        if (data8.max !== void 0) {
          let data9 = data8.max;
          if (typeof data9 !== "string" && !(typeof data9 == "number" && isFinite(data9))) {
            const err13 = { instancePath: instancePath + "/original/max", schemaPath: "#/definitions/quantity/type", keyword: "type", params: { type: schema81.type }, message: "must be string,number", schema: schema81.type, parentSchema: schema81, data: data9 };
            if (vErrors === null) {
              vErrors = [err13];
            } else {
              vErrors.push(err13);
            }
            errors++;
          }
        }
        if (data8.min !== void 0) {
          let data10 = data8.min;
          if (typeof data10 !== "string" && !(typeof data10 == "number" && isFinite(data10))) {
            const err14 = { instancePath: instancePath + "/original/min", schemaPath: "#/definitions/quantity/type", keyword: "type", params: { type: schema81.type }, message: "must be string,number", schema: schema81.type, parentSchema: schema81, data: data10 };
            if (vErrors === null) {
              vErrors = [err14];
            } else {
              vErrors.push(err14);
            }
            errors++;
          }
        }
      } else {
        const err15 = { instancePath: instancePath + "/original", schemaPath: "#/properties/original/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema80.properties.original.type, parentSchema: schema80.properties.original, data: data8 };
        if (vErrors === null) {
          vErrors = [err15];
        } else {
          vErrors.push(err15);
        }
        errors++;
      }
    }
    if (data["min-samples"] !== void 0) {
      let data11 = data["min-samples"];
      if (!(typeof data11 == "number" && (!(data11 % 1) && !isNaN(data11)) && isFinite(data11))) {
        const err16 = { instancePath: instancePath + "/min-samples", schemaPath: "#/definitions/positiveInteger/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema22.type, parentSchema: schema22, data: data11 };
        if (vErrors === null) {
          vErrors = [err16];
        } else {
          vErrors.push(err16);
        }
        errors++;
      }
      if (typeof data11 == "number" && isFinite(data11)) {
        if (data11 < 1 || isNaN(data11)) {
          const err17 = { instancePath: instancePath + "/min-samples", schemaPath: "#/definitions/positiveInteger/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1", schema: 1, parentSchema: schema22, data: data11 };
          if (vErrors === null) {
            vErrors = [err17];
          } else {
            vErrors.push(err17);
          }
          errors++;
        }
      }
    }
    if (data.confident !== void 0) {
      let data12 = data.confident;
      if (typeof data12 !== "boolean") {
        const err18 = { instancePath: instancePath + "/confident", schemaPath: "#/properties/confident/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema80.properties.confident.type, parentSchema: schema80.properties.confident, data: data12 };
        if (vErrors === null) {
          vErrors = [err18];
        } else {
          vErrors.push(err18);
        }
        errors++;
      }
    }
    if (data["ignore-ops"] !== void 0) {
      if (!validate23(data["ignore-ops"], { instancePath: instancePath + "/ignore-ops", parentData: data, parentDataProperty: "ignore-ops", rootData })) {
        vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
        errors = vErrors.length;
      }
    }
    if (data.level !== void 0) {
      let data14 = data.level;
      if (!(data14 === "error" || data14 === "warn" || data14 === "info" || data14 === "off")) {
        const err19 = { instancePath: instancePath + "/level", schemaPath: "#/definitions/level/enum", keyword: "enum", params: { allowedValues: schema88.enum }, message: "must be equal to one of the allowed values", schema: schema88.enum, parentSchema: schema88, data: data14 };
        if (vErrors === null) {
          vErrors = [err19];
        } else {
          vErrors.push(err19);
        }
        errors++;
      }
    }
    if (data.where !== void 0) {
      if (!validate52(data.where, { instancePath: instancePath + "/where", parentData: data, parentDataProperty: "where", rootData })) {
        vErrors = vErrors === null ? validate52.errors : vErrors.concat(validate52.errors);
        errors = vErrors.length;
      }
    }
  } else {
    const err20 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema80.type, parentSchema: schema80, data };
    if (vErrors === null) {
      vErrors = [err20];
    } else {
      vErrors.push(err20);
    }
    errors++;
  }
  validate50.errors = vErrors;
  return errors === 0;
}
function validate49(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (!data || typeof data != "object") {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema79.type }, message: "must be object,array", schema: schema79.type, parentSchema: schema79, data };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  const _errs1 = errors;
  let valid0 = true;
  const _errs2 = errors;
  if (!Array.isArray(data)) {
    const err1 = {};
    if (vErrors === null) {
      vErrors = [err1];
    } else {
      vErrors.push(err1);
    }
    errors++;
  }
  var _valid0 = _errs2 === errors;
  errors = _errs1;
  if (vErrors !== null) {
    if (_errs1) {
      vErrors.length = _errs1;
    } else {
      vErrors = null;
    }
  }
  let ifClause0;
  if (_valid0) {
    const _errs4 = errors;
    if (Array.isArray(data)) {
      if (data.length < 1) {
        const err2 = { instancePath, schemaPath: "#/then/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema79.then, data };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
      const len0 = data.length;
      for (let i0 = 0; i0 < len0; i0++) {
        if (!validate50(data[i0], { instancePath: instancePath + "/" + i0, parentData: data, parentDataProperty: i0, rootData })) {
          vErrors = vErrors === null ? validate50.errors : vErrors.concat(validate50.errors);
          errors = vErrors.length;
        }
      }
    }
    var _valid0 = _errs4 === errors;
    valid0 = _valid0;
    ifClause0 = "then";
  } else {
    const _errs6 = errors;
    if (!validate50(data, { instancePath, parentData, parentDataProperty, rootData })) {
      vErrors = vErrors === null ? validate50.errors : vErrors.concat(validate50.errors);
      errors = vErrors.length;
    }
    var _valid0 = _errs6 === errors;
    valid0 = _valid0;
    ifClause0 = "else";
  }
  if (!valid0) {
    const err3 = { instancePath, schemaPath: "#/if", keyword: "if", params: { failingKeyword: ifClause0 }, message: 'must match "' + ifClause0 + '" schema', schema: schema79.if, parentSchema: schema79, data };
    if (vErrors === null) {
      vErrors = [err3];
    } else {
      vErrors.push(err3);
    }
    errors++;
  }
  validate49.errors = vErrors;
  return errors === 0;
}
function validate48(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (!(data && typeof data == "object" && !Array.isArray(data)) && data !== null) {
    const err0 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: schema78.type }, message: "must be object,null", schema: schema78.type, parentSchema: schema78, data };
    if (vErrors === null) {
      vErrors = [err0];
    } else {
      vErrors.push(err0);
    }
    errors++;
  }
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data) {
      if (!(func0.call(schema78.properties, key0) || pattern6.test(key0))) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema78, data };
        if (vErrors === null) {
          vErrors = [err1];
        } else {
          vErrors.push(err1);
        }
        errors++;
      }
    }
    if (data["size.file"] !== void 0) {
      if (!validate49(data["size.file"], { instancePath: instancePath + "/size.file", parentData: data, parentDataProperty: "size.file", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["size.compressed"] !== void 0) {
      if (!validate49(data["size.compressed"], { instancePath: instancePath + "/size.compressed", parentData: data, parentDataProperty: "size.compressed", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["size.brotli"] !== void 0) {
      if (!validate49(data["size.brotli"], { instancePath: instancePath + "/size.brotli", parentData: data, parentDataProperty: "size.brotli", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["size.parameters"] !== void 0) {
      if (!validate49(data["size.parameters"], { instancePath: instancePath + "/size.parameters", parentData: data, parentDataProperty: "size.parameters", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["latency.p50"] !== void 0) {
      if (!validate49(data["latency.p50"], { instancePath: instancePath + "/latency.p50", parentData: data, parentDataProperty: "latency.p50", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["latency.p90"] !== void 0) {
      if (!validate49(data["latency.p90"], { instancePath: instancePath + "/latency.p90", parentData: data, parentDataProperty: "latency.p90", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["latency.p95"] !== void 0) {
      if (!validate49(data["latency.p95"], { instancePath: instancePath + "/latency.p95", parentData: data, parentDataProperty: "latency.p95", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["latency.p99"] !== void 0) {
      if (!validate49(data["latency.p99"], { instancePath: instancePath + "/latency.p99", parentData: data, parentDataProperty: "latency.p99", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["latency.first"] !== void 0) {
      if (!validate49(data["latency.first"], { instancePath: instancePath + "/latency.first", parentData: data, parentDataProperty: "latency.first", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["latency.load"] !== void 0) {
      if (!validate49(data["latency.load"], { instancePath: instancePath + "/latency.load", parentData: data, parentDataProperty: "latency.load", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["latency.end-to-end"] !== void 0) {
      if (!validate49(data["latency.end-to-end"], { instancePath: instancePath + "/latency.end-to-end", parentData: data, parentDataProperty: "latency.end-to-end", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data.throughput !== void 0) {
      if (!validate49(data.throughput, { instancePath: instancePath + "/throughput", parentData: data, parentDataProperty: "throughput", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["memory.peak"] !== void 0) {
      if (!validate49(data["memory.peak"], { instancePath: instancePath + "/memory.peak", parentData: data, parentDataProperty: "memory.peak", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["memory.model"] !== void 0) {
      if (!validate49(data["memory.model"], { instancePath: instancePath + "/memory.model", parentData: data, parentDataProperty: "memory.model", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["memory.gpu"] !== void 0) {
      if (!validate49(data["memory.gpu"], { instancePath: instancePath + "/memory.gpu", parentData: data, parentDataProperty: "memory.gpu", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.top1"] !== void 0) {
      if (!validate49(data["accuracy.top1"], { instancePath: instancePath + "/accuracy.top1", parentData: data, parentDataProperty: "accuracy.top1", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.top5"] !== void 0) {
      if (!validate49(data["accuracy.top5"], { instancePath: instancePath + "/accuracy.top5", parentData: data, parentDataProperty: "accuracy.top5", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.mae"] !== void 0) {
      if (!validate49(data["accuracy.mae"], { instancePath: instancePath + "/accuracy.mae", parentData: data, parentDataProperty: "accuracy.mae", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.rmse"] !== void 0) {
      if (!validate49(data["accuracy.rmse"], { instancePath: instancePath + "/accuracy.rmse", parentData: data, parentDataProperty: "accuracy.rmse", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.r2"] !== void 0) {
      if (!validate49(data["accuracy.r2"], { instancePath: instancePath + "/accuracy.r2", parentData: data, parentDataProperty: "accuracy.r2", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.recall1"] !== void 0) {
      if (!validate49(data["accuracy.recall1"], { instancePath: instancePath + "/accuracy.recall1", parentData: data, parentDataProperty: "accuracy.recall1", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.spearman"] !== void 0) {
      if (!validate49(data["accuracy.spearman"], { instancePath: instancePath + "/accuracy.spearman", parentData: data, parentDataProperty: "accuracy.spearman", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.miou"] !== void 0) {
      if (!validate49(data["accuracy.miou"], { instancePath: instancePath + "/accuracy.miou", parentData: data, parentDataProperty: "accuracy.miou", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.pixel"] !== void 0) {
      if (!validate49(data["accuracy.pixel"], { instancePath: instancePath + "/accuracy.pixel", parentData: data, parentDataProperty: "accuracy.pixel", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.perplexity"] !== void 0) {
      if (!validate49(data["accuracy.perplexity"], { instancePath: instancePath + "/accuracy.perplexity", parentData: data, parentDataProperty: "accuracy.perplexity", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.next-token"] !== void 0) {
      if (!validate49(data["accuracy.next-token"], { instancePath: instancePath + "/accuracy.next-token", parentData: data, parentDataProperty: "accuracy.next-token", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.bits-per-byte"] !== void 0) {
      if (!validate49(data["accuracy.bits-per-byte"], { instancePath: instancePath + "/accuracy.bits-per-byte", parentData: data, parentDataProperty: "accuracy.bits-per-byte", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.map"] !== void 0) {
      if (!validate49(data["accuracy.map"], { instancePath: instancePath + "/accuracy.map", parentData: data, parentDataProperty: "accuracy.map", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.map50"] !== void 0) {
      if (!validate49(data["accuracy.map50"], { instancePath: instancePath + "/accuracy.map50", parentData: data, parentDataProperty: "accuracy.map50", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.map75"] !== void 0) {
      if (!validate49(data["accuracy.map75"], { instancePath: instancePath + "/accuracy.map75", parentData: data, parentDataProperty: "accuracy.map75", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.map-small"] !== void 0) {
      if (!validate49(data["accuracy.map-small"], { instancePath: instancePath + "/accuracy.map-small", parentData: data, parentDataProperty: "accuracy.map-small", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.map-medium"] !== void 0) {
      if (!validate49(data["accuracy.map-medium"], { instancePath: instancePath + "/accuracy.map-medium", parentData: data, parentDataProperty: "accuracy.map-medium", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.map-large"] !== void 0) {
      if (!validate49(data["accuracy.map-large"], { instancePath: instancePath + "/accuracy.map-large", parentData: data, parentDataProperty: "accuracy.map-large", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.recall100"] !== void 0) {
      if (!validate49(data["accuracy.recall100"], { instancePath: instancePath + "/accuracy.recall100", parentData: data, parentDataProperty: "accuracy.recall100", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.ap"] !== void 0) {
      if (!validate49(data["accuracy.ap"], { instancePath: instancePath + "/accuracy.ap", parentData: data, parentDataProperty: "accuracy.ap", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.f1"] !== void 0) {
      if (!validate49(data["accuracy.f1"], { instancePath: instancePath + "/accuracy.f1", parentData: data, parentDataProperty: "accuracy.f1", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.mcc"] !== void 0) {
      if (!validate49(data["accuracy.mcc"], { instancePath: instancePath + "/accuracy.mcc", parentData: data, parentDataProperty: "accuracy.mcc", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.entity-f1"] !== void 0) {
      if (!validate49(data["accuracy.entity-f1"], { instancePath: instancePath + "/accuracy.entity-f1", parentData: data, parentDataProperty: "accuracy.entity-f1", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.entity-precision"] !== void 0) {
      if (!validate49(data["accuracy.entity-precision"], { instancePath: instancePath + "/accuracy.entity-precision", parentData: data, parentDataProperty: "accuracy.entity-precision", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.entity-recall"] !== void 0) {
      if (!validate49(data["accuracy.entity-recall"], { instancePath: instancePath + "/accuracy.entity-recall", parentData: data, parentDataProperty: "accuracy.entity-recall", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.answer-f1"] !== void 0) {
      if (!validate49(data["accuracy.answer-f1"], { instancePath: instancePath + "/accuracy.answer-f1", parentData: data, parentDataProperty: "accuracy.answer-f1", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.exact-match"] !== void 0) {
      if (!validate49(data["accuracy.exact-match"], { instancePath: instancePath + "/accuracy.exact-match", parentData: data, parentDataProperty: "accuracy.exact-match", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.wer"] !== void 0) {
      if (!validate49(data["accuracy.wer"], { instancePath: instancePath + "/accuracy.wer", parentData: data, parentDataProperty: "accuracy.wer", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.cer"] !== void 0) {
      if (!validate49(data["accuracy.cer"], { instancePath: instancePath + "/accuracy.cer", parentData: data, parentDataProperty: "accuracy.cer", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.ndcg10"] !== void 0) {
      if (!validate49(data["accuracy.ndcg10"], { instancePath: instancePath + "/accuracy.ndcg10", parentData: data, parentDataProperty: "accuracy.ndcg10", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.recall5"] !== void 0) {
      if (!validate49(data["accuracy.recall5"], { instancePath: instancePath + "/accuracy.recall5", parentData: data, parentDataProperty: "accuracy.recall5", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.mrr10"] !== void 0) {
      if (!validate49(data["accuracy.mrr10"], { instancePath: instancePath + "/accuracy.mrr10", parentData: data, parentDataProperty: "accuracy.mrr10", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["accuracy.retrieval-map"] !== void 0) {
      if (!validate49(data["accuracy.retrieval-map"], { instancePath: instancePath + "/accuracy.retrieval-map", parentData: data, parentDataProperty: "accuracy.retrieval-map", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["fidelity.sqnr"] !== void 0) {
      if (!validate49(data["fidelity.sqnr"], { instancePath: instancePath + "/fidelity.sqnr", parentData: data, parentDataProperty: "fidelity.sqnr", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["fidelity.cosine"] !== void 0) {
      if (!validate49(data["fidelity.cosine"], { instancePath: instancePath + "/fidelity.cosine", parentData: data, parentDataProperty: "fidelity.cosine", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["fidelity.max-abs"] !== void 0) {
      if (!validate49(data["fidelity.max-abs"], { instancePath: instancePath + "/fidelity.max-abs", parentData: data, parentDataProperty: "fidelity.max-abs", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["fidelity.agreement"] !== void 0) {
      if (!validate49(data["fidelity.agreement"], { instancePath: instancePath + "/fidelity.agreement", parentData: data, parentDataProperty: "fidelity.agreement", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["fidelity.kl"] !== void 0) {
      if (!validate49(data["fidelity.kl"], { instancePath: instancePath + "/fidelity.kl", parentData: data, parentDataProperty: "fidelity.kl", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["placement.fallback"] !== void 0) {
      if (!validate49(data["placement.fallback"], { instancePath: instancePath + "/placement.fallback", parentData: data, parentDataProperty: "placement.fallback", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    if (data["placement.quantized"] !== void 0) {
      if (!validate49(data["placement.quantized"], { instancePath: instancePath + "/placement.quantized", parentData: data, parentDataProperty: "placement.quantized", rootData })) {
        vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
        errors = vErrors.length;
      }
    }
    for (const key1 in data) {
      if (pattern6.test(key1)) {
        if (!validate49(data[key1], { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data, parentDataProperty: key1, rootData })) {
          vErrors = vErrors === null ? validate49.errors : vErrors.concat(validate49.errors);
          errors = vErrors.length;
        }
      }
    }
  }
  validate48.errors = vErrors;
  return errors === 0;
}
var schema95 = { "type": "object", "additionalProperties": false, "required": ["check", "reason", "until"], "properties": { "check": { "$ref": "#/definitions/text", "description": "A metric, a check (latency.p50[1]) or one condition (latency.p50.max-ratio)." }, "reason": { "$ref": "#/definitions/text", "description": "Why, and where it is tracked." }, "until": { "description": "Last day it holds, YYYY-MM-DD (UTC).", "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$" } } };
var pattern8 = new RegExp("^\\d{4}-\\d{2}-\\d{2}$", "u");
function validate119(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.check === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "check" }, message: "must have required property 'check'", schema: schema95.required, parentSchema: schema95, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.reason === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "reason" }, message: "must have required property 'reason'", schema: schema95.required, parentSchema: schema95, data };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    if (data.until === void 0) {
      const err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "until" }, message: "must have required property 'until'", schema: schema95.required, parentSchema: schema95, data };
      if (vErrors === null) {
        vErrors = [err2];
      } else {
        vErrors.push(err2);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!(key0 === "check" || key0 === "reason" || key0 === "until")) {
        const err3 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema95, data };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.check !== void 0) {
      let data0 = data.check;
      if (typeof data0 === "string") {
        if (func3(data0) < 1) {
          const err4 = { instancePath: instancePath + "/check", schemaPath: "#/definitions/text/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema7, data: data0 };
          if (vErrors === null) {
            vErrors = [err4];
          } else {
            vErrors.push(err4);
          }
          errors++;
        }
      } else {
        const err5 = { instancePath: instancePath + "/check", schemaPath: "#/definitions/text/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema7.type, parentSchema: schema7, data: data0 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
    }
    if (data.reason !== void 0) {
      let data1 = data.reason;
      if (typeof data1 === "string") {
        if (func3(data1) < 1) {
          const err6 = { instancePath: instancePath + "/reason", schemaPath: "#/definitions/text/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters", schema: 1, parentSchema: schema7, data: data1 };
          if (vErrors === null) {
            vErrors = [err6];
          } else {
            vErrors.push(err6);
          }
          errors++;
        }
      } else {
        const err7 = { instancePath: instancePath + "/reason", schemaPath: "#/definitions/text/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema7.type, parentSchema: schema7, data: data1 };
        if (vErrors === null) {
          vErrors = [err7];
        } else {
          vErrors.push(err7);
        }
        errors++;
      }
    }
    if (data.until !== void 0) {
      let data2 = data.until;
      if (typeof data2 === "string") {
        if (!pattern8.test(data2)) {
          const err8 = { instancePath: instancePath + "/until", schemaPath: "#/properties/until/pattern", keyword: "pattern", params: { pattern: "^\\d{4}-\\d{2}-\\d{2}$" }, message: 'must match pattern "^\\d{4}-\\d{2}-\\d{2}$"', schema: "^\\d{4}-\\d{2}-\\d{2}$", parentSchema: schema95.properties.until, data: data2 };
          if (vErrors === null) {
            vErrors = [err8];
          } else {
            vErrors.push(err8);
          }
          errors++;
        }
      } else {
        const err9 = { instancePath: instancePath + "/until", schemaPath: "#/properties/until/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema95.properties.until.type, parentSchema: schema95.properties.until, data: data2 };
        if (vErrors === null) {
          vErrors = [err9];
        } else {
          vErrors.push(err9);
        }
        errors++;
      }
    }
  } else {
    const err10 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema95.type, parentSchema: schema95, data };
    if (vErrors === null) {
      vErrors = [err10];
    } else {
      vErrors.push(err10);
    }
    errors++;
  }
  validate119.errors = vErrors;
  return errors === 0;
}
function validate0(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null;
  let errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.version === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "version" }, message: "must have required property 'version'", schema: schema0.required, parentSchema: schema0, data };
      if (vErrors === null) {
        vErrors = [err0];
      } else {
        vErrors.push(err0);
      }
      errors++;
    }
    if (data.models === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "models" }, message: "must have required property 'models'", schema: schema0.required, parentSchema: schema0, data };
      if (vErrors === null) {
        vErrors = [err1];
      } else {
        vErrors.push(err1);
      }
      errors++;
    }
    for (const key0 in data) {
      if (!func0.call(schema0.properties, key0)) {
        const err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: false, parentSchema: schema0, data };
        if (vErrors === null) {
          vErrors = [err2];
        } else {
          vErrors.push(err2);
        }
        errors++;
      }
    }
    if (data.$schema !== void 0) {
      let data0 = data.$schema;
      if (typeof data0 !== "string") {
        const err3 = { instancePath: instancePath + "/$schema", schemaPath: "#/properties/%24schema/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema0.properties.$schema.type, parentSchema: schema0.properties.$schema, data: data0 };
        if (vErrors === null) {
          vErrors = [err3];
        } else {
          vErrors.push(err3);
        }
        errors++;
      }
    }
    if (data.version !== void 0) {
      let data1 = data.version;
      if (1 !== data1) {
        const err4 = { instancePath: instancePath + "/version", schemaPath: "#/properties/version/const", keyword: "const", params: { allowedValue: 1 }, message: "must be equal to constant", schema: 1, parentSchema: schema0.properties.version, data: data1 };
        if (vErrors === null) {
          vErrors = [err4];
        } else {
          vErrors.push(err4);
        }
        errors++;
      }
    }
    if (data.extends !== void 0) {
      let data2 = data.extends;
      if (typeof data2 !== "string" && !Array.isArray(data2)) {
        const err5 = { instancePath: instancePath + "/extends", schemaPath: "#/properties/extends/type", keyword: "type", params: { type: schema0.properties.extends.type }, message: "must be string,array", schema: schema0.properties.extends.type, parentSchema: schema0.properties.extends, data: data2 };
        if (vErrors === null) {
          vErrors = [err5];
        } else {
          vErrors.push(err5);
        }
        errors++;
      }
      const _errs7 = errors;
      let valid1 = true;
      const _errs8 = errors;
      if (!Array.isArray(data2)) {
        const err6 = {};
        if (vErrors === null) {
          vErrors = [err6];
        } else {
          vErrors.push(err6);
        }
        errors++;
      }
      var _valid0 = _errs8 === errors;
      errors = _errs7;
      if (vErrors !== null) {
        if (_errs7) {
          vErrors.length = _errs7;
        } else {
          vErrors = null;
        }
      }
      let ifClause0;
      if (_valid0) {
        const _errs10 = errors;
        const _errs13 = errors;
        let valid4 = true;
        const _errs14 = errors;
        if (Array.isArray(data2)) {
          var valid5 = true;
          const len0 = data2.length;
          for (let i0 = 0; i0 < len0; i0++) {
            let data3 = data2[i0];
            const _errs15 = errors;
            if (typeof data3 !== "string" && !(typeof data3 == "number" && isFinite(data3))) {
              const err7 = {};
              if (vErrors === null) {
                vErrors = [err7];
              } else {
                vErrors.push(err7);
              }
              errors++;
            }
            var valid5 = _errs15 === errors;
            if (!valid5) {
              break;
            }
          }
        }
        var _valid1 = _errs14 === errors;
        errors = _errs13;
        if (vErrors !== null) {
          if (_errs13) {
            vErrors.length = _errs13;
          } else {
            vErrors = null;
          }
        }
        if (_valid1) {
          const _errs17 = errors;
          if (Array.isArray(data2)) {
            let i1 = data2.length;
            let j0;
            if (i1 > 1) {
              outer0: for (; i1--; ) {
                for (j0 = i1; j0--; ) {
                  if (func1(data2[i1], data2[j0])) {
                    const err8 = { instancePath: instancePath + "/extends", schemaPath: "#/definitions/noneTwice/then/uniqueItems", keyword: "uniqueItems", params: { i: i1, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i1 + " are identical)", schema: true, parentSchema: schema1.then, data: data2 };
                    if (vErrors === null) {
                      vErrors = [err8];
                    } else {
                      vErrors.push(err8);
                    }
                    errors++;
                    break outer0;
                  }
                }
              }
            }
          }
          var _valid1 = _errs17 === errors;
          valid4 = _valid1;
        }
        if (!valid4) {
          const err9 = { instancePath: instancePath + "/extends", schemaPath: "#/definitions/noneTwice/if", keyword: "if", params: { failingKeyword: "then" }, message: 'must match "then" schema', schema: schema1.if, parentSchema: schema1, data: data2 };
          if (vErrors === null) {
            vErrors = [err9];
          } else {
            vErrors.push(err9);
          }
          errors++;
        }
        if (Array.isArray(data2)) {
          const len1 = data2.length;
          for (let i2 = 0; i2 < len1; i2++) {
            let data4 = data2[i2];
            if (!(data4 === "mlperf-99" || data4 === "mlperf-99.9")) {
              const err10 = { instancePath: instancePath + "/extends/" + i2, schemaPath: "#/definitions/thresholdPreset/enum", keyword: "enum", params: { allowedValues: schema2.enum }, message: "must be equal to one of the allowed values", schema: schema2.enum, parentSchema: schema2, data: data4 };
              if (vErrors === null) {
                vErrors = [err10];
              } else {
                vErrors.push(err10);
              }
              errors++;
            }
          }
        }
        var _valid0 = _errs10 === errors;
        valid1 = _valid0;
        ifClause0 = "then";
      } else {
        const _errs20 = errors;
        if (!(data2 === "mlperf-99" || data2 === "mlperf-99.9")) {
          const err11 = { instancePath: instancePath + "/extends", schemaPath: "#/definitions/thresholdPreset/enum", keyword: "enum", params: { allowedValues: schema2.enum }, message: "must be equal to one of the allowed values", schema: schema2.enum, parentSchema: schema2, data: data2 };
          if (vErrors === null) {
            vErrors = [err11];
          } else {
            vErrors.push(err11);
          }
          errors++;
        }
        var _valid0 = _errs20 === errors;
        valid1 = _valid0;
        ifClause0 = "else";
      }
      if (!valid1) {
        const err12 = { instancePath: instancePath + "/extends", schemaPath: "#/properties/extends/if", keyword: "if", params: { failingKeyword: ifClause0 }, message: 'must match "' + ifClause0 + '" schema', schema: schema0.properties.extends.if, parentSchema: schema0.properties.extends, data: data2 };
        if (vErrors === null) {
          vErrors = [err12];
        } else {
          vErrors.push(err12);
        }
        errors++;
      }
    }
    if (data.models !== void 0) {
      let data5 = data.models;
      if (Array.isArray(data5)) {
        if (data5.length < 1) {
          const err13 = { instancePath: instancePath + "/models", schemaPath: "#/properties/models/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items", schema: 1, parentSchema: schema0.properties.models, data: data5 };
          if (vErrors === null) {
            vErrors = [err13];
          } else {
            vErrors.push(err13);
          }
          errors++;
        }
        const len2 = data5.length;
        for (let i3 = 0; i3 < len2; i3++) {
          if (!validate1(data5[i3], { instancePath: instancePath + "/models/" + i3, parentData: data5, parentDataProperty: i3, rootData })) {
            vErrors = vErrors === null ? validate1.errors : vErrors.concat(validate1.errors);
            errors = vErrors.length;
          }
        }
      } else {
        const err14 = { instancePath: instancePath + "/models", schemaPath: "#/properties/models/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema0.properties.models.type, parentSchema: schema0.properties.models, data: data5 };
        if (vErrors === null) {
          vErrors = [err14];
        } else {
          vErrors.push(err14);
        }
        errors++;
      }
    }
    if (data.benchmark !== void 0) {
      if (!validate42(data.benchmark, { instancePath: instancePath + "/benchmark", parentData: data, parentDataProperty: "benchmark", rootData })) {
        vErrors = vErrors === null ? validate42.errors : vErrors.concat(validate42.errors);
        errors = vErrors.length;
      }
    }
    if (data.thresholds !== void 0) {
      if (!validate48(data.thresholds, { instancePath: instancePath + "/thresholds", parentData: data, parentDataProperty: "thresholds", rootData })) {
        vErrors = vErrors === null ? validate48.errors : vErrors.concat(validate48.errors);
        errors = vErrors.length;
      }
    }
    if (data.confidence !== void 0) {
      let data9 = data.confidence;
      if (!(typeof data9 == "number" && isFinite(data9)) && typeof data9 !== "string") {
        const err15 = { instancePath: instancePath + "/confidence", schemaPath: "#/properties/confidence/type", keyword: "type", params: { type: schema0.properties.confidence.type }, message: "must be number,string", schema: schema0.properties.confidence.type, parentSchema: schema0.properties.confidence, data: data9 };
        if (vErrors === null) {
          vErrors = [err15];
        } else {
          vErrors.push(err15);
        }
        errors++;
      }
    }
    if (data["on-inconclusive"] !== void 0) {
      let data10 = data["on-inconclusive"];
      if (!(data10 === "error" || data10 === "warn" || data10 === "info" || data10 === "off")) {
        const err16 = { instancePath: instancePath + "/on-inconclusive", schemaPath: "#/definitions/level/enum", keyword: "enum", params: { allowedValues: schema88.enum }, message: "must be equal to one of the allowed values", schema: schema88.enum, parentSchema: schema88, data: data10 };
        if (vErrors === null) {
          vErrors = [err16];
        } else {
          vErrors.push(err16);
        }
        errors++;
      }
    }
    if (data["on-missing-base"] !== void 0) {
      let data11 = data["on-missing-base"];
      if (!(data11 === "error" || data11 === "warn" || data11 === "info" || data11 === "off")) {
        const err17 = { instancePath: instancePath + "/on-missing-base", schemaPath: "#/definitions/level/enum", keyword: "enum", params: { allowedValues: schema88.enum }, message: "must be equal to one of the allowed values", schema: schema88.enum, parentSchema: schema88, data: data11 };
        if (vErrors === null) {
          vErrors = [err17];
        } else {
          vErrors.push(err17);
        }
        errors++;
      }
    }
    if (data["on-skipped"] !== void 0) {
      let data12 = data["on-skipped"];
      if (!(data12 === "error" || data12 === "warn" || data12 === "info" || data12 === "off")) {
        const err18 = { instancePath: instancePath + "/on-skipped", schemaPath: "#/definitions/level/enum", keyword: "enum", params: { allowedValues: schema88.enum }, message: "must be equal to one of the allowed values", schema: schema88.enum, parentSchema: schema88, data: data12 };
        if (vErrors === null) {
          vErrors = [err18];
        } else {
          vErrors.push(err18);
        }
        errors++;
      }
    }
    if (data["on-chance"] !== void 0) {
      let data13 = data["on-chance"];
      if (!(data13 === "error" || data13 === "warn" || data13 === "info" || data13 === "off")) {
        const err19 = { instancePath: instancePath + "/on-chance", schemaPath: "#/definitions/level/enum", keyword: "enum", params: { allowedValues: schema88.enum }, message: "must be equal to one of the allowed values", schema: schema88.enum, parentSchema: schema88, data: data13 };
        if (vErrors === null) {
          vErrors = [err19];
        } else {
          vErrors.push(err19);
        }
        errors++;
      }
    }
    if (data["on-unchanged"] !== void 0) {
      let data14 = data["on-unchanged"];
      if (!(data14 === "error" || data14 === "warn" || data14 === "info" || data14 === "off")) {
        const err20 = { instancePath: instancePath + "/on-unchanged", schemaPath: "#/definitions/level/enum", keyword: "enum", params: { allowedValues: schema88.enum }, message: "must be equal to one of the allowed values", schema: schema88.enum, parentSchema: schema88, data: data14 };
        if (vErrors === null) {
          vErrors = [err20];
        } else {
          vErrors.push(err20);
        }
        errors++;
      }
    }
    if (data.waivers !== void 0) {
      let data15 = data.waivers;
      if (!Array.isArray(data15) && data15 !== null) {
        const err21 = { instancePath: instancePath + "/waivers", schemaPath: "#/properties/waivers/type", keyword: "type", params: { type: schema0.properties.waivers.type }, message: "must be array,null", schema: schema0.properties.waivers.type, parentSchema: schema0.properties.waivers, data: data15 };
        if (vErrors === null) {
          vErrors = [err21];
        } else {
          vErrors.push(err21);
        }
        errors++;
      }
      if (Array.isArray(data15)) {
        const len3 = data15.length;
        for (let i4 = 0; i4 < len3; i4++) {
          if (!validate119(data15[i4], { instancePath: instancePath + "/waivers/" + i4, parentData: data15, parentDataProperty: i4, rootData })) {
            vErrors = vErrors === null ? validate119.errors : vErrors.concat(validate119.errors);
            errors = vErrors.length;
          }
        }
      }
    }
  } else {
    const err22 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema0.type, parentSchema: schema0, data };
    if (vErrors === null) {
      vErrors = [err22];
    } else {
      vErrors.push(err22);
    }
    errors++;
  }
  validate0.errors = vErrors;
  return errors === 0;
}
var schemaValidator = () => validate;

// src/config/validate.ts
function validate4(value, problems) {
  const check = schemaValidator();
  if (check(value)) return;
  const seen = /* @__PURE__ */ new Set();
  for (const error of check.errors ?? []) {
    const found = explain(error, value);
    if (!found) continue;
    const key = `${found.path.join("\0")}${found.message}`;
    if (!seen.has(key)) problems.add(found.path, found.message);
    seen.add(key);
  }
}
function explain(error, root) {
  const path = pathOf(error.instancePath, root);
  const at = (message) => ({ path, message });
  const { params } = error;
  const parent = error.parentSchema ?? {};
  switch (error.keyword) {
    case "if":
      return null;
    case "additionalProperties": {
      const key = String(params.additionalProperty);
      return { path: [...path, key], message: unknownKey(key, error) };
    }
    case "required":
      return at(`'${params.missingProperty}' is missing${missingHint(path, String(params.missingProperty))}`);
    case "type":
      return at(`expected ${types(params.type)}, found ${describeValue(error.data)}`);
    case "const":
      return at(`expected ${JSON.stringify(params.allowedValue)}, found ${describeValue(error.data)}`);
    case "enum": {
      const allowed = params.allowedValues.map(String);
      const near = typeof error.data === "string" ? didYouMean(error.data, allowed) : "";
      return at(`expected one of ${allowed.join(", ")}; found ${describeValue(error.data)}${near}`);
    }
    case "minimum":
      return at(`expected ${params.limit} or more, found ${describeValue(error.data)}`);
    case "maximum":
      return at(`expected ${params.limit} or less, found ${describeValue(error.data)}`);
    case "exclusiveMinimum":
      return at(`expected more than ${params.limit}, found ${describeValue(error.data)}`);
    case "minItems":
    case "minProperties":
      return at(
        params.limit === 1 ? `expected at least one entry, found none` : `expected ${params.limit} entries, found fewer`
      );
    case "maxItems":
      return at(`expected at most ${params.limit} entries, found more`);
    case "minLength":
      return at("expected some text, found an empty string");
    case "maxLength":
      return at(`expected at most ${params.limit} characters, found more`);
    case "uniqueItems":
      return at(`entries ${params.j} and ${params.i} are the same (counted from 0)`);
    case "pattern":
      return at(`${patternHint(String(parent.pattern))}; found ${describeValue(error.data)}`);
    default:
      return at(`this value is not allowed here (${error.keyword})`);
  }
}
function pathOf(pointer, root) {
  let value = root;
  return pointer.split("/").slice(1).map((raw) => {
    const key = raw.replaceAll("~1", "/").replaceAll("~0", "~");
    const step = Array.isArray(value) ? Number(key) : key;
    value = value[step];
    return step;
  });
}
function unknownKey(key, error) {
  const parent = error.parentSchema;
  const valid = Object.keys(parent?.properties ?? {}).filter((name) => name !== "$schema");
  const home = elsewhere(key);
  const plural = valid.some((name) => name === `${key}s` || key === `${name}s`);
  const near = home === "" || plural ? didYouMean(key, valid) : "";
  return `unknown key '${key}'${near === "" ? `; ${home}valid here: ${valid.join(", ")}` : near}`;
}
function elsewhere(key) {
  const homes = Object.entries(quantgate_schema_default.definitions).filter(([name, node]) => PLACES[name] !== void 0 && Object.hasOwn(node.properties ?? {}, key)).map(([name]) => PLACES[name]);
  if (Object.hasOwn(quantgate_schema_default.properties, key)) homes.unshift("the top level of the file");
  return homes.length === 0 ? "" : `it belongs to ${homes.join(" or ")}; `;
}
var PLACES = {
  model: "a model",
  evaluator: "a model's 'evaluator'",
  data: "a model's 'data'",
  input: "'data.input' or one of 'data.inputs'",
  fileVariant: "a 'file' variant",
  commandVariant: "a 'command' variant",
  quantizeVariant: "a variant that quantgate quantizes",
  override: "one of a variant's 'overrides'",
  benchmark: "'benchmark'",
  thresholds: "'thresholds'",
  check: "a check under its metric",
  where: "a check's 'where'",
  waiver: "a waiver"
};
function missingHint(path, key) {
  if (path.length === 0 && key === "version") return "; write 'version: 1'";
  if (path.length === 0 && key === "models") return "; 'quantgate init' writes a file to start from";
  return "";
}
function patternHint(pattern) {
  if (pattern.includes("{64}")) return "expected a SHA-256: 64 hexadecimal digits";
  if (pattern.includes("d{4}")) return "expected a date as YYYY-MM-DD (quote it if it isn't read as text)";
  return 'expected a name without / \\ * ? < > : | " or control characters that does not start with a dot';
}
function types(type) {
  const names = {
    object: "a mapping (key: value)",
    array: "a list",
    string: "text",
    number: "a number",
    integer: "a whole number",
    boolean: "true or false"
  };
  const list2 = (Array.isArray(type) ? type : [type]).filter((name) => name !== "null").map((n) => names[n]);
  return list2.length > 1 ? `${list2.slice(0, -1).join(", ")} or ${list2.at(-1)}` : String(list2[0]);
}

// src/config/load.ts
var MAX_BYTES = 4 * 1024 * 1024;
async function loadConfig(file) {
  const absolute = resolve3(file);
  return parseConfig(await readText2(absolute, file), { file: absolute, directory: dirname2(absolute) });
}
async function parseConfig(text, options) {
  const name = options.file === null ? null : displayName(options.file);
  const document = parseDocument(text, name);
  const problems = new Problems(document.lineOf);
  validate4(document.value, problems);
  if (!isMapping(document.value)) problems.throwIfAny(name);
  const raw = document.value;
  const place = { directory: resolve3(options.directory), problems, lineOf: document.lineOf };
  const models = await readModels(Array.isArray(raw.models) ? raw.models : [], {
    ...place,
    expand: options.expand ?? true
  });
  const config = {
    version: 1,
    file: options.file === null ? null : resolve3(options.file),
    directory: place.directory,
    models,
    benchmark: readBenchmark(raw.benchmark, problems),
    checks: readChecks(raw, models, place),
    confidence: raw.confidence === void 0 || problems.touches(["confidence"]) ? DEFAULT_JUDGING.confidence : problems.attempt(["confidence"], () => parseConfidence(raw.confidence)) ?? DEFAULT_JUDGING.confidence,
    onInconclusive: raw["on-inconclusive"] ?? DEFAULT_JUDGING.onInconclusive,
    onMissingBase: raw["on-missing-base"] ?? DEFAULT_JUDGING.onMissingBase,
    onSkipped: raw["on-skipped"] ?? DEFAULT_JUDGING.onSkipped,
    onChance: raw["on-chance"] ?? DEFAULT_JUDGING.onChance,
    onUnchanged: raw["on-unchanged"] ?? DEFAULT_JUDGING.onUnchanged,
    waivers: Array.isArray(raw.waivers) ? readWaivers(raw.waivers, place) : []
  };
  problems.throwIfAny(name);
  return config;
}
function readBenchmark(raw, problems) {
  const defaults = structuredClone(DEFAULT_BENCHMARK);
  if (!isMapping(raw)) return defaults;
  const { providers, batch, threads, concurrency, budget, precision: written, device, shapes } = raw;
  const budgetPath = ["benchmark", "budget"];
  const budgetMs = budget === void 0 || problems.touches(budgetPath) ? void 0 : problems.attempt(budgetPath, () => parseDuration(budget));
  const precisionPath = ["benchmark", "precision"];
  const precision = written === void 0 || problems.touches(precisionPath) ? void 0 : problems.attempt(precisionPath, () => parsePrecision(written));
  return {
    providers: providers === void 0 ? defaults.providers : list(providers),
    batch: batch === void 0 ? defaults.batch : list(batch),
    threads: threads === void 0 || threads === "auto" ? "auto" : list(threads),
    concurrency: concurrency === void 0 ? defaults.concurrency : list(concurrency),
    budgetMs: budgetMs ?? defaults.budgetMs,
    precision,
    device,
    shapes: shapes ?? defaults.shapes
  };
}
async function readText2(file, written) {
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) {
      throw new UserError(`${written} has ${size} bytes: that is no config file. Name one with --config.`);
    }
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file));
    if (text.includes("\0")) throw new UserError(`${written} is not a text file.`);
    return text;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(unreadable(error, written, file));
  }
}
function unreadable(error, written, file) {
  const code = codeOf(error);
  if (code === "ENOENT" || code === "ENOTDIR") {
    return `No config file at ${written} (${file}). Run 'quantgate init' to write one, or name another with --config.`;
  }
  if (code === "EISDIR")
    return `${written} is a folder, not a config file. Name the file in it with --config.`;
  if (code === "EACCES") return `${written} can't be read: no permission.`;
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") {
    return `${written} is not UTF-8 text. Save it as UTF-8.`;
  }
  return `${written} can't be read: ${messageOf(error)}`;
}

// src/tensor/random.ts
var TWO_32 = 2 ** 32;
function seededRandom(seed) {
  const mix = splitMix32(seed >>> 0 ^ Math.imul(Math.floor(seed / TWO_32) >>> 0, 2654435761));
  let a = mix();
  let b = mix();
  let c = mix();
  let d = mix() | 1;
  const uint32 = () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
  return { uint32, below: (bound) => Math.floor(uint32() * bound / TWO_32) };
}
function shuffledIndices(count, seed) {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  const random = seededRandom(seed);
  for (let last = count - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const held = order[last];
    order[last] = order[other];
    order[other] = held;
  }
  return order;
}
function splitMix32(seed) {
  let state = seed | 0;
  return () => {
    state = state + 2654435769 | 0;
    let mixed = state ^ state >>> 16;
    mixed = Math.imul(mixed, 569420461);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 1935289751);
    return mixed ^ mixed >>> 15;
  };
}
function rotateLeft(value, bits) {
  return value << bits | value >>> 32 - bits;
}

// src/data/early-reads.ts
var MOST_BYTES = 20 * 2 ** 20;
var MOST_SAMPLES = 128;
var EarlyReads = class {
  #source;
  #started = /* @__PURE__ */ new Map();
  constructor(source) {
    this.#source = source;
  }
  /** Begins to read the first samples of `order`, as many as may wait if all are as large as `sampleBytes`. */
  start(order, sampleBytes) {
    const most = Math.min(MOST_SAMPLES, Math.floor(MOST_BYTES / Math.max(1, sampleBytes)));
    for (const index of order.subarray(0, most)) {
      if (this.#started.has(index)) continue;
      const reading = this.#source.read(index);
      reading.catch(() => {
      });
      this.#started.set(index, reading);
    }
  }
  /** What was begun, once; else it is read now. */
  async read(index) {
    const started = this.#started.get(index);
    this.#started.delete(index);
    return await (started ?? this.#source.read(index));
  }
};
function rawBytes({ values: values2 }) {
  return Object.values(values2).reduce((sum, value) => sum + bytesOf(value), 0);
}
function bytesOf(value) {
  const { data } = value.kind === "image" ? value.pixels : value.tensor;
  return "byteLength" in data ? data.byteLength : 0;
}

// src/data/format.ts
import { open, readdir, stat as stat2 } from "node:fs/promises";
import { basename as basename2 } from "node:path";
var BY_NAME = [
  [/\.npz$/i, "npz"],
  [/\.npy$/i, "npy"],
  [/\.(jsonl|ndjson)$/i, "jsonl"],
  [/\.(csv|tsv)$/i, "csv"],
  [/\.json$/i, "coco"],
  [/\.txt$/i, "text"],
  [/\.(conll\w*|bio|iob2?|bilou)$/i, "conll"],
  [/[.-]idx\d?(-u?byte)?(\.gz)?$/i, "idx"]
];
function namesClasses(format) {
  return ["image-folder", "csv", "jsonl", "coco", "voc"].includes(format);
}
var HEAD = 64 * 1024;
async function holdsParagraphs(path) {
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return buffer.subarray(0, bytesRead).includes('"paragraphs"');
  } finally {
    await handle.close();
  }
}
async function holdsRecordings(path) {
  const names = await readdir(path, { recursive: true });
  return names.some((name) => name.toLowerCase().endsWith(".wav"));
}
async function guessFormat(path) {
  const found = await stat2(path).catch(() => null);
  if (found === null) throw new UserError(`${path} does not exist. Correct the data's \`path\`.`);
  if (!found.isDirectory()) {
    if (path.toLowerCase().endsWith(".json") && await holdsParagraphs(path)) return "squad";
    const match = BY_NAME.find(([pattern]) => pattern.test(basename2(path)));
    if (match) return match[1];
    throw new UserError(
      `The data format of ${path} can't be told from its name. Set \`format\` to one of npz, npy, jsonl, csv, idx, coco, conll, squad, text.`
    );
  }
  const names = await readdir(path);
  if (names.some((name) => /^test_data_set_\d+$/.test(name) || /^input_\d+\.pb$/.test(name)))
    return "onnx-tests";
  if (names.some((name) => name.endsWith(".npy"))) return "npy";
  if (await holdsRecordings(path)) return "speech";
  if (names.includes("queries.jsonl") && names.includes("corpus.jsonl")) return "beir";
  if (names.some((name) => /idx\d-u?byte(\.gz)?$/.test(name))) return "idx";
  if (names.includes("labels.tsv")) return "text-lines";
  if (names.some((name) => name.toLowerCase().endsWith(".xml"))) return "voc";
  const visible = names.filter((name) => !name.startsWith("."));
  if (visible.length > 0 && visible.every((name) => name.toLowerCase().endsWith(".txt"))) return "yolo";
  return "image-folder";
}

// src/data/images/input-defaults.ts
import { readFile as readFile2 } from "node:fs/promises";

// src/data/images/hugging-face.ts
var FILTERS = { 0: "nearest", 1: "lanczos", 2: "bilinear", 3: "bicubic", 4: "box" };
var KNOWN = new Set(
  "do_resize size max_size resample do_center_crop crop_size crop_pct do_rescale rescale_factor do_normalize image_mean image_std do_pad pad_size do_flip_channel_order do_convert_rgb image_processor_type feature_extractor_type processor_class _processor_class format do_convert_annotations return_segmentation_masks do_reduce_labels reduce_labels ignore_index _valid_processor_keys num_labels auto_map device disable_grouping data_format input_data_format default_to_square return_tensors use_square_size model_type".split(" ")
);
var STANDARD = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
var IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
var CLIP = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711]
};
var FAMILIES = [
  { pattern: /^(chinese)?clip|siglip/i, square: false, size: 224, resample: 3, crop: 224, ...CLIP },
  { pattern: /^deit/i, square: true, size: 256, resample: 3, crop: 224, ...STANDARD },
  { pattern: /^convnext/i, square: false, size: 384, resample: 2, crop: null, ...STANDARD },
  { pattern: /^segformer/i, square: true, size: 512, resample: 2, crop: null, ...IMAGENET },
  { pattern: /^rtdetr/i, square: true, size: 640, resample: 2, crop: null, ...IMAGENET, normalize: false },
  {
    pattern: /detr|yolos/i,
    square: false,
    size: { shortest_edge: 800, longest_edge: 1333 },
    resample: 2,
    crop: null,
    ...IMAGENET
  },
  { pattern: /^mobilenet/i, square: false, size: 256, resample: 2, crop: 224, ...STANDARD },
  { pattern: /^mobilevit/i, square: false, size: 224, resample: 2, crop: 256, ...STANDARD, normalize: false },
  { pattern: /^beit/i, square: true, size: 256, resample: 3, crop: 224, ...STANDARD }
];
var VIT = { square: true, size: 224, resample: 2, crop: null, ...STANDARD };
var CROPS_BY_DEFAULT = /^(chinese)?clip|^deit|^mobilenet|^mobilevit/i;
function readPreprocessor(text, file) {
  const json = parse(text, file);
  const type = String(json.image_processor_type ?? json.feature_extractor_type ?? "");
  const family = FAMILIES.find(({ pattern }) => pattern.test(type)) ?? VIT;
  const reader = { json, family, type, file };
  const unknown = Object.keys(json).filter((key) => !KNOWN.has(key));
  if (json.do_pad === true && json.pad_size === void 0 && !/detr|yolos/i.test(type))
    unknown.push("do_pad");
  const reducesLabels = json.do_reduce_labels === true || json.reduce_labels === true;
  const resample = json.resample ?? family.resample;
  const filter = FILTERS[resample];
  if (filter === void 0) unknown.push(`resample: ${String(resample)}`);
  return {
    defaults: { ...placing(reader), filter: filter ?? "bilinear", ...values(reader) },
    unknown,
    reducesLabels
  };
}
function parse(text, file) {
  try {
    const json = parseJson(text);
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return json;
  } catch (error) {
    throw new UserError(`${file} is no JSON: ${error.message}`);
  }
  throw new UserError(`${file} is no preprocessor_config.json: it holds no mapping.`);
}
function placing(reader) {
  const { json, family, type } = reader;
  const cropped2 = json.do_center_crop ?? CROPS_BY_DEFAULT.test(type);
  const crop = cropped2 ? cropSize(reader) : null;
  const pad = json.do_pad !== false && json.pad_size !== void 0 ? pairOf(json.pad_size, reader, "pad_size") : null;
  const padded = pad && {
    pad: { size: pad, multiple: null, fill: "mean", align: "top-left" }
  };
  if (json.do_resize === false) return { crop, ...padded };
  if (/^convnext/i.test(type)) return convNext(reader);
  return { resize: resizeOf(json.size ?? family.size, reader), crop, ...padded };
}
function convNext(reader) {
  const { json, family, file } = reader;
  const side = sideOf(json.size ?? family.size, reader);
  if (side >= 384) return { resize: [side, side] };
  const share = numberOf(json.crop_pct ?? 224 / 256, file, "crop_pct");
  return { resize: Math.trunc(side / share), crop: [side, side] };
}
function sideOf(size, { file }) {
  const value = typeof size === "object" && size !== null ? size.shortest_edge ?? size.height : size;
  return numberOf(value, file, "size");
}
function resizeOf(size, reader) {
  const { json, family, file } = reader;
  const number = (value) => numberOf(value, file, "size");
  if (typeof size === "number") {
    if (json.max_size !== void 0)
      return { shorter: size, longer: numberOf(json.max_size, file, "max_size") };
    return json.default_to_square ?? family.square ? [size, size] : number(size);
  }
  if (Array.isArray(size) && size.length === 2) return [number(size[0]), number(size[1])];
  const { height, width, shortest_edge: shorter, longest_edge: longer } = size ?? {};
  if (height !== void 0 && width !== void 0) return [number(height), number(width)];
  if (shorter !== void 0 && longer !== void 0)
    return { shorter: number(shorter), longer: number(longer) };
  if (shorter !== void 0) return number(shorter);
  if (longer !== void 0) return { longer: number(longer) };
  throw new UserError(
    `${file}: \`size\` is ${JSON.stringify(size)}; expected height and width, shortest_edge or longest_edge.`
  );
}
function cropSize(reader) {
  const { json, family } = reader;
  return pairOf(json.crop_size ?? family.crop ?? json.size ?? family.size, reader, "crop_size");
}
function pairOf(value, { file }, key) {
  if (typeof value === "number") return [value, value];
  if (Array.isArray(value) && value.length === 2)
    return [numberOf(value[0], file, key), numberOf(value[1], file, key)];
  const { height, width, shortest_edge: edge } = value ?? {};
  return [numberOf(height ?? edge, file, key), numberOf(width ?? edge, file, key)];
}
function numberOf(value, file, key) {
  if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
  throw new UserError(`${file}: \`${key}\` is ${JSON.stringify(value)}; expected a number above 0.`);
}
var IS_255TH = (factor) => Math.abs(factor * 255 - 1) < 1e-6;
function values({ json, family, file }) {
  const factor = json.rescale_factor === void 0 ? 1 / 255 : numberOf(json.rescale_factor, file, "rescale_factor");
  const rescale = json.do_rescale !== false;
  const scale = rescale ? IS_255TH(factor) ? true : factor : false;
  const channels = json.do_flip_channel_order === true ? { channels: "bgr" } : {};
  const normalize = json.do_normalize ?? family.normalize ?? true;
  if (normalize === false) return { scale, ...channels };
  const numbers = (key, fallback) => {
    const value = json[key] ?? fallback;
    const list2 = Array.isArray(value) ? value : [value];
    if (list2.every((one) => typeof one === "number" && Number.isFinite(one))) return list2;
    throw new UserError(`${file}: \`${key}\` is ${JSON.stringify(value)}; expected numbers.`);
  };
  return {
    scale,
    ...channels,
    mean: numbers("image_mean", family.mean),
    std: numbers("image_std", family.std)
  };
}

// src/data/images/input-presets.ts
var IMAGENET2 = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
var IMAGENET_SHARE = 0.875;
var IMAGENET_SIDE = 224;
var CLIP2 = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711]
};
var CAFFE = { channels: "bgr", scale: false, mean: [103.939, 116.779, 123.68] };
var YOLO_SIDE = 640;
var YOLO_FILL = 114;
function presetDefaults(preset, size) {
  switch (preset) {
    case "imagenet":
      return { ...centre(size, IMAGENET_SHARE), ...IMAGENET2, scale: true };
    case "imagenet-bicubic":
      return { ...centre(size, IMAGENET_SHARE), ...IMAGENET2, scale: true, filter: "bicubic" };
    case "clip":
      return { ...centre(size, 1), ...CLIP2, scale: true, filter: "bicubic" };
    case "caffe":
      return { ...centre(size, IMAGENET_SHARE), ...CAFFE, mean: [...CAFFE.mean] };
    case "yolo":
      return {
        letterbox: { size: [...size ?? [YOLO_SIDE, YOLO_SIDE]], fill: [YOLO_FILL], align: "center" },
        filter: "opencv-bilinear",
        scale: true
      };
  }
}
function centre(size, share) {
  const crop = [...size ?? [IMAGENET_SIDE, IMAGENET_SIDE]];
  return { resize: Math.round(Math.max(...crop) / share), crop };
}
function withDefaults(own, defaults) {
  const dropped = [];
  if (own.letterbox !== null) dropped.push("resize", "crop", "pad");
  if (own.resize !== null || own.crop !== null || own.pad !== null) dropped.push("letterbox");
  if (Array.isArray(own.resize)) dropped.push("crop");
  const kept = Object.entries(defaults).filter(
    ([key]) => !dropped.includes(key) && own[key] === null
  );
  return { ...own, ...Object.fromEntries(kept) };
}

// src/data/images/input-defaults.ts
async function resolveInputs(data, inputs) {
  const warnings = [];
  const resolved = {};
  for (const [name, config] of Object.entries(data.inputs)) {
    const shape = (inputs.find((input) => input.name === name) ?? inputs[0])?.shape ?? null;
    resolved[name] = await resolvedInput(config, { shape, data, warnings });
  }
  return { data: { ...data, inputs: resolved }, warnings };
}
async function resolvedInput(config, { shape, data, warnings }) {
  let own = config;
  if (config.preprocessor !== null) {
    const { defaults, unknown, reducesLabels } = readPreprocessor(
      await textOf(config.preprocessor),
      shownPath(config.preprocessor)
    );
    if (unknown.length > 0) {
      warnings.push(
        `${shownPath(config.preprocessor)} says ${unknown.map((key) => `\`${key}\``).join(", ")}, which is not done here: check that the samples are prepared as the model was trained.`
      );
    }
    if (reducesLabels && data.masks !== null && data.ignore === null) {
      warnings.push(
        `${shownPath(config.preprocessor)} says that masks count from 1, with 0 for no class (reduce_labels): that is \`ignore: 0\` beside \`masks\` and \`label-offset: -1\` of the model.`
      );
    }
    own = withDefaults(own, defaults);
  }
  return config.preset === null ? own : withDefaults(own, presetDefaults(config.preset, sizeOf(shape)));
}
function sizeOf(shape) {
  if (shape?.length !== 4) return null;
  const [height, width] = imageChannels(shape[1]) === null && imageChannels(shape[3]) !== null ? shape.slice(1, 3) : shape.slice(2);
  const fixed = typeof height === "number" && typeof width === "number" && height > 0 && width > 0;
  return fixed ? [height, width] : null;
}
async function textOf(path) {
  try {
    return await readFile2(path, "utf8");
  } catch (error) {
    throw new UserError(`The preprocessor file ${shownPath(path)} can't be read: ${messageOf(error)}.`);
  }
}

// src/data/images/geometry.ts
function placementOf(original, config) {
  const { resize, letterbox, crop, pad } = config;
  if (letterbox !== null) return letterboxed(original, letterbox);
  const resized = resize === null ? sizeOf2(original) : resizedSize(original, resize);
  const window = crop === null ? { left: 0, top: 0, ...resized } : centreWindow(resized, crop);
  if (window === null) return { crop, size: resized };
  const canvas = { width: window.width, height: window.height };
  if (pad !== null) {
    const [height, width] = pad.size ?? [0, 0];
    const step = pad.multiple ?? 1;
    canvas.width = Math.ceil(Math.max(width, canvas.width) / step) * step;
    canvas.height = Math.ceil(Math.max(height, canvas.height) / step) * step;
  }
  return {
    original: sizeOf2(original),
    resized,
    window,
    canvas,
    ...cornerOf(window, canvas, pad?.align ?? "top-left")
  };
}
function sizeOf2({ width, height }) {
  return { width, height };
}
function letterboxed(original, { size: [height, width], align }) {
  const scale = Math.min(height / original.height, width / original.width);
  const side = (pixels) => Math.max(1, roundHalfToEven(pixels * scale));
  const resized = { width: side(original.width), height: side(original.height) };
  const canvas = { width, height };
  const window = { left: 0, top: 0, ...resized };
  return { original: sizeOf2(original), resized, window, canvas, ...cornerOf(window, canvas, align) };
}
function cornerOf(window, canvas, align) {
  if (align === "top-left") return { left: 0, top: 0 };
  return {
    left: Math.floor((canvas.width - window.width) / 2),
    top: Math.floor((canvas.height - window.height) / 2)
  };
}
function resizedSize(size, resize) {
  if (typeof resize === "number") return shorterSideSize(size, resize);
  if (Array.isArray(resize)) return { width: resize[1], height: resize[0] };
  const { shorter, longer } = resize;
  if (shorter === void 0) return longerSideSize(size, longer);
  const [short, long] = [Math.min(size.width, size.height), Math.max(size.width, size.height)];
  if (longer === void 0 || long / short * shorter <= longer) return shorterSideSize(size, shorter);
  return cappedSize(size, longer);
}
function shorterSideSize({ width, height }, shorter) {
  if (width <= height) return { width: shorter, height: Math.trunc(shorter * height / width) };
  return { width: Math.trunc(shorter * width / height), height: shorter };
}
function longerSideSize({ width, height }, longer) {
  if (width >= height) return { width: longer, height: Math.max(1, Math.trunc(longer * height / width)) };
  return { width: Math.max(1, Math.trunc(longer * width / height)), height: longer };
}
function cappedSize({ width, height }, longer) {
  const raw = longer * Math.min(width, height) / Math.max(width, height);
  const short = Math.max(1, roundHalfToEven(raw));
  if (width < height) return { width: short, height: Math.trunc(raw * height / width) };
  return { width: Math.trunc(raw * width / height), height: short };
}
function centreWindow(size, [height, width]) {
  if (height > size.height || width > size.width) return null;
  return {
    top: Math.floor((size.height - height) / 2),
    left: Math.floor((size.width - width) / 2),
    height,
    width
  };
}
function roundHalfToEven(value) {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || rest === 0.5 && below % 2 === 1 ? below + 1 : below;
}

// src/data/images/opencv-bilinear.ts
var COEFFICIENT = 2 ** 11;
function resizeLikeOpenCv(pixels, size, window) {
  if (pixels.width === 2 * size.width && pixels.height === 2 * size.height) return halved(pixels, window);
  const columns = taps(pixels.width, size.width, { clamped: true });
  const rows = taps(pixels.height, size.height, { clamped: false });
  const line = window.width * pixels.channels;
  const data = new Uint8Array(line * window.height);
  const lines = /* @__PURE__ */ new Map();
  const lineOf = (row) => {
    const known = lines.get(row);
    if (known) return known;
    for (const old of lines.keys()) if (old < row - 1) lines.delete(old);
    const made = horizontally(pixels, row, columns, window);
    lines.set(row, made);
    return made;
  };
  for (let y = 0; y < window.height; y++) {
    const place = window.top + y;
    const start = rows.start[place];
    const upper = lineOf(clamp(start, pixels.height));
    const lower = lineOf(clamp(start + 1, pixels.height));
    const [first, second] = [rows.first[place], rows.second[place]];
    for (let at = 0; at < line; at++) {
      const sum = (first * (upper[at] >> 4) >> 16) + (second * (lower[at] >> 4) >> 16);
      data[y * line + at] = sum + 2 >> 2;
    }
  }
  return { width: window.width, height: window.height, channels: pixels.channels, data };
}
function taps(inputSize, outputSize, { clamped }) {
  const scale = 1 / (outputSize / inputSize);
  const result = {
    start: new Int32Array(outputSize),
    first: new Int32Array(outputSize),
    second: new Int32Array(outputSize)
  };
  for (let at = 0; at < outputSize; at++) {
    const position = Math.fround((at + 0.5) * scale - 0.5);
    let start = Math.floor(position);
    let share = Math.fround(position - start);
    if (clamped && start < 0) [start, share] = [0, 0];
    if (clamped && start >= inputSize - 1) [start, share] = [inputSize - 1, 0];
    result.start[at] = start;
    result.first[at] = roundHalfToEven(Math.fround(1 - share) * COEFFICIENT);
    result.second[at] = roundHalfToEven(share * COEFFICIENT);
  }
  return result;
}
function horizontally({ width, channels, data }, row, columns, window) {
  const line = new Int32Array(window.width * channels);
  for (let x = 0, written = 0; x < window.width; x++) {
    const place = window.left + x;
    const start = columns.start[place];
    const left = (row * width + start) * channels;
    const right = start + 1 < width ? left + channels : left;
    const [first, second] = [columns.first[place], columns.second[place]];
    for (let channel = 0; channel < channels; channel++) {
      line[written++] = data[left + channel] * first + data[right + channel] * second;
    }
  }
  return line;
}
function halved({ width, channels, data }, window) {
  const output = new Uint8Array(window.width * window.height * channels);
  const below = width * channels;
  let written = 0;
  for (let y = 0; y < window.height; y++) {
    for (let x = 0; x < window.width; x++) {
      const at = ((window.top + y) * 2 * width + (window.left + x) * 2) * channels;
      for (let channel = at; channel < at + channels; channel++) {
        const above = data[channel] + data[channel + channels];
        output[written++] = above + data[channel + below] + data[channel + below + channels] + 2 >> 2;
      }
    }
  }
  return { width: window.width, height: window.height, channels, data: output };
}
function clamp(row, height) {
  return Math.min(height - 1, Math.max(0, row));
}

// src/data/images/pillow-resize.ts
var PRECISION_BITS = 22;
var ONE = 2 ** PRECISION_BITS;
var HALF = 2 ** (PRECISION_BITS - 1);
var KERNELS = {
  bilinear: { support: 1, weight: (distance) => Math.max(0, 1 - Math.abs(distance)) },
  box: { support: 0.5, weight: (distance) => distance > -0.5 && distance <= 0.5 ? 1 : 0 },
  bicubic: { support: 2, weight: bicubic },
  lanczos: {
    support: 3,
    weight: (distance) => distance >= -3 && distance < 3 ? sinc(distance) * sinc(distance / 3) : 0
  }
};
function bicubic(distance) {
  const a = -0.5;
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}
function sinc(x) {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}
function resizeLikePillow(pixels, size, window, filter) {
  const kernel = KERNELS[filter];
  const rows = filterTaps(kernel, { from: pixels.height, to: size.height }, window.top, window.height);
  const columns = filterTaps(kernel, { from: pixels.width, to: size.width }, window.left, window.width);
  const [firstRow, lastRow] = rowsNeeded(rows);
  const narrowed = resizeColumns(pixels, columns, { from: firstRow, to: lastRow });
  return resizeRows(narrowed, rows, firstRow);
}
function rowsNeeded({ start, count }) {
  let [first, last] = [start[0], 0];
  for (let at = 0; at < start.length; at++) {
    first = Math.min(first, start[at]);
    last = Math.max(last, start[at] + count[at]);
  }
  return [first, last];
}
function filterTaps(kernel, side, first, length) {
  const { from: inputSize, to: outputSize } = side;
  const scale = inputSize / outputSize;
  const filterScale = Math.max(scale, 1);
  const support = kernel.support * filterScale;
  const stride = inputSize === outputSize ? 1 : Math.ceil(support) * 2 + 1;
  const taps2 = {
    start: new Int32Array(length),
    count: new Int32Array(length),
    weights: new Int32Array(length * stride),
    stride
  };
  for (let position = 0; position < length; position++) {
    if (inputSize === outputSize) {
      taps2.start[position] = first + position;
      taps2.count[position] = 1;
      taps2.weights[position] = ONE;
      continue;
    }
    const center = (first + position + 0.5) * scale;
    const from = Math.max(0, Math.trunc(center - support + 0.5));
    const count = Math.min(inputSize, Math.trunc(center + support + 0.5)) - from;
    const weights = [];
    let sum = 0;
    for (let tap = 0; tap < count; tap++) {
      const weight = kernel.weight((tap + from - center + 0.5) * (1 / filterScale));
      weights.push(weight);
      sum += weight;
    }
    taps2.start[position] = from;
    taps2.count[position] = count;
    for (let tap = 0; tap < count; tap++) {
      const weight = (sum === 0 ? weights[tap] : weights[tap] / sum) * ONE;
      taps2.weights[position * stride + tap] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
  }
  return taps2;
}
function resizeColumns(pixels, taps2, { from, to }) {
  const { channels, data, width } = pixels;
  const { start, count, weights, stride } = taps2;
  const outputWidth = start.length;
  const output = new Uint8ClampedArray((to - from) * outputWidth * channels);
  for (let row = from, written = 0; row < to; row++) {
    for (let column = 0; column < outputWidth; column++) {
      const weightsEnd = column * stride + count[column];
      const pixelAt = (row * width + start[column]) * channels;
      if (channels === 3) {
        let red = HALF;
        let green = HALF;
        let blue = HALF;
        for (let tap = column * stride, at = pixelAt; tap < weightsEnd; tap++, at += 3) {
          const weight = weights[tap];
          red = red + Math.imul(data[at], weight) | 0;
          green = green + Math.imul(data[at + 1], weight) | 0;
          blue = blue + Math.imul(data[at + 2], weight) | 0;
        }
        output[written++] = red >> PRECISION_BITS;
        output[written++] = green >> PRECISION_BITS;
        output[written++] = blue >> PRECISION_BITS;
        continue;
      }
      for (let channel = 0; channel < channels; channel++) {
        let sum = HALF;
        for (let tap = column * stride, at = pixelAt + channel; tap < weightsEnd; tap++, at += channels) {
          sum = sum + Math.imul(data[at], weights[tap]) | 0;
        }
        output[written++] = sum >> PRECISION_BITS;
      }
    }
  }
  return { width: outputWidth, height: to - from, channels, data: new Uint8Array(output.buffer) };
}
function resizeRows(pixels, taps2, firstRow) {
  const { data } = pixels;
  const outputHeight = taps2.start.length;
  const line = pixels.width * pixels.channels;
  const output = new Uint8ClampedArray(outputHeight * line);
  const sums = new Int32Array(line);
  for (let row = 0; row < outputHeight; row++) {
    sums.fill(HALF);
    for (let tap = 0; tap < taps2.count[row]; tap++) {
      const weight = taps2.weights[row * taps2.stride + tap];
      const lineAt = (taps2.start[row] + tap - firstRow) * line;
      for (let at = 0; at < line; at++) sums[at] = sums[at] + Math.imul(data[lineAt + at], weight) | 0;
    }
    const outputAt = row * line;
    for (let at = 0; at < line; at++) output[outputAt + at] = sums[at] >> PRECISION_BITS;
  }
  return { ...pixels, height: outputHeight, data: new Uint8Array(output.buffer) };
}

// src/data/images/resize.ts
function resizePixels(pixels, size, options = {}) {
  const { filter, window = { left: 0, top: 0, width: size.width, height: size.height } } = options;
  if (pixels.width === size.width && pixels.height === size.height) return cropped(pixels, window);
  switch (filter ?? "bilinear") {
    case "nearest":
      return resizeNearest(pixels, size, window);
    case "opencv-bilinear":
      return resizeLikeOpenCv(pixels, size, window);
    default:
      return resizeLikePillow(pixels, size, window, filter ?? "bilinear");
  }
}
function cropped({ width, channels, data }, window) {
  const rowLength = window.width * channels;
  const rows = new Uint8Array(rowLength * window.height);
  for (let row = 0; row < window.height; row++) {
    const start = ((window.top + row) * width + window.left) * channels;
    rows.set(data.subarray(start, start + rowLength), row * rowLength);
  }
  return { width: window.width, height: window.height, channels, data: rows };
}
function resizeNearest(pixels, size, window) {
  const { channels, width, data } = pixels;
  const columns = nearestPositions(width, size.width).subarray(window.left, window.left + window.width);
  const rows = nearestPositions(pixels.height, size.height).subarray(window.top, window.top + window.height);
  const output = new Uint8Array(window.width * window.height * channels);
  let written = 0;
  for (const row of rows) {
    for (const column of columns) {
      const at = (row * width + column) * channels;
      for (let channel = 0; channel < channels; channel++) output[written++] = data[at + channel];
    }
  }
  return { width: window.width, height: window.height, channels, data: output };
}
function nearestPositions(inputSize, outputSize) {
  const step = inputSize / outputSize;
  const positions = new Int32Array(outputSize);
  let centre2 = step * 0.5;
  for (let at = 0; at < outputSize; at++) {
    positions[at] = Math.min(inputSize - 1, Math.trunc(centre2));
    centre2 += step;
  }
  return positions;
}

// src/data/images/place-mask.ts
var NO_CLASS = -1;
function placedMask(mask, placement, options) {
  const { original, resized, window, canvas, left, top } = placement;
  if (mask.width !== original.width || mask.height !== original.height) {
    throw new UserError(
      `${options.sample}: its mask has ${mask.width} \xD7 ${mask.height} pixels, but the image ${original.width} \xD7 ${original.height} (EXIF orientation applied): masks must have the size of their images.`
    );
  }
  const data = new Int32Array(canvas.width * canvas.height).fill(NO_CLASS);
  const columns = nearestPositions(mask.width, resized.width).subarray(
    window.left,
    window.left + window.width
  );
  const rows = nearestPositions(mask.height, resized.height).subarray(window.top, window.top + window.height);
  rows.forEach((row, y) => {
    const to = (top + y) * canvas.width + left;
    columns.forEach((column, x) => {
      const index = mask.data[row * mask.width + column];
      data[to + x] = index === options.ignore ? NO_CLASS : index;
    });
  });
  return { type: "int32", dims: [canvas.height, canvas.width], data };
}

// src/data/images/normalize.ts
var LEVELS = 256;
function normalizePixels(pixels, binding, sample, frame = null) {
  const { channels, data } = pixels;
  const { config, type } = binding;
  const { width, height } = frame?.canvas ?? pixels;
  const size = width * height;
  const planar = layoutOf(binding) === "NCHW";
  const computed = isFloatType(type) ? type : "float32";
  const asIs = !isFloatType(type) && !scales(binding, true) && config.mean === null && config.std === null;
  const output = allocate(asIs ? "uint8" : computed, size * channels);
  const table = asIs ? null : levelTable(binding, channels, sample);
  for (let channel = 0; channel < channels; channel++) {
    const from = config.channels === "bgr" ? channels - 1 - channel : channel;
    const levels = table?.subarray(channel * LEVELS, (channel + 1) * LEVELS) ?? IDENTITY;
    const into = planar ? { start: channel * size, step: 1 } : { start: channel, step: channels };
    const place = { output, from, every: channels, into };
    if (frame === null) translate(data, levels, place);
    else translateRows(pixels, levels, { ...place, frame, filling: fillOf(frame, channel, levels) });
  }
  const dims = planar ? [channels, height, width] : [height, width, channels];
  return squeezed({ type: asIs ? "uint8" : computed, dims, data: output }, binding);
}
var IDENTITY = Float32Array.from({ length: LEVELS }, (_, level) => level);
function fillOf({ fill }, channel, levels) {
  return fill === "mean" ? 0 : levels[fill[channel] ?? fill[0]];
}
function translate(data, levels, place) {
  const { output, from, every } = place;
  const { step } = place.into;
  let target = place.into.start;
  for (let at = from; at < data.length; at += every, target += step) output[target] = levels[data[at]];
}
function translateRows(pixels, levels, place) {
  const { frame, filling, into, output } = place;
  const { canvas, left, top } = frame;
  const end = into.start + canvas.width * canvas.height * into.step;
  for (let at = into.start; at < end; at += into.step) output[at] = filling;
  const line = pixels.width * pixels.channels;
  for (let row = 0; row < pixels.height; row++) {
    const start = into.start + ((top + row) * canvas.width + left) * into.step;
    const one = pixels.data.subarray(row * line, (row + 1) * line);
    translate(one, levels, { ...place, into: { start, step: into.step } });
  }
}
function normalizeArray(tensor, binding, sample) {
  const { config, type } = binding;
  const scaled2 = scales(binding, tensor.type === "uint8");
  if (!scaled2 && config.mean === null && config.std === null) return tensor;
  const axis = tensor.dims.length < 3 ? null : tensor.dims.length - (layoutOf(binding) === "NHWC" ? 1 : 3);
  const channels = axis === null ? 1 : tensor.dims[axis];
  const inner = axis === null ? 1 : tensor.dims.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  const steps = normalization(binding, { channels, sample, is8Bit: tensor.type === "uint8" });
  const values2 = numbersOf(tensor);
  const computed = isFloatType(type) ? type : "float32";
  const output = allocate(computed, values2.length);
  const store = computed === "float16" ? halfBits : (value) => value;
  for (let at = 0; at < values2.length; at++) {
    const channel = channels === 1 ? 0 : Math.floor(at / inner) % channels;
    output[at] = store(normalized(values2[at], steps, channel));
  }
  return { type: computed, dims: tensor.dims, data: output };
}
function normalization(binding, { channels, sample, is8Bit }) {
  const { config, input } = binding;
  const perChannel = (name, fallback) => {
    const values2 = config[name] ?? [fallback];
    if (values2.length !== 1 && values2.length !== channels) {
      throw new UserError(
        `${sample}: \`${name}\` of input '${input}' has ${values2.length} values, but there ${channels === 1 ? "is 1 channel" : `are ${channels} channels`}. Give one value, or one per channel.`
      );
    }
    if (name === "std" && values2.includes(0)) throw new UserError(`\`std\` of input '${input}' holds a 0.`);
    return Float32Array.from({ length: channels }, (_, channel) => values2[channel] ?? values2[0]);
  };
  const scale = typeof config.scale === "number" ? config.scale : dividesBy255(binding, is8Bit);
  return { scale, mean: perChannel("mean", 0), std: perChannel("std", 1) };
}
function scales(binding, is8Bit) {
  return typeof binding.config.scale === "number" || dividesBy255(binding, is8Bit);
}
function normalized(value, { scale, mean, std }, channel) {
  const unit = scaled(Math.fround(value), scale);
  return Math.fround(Math.fround(unit - mean[channel]) / std[channel]);
}
function scaled(value, scale) {
  if (typeof scale === "number") return Math.fround(value * Math.fround(scale));
  return scale ? Math.fround(value / 255) : value;
}
function levelTable(binding, channels, sample) {
  const steps = normalization(binding, { channels, sample, is8Bit: true });
  const table = new Float32Array(channels * LEVELS);
  for (let channel = 0; channel < channels; channel++) {
    for (let level = 0; level < LEVELS; level++) {
      const value = normalized(level, steps, channel);
      table[channel * LEVELS + level] = binding.type === "float16" ? halfBits(value) : value;
    }
  }
  return table;
}
function squeezed(tensor, { shape }) {
  const channelAxis = tensor.dims.indexOf(1) === 0 ? 0 : 2;
  if (shape?.length !== 3 || tensor.dims[channelAxis] !== 1 || shape[channelAxis] === 1) return tensor;
  return { ...tensor, dims: tensor.dims.filter((_, axis) => axis !== channelAxis) };
}

// src/data/images/preprocess.ts
function prepare(value, binding, sample) {
  const tensor = prepared(value, binding, sample);
  const batched = value.kind === "feed" ? tensor : withMissingAxes(tensor, binding);
  assertFits(batched, binding, sample);
  const cast = castToInput(batched, binding, sample);
  assertInTable(cast, binding, sample);
  return cast;
}
function assertInTable(tensor, { input, tableRows }, sample) {
  if (tableRows === void 0) return;
  const values2 = numbersOf(tensor);
  for (let at = 0; at < values2.length; at++) {
    if (values2[at] >= -tableRows && values2[at] < tableRows) continue;
    throw new UserError(
      `${sample}: '${input}' holds ${values2[at]}, but the model's table has rows 0 to ${tableRows - 1} only. Are these ids of another vocabulary?`
    );
  }
}
function prepared(value, binding, sample) {
  if (value.kind === "feed") return value.tensor;
  const pixels = pixelsOf(value, binding);
  if (pixels) return preparePixels(pixels, binding, sample);
  const { tensor } = value;
  const { config } = binding;
  const given = IMAGES_ONLY.filter((key) => config[key] !== null);
  if (given.length > 0) {
    throw new UserError(
      `${sample}: ${given.map((key) => `'${key}'`).join(", ")} ${given.length === 1 ? "works" : "work"} on 8-bit images, but input '${binding.input}' reads ${tensor.type} [${tensor.dims}]. Save it as uint8 [height, width, channels], or prepare it beforehand.`
    );
  }
  return normalizeArray(inModelsLayout(tensor, binding), binding, sample);
}
var IMAGES_ONLY = ["resize", "letterbox", "crop", "pad", "channels"];
function pixelsOf(value, binding) {
  if (value.kind === "image") return value.pixels;
  if (value.kind === "feed" || value.tensor.type !== "uint8" || !wantsPixels(binding)) return null;
  return asPixels(value.tensor, binding);
}
function wantsPixels({ config, type }) {
  const { mean, std, scale } = config;
  const settings = [...IMAGES_ONLY.map((key) => config[key]), mean, std, scale];
  return isFloatType(type) || settings.some((setting) => setting !== null);
}
function placementIn(value, binding, sample) {
  const pixels = pixelsOf(value, binding);
  return pixels && placed(pixels, binding.config, sample);
}
function placed(size, config, sample) {
  const placement = placementOf(size, config);
  if ("canvas" in placement) return placement;
  const { crop, size: found } = placement;
  throw new UserError(
    `${sample}: a crop of ${crop[0]} \xD7 ${crop[1]} doesn't fit into ${found.height} \xD7 ${found.width} pixels (height \xD7 width)${config.resize === null ? "; set `resize` to make the shorter side long enough." : ` after resizing; raise \`resize\` to at least ${Math.max(...crop)}.`}`
  );
}
function preparePixels(pixels, binding, sample) {
  const { config } = binding;
  const colours = withChannels(pixels, binding, sample);
  const placement = placed(pixels, config, sample);
  const { resized, window, canvas, left, top } = placement;
  const part = isWhole(placement) ? colours : resizePixels(colours, resized, { filter: config.filter, window });
  const fill = config.letterbox?.fill ?? config.pad?.fill ?? [0];
  const framed = canvas.width !== window.width || canvas.height !== window.height;
  return normalizePixels(part, binding, sample, framed ? { canvas, left, top, fill } : null);
}
function isWhole({ original, resized, window }) {
  return [resized, window].every(
    ({ width, height }) => width === original.width && height === original.height
  );
}
function inModelsLayout(tensor, binding) {
  const { dims } = tensor;
  const { shape } = binding;
  const [first, second, third] = dims;
  if (dims.length !== 3 || shape?.length !== 4 || !isFloatType(tensor.type)) return tensor;
  const channels = channelsOf(binding);
  const fits = (...order) => order.every((dim, axis) => typeof shape[axis + 1] !== "number" || shape[axis + 1] === dim);
  if (channels === null || fits(...dims)) return tensor;
  if (layoutOf(binding) === "NCHW")
    return third === channels && fits(third, first, second) ? turned(tensor, [2, 0, 1]) : tensor;
  return first === channels && fits(second, third, first) ? turned(tensor, [1, 2, 0]) : tensor;
}
function turned(tensor, order) {
  const dims = order.map((axis) => tensor.dims[axis]);
  const steps = [tensor.dims[1] * tensor.dims[2], tensor.dims[2], 1];
  const [a, b, c] = order.map((axis) => steps[axis]);
  const data = tensor.data.slice();
  const source = tensor.data;
  let written = 0;
  for (let i = 0; i < dims[0]; i++) {
    for (let j = 0; j < dims[1]; j++) {
      for (let k = 0; k < dims[2]; k++) data[written++] = source[i * a + j * b + k * c];
    }
  }
  return { ...tensor, dims, data };
}
function asPixels(tensor, binding) {
  const { dims } = tensor;
  const data = tensor.data;
  if (dims.length === 2) return { height: dims[0], width: dims[1], channels: 1, data };
  if (dims.length !== 3) return null;
  const wanted = channelsOf(binding);
  const isChannels = (dim) => dim === wanted || imageChannels(dim) !== null;
  const [first, second, third] = dims;
  const planar = first === wanted && layoutOf(binding) === "NCHW" ? true : !isChannels(third) && isChannels(first);
  if (planar) return interleave(data, { channels: first, height: second, width: third });
  return isChannels(third) ? { height: first, width: second, channels: third, data } : null;
}
function interleave(planes, { channels, height, width }) {
  const size = height * width;
  const data = new Uint8Array(planes.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let at = 0; at < size; at++) data[at * channels + channel] = planes[channel * size + at];
  }
  return { height, width, channels, data };
}
function withChannels(pixels, binding, sample) {
  const { config } = binding;
  const wanted = channelsOf(binding) ?? pixels.channels;
  const { channels } = pixels;
  if (channels === wanted) return pixels;
  const size = pixels.width * pixels.height;
  const data = new Uint8Array(size * wanted);
  if (channels === 1) {
    for (let at = 0; at < size; at++) data.fill(pixels.data[at], at * wanted, (at + 1) * wanted);
  } else if (wanted === 1 && channels >= 3) {
    for (let at = 0, pixel = 0; at < size; at++, pixel += channels) data[at] = luma(pixels.data, pixel);
  } else if (wanted === 3 && channels === 4) {
    for (let at = 0; at < size; at++) data.set(pixels.data.subarray(at * 4, at * 4 + 3), at * 3);
  } else {
    const advice2 = config.layout === null ? "" : ` That is its shape with \`layout: ${config.layout}\`: correct or remove it.`;
    throw new UserError(
      `${sample}: it has ${channels} channels, but the model's input takes ${wanted}.${advice2}`
    );
  }
  return { ...pixels, channels: wanted, data };
}
function luma(data, at) {
  return data[at] * 19595 + data[at + 1] * 38470 + data[at + 2] * 7471 + 32768 >> 16;
}
function withMissingAxes(tensor, binding) {
  const { shape } = binding;
  const { dims } = tensor;
  if (shape === null && dims.length === 0) return tensor;
  if (shape === null || dims.length === shape.length - 1) return { ...tensor, dims: [1, ...dims] };
  if (dims.length === shape.length) return tensor;
  if (dims.length === shape.length - 2 && dims.length >= 1) {
    const axes = layoutOf(binding) === "NHWC" ? [...dims, 1] : [1, ...dims];
    return { ...tensor, dims: [1, ...axes] };
  }
  return { ...tensor, dims: [1, ...dims] };
}
function assertFits(tensor, binding, sample) {
  const { shape, input, config, takesSingles } = binding;
  if (shape === null) return;
  const fits = tensor.dims.length === shape.length && tensor.dims.every(
    (dim, axis) => typeof shape[axis] !== "number" || shape[axis] <= 0 || shape[axis] === dim || takesSingles === true && axis === 0 && dim === 1
  );
  if (fits) return;
  const expected = shape.map((dim) => dim === "" ? "?" : dim).join(", ");
  throw new UserError(
    `${sample}: it gives [${tensor.dims.join(", ")}] for the model's input '${input}', which takes [${expected}]. ${advice(tensor, binding)}${config.from === null ? "" : ` (It was read from '${config.from}'.)`}`
  );
}
function advice(tensor, binding) {
  const { shape, config } = binding;
  const [batch] = shape ?? [];
  if (typeof batch === "number" && batch > 1 && tensor.dims[0] === 1 && tensor.dims.length === shape?.length) {
    return `The model's batch is fixed at ${batch}: export it with a dynamic batch axis, or with a batch of 1.`;
  }
  if (shape?.length === 4 && tensor.dims.length === 4) {
    const other = layoutOf(binding) === "NHWC" ? "NCHW" : "NHWC";
    const [height, width] = layoutOf(binding) === "NHWC" ? [shape[1], shape[2]] : [shape[2], shape[3]];
    if (typeof height === "number" && typeof width === "number" && height > 4 && width > 4) {
      return sizeAdvice(config, [height, width], tensor);
    }
    return config.layout === null ? `If the axes are in another order, set \`layout: ${other}\`.` : `Without \`layout: ${config.layout}\` the model's own shape decides; save the array as the model takes it, without the batch dimension.`;
  }
  return "Save the array in the model's shape without the batch dimension, or map another one with `from`.";
}
function sizeAdvice(config, [height, width], { dims }) {
  const size = height === width ? `${height}` : `[${height}, ${width}]`;
  if (config.letterbox !== null) return `Set \`letterbox: ${size}\`.`;
  if (config.crop !== null || config.resize !== null) return `Set \`crop: ${size}\`.`;
  const sides = dims.slice(1).filter((dim) => dim !== 1 && dim !== 3 && dim !== 4);
  const sorted = (lengths) => [...lengths].sort((a, b) => a - b).join();
  const asLarge = sorted(sides) === sorted([height, width]);
  if (asLarge) return "Save the array in the order of these axes, without the batch dimension.";
  return `Set \`input: { resize: ${Math.max(height, width)}, crop: ${size} }\` (images and 8-bit arrays), or save the array in this size.`;
}
function castToInput(tensor, { input, type }, sample) {
  const cast = castLossless(tensor, type);
  if ("dims" in cast) return cast;
  throw new UserError(
    `${sample}: ${tensor.type} doesn't fit the model's input '${input}' of type ${type}: element ${cast.index} of ${elementCount(tensor.dims)} is ${cast.value}. Save the array as ${type}.`
  );
}

// src/data/options-read.ts
import { stat as stat3 } from "node:fs/promises";
var NEEDS = {
  "image-folder": "folder",
  "onnx-tests": "folder",
  npz: "file",
  jsonl: "file",
  csv: "file",
  coco: "file",
  yolo: "folder",
  voc: "folder",
  conll: "file",
  squad: "file",
  text: "file",
  beir: "folder",
  speech: "folder"
};
var NAMES_IMAGES = ["coco", "yolo", "voc", "csv", "jsonl", "text-lines"];
var LISTS_CLASSES = ["coco", "yolo", "voc"];
function assertOptionsRead({ path, classOrder, images, masks, ignore, classNames, text }, format) {
  if (masks !== null && format !== "image-folder") {
    throw new UserError(`${path}: 'masks' goes with a folder of images, and this is ${format}. Remove it.`);
  }
  if (ignore !== null && masks === null) {
    throw new UserError(
      `${path}: 'ignore' is a value of the pixels of \`masks\`, and there are none. Remove it.`
    );
  }
  if (images !== null && !NAMES_IMAGES.includes(format)) {
    throw new UserError(
      `${path}: 'images' is the folder of files that data name, and ${format} names none. Remove it.`
    );
  }
  if (classNames !== null && text == null && masks === null && !LISTS_CLASSES.includes(format)) {
    throw new UserError(
      `${path}: 'class-names' lists the classes of ${LISTS_CLASSES.join(", ")}, of masks and of texts, not of other ${format}. If the data are texts, name the model's \`tokenizer\`; else remove it.`
    );
  }
  if (classOrder === null || namesClasses(format)) return;
  throw new UserError(
    `${path}: 'class-order' orders names of classes, and labels of ${format} are numbers. Remove it.`
  );
}
async function assertPath(path, format) {
  const found = await stat3(path).catch(() => null);
  if (found === null) throw new UserError(`${path} does not exist. Correct the data's \`path\`.`);
  if (found.isFile() && await isLfsPointerFile(path)) {
    throw new UserError(`${path} is a Git LFS pointer, not the data. Fetch it: ${FETCH_LFS}.`);
  }
  const kind = found.isDirectory() ? "folder" : "file";
  const needed = NEEDS[format];
  if (needed !== void 0 && needed !== kind) {
    throw new UserError(
      `${path} is a ${kind}, but ${format} is a ${needed}. Correct the data's \`path\` or \`format\`.`
    );
  }
}

// src/data/read-ahead.ts
async function* readAhead(items, ahead, work) {
  const waiting = [];
  for (const item of items) {
    const started = work(item);
    started.catch(() => {
    });
    waiting.push(started);
    if (waiting.length >= ahead) yield await waiting.shift();
  }
  while (waiting.length > 0) yield await waiting.shift();
}

// src/data/split.ts
import { createHash } from "node:crypto";
var HASHED_AHEAD = 4;
async function sideOf2(source, split, path) {
  if (split.calibration >= source.length) {
    throw new UserError(
      `${shownPath(path)} holds ${source.length} samples: \`split: { calibration: ${split.calibration} }\` would leave none to evaluate.`
    );
  }
  const calibrates = new Uint8Array(source.length);
  const classes = await twinsByClass(source);
  const quotas = quotasOf(classes, split.calibration, source.length);
  for (const [index, twins] of classes) {
    let left = quotas.get(index);
    for (const { indices } of twins.sort((a, b) => a.draw - b.draw)) {
      if (left <= 0) break;
      for (const one of indices) calibrates[one] = 1;
      left -= indices.length;
    }
  }
  return split.part === "calibration" ? calibrates : calibrates.map((one) => 1 - one);
}
async function twinsByClass(source) {
  const twins = /* @__PURE__ */ new Map();
  const indices = Uint32Array.from({ length: source.length }, (_, index) => index);
  const hashed = readAhead(
    indices,
    HASHED_AHEAD,
    async (index) => [index, await source.hash(index)]
  );
  for await (const [index, hash] of hashed) {
    const known = twins.get(hash);
    if (known) known.indices.push(index);
    else twins.set(hash, { draw: drawOf(hash), class: source.classOf?.(index) ?? null, indices: [index] });
  }
  const classes = /* @__PURE__ */ new Map();
  for (const one of twins.values()) {
    const own = classes.get(one.class);
    if (own) own.push(one);
    else classes.set(one.class, [one]);
  }
  return classes;
}
function drawOf(hash) {
  return createHash("sha256").update(`split ${hash}`).digest().readUIntBE(0, 6) / 2 ** 48;
}
function quotasOf(classes, wanted, total) {
  const shares = [...classes].map(([index, twins]) => {
    const exact = wanted * twins.reduce((sum, { indices }) => sum + indices.length, 0) / total;
    return { index, quota: Math.floor(exact), rest: exact - Math.floor(exact) };
  });
  let left = wanted - shares.reduce((sum, { quota }) => sum + quota, 0);
  for (const share of shares.sort((a, b) => b.rest - a.rest || (a.index ?? -1) - (b.index ?? -1))) {
    if (left-- <= 0) break;
    share.quota++;
  }
  return new Map(shares.map(({ index, quota }) => [index, quota]));
}

// src/data/stacked-singles.ts
function stackedSingles(dataset, inputs, size) {
  const { preparedAs: _, ...rest } = dataset;
  return { ...rest, samples: () => stacks(dataset.samples(), inputs, size) };
}
async function* stacks(samples, inputs, size) {
  let waiting = [];
  for await (const sample of samples) {
    if (Object.values(sample.feeds).every(({ dims }) => dims[0] === size)) yield sample;
    else waiting.push(sample);
    if (waiting.length < size) continue;
    yield stacked(waiting, inputs);
    waiting = [];
  }
  if (waiting.length === 0) return;
  yield stacked(
    Array.from({ length: size }, (_, index) => waiting[index % waiting.length]),
    inputs
  );
}
function stacked(samples, inputs) {
  const feeds = stack(
    samples.map((sample) => sample.feeds),
    inputs
  );
  return { id: samples[0].id, feeds, label: null };
}

// src/data/open.ts
var READ_AHEAD = 4;
var NAMED = 5;
var SOURCES = {
  "image-folder": async () => imageSource,
  npz: async () => (await import("./chunk-Y5POA2G4.js")).npzSource,
  npy: async () => (await import("./chunk-YPHG3YYM.js")).npySource,
  "onnx-tests": async () => (await import("./chunk-BWHDYDCP.js")).onnxTestsSource,
  jsonl: async () => (await import("./chunk-NLJDYDY5.js")).jsonlSource,
  idx: async () => (await import("./chunk-KPDDVKZC.js")).idxSource,
  csv: async () => (await import("./chunk-QBTNGZC3.js")).csvSource,
  coco: async () => (await import("./chunk-GGB2MKSK.js")).cocoSource,
  yolo: async () => (await import("./chunk-LEPOSJTD.js")).yoloSource,
  voc: async () => (await import("./chunk-WDSKKVIL.js")).vocSource,
  "text-lines": async () => (await import("./chunk-I3IDLM2L.js")).textLinesSource,
  conll: onlyWithTokenizer,
  squad: onlyWithTokenizer,
  text: onlyWithTokenizer,
  beir: onlyWithTokenizer,
  speech: async () => (await import("./chunk-CSWOVQFM.js")).speechSource
};
async function onlyWithTokenizer() {
  return async ({ path }) => {
    throw new UserError(
      `${path} holds texts: name the model's tokenizer, \`data: { tokenizer: tokenizer.json }\` (--tokenizer on the command line).`
    );
  };
}
var TEXTS = {
  jsonl: async () => {
    const { textTable } = await import("./chunk-7ZY3DBFE.js");
    return (data) => textTable(data, "jsonl");
  },
  csv: async () => {
    const { textTable } = await import("./chunk-7ZY3DBFE.js");
    return (data) => textTable(data, "csv");
  },
  conll: async () => (await import("./chunk-KQINZWFE.js")).conllRows,
  squad: async () => (await import("./chunk-XVEOQIBW.js")).squadRows,
  text: async () => (await import("./chunk-4ELM5J7I.js")).plainTextRows,
  beir: async () => (await import("./chunk-BL7JSPVJ.js")).beirRows
};
async function imageSource(data, bindings) {
  const { masks } = data;
  if (masks === null)
    return await (await import("./chunk-TKWSXVJY.js")).imageFolderSource(data, bindings);
  return await (await import("./chunk-LYHJOCYE.js")).maskedImagesSource({ ...data, masks }, bindings);
}
async function openDataset(config, inputs) {
  return await open2(config, inputs, null);
}
async function openCalibration(config, inputs) {
  const size = fixedBatch(inputs);
  if (size === 1) return await openDataset(config, inputs);
  return stackedSingles(await open2(config, inputs, size), inputs, size);
}
async function open2(config, inputs, stack2) {
  const { data, warnings } = await resolveInputs(config, inputs);
  const format = data.format ?? await guessFormat(data.path);
  await assertPath(data.path, format);
  assertOptionsRead(data, format);
  const bindings = bindInputs(data, inputs).map((binding) => ({ ...binding, takesSingles: stack2 !== null }));
  const source = await openSource(data, { format, bindings });
  if (source.length === 0) {
    throw new UserError(
      `${data.path} holds no samples (read as ${format}). Correct the data's \`path\` or \`format\`.`
    );
  }
  const order = await orderOf(source, data);
  await source.settle?.(order);
  const early = new EarlyReads(source);
  const { ignore } = data;
  const reader = { source, order, bindings, ignore, read: (index) => early.read(index) };
  const { sample: first, raw } = await firstSample(reader);
  const firstBytes = rawBytes(raw);
  return {
    // Reports are read elsewhere: no absolute paths in them.
    description: `${format} ${shownPath(data.path)}${data.split === null ? "" : `, split for ${data.split.part}`}`,
    length: order.length,
    labelled: source.labelled,
    classes: source.classes,
    classIndices: source.classIndices,
    ...source.classNames ? { classNames: source.classNames } : {},
    preparations: bindings.map((binding) => preparationOf(binding, raw)),
    warnings: [...warnings, ...source.warnings ?? [], ...fedInstead(bindings, raw)],
    async *samples() {
      yield first;
      yield* samplesOf(reader);
    },
    readEarly: () => early.start(order.subarray(1), firstBytes),
    preparedAs: (input, changes) => preparedAs(reader, input, changes),
    async hashes() {
      const ids = /* @__PURE__ */ new Map();
      const hashed = readAhead(
        order,
        READ_AHEAD,
        async (index) => [await source.hash(index), source.id(index)]
      );
      for await (const [hash, id] of hashed) if (!ids.has(hash)) ids.set(hash, id);
      return ids;
    }
  };
}
async function openSource(data, { format, bindings }) {
  const { text } = data;
  if (text?.task === "speech-recognition" || format === "speech")
    return (await SOURCES.speech())(data, bindings);
  if (!text) return (await SOURCES[format]())(data, bindings);
  const open3 = TEXTS[format];
  if (open3 === void 0) {
    throw new UserError(
      `${data.path} (read as ${format}) holds no texts for the tokenizer. Texts are read from ${Object.keys(TEXTS).join(", ")}; for arrays of token ids remove \`tokenizer\`.`
    );
  }
  const rows = await (await open3())(data);
  const options = { data: { ...data, text }, bindings, rows };
  if (text.task === "language-model") return (await import("./chunk-BXUT4HQC.js")).windowSource(options);
  return (await import("./chunk-G6WYZEU7.js")).tokenSource(options);
}
async function orderOf(source, { seed, limit, split, path }) {
  const all = shuffledIndices(source.length, seed);
  const side = split === null ? null : await sideOf2(source, split, path);
  const own = side === null ? all : all.filter((index) => side[index] === 1);
  return own.subarray(0, limit ?? own.length);
}
async function firstSample(reader) {
  const index = reader.order[0];
  try {
    const raw = await reader.read(index);
    return { sample: prepareSample(raw, index, reader), raw };
  } catch (error) {
    throw await named2(error, reader);
  }
}
async function* samplesOf(reader) {
  const { order, read } = reader;
  const work = async (index) => prepareSample(await read(index), index, reader);
  try {
    yield* readAhead(order.subarray(1), READ_AHEAD, work);
  } catch (error) {
    throw await named2(error, reader);
  }
}
async function* preparedAs(reader, input, changes) {
  const { order, source, ignore } = reader;
  const bindings = reader.bindings.map(
    (binding) => binding.input === input ? { ...binding, config: { ...binding.config, ...changes } } : binding
  );
  yield* readAhead(
    order,
    READ_AHEAD,
    async (index) => prepareSample(await source.read(index), index, { source, bindings, ignore })
  );
}
function preparationOf({ input, config }, { values: values2 }) {
  const value = values2[input];
  if (value === void 0) return { input, config, stored: "fed", axes: 0 };
  if (value.kind === "image") return { input, config, stored: "image", axes: 3 };
  const axes = value.tensor.dims.length;
  if (value.kind === "feed") return { input, config, stored: "fed", axes };
  return { input, config, stored: value.tensor.type === "uint8" ? "bytes" : "numbers", axes };
}
async function named2(error, { source, order }) {
  return error instanceof UndecodableSample ? await undecodable(source, order) : error;
}
function prepareSample({ values: values2, label, annotation, mask }, index, { source, bindings, ignore = null }) {
  const id = source.id(index);
  const named3 = `${source.description}, sample ${id}`;
  const feeds = {};
  let placement = null;
  for (const binding of bindings) {
    const value = values2[binding.input];
    if (value === void 0) continue;
    feeds[binding.input] = prepare(value, binding, named3);
    placement ??= placementIn(value, binding, named3);
  }
  return {
    id,
    feeds: withDerived(feeds, bindings),
    label: mask && placement ? placedMask(mask, placement, { ignore, sample: named3 }) : label,
    ...annotation === void 0 ? {} : { annotation },
    ...placement === null ? {} : { placement }
  };
}
function withDerived(feeds, bindings) {
  if (bindings.every(({ input }) => input in feeds)) return feeds;
  const tokens = feeds[bindings.find(({ role }) => role === "ids").input];
  return Object.fromEntries(
    bindings.map(({ input, type, shape, role }) => [
      input,
      feeds[input] ?? derivedInput({ name: input, type, shape, role }, tokens.dims)
    ])
  );
}
function fedInstead(bindings, { values: values2 }) {
  const missing = /* @__PURE__ */ new Map();
  for (const { input, role } of bindings) {
    if (values2[input] !== void 0 || role === void 0 || role === "ids") continue;
    missing.set(role, [...missing.get(role) ?? [], input]);
  }
  return [...missing].map(([role, [first, ...others]]) => {
    const names = others.length === 0 ? `'${first}'` : `'${first}' and ${others.length} more of its kind`;
    return `The data hold nothing for ${names}; fed with ${FED_INSTEAD[role]}.`;
  });
}
async function undecodable(source, order) {
  const bad = [];
  const failures = readAhead(
    order,
    READ_AHEAD,
    (index) => source.read(index).then(
      () => null,
      (error) => {
        if (error instanceof UndecodableSample) return error;
        throw error;
      }
    )
  );
  for await (const failure of failures) if (failure) bad.push(failure);
  bad.sort((a, b) => a.id < b.id ? -1 : 1);
  const named3 = bad.slice(0, NAMED).map(({ id, reason }) => `  ${id}: ${reason}`);
  const more = bad.length > NAMED ? [`  \u2026 and ${bad.length - NAMED} more`] : [];
  return new UserError(
    [
      `${bad.length} of ${order.length} samples of ${source.description} can't be decoded:`,
      ...named3,
      ...more,
      "Repair or remove them: skipping them silently would change what is measured."
    ].join("\n")
  );
}

// src/measure/subject/half-reference.ts
async function writeHalfReference(file, path, context) {
  const reference = await halfReference(readModel(file), context);
  if (reference === null) return null;
  if (reference === "bodies") return { file: null, reason: "bodies of If, Loop or Scan hold half values" };
  writeModel(reference, path, { durable: false });
  return { file: path, reason: null };
}
async function halfReference(model, context) {
  if (!mayHoldHalf(model)) return null;
  const types2 = await inferTypes(model, { context });
  if (![...types2.values()].some(({ dataType }) => dataType === TensorProto_DataType.FLOAT16)) return null;
  return spelledOut(model, types2) ?? "bodies";
}
function mayHoldHalf({ graph }) {
  return graph.inputs.some((value) => tensorType(value)?.dataType === TensorProto_DataType.FLOAT16) || [...graph.initializers.values()].some((tensor) => isHalfTensor(tensor) && !isWidened(graph, tensor)) || graph.nodes.some((node) => namesHalf(node) || subgraphsOf(node).length > 0);
}
function isWidened(graph, { name }) {
  const readers = graph.consumers(name);
  return readers.length > 0 && !graph.isOutput(name) && readers.every(
    (node) => node.domain === "" && node.opType === "Cast" && intAttribute(node, "to", 0) === TensorProto_DataType.FLOAT
  );
}
var isHalfTensor = ({ dataType }) => dataType === TensorProto_DataType.FLOAT16;
var TYPE_ATTRIBUTES = ["to", "dtype", "output_dtype"];
function namesHalf(node) {
  return node.attribute.some(
    ({ name, i, t }) => TYPE_ATTRIBUTES.includes(name) && Number(i) === TensorProto_DataType.FLOAT16 || t !== void 0 && isHalfTensor(t)
  );
}
function spelledOut(model, types2) {
  const isHalf = (name) => types2.get(name)?.dataType === TensorProto_DataType.FLOAT16;
  if (model.graph.nodes.some((node) => subgraphsOf(node).length > 0 && readsHalf(node, isHalf))) return null;
  const copy = copyModel(model);
  const { graph } = copy;
  const inFloat32 = (tensor) => makeTensor(
    tensor.name,
    TensorProto_DataType.FLOAT,
    dimsOf(tensor),
    fromHalf(tensorValues(tensor, graph.directory))
  );
  for (const tensor of [...graph.initializers.values()]) {
    if (isHalfTensor(tensor) && !graph.isOutput(tensor.name)) graph.setInitializer(inFloat32(tensor));
  }
  const written = [...graph.nodes];
  for (const node of written) {
    node.attribute = node.attribute.map((attribute) => {
      const { t } = attribute;
      return t && isHalfTensor(t) ? clone(AttributeProtoSchema, { ...attribute, t: inFloat32(t) }) : attribute;
    });
    for (const { name, i } of node.attribute) {
      if (TYPE_ATTRIBUTES.includes(name) && Number(i) === TensorProto_DataType.FLOAT16)
        setAttribute(node, name, { int: TensorProto_DataType.FLOAT });
    }
    node.output.forEach((name, index) => {
      if (name !== "" && isHalf(name)) roundBehind(graph, node, index);
    });
  }
  const given = [
    ...graph.inputs.map(({ name }) => name),
    ...[...graph.initializers.values()].filter(isHalfTensor).map(({ name }) => name)
  ];
  for (const name of given) if (isHalf(name)) readInFloat32(graph, name);
  graph.setValueInfo([]);
  return copy;
}
function readsHalf(node, isHalf) {
  const inner = subgraphsOf(node).flatMap((body) => [
    ...body.initializer.map(isHalfTensor),
    ...body.node.flatMap(({ input }) => input.map(isHalf))
  ]);
  return node.input.some(isHalf) || node.output.some(isHalf) || inner.some(Boolean);
}
function roundBehind(graph, node, index) {
  const name = node.output[index];
  const exact = graph.freshName(`${name}_exact`);
  graph.setOutput(node, index, exact);
  if (graph.isOutput(name)) {
    addCast(graph, exact, name, TensorProto_DataType.FLOAT16);
    readInFloat32(graph, name);
    return;
  }
  const half = graph.freshName(`${name}_half`);
  addCast(graph, exact, half, TensorProto_DataType.FLOAT16);
  addCast(graph, half, name, TensorProto_DataType.FLOAT);
}
function readInFloat32(graph, name) {
  const full = graph.freshName(`${name}_float32`);
  graph.replaceUses(name, full);
  addCast(graph, name, full, TensorProto_DataType.FLOAT);
}
function addCast(graph, from, to, dataType) {
  graph.addNode(
    makeNode("Cast", [from], [to], {
      name: graph.freshName(`${to}_cast`),
      attributes: { to: { int: dataType } }
    })
  );
}

// src/measure/fidelity/divergence.ts
var SUM_TOLERANCE = 1e-3;
var SMALLEST_SHARE = 1e-7;
function divergenceAt(x, y, position) {
  return isDistribution(x, position) ? ofShares(x, y, position) : ofScores(x, y, position);
}
function isDistribution(values2, { from, classes, step }) {
  let sum = 0;
  for (let index = 0; index < classes; index++) {
    const value = values2[from + index * step];
    if (value < 0 || value > 1 + SUM_TOLERANCE) return false;
    sum += value;
  }
  return Math.abs(sum - 1) <= SUM_TOLERANCE;
}
function ofShares(x, y, { from, classes, step }) {
  const share = (value) => Math.max(value, SMALLEST_SHARE);
  let [px, qy] = [0, 0];
  for (let index = 0; index < classes; index++) {
    px += share(x[from + index * step]);
    qy += share(y[from + index * step]);
  }
  let divergence = 0;
  for (let index = 0; index < classes; index++) {
    const p = share(x[from + index * step]) / px;
    divergence += p * Math.log(p / (share(y[from + index * step]) / qy));
  }
  return Math.max(0, divergence);
}
function ofScores(x, y, { from, classes, step }) {
  let [highX, highY] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < classes; index++) {
    highX = Math.max(highX, x[from + index * step]);
    highY = Math.max(highY, y[from + index * step]);
  }
  let [sumX, sumY, difference] = [0, 0, 0];
  for (let index = 0; index < classes; index++) {
    const [a, b] = [x[from + index * step] - highX, y[from + index * step] - highY];
    const weight = Math.exp(a);
    sumX += weight;
    sumY += Math.exp(b);
    if (weight > 0) difference += weight * (a - b);
  }
  return Math.max(0, difference / sumX - Math.log(sumX) + Math.log(sumY));
}

// src/measure/fidelity/output-fidelity.ts
var EPSILON = 2 ** -52;
var OutputFidelity = class {
  constructor(axis) {
    this.axis = axis;
  }
  axis;
  signal = 0;
  noise = 0;
  cosines = 0;
  maxAbs = 0;
  samples = 0;
  floats = false;
  /** Per sample: agreeing positions, all positions. */
  agreements = [];
  divergence = 0;
  positions = 0;
  /** Adds one sample's output, equal in shape. Infinities that both share don't count. */
  add(original, variant) {
    const [x, y] = [numbersOf(original), numbersOf(variant)];
    this.samples++;
    this.floats ||= isFloatType(original.type);
    this.addErrors(x, y);
    if (!isFloatType(original.type)) this.agreements.push([countEqual(x, y), x.length]);
    else if (this.axis !== "none") this.addAgreement(original.dims, x, y);
  }
  result() {
    const agreeing = this.agreements.reduce((sum, [equal]) => sum + equal, 0);
    const positions = this.agreements.reduce((sum, [, all]) => sum + all, 0);
    const known = this.floats && this.samples > 0;
    return {
      sqnr: known ? sqnrOf(this.signal, this.noise) : null,
      cosine: known ? this.cosines / this.samples : null,
      maxAbs: known ? this.maxAbs : null,
      agreement: positions > 0 ? agreeing / positions : null,
      kl: this.positions > 0 ? this.divergence / this.positions : null,
      identical: this.noise === 0
    };
  }
  addErrors(x, y) {
    let [signal, noise, product, variantSquares] = [0, 0, 0, 0];
    for (let at = 0; at < x.length; at++) {
      const [a, b] = [x[at], y[at]];
      if (a === b && !Number.isFinite(a)) continue;
      const error = a - b;
      signal += a * a;
      noise += error * error;
      product += a * b;
      variantSquares += b * b;
      const distance = Math.abs(error);
      if (distance > this.maxAbs) this.maxAbs = distance;
    }
    this.signal += signal;
    this.noise += noise;
    const norms = Math.sqrt(signal) * Math.sqrt(variantSquares);
    this.cosines += noise === 0 ? 1 : norms === 0 ? 0 : Math.min(1, product / norms);
  }
  addAgreement(dims, x, y) {
    const axis = this.axis === "second" ? 1 : dims.length - 1;
    const classes = dims[axis] ?? 1;
    if (classes < 2 || axis === 0) return;
    const inner = dims.slice(axis + 1).reduce((product, dim) => product * dim, 1);
    let equal = 0;
    const positions = x.length / classes;
    for (let position = 0; position < positions; position++) {
      const from = Math.floor(position / inner) * classes * inner + position % inner;
      this.divergence += divergenceAt(x, y, { from, classes, step: inner });
      if (inner === 1) {
        if (indexOfMaximum(x, from, from + classes) === indexOfMaximum(y, from, from + classes)) equal++;
      } else if (highest(x, from, classes, inner) === highest(y, from, classes, inner)) equal++;
    }
    this.agreements.push([equal, positions]);
    this.positions += positions;
  }
};
function sqnrOf(signal, noise) {
  return 20 * Math.log10(Math.max(Math.sqrt(signal), EPSILON) / Math.max(Math.sqrt(noise), EPSILON));
}
function highest(values2, from, classes, step) {
  let best = 0;
  for (let index = 1; index < classes; index++) {
    if (values2[from + index * step] > values2[from + best * step]) best = index;
  }
  return best;
}
function countEqual(x, y) {
  let equal = 0;
  for (let at = 0; at < x.length; at++) if (x[at] === y[at]) equal++;
  return equal;
}

// src/measure/fidelity/tensor-error.ts
var TensorError = class {
  count = 0;
  signal = 0;
  noise = 0;
  /** By the axis that may hold the channels: the second, as of convolutions, and the last, as of matrix products. */
  byAxis = /* @__PURE__ */ new Map();
  /** Adds one sample, equal in shape. Infinities that both share don't count. */
  add(original, variant) {
    const [x, y] = [numbersOf(original), numbersOf(variant)];
    this.count++;
    for (let at = 0; at < x.length; at++) {
      const [a, b] = [x[at], y[at]];
      if (a === b && !Number.isFinite(a)) continue;
      this.signal += a * a;
      this.noise += (a - b) ** 2;
    }
    const { dims } = original;
    if (dims.length < 2) return;
    this.addChannels("last", dims.at(-1), 1, [x, y]);
    const inner = dims.slice(2).reduce((product, dim) => product * dim, 1);
    if (dims.length > 2) this.addChannels("second", dims[1], inner, [x, y]);
  }
  /** Whether any sample could be compared. */
  get compared() {
    return this.count > 0;
  }
  /** 20·log10(‖x‖ ÷ ‖x − y‖), in dB. */
  sqnr() {
    return sqnrOf(this.signal, this.noise);
  }
  /** The same after each channel of y is multiplied by what brings it nearest to x (least squares: Σxy ÷ Σy²). */
  sqnrOfRescaled() {
    const noises = [...this.byAxis.values()].map(
      ({ xx, xy, yy }) => xx.reduce(
        (sum, square, c) => sum + (yy[c] > 0 ? Math.max(0, square - xy[c] ** 2 / yy[c]) : square),
        0
      )
    );
    return sqnrOf(this.signal, Math.min(this.noise, ...noises));
  }
  addChannels(axis, channels, inner, [x, y]) {
    const zeros = () => new Float64Array(channels);
    const sums = this.byAxis.get(axis) ?? { xx: zeros(), xy: zeros(), yy: zeros() };
    if (sums.xx.length !== channels) {
      this.byAxis.delete(axis);
      return;
    }
    this.byAxis.set(axis, sums);
    for (let at = 0; at < x.length; at++) {
      const [a, b] = [x[at], y[at]];
      if (!Number.isFinite(a) || !Number.isFinite(b)) continue;
      const channel = Math.floor(at / inner) % channels;
      sums.xx[channel] += a * a;
      sums.xy[channel] += a * b;
      sums.yy[channel] += b * b;
    }
  }
};

// src/measure/fidelity/layers.ts
var DEFAULT_SAMPLES = 8;
var TENSORS_PER_RUN = 64;
var RESCALED_DB = 6;
async function layerFidelity(request) {
  const { original, context } = request;
  const reference = await halfReference(request.variant, context);
  const variant = reference === null || reference === "bodies" ? request.variant : reference;
  const pairs = matchedTensors(original.graph, variant.graph);
  const open3 = (model, names) => openObserved(
    model,
    { nodes: [], initializers: [], outputs: [...new Set(names)].map((name) => makeValue(name)) },
    {
      context: request.context,
      graphOptimizationLevel: "basic"
    }
  );
  if (pairs.length === 0) return [];
  const sessions = [
    await open3(
      original,
      pairs.map(({ name }) => name)
    ),
    await open3(
      variant,
      pairs.map(({ seen }) => seen)
    )
  ];
  try {
    const compared = await compare(pairs, sessions, request);
    return withLosses(compared, original.graph);
  } finally {
    await Promise.all(sessions.map((session) => session.release()));
  }
}
function matchedTensors(original, variant) {
  return original.topologicalNodes().flatMap((node) => node.output).filter((name) => name !== "" && variant.producer(name) !== void 0).map((name) => ({ name, seen: dequantized(name, variant) }));
}
function dequantized(name, graph) {
  const quantize = graph.consumers(name).find(({ opType }) => opType === "QuantizeLinear");
  const codes = quantize?.output[0];
  const dequantize = codes === void 0 ? void 0 : graph.consumers(codes).find(({ opType }) => opType === "DequantizeLinear");
  return dequantize?.output[0] ?? name;
}
async function compare(pairs, [original, variant], { dataset, samples = DEFAULT_SAMPLES }) {
  const types2 = new Map(original.outputs.map(({ name, type }) => [name, type]));
  const floats = pairs.filter(({ name }) => {
    const type = types2.get(name);
    return type != null && isFloatType(type);
  });
  const errors = new Map(floats.map(({ name }) => [name, new TensorError()]));
  let done = 0;
  for await (const { feeds } of dataset.samples()) {
    for (let from = 0; from < floats.length; from += TENSORS_PER_RUN) {
      const chunk = floats.slice(from, from + TENSORS_PER_RUN);
      const expected = await original.run(
        feeds,
        chunk.map(({ name }) => name)
      );
      const actual = await variant.run(feeds, [...new Set(chunk.map(({ seen }) => seen))]);
      for (const pair of chunk) addPair(errors.get(pair.name), pair, { expected, actual });
    }
    done++;
    if (done >= samples) break;
  }
  return new Map([...errors].filter(([, error]) => error.compared));
}
function addPair(error, { name, seen }, { expected, actual }) {
  const [x, y] = [expected[name], actual[seen]];
  if (x.dims.join() === y.dims.join() && isFloatType(y.type)) error.add(x, y);
}
function withLosses(errors, graph) {
  const names = [...errors.keys()];
  const before = new Map(names.map((name) => [name, comparedBefore(name, errors, graph)]));
  const rescaled = rescaledTensors(errors, before);
  const sqnrOf2 = (name) => rescaled.has(name) ? errors.get(name).sqnrOfRescaled() : errors.get(name).sqnr();
  return names.map((tensor) => {
    const producer = graph.producer(tensor);
    const sqnr = sqnrOf2(tensor);
    const sources = before.get(tensor).map(sqnrOf2);
    return {
      tensor,
      operator: producer.opType,
      node: producer.name,
      sqnr,
      rescaled: rescaled.has(tensor),
      loss: sources.length > 0 ? Math.min(...sources) - sqnr : null
    };
  });
}
function rescaledTensors(errors, before) {
  const rescaled = /* @__PURE__ */ new Set();
  for (const name of [...errors.keys()].reverse()) {
    const readers = [...before].filter(([, sources]) => sources.includes(name)).map(([reader]) => reader);
    const least = errors.get(name).sqnr() + RESCALED_DB;
    const undone = (reader) => {
      const error = errors.get(reader);
      return (rescaled.has(reader) ? error.sqnrOfRescaled() : error.sqnr()) >= least;
    };
    if (readers.length > 0 && readers.every(undone) && errors.get(name).sqnrOfRescaled() >= least)
      rescaled.add(name);
  }
  return rescaled;
}
function comparedBefore(tensor, compared, graph) {
  const found = [];
  const seen = /* @__PURE__ */ new Set();
  const visit = (name) => {
    for (const input of graph.producer(name)?.input ?? []) {
      if (seen.has(input)) continue;
      seen.add(input);
      if (compared.has(input)) found.push(input);
      else visit(input);
    }
  };
  visit(tensor);
  return found;
}

// src/measure/accuracy/tasks/scored-output.ts
function scoredOutput(outputs, configured, model) {
  const candidates = outputs.filter(({ type }) => type !== null && type !== "string");
  const choices = candidates.map(({ name }) => `'${name}'`).join(", ");
  if (configured === null) {
    const [first] = [...candidates.filter(({ type }) => isFloat(type)), ...candidates];
    if (first) return first;
    throw new UserError(
      `${model}: none of its outputs is a tensor of numbers (${outputs.map(({ name }) => `'${name}'`).join(", ")}), so none can be scored.`
    );
  }
  const chosen = outputs.find(({ name }) => name === configured);
  if (chosen && candidates.includes(chosen)) return chosen;
  const why = chosen ? `is ${chosen.type === "string" ? "a tensor of strings" : "not a tensor (a sequence or a map)"} and can't be scored` : "is not an output of the model";
  throw new UserError(
    `${model}: output '${configured}' ${why}. ${choices ? `Set \`output\` to one of ${choices}.` : "It has no output that could be scored."}`
  );
}
function isFloat(type) {
  return type === "float32" || type === "float16" || type === "float64";
}

export {
  require_dist,
  unreadOptions,
  loadConfig,
  parseConfig,
  seededRandom,
  namesClasses,
  guessFormat,
  openDataset,
  openCalibration,
  OutputFidelity,
  scoredOutput,
  writeHalfReference,
  layerFidelity
};
