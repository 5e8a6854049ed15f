import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);

// src/measure/statistics/statistics.ts
function mean(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
function standardDeviation(values) {
  if (values.length < 2) return 0;
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}
function sorted(values) {
  return Float64Array.from(values).sort();
}
function median(values) {
  const order = sorted(values);
  const half = order.length >> 1;
  if (order.length === 0) return Number.NaN;
  return order.length % 2 === 1 ? order[half] : (order[half - 1] + order[half]) / 2;
}
function percentile(order, fraction) {
  return order[Math.max(0, Math.ceil(fraction * order.length) - 1)];
}
var MIN_SAMPLES = {
  p50: 11,
  p90: 64,
  p95: 130,
  p99: 662
};
function studentCdf(t, degrees) {
  const theta = Math.atan(t / Math.sqrt(degrees));
  const cos2 = Math.cos(theta) ** 2;
  let inside;
  if (degrees % 2 === 1) {
    let term = Math.cos(theta);
    let sum = degrees > 1 ? term : 0;
    for (let k = 3; k <= degrees - 2; k += 2) {
      term *= cos2 * (k - 1) / k;
      sum += term;
    }
    inside = 2 / Math.PI * (theta + Math.sin(theta) * sum);
  } else {
    let term = 1;
    let sum = 1;
    for (let k = 2; k <= degrees - 2; k += 2) {
      term *= cos2 * (k - 1) / k;
      sum += term;
    }
    inside = Math.sin(theta) * sum;
  }
  return (1 + inside) / 2;
}
function studentQuantile(probability, degrees) {
  if (!(probability >= 0.5 && probability < 1))
    throw new RangeError(`probability ${probability} is not in [0.5, 1)`);
  if (!Number.isInteger(degrees) || degrees < 1) throw new RangeError(`${degrees} degrees of freedom`);
  let low = 0;
  let high = 2;
  while (studentCdf(high, degrees) < probability) high *= 2;
  for (let step = 0; step < 100 && high - low > 1e-12 * high; step++) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, degrees) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
function twoSided(confidence) {
  return Math.round((2 * confidence - 1) * 1e9) / 1e9;
}
var FEWEST_VALUES = 3;
function meanInterval(values, confidence) {
  const n = values.length;
  const deviation = standardDeviation(values);
  const halfWidth = n < FEWEST_VALUES ? Infinity : studentQuantile(confidence, n - 1) * deviation / Math.sqrt(n);
  return { mean: mean(values), halfWidth, standardDeviation: deviation, n };
}
function fromLogs(logs, confidence) {
  const { mean: centre, halfWidth } = meanInterval(logs, confidence);
  return expInterval(centre, halfWidth, confidence);
}
function fromStagedLogs(logs, pilot, confidence) {
  const { mean: centre, halfWidth } = meanInterval(logs, confidence);
  const first = meanInterval(logs.slice(0, pilot), confidence);
  const stein = first.halfWidth * Math.sqrt(first.n / logs.length);
  return expInterval(centre, Math.max(halfWidth, stein), confidence);
}
function expInterval(centre, halfWidth, confidence) {
  const known = Number.isFinite(halfWidth);
  return {
    value: Math.exp(centre),
    interval: {
      lo: known ? Math.exp(centre - halfWidth) : null,
      hi: known ? Math.exp(centre + halfWidth) : null,
      confidence: twoSided(confidence)
    }
  };
}
function jackknifeLogs(groups, statistic, confidence) {
  const whole = statistic(groups);
  const n = groups.length;
  const pseudo = groups.map(
    (_, left) => n * whole - (n - 1) * statistic(groups.filter((_2, i) => i !== left))
  );
  const { halfWidth } = meanInterval(pseudo, confidence);
  return expInterval(whole, halfWidth, confidence);
}
function medianInterval(values, confidence) {
  const order = sorted(values);
  const n = order.length;
  let rank = 0;
  let logTerm = -n * Math.LN2;
  let tail = Math.exp(logTerm);
  while (rank < n / 2 && tail <= (1 - confidence) * (1 + 1e-9)) {
    rank++;
    logTerm += Math.log((n - rank + 1) / rank);
    tail += Math.exp(logTerm);
  }
  return {
    value: median(order),
    interval: {
      lo: rank > 0 ? order[rank - 1] : null,
      hi: rank > 0 ? order[n - rank] : null,
      confidence: twoSided(confidence)
    }
  };
}

export {
  median,
  percentile,
  MIN_SAMPLES,
  studentQuantile,
  twoSided,
  meanInterval,
  fromLogs,
  fromStagedLogs,
  jackknifeLogs,
  medianInterval
};
