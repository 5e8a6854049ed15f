/** What of the browser the page uses; TypeScript's own declarations of it would give Node's code a `document`. */

export interface GpuAdapter {
  readonly info: {
    readonly vendor: string;
    readonly architecture: string;
    readonly device: string;
    readonly description: string;
    readonly isFallbackAdapter?: boolean;
  };
  readonly features: { has(name: string): boolean };
}

export interface WebPage {
  readonly crossOriginIsolated: boolean;
  readonly navigator: {
    readonly userAgent: string;
    readonly gpu?: { requestAdapter(options?: object): Promise<GpuAdapter | null> };
  };
}
