import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  isFloatType
} from "./chunk-K7D3JYL6.js";

// src/data/images/layout.ts
function dividesBy255(binding, sourceIs8Bit) {
  const { scale } = binding.config;
  return typeof scale === "number" ? false : scale ?? (sourceIs8Bit && isFloatType(binding.type));
}
function channelsOf(binding) {
  const { shape } = binding;
  if (shape === null || shape.length < 3) return null;
  if (shape.length === 3) {
    const [first, , last] = shape;
    return layoutOf(binding) === "NHWC" ? imageChannels(last) : imageChannels(first) ?? 1;
  }
  const channels = shape.at(layoutOf(binding) === "NHWC" ? -1 : -3);
  return typeof channels === "number" && channels > 0 ? channels : null;
}
var MAX_CHANNELS = 4;
function layoutOf({ config, shape }) {
  if (config.layout !== null) return config.layout;
  if (shape === null || shape.length < 3) return "NCHW";
  const first = shape.at(-3);
  const isHeight = typeof first !== "number" || first > MAX_CHANNELS;
  return isHeight && imageChannels(shape.at(-1)) !== null ? "NHWC" : "NCHW";
}
function imageChannels(dim) {
  return dim === 1 || dim === 3 || dim === 4 ? dim : null;
}

export {
  dividesBy255,
  channelsOf,
  layoutOf,
  imageChannels
};
