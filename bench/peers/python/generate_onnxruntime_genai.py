"""Lets onnxruntime-genai write the likeliest tokens after some prompts, with the model of each folder; prints them as JSON."""

import argparse
import json

import numpy as np
import onnxruntime_genai as og


def continuation(model: og.Model, prompt: list[int], count: int) -> list[int]:
    parameters = og.GeneratorParams(model)
    parameters.set_search_options(do_sample=False, max_length=len(prompt) + count)
    generator = og.Generator(model, parameters)
    generator.append_tokens(np.array([prompt], dtype=np.int32))
    tokens = []
    while len(tokens) < count and not generator.is_done():
        generator.generate_next_token()
        tokens.append(int(generator.get_next_tokens()[0]))
    return tokens


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--prompts", required=True)
    parser.add_argument("--count", type=int, required=True)
    args = parser.parse_args()
    prompts = json.loads(args.prompts)
    written = {}
    for folder in args.folders:
        model = og.Model(folder)
        written[folder] = [continuation(model, prompt, args.count) for prompt in prompts]
    print(json.dumps(written))


if __name__ == "__main__":
    main()
