#!/bin/sh
# 某一类证据的页码与句子 · pages and sentences of one category
# sh evidence.sh 规划.pdf lockin
nqpf explain "$1" --category "$2" --format jsonl |
  jq -r '[(.page // "-"), (.stance // "-"), .surface, .sentence] | @tsv'
