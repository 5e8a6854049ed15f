/**
 * Writes src/runtime/provision/cuda/pinned-wheels.json: which wheels of PyPI hold the CUDA 13 provider of our ONNX Runtime and NVIDIA's
 * libraries for CUDA 12 and 13, with their hashes, sizes and the libraries in them. Downloads 3 GB. Usage: node scripts/pin-cuda.mjs FOLDER
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import * as yauzl from 'yauzl';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const { devDependencies } = JSON.parse(readFileSync(at('package.json'), 'utf8'));

/** The oldest minor version of each: it runs with every driver of its major version. */
const PROVIDER = { name: 'onnxruntime-gpu', version: devDependencies['onnxruntime-node'] };
const LIBRARIES = {
  12: [
    ['nvidia-cublas-cu12', '12.9.3.13', ['libcublas.so.12', 'libcublasLt.so.12']],
    ['nvidia-cuda-runtime-cu12', '12.9.79', ['libcudart.so.12']],
    ['nvidia-cufft-cu12', '11.4.1.4', ['libcufft.so.11']],
    ['nvidia-curand-cu12', '10.3.10.19', ['libcurand.so.10']],
    ['nvidia-cuda-nvrtc-cu12', '12.9.86', ['libnvrtc.so.12']],
    ['nvidia-nvjitlink-cu12', '12.9.86', ['libnvJitLink.so.12']],
    ['nvidia-cudnn-cu12', '9.14.0.64', ['libcudnn.so.9']],
  ],
  13: [
    ['nvidia-cublas', '13.0.2.14', ['libcublas.so.13', 'libcublasLt.so.13']],
    ['nvidia-cuda-runtime', '13.0.96', ['libcudart.so.13']],
    ['nvidia-cufft', '12.0.0.61', ['libcufft.so.12']],
    ['nvidia-curand', '10.4.0.35', ['libcurand.so.10']],
    ['nvidia-cuda-nvrtc', '13.0.88', ['libnvrtc.so.13']],
    ['nvidia-nvjitlink', '13.0.88', ['libnvJitLink.so.13']],
    ['nvidia-cudnn-cu13', '9.14.0.64', ['libcudnn.so.9']],
  ],
};
const PLATFORMS = [5, 12, 17, 24, 27, 28].map((minor) => `manylinux_2_${minor}_x86_64`);
const OLD_NAMES = ['manylinux1_x86_64', 'manylinux2010_x86_64', 'manylinux2014_x86_64'];

/** Not asked for by ONNX Runtime: cuBLAS as a drop-in for BLAS, FFTW's interface, a second build of NVRTC. */
const LEFT_OUT = /libnvblas|libcufftw|\.alt\.so/;

const folder = process.argv[2];
if (!folder) throw new Error('Usage: node scripts/pin-cuda.mjs FOLDER');
mkdirSync(folder, { recursive: true });

async function pin(name, version, needed) {
  const start = `${name.replaceAll('-', '_')}-${version}-`;
  const find = () => readdirSync(folder).find((file) => file.startsWith(start));
  if (!find()) {
    const platforms = [...PLATFORMS, ...OLD_NAMES].flatMap((platform) => ['--platform', platform]);
    const tags = ['--python-version', '3.13', '--implementation', 'cp', '--abi', 'cp313', ...platforms];
    const what = ['--no-deps', '--only-binary=:all:', '--dest', folder, `${name}==${version}`];
    execFileSync('python3', ['-m', 'pip', 'download', '-q', ...tags, ...what], { stdio: 'inherit' });
  }
  const file = find();
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(folder, file)), hash);
  const libraries = {};
  const zip = await yauzl.openPromise(join(folder, file), { lazyEntries: true, autoClose: false });
  for await (const { fileName, uncompressedSize } of zip.eachEntry()) {
    const library = /\/(lib[^/]+\.so(?:\.\d+)*)$/.exec(fileName)?.[1];
    const ours = name === PROVIDER.name ? /providers_/.test(fileName) : !LEFT_OUT.test(fileName);
    if (library && ours) libraries[library] = { path: fileName, sizeBytes: uncompressedSize };
  }
  zip.close();
  const missing = needed.filter((library) => !(library in libraries));
  if (missing.length > 0) throw new Error(`${file} lacks ${missing.join(', ')}`);
  return {
    package: name,
    version,
    file,
    sha256: hash.digest('hex'),
    sizeBytes: statSync(join(folder, file)).size,
    libraries,
    needed,
  };
}

const pins = {
  provider: await pin(PROVIDER.name, PROVIDER.version, ['libonnxruntime_providers_cuda.so']),
  libraries: {},
};
for (const [major, list] of Object.entries(LIBRARIES)) {
  pins.libraries[major] = [];
  for (const [name, version, needed] of list) pins.libraries[major].push(await pin(name, version, needed));
}
writeFileSync(at('src/runtime/provision/cuda/pinned-wheels.json'), `${JSON.stringify(pins, null, 2)}\n`);
