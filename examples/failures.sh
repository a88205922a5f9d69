#!/bin/sh
# 一次扫描里读不了的文件及原因 · what a scan could not read, and why
# sh failures.sh < scan.jsonl
jq -r 'select(.error != null) | [.error.code, .source.path, .error.hint] | @tsv'
