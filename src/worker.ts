/** The child process that owns exactly one ONNX Runtime session and times it (src/runtime/worker/protocol.ts says what it answers). */
import { serveWorker } from './runtime/worker/serve.js';

serveWorker();
