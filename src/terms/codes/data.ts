/** Codes of what can be wrong with calibration and evaluation data. */
import type { Explanation } from './explanation.js';

export const DATA_CODES = {
  'data.not-found': {
    title: 'The data do not exist',
    cause: 'The path is misspelt, or the data were not fetched on this machine.',
    cure: "Correct the data's `path`, or fetch them before quantgate runs.",
  },
  'data.unknown-format': {
    title: "The format of the data can't be told",
    cause: 'The name ends in nothing that is known.',
    cure: 'Set `format`, for example `format: jsonl` (docs/data.md lists all).',
  },
  'data.wrong-format': {
    title: 'The data are not of the format they are read as',
    cause:
      "A file stands where the format needs a folder or the other way, or the content is another format's.",
    cure: 'Correct `path` or `format`; docs/data.md shows how each format looks.',
  },
  'data.malformed': {
    title: "A data file can't be parsed",
    cause: 'The file is damaged, cut short, or has a line that is not of its format.',
    cure: 'Repair the place that the message names, or save or download the file again.',
  },
  'data.record': {
    title: 'A record of the data is incomplete',
    cause: 'A line, object or annotation lacks a field, or has one in another form.',
    cure: 'Correct the record as the message says; docs/data.md shows the format.',
  },
  'data.array': {
    title: "A NumPy array can't be read",
    cause:
      'It has a type or an order that is not read (objects, text, big-endian, Fortran order), or is damaged.',
    cure: 'Convert with `.astype(...)` or `numpy.ascontiguousarray(...)` and save with `numpy.save` or `numpy.savez`.',
  },
  'data.empty': {
    title: 'The data hold no samples',
    cause: 'The folder or file is empty, all texts are empty, or the wrong folder is named.',
    cure: "Correct the data's `path` or `format`.",
  },
  'data.no-column': {
    title: 'The data have no such column or array',
    cause: "`text`, `labels`, `from` or an input's name stands for a column, key or array that is not there.",
    cure: 'Use a name that the message lists: `inputs: { INPUT: { from: NAME } }`, `labels: NAME`, `text: NAME`.',
  },
  'data.counts-differ': {
    title: 'Parts of the data differ in number',
    cause: 'Arrays, words and tags, or inputs and files must have as many entries as each other.',
    cure: 'Save them again from one source, or correct which belong together.',
  },
  'data.files-missing': {
    title: 'Files that the data name are missing',
    cause:
      'Images, masks, recordings or texts that are listed were not found. Measuring the rest silently would change the result.',
    cure: 'Correct `images` or `masks`, or fetch the files.',
  },
  'data.unknown-class': {
    title: 'A label is none of the classes',
    cause:
      "The names in the data and the classes of the model don't match, or labels are no indices where `class-order: index` says so.",
    cure: "Correct the label, or give the model's classes in its order: `class-names: [NAME, …]`.",
  },
  'data.boxes': {
    title: 'Boxes lie outside of their images',
    cause: 'They may be in another unit (shares instead of pixels), in another order, or of resized images.',
    cure: 'Save boxes as the format defines them, for the images as they are stored.',
  },
  'data.ambiguous': {
    title: 'The data can be read in two ways',
    cause:
      'A folder holds several sets, or both class folders and loose images; or a column, an id or the name of a label file is there twice.',
    cure: 'Point `path` to one of them, move the files apart, or rename one of the two.',
  },
  'data.option-unused': {
    title: 'An option of the data would be ignored',
    cause:
      'The option belongs to another format. What would be ignored is an error, so that nobody relies on it.',
    cure: 'Remove the option, or correct `format`.',
  },
  'data.no-labels': {
    title: 'Samples have no labels that the task can use',
    cause:
      'Accuracy needs labelled samples, and these have none, or labels of another kind (texts, boxes, masks).',
    cure: 'Add labels in the form that the task takes (docs/data.md), choose another `task`, or judge fidelity, which needs none.',
  },
  'data.label-shape': {
    title: 'The labels have another shape than the task takes',
    cause: 'For example one-hot rows or scores where class indices are needed, or masks of another size.',
    cure: 'Choose the labels with `labels`, save them in the shape that the message names, or choose another `task`.',
  },
  'data.mask-size': {
    title: 'A mask does not have the size of its image',
    cause: 'The mask was saved for another size, or the image is turned by its EXIF orientation.',
    cure: 'Save masks in the size of the images as they are shown.',
  },
  'data.overlap': {
    title: 'Calibration and evaluation share samples',
    cause: 'Accuracy on samples that the quantizer has seen is too good.',
    cure: 'Keep the two sets apart, or let `split: { calibration: N }` divide one set.',
  },
  'data.split': {
    title: 'The split leaves nothing to evaluate',
    cause: '`split` takes as many samples for calibration as there are.',
    cure: 'Take fewer for calibration, or add samples.',
  },
  'data.undecodable': {
    title: "Samples can't be decoded",
    cause:
      'Files are damaged or of another format than their names say. Skipping them silently would change what is measured.',
    cure: 'Repair or remove the files that the message names.',
  },
  'data.nan': {
    title: 'A calibration sample holds NaN',
    cause: 'No range can be found with values that are not numbers.',
    cure: 'Repair or remove the sample; look for a division by zero in what prepared it.',
  },
  'data.refused-by-model': {
    title: 'The model does not run on the samples',
    cause: 'Ids or sizes are outside of what the model takes, or an array goes to the wrong input.',
    cure: 'Check the order and ranges of the inputs; `quantgate inspect MODEL` shows what it takes.',
  },
  'data.binding': {
    title: "The data don't fit the model's inputs",
    cause:
      'The data feed another number of inputs than the model has, or name an input that it does not have.',
    cure: 'Name the inputs under `inputs`, or use a format with one array per input (npz, jsonl).',
  },
  'data.input-type': {
    title: "A sample's type does not fit the input",
    cause: "Its values can't be held by the input's type without loss.",
    cure: 'Save the array in the type that the input takes.',
  },
  'data.input-shape': {
    title: "A sample's shape does not fit the input",
    cause: 'Size, channels or number of axes differ from what the model takes.',
    cure: "Prepare the samples to the model's shape (`resize`, `crop`, `layout`, `channels`), or save them in it.",
  },
  'data.ids-out-of-range': {
    title: "Ids are outside of the model's table",
    cause: "The samples hold ids of another vocabulary than the model's.",
    cure: "Make the ids with the model's own tokenizer or vocabulary.",
  },
  'data.batch': {
    title: "Samples can't share a batch",
    cause: "Their shapes differ, or the model's first axis is not the batch.",
    cure: 'Use batch 1, or prepare all samples to one shape.',
  },
  'data.preprocessing': {
    title: "The preprocessing can't be applied",
    cause:
      'An option does not fit the images: a crop larger than they are, `mean` for other channels, an option for 8-bit images on arrays.',
    cure: 'Correct the option as the message says (docs/data.md).',
  },
  'data.preprocessor-file': {
    title: "The preprocessor file can't be used",
    cause:
      "`preprocessor` names a file that can't be read, or that is no preprocessor_config.json of Hugging Face.",
    cure: "Take the file of the model's repository, or write the preprocessing under `input` yourself.",
  },
  'data.needs-tokenizer': {
    title: 'The data are texts, and no tokenizer is named',
    cause: "Models take token ids; only the model's own tokenizer knows which.",
    cure: 'Name it: `data: { tokenizer: tokenizer.json }`, on the command line `--tokenizer tokenizer.json`.',
  },
  'data.tokenizer-file': {
    title: "The tokenizer or vocabulary can't be used",
    cause: "The file is missing, is none that Hugging Face's `save_pretrained` writes, or works too slowly.",
    cure: "Take tokenizer.json (for recognizers also vocab.json or tokens.txt) of the model's repository.",
  },
  'data.tokenizer-mismatch': {
    title: "The tokenizer is another model's",
    cause: "It makes ids that the model's table does not have, or the model takes no token ids at all.",
    cure: 'Use the tokenizer of this model, or remove `tokenizer`.',
  },
  'data.token-length': {
    title: "The rows of tokens don't fit the model",
    cause: '`max-length` is above what the model takes, leaves no room for a text, or needs another batch.',
    cure: 'Set `max-length` as the message says, or export the model with dynamic axes.',
  },
  'data.cache-shape': {
    title: "An empty cache of earlier tokens can't be made",
    cause: 'The shape of a past-key-value input does not tell its heads and width.',
    cure: 'Export the model with these sizes fixed, or save the input with the data.',
  },
  'data.text-columns': {
    title: 'It is not known which column holds the text',
    cause: 'No column has a usual name, too many are named, or the task needs two.',
    cure: 'Name it: `text: NAME`, or `text: [FIRST, SECOND]` for pairs.',
  },
  'data.audio-features': {
    title: 'It is not known what the model takes of audio',
    cause: "The input's shape fits neither a waveform nor known features.",
    cure: 'Say it: `audio: { features: waveform }` (docs/data.md lists the features).',
  },
} satisfies Record<string, Explanation>;
