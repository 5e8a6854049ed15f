/** What the steps of a search share. */
import type { MeasuredCosts } from '../sensitivity/measured-costs.js';
import type { CandidateMaker } from './make-candidate.js';
import type { SearchRequest } from './search-request.js';

export interface Searching {
  search: SearchRequest;
  maker: CandidateMaker;
  directory: string;
  /** Name of the output that is judged. */
  output: string;
  /** Of int8-static; null: they were not measured. */
  measured: MeasuredCosts | null;
  isLate(): boolean;
}
