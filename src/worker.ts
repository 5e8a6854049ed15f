/** The child process that owns exactly one ONNX Runtime session and times it (src/runtime/protocol.ts says what it answers). */
import { serveWorker } from './runtime/serve.js';

serveWorker();
