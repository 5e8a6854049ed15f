/** Entry: child process that runs a user's evaluator module. */
import { serveEvaluator } from './measure/accuracy/evaluator/process.js';

serveEvaluator();
