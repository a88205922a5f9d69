#!/bin/sh
# 只诊断、未回应的堵点 · obstructions that a text names but does not answer
# nqpf scan 规划/ | sh gaps.sh
jq -r 'select(.error == null)
  | .source.path as $path
  | .obstructions | to_entries[]
  | select(.value.verdict == "diagnosed" or .value.response_gap < 0)
  | [$path, .key, .value.verdict, .value.response_gap] | @tsv'
