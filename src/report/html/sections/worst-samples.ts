/** The samples where each variant lost most, with both answers; pictures are drawn once per model, however many tables show them. */
import type { Measurement } from '../../../terms/measurement.js';
import { metricDefinition } from '../../../terms/metrics.js';
import type { ModelReport, Report } from '../../../terms/report.js';
import { LONGEST_TEXT, type ShownSample, type WorstSample } from '../../../terms/worst-sample.js';
import { type PanelContext, placeName } from '../../panels/panel.js';
import { readThumbnail, type Thumbnail } from '../../thumbnail.js';
import { xmlText } from '../../words/escape.js';
import { countOf, formatValue } from '../../words/format.js';
import { stackedTable } from '../elements/stacked-table.js';

/** Code points of a sample's id. */
const LONGEST_ID = 120;

/** '' when the report names no samples. */
export function worstSamples(context: PanelContext): string {
  const folds = context.report.models.flatMap((model, at) => {
    const measured = context.report.measurements.filter(
      (item) => item.model === model.name && item.worst !== undefined && item.worst.length > 0,
    );
    if (measured.length === 0) return [];
    const pictures = picturesOf(model, at);
    const parts = measured.map((item) => partOf(item, { model, pictures, context }));
    const open = context.report.models.length === 1 ? ' open=""' : '';
    return `<details class="inside"${open}><summary><bdi>${xmlText(model.name, LONGEST_ID)}</bdi> <span class="soft">${countOf(measured.length, 'list')}</span></summary>${definitions(pictures)}${parts.join('\n')}</details>`;
  });
  if (folds.length === 0) return '';
  return `<h2>Worst samples</h2><p class="small">Where each variant lost most against the original, the worst first, as <code>report: samples</code> asks. Under the answers: the metric on this sample alone, or the probability of the labelled class.</p>${folds.join('\n')}`;
}

/** Whether the page shows pictures, which its policy must then allow. */
export function hasThumbnails(models: readonly ModelReport[]): boolean {
  return models.some(({ samples }) => samples?.some(({ thumbnail }) => thumbnail !== undefined));
}

/** The report without its pictures, which the page has once already; its script puts them back where the JSON is saved. */
export function withoutThumbnails(report: Report): Report {
  if (!hasThumbnails(report.models)) return report;
  const bare = ({ thumbnail: _, ...sample }: ShownSample) => sample;
  return {
    ...report,
    models: report.models.map((model) =>
      model.samples ? { ...model, samples: model.samples.map(bare) } : model,
    ),
  };
}

interface Picture extends Thumbnail {
  /** In the page, and where the report has it. */
  name: string;
  place: string;
}

/** By sample. */
function picturesOf({ samples = [] }: ModelReport, model: number): Map<string, Picture> {
  const pictures = new Map<string, Picture>();
  for (const [at, { id, thumbnail }] of samples.entries()) {
    const read = thumbnail === undefined ? null : readThumbnail(thumbnail);
    if (read !== null) pictures.set(id, { ...read, name: `picture-${model}-${at}`, place: `${model} ${at}` });
  }
  return pictures;
}

function definitions(pictures: ReadonlyMap<string, Picture>): string {
  const images = [...pictures.values()].map(
    ({ name, place, base64, width, height }) =>
      `<image id="${name}" data-sample="${place}" width="${width}" height="${height}" href="data:image/jpeg;base64,${base64}"/>`,
  );
  return images.length === 0
    ? ''
    : `<svg class="pictures" width="0" height="0" aria-hidden="true"><defs>${images.join('')}</defs></svg>`;
}

interface Of {
  model: ModelReport;
  pictures: ReadonlyMap<string, Picture>;
  context: PanelContext;
}

function partOf(item: Measurement, { model, pictures, context }: Of): string {
  const place = placeName(item, context);
  const title = `${item.variant}${place === '' ? '' : `, ${place}`}`;
  const shown = new Map((model.samples ?? []).map((one) => [one.id, one]));
  const metric = metricDefinition(item.metric)?.title ?? item.metric;
  const rows = (item.worst ?? []).map((worst) => ({
    cells: [
      sampleCell(worst, shown.get(worst.sample), pictures.get(worst.sample)),
      xmlText(worst.label || '–', LONGEST_TEXT),
      answerCell(worst, item, 0),
      answerCell(worst, item, 1),
    ],
  }));
  return `<section><h3><bdi>${xmlText(title, 200)}</bdi> <span class="soft">by ${xmlText(metric, 60)}</span></h3>${stackedTable('facts samples', ['Sample', 'Label', 'Original', 'Variant'], rows)}</section>`;
}

function sampleCell({ sample }: WorstSample, shown?: ShownSample, picture?: Picture): string {
  const id = `<bdi>${xmlText(sample, LONGEST_ID)}</bdi>`;
  if (picture) {
    const { name, width, height } = picture;
    return `<svg class="thumbnail" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" aria-hidden="true"><use href="#${name}"/></svg><small>${id}</small>`;
  }
  return shown?.text ? `<bdi>${xmlText(shown.text, LONGEST_TEXT)}</bdi><small>${id}</small>` : id;
}

function answerCell(worst: WorstSample, { unit }: Measurement, at: 0 | 1): string {
  const answer = at === 0 ? worst.original : worst.variant;
  const score = worst.scores[at];
  const figure = worst.figures[at];
  const told =
    score !== null
      ? `${figure === 1 ? 'right' : 'wrong'}; label ${formatValue(score, 'fraction')}`
      : figure === null
        ? ''
        : formatValue(figure, unit);
  return `<bdi>${xmlText(answer || '–', LONGEST_TEXT)}</bdi>${told === '' ? '' : `<small>${told}</small>`}`;
}
