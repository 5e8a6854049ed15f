/** Which operators the default domain has, from which opset on, and which IR version an opset needs.
 *
 *  Derived from `onnx.defs` (ONNX 1.23); a test compares the two where Python's onnx is installed. */

/** Opsets that this table covers. */
export const OLDEST_OPSET = 7;
export const NEWEST_OPSET = 24;

/** Operators by the opset that introduced them; those of opset 1 to 7 are under 7. */
const INTRODUCED: Record<number, string> = {
  7: `Abs Acos Add And ArgMax ArgMin Asin Atan AveragePool BatchNormalization Cast Ceil Clip Concat Constant Conv
    ConvTranspose Cos DepthToSpace Div Dropout Elu Equal Exp Flatten Floor GRU Gather Gemm GlobalAveragePool GlobalLpPool
    GlobalMaxPool Greater HardSigmoid Hardmax Identity If InstanceNormalization LRN LSTM LeakyRelu Less Log LogSoftmax Loop
    LpNormalization LpPool MatMul Max MaxPool MaxRoiPool Mean Min Mul Multinomial Neg Not Or PRelu Pad Pow RNN RandomNormal
    RandomNormalLike RandomUniform RandomUniformLike Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax
    ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Selu Shape Sigmoid Sin Size Slice Softmax Softplus
    Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Tan Tanh Tile TopK Transpose Unsqueeze Upsample Xor`,
  8: 'Expand Scan',
  9: `Acosh Asinh Atanh Compress ConstantOfShape Cosh Erf EyeLike IsNaN MaxUnpool MeanVarianceNormalization NonZero OneHot
    Scatter Shrink Sign Sinh TfIdfVectorizer Where`,
  10: `ConvInteger DequantizeLinear IsInf MatMulInteger Mod NonMaxSuppression QLinearConv QLinearMatMul QuantizeLinear Resize
    ReverseSequence RoiAlign StringNormalizer ThresholdedRelu`,
  11: `BitShift ConcatFromSequence CumSum Det DynamicQuantizeLinear GatherElements GatherND Range Round ScatterElements
    ScatterND SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SplitToSequence Unique`,
  12: 'Celu Einsum GreaterOrEqual LessOrEqual NegativeLogLikelihoodLoss SoftmaxCrossEntropyLoss',
  14: 'HardSwish Trilu',
  15: 'Bernoulli CastLike Optional OptionalGetElement OptionalHasElement',
  16: 'GridSample',
  17: 'BlackmanWindow DFT HammingWindow HannWindow LayerNormalization MelWeightMatrix STFT SequenceMap',
  18: 'BitwiseAnd BitwiseNot BitwiseOr BitwiseXor CenterCropPad Col2Im GroupNormalization Mish',
  19: 'DeformConv',
  20: 'AffineGrid Gelu ImageDecoder RegexFullMatch StringConcat StringSplit',
  23: 'Attention RMSNormalization RotaryEmbedding',
  24: 'Swish TensorScatter',
};

const introduced = new Map<string, number>(
  Object.entries(INTRODUCED).flatMap(([version, names]) =>
    names.split(/\s+/).map((name) => [name, Number(version)] as const),
  ),
);

/** The opset that introduced an operator of the default domain (7 for older ones); undefined for operators that ONNX doesn't
 *  have, or that came after `NEWEST_OPSET`. */
export function operatorIntroduced(opType: string): number | undefined {
  return introduced.get(opType);
}

/** Every operator of the default domain with its first opset. */
export function knownOperators(): ReadonlyMap<string, number> {
  return introduced;
}

/** Operators that ONNX Runtime adds to the default domain, from the first opset on and without a change since: its optimizer writes them into
 *  models of any opset, and its model builder for language models does. (`get_all_operator_schema` of its Python package.) */
const RUNTIME_ADDS: ReadonlySet<string> = new Set(['LayerNormalization', 'SimplifiedLayerNormalization']);

/** Whether ONNX Runtime has an operator in the default domain at every opset, whenever ONNX took it up. */
export function runtimeAdds(opType: string): boolean {
  return RUNTIME_ADDS.has(opType);
}

/** First opset of each IR version from 3 on (onnx.helper.VERSION_TABLE). */
const IR_VERSIONS: readonly (readonly [opset: number, irVersion: number])[] = [
  [24, 12],
  [23, 11],
  [21, 10],
  [19, 9],
  [15, 8],
  [12, 7],
  [11, 6],
  [10, 5],
  [9, 4],
];

/** The IR version that an opset of the default domain was released with. */
export function irVersionOf(opset: number): number {
  return IR_VERSIONS.find(([first]) => opset >= first)?.[1] ?? 3;
}
