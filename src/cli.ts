#!/usr/bin/env node
/** Entry: the command line. */
import { main } from './cli/program.js';

process.exitCode = await main(process.argv.slice(2));
