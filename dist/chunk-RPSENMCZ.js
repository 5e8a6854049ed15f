import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);

// src/onnx/tensor-type.ts
function tensorType(value) {
  if (value.type?.value.case !== "tensorType") return void 0;
  const { elemType, shape } = value.type.value.value;
  return {
    dataType: elemType,
    shape: shape ? shape.dim.map(
      ({ value: dim }) => dim.case === "dimValue" ? Number(dim.value) : dim.case === "dimParam" ? dim.value : ""
    ) : null
  };
}

export {
  tensorType
};
