/** `text` with its tables of inputs and outputs replaced by those of a parsed action.yml. */
export function withActionTables(
  text: string,
  action: {
    inputs: Record<string, { description: string; default: string }>;
    outputs: Record<string, { description: string }>;
  },
): string;
