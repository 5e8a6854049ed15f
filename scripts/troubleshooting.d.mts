/** The page docs/troubleshooting.md, from the codes as `EXPLAINED` lists them. */
export function troubleshootingPage(
  explained: readonly { code: string; kind: string; title: string; cause: string; cure: string }[],
): string;
