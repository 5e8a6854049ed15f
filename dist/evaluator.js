import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  messageOf
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/measure/accuracy/evaluator/process.ts
import { pathToFileURL } from "node:url";
function serveEvaluator() {
  if (!process.send) {
    process.stderr.write("quantgate evaluator: started by hand; it is started by quantgate itself.\n");
    process.exit(2);
  }
  process.on("SIGINT", () => {
  });
  process.on("disconnect", () => process.exit(0));
  const waiting = /* @__PURE__ */ new Map();
  process.on("message", (message) => {
    if (message.kind === "start") void evaluateOnce(message, waiting).then(end);
    else {
      waiting.get(message.id)?.(message);
      waiting.delete(message.id);
    }
  });
}
function end(message) {
  process.send(message, void 0, void 0, () => process.exit(0));
}
async function evaluateOnce(start, waiting) {
  try {
    const module = await import(pathToFileURL(start.module).href);
    if (typeof module.evaluate !== "function") {
      return { kind: "error", message: "it exports no function `evaluate`" };
    }
    let nextId = 1;
    const ask = (question) => new Promise((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, (reply) => reply.ok ? resolve(reply.value) : reject(new Error(reply.message)));
      process.send({ ...question, id });
    });
    const context = {
      model: start.model,
      run: async (feeds, outputs) => await ask({ kind: "run", feeds, outputs: outputs ?? null }),
      async *samples() {
        for (; ; ) {
          const sample = await ask({ kind: "next" });
          if (sample === null) return;
          yield sample;
        }
      }
    };
    return { kind: "result", value: await module.evaluate(context) };
  } catch (error) {
    return {
      kind: "error",
      message: error instanceof Error ? error.stack ?? error.message : messageOf(error)
    };
  }
}

// src/evaluator.ts
serveEvaluator();
