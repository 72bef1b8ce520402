"""`python -m qiaoqiao` is the same as `qiaoqiao`."""

from qiaoqiao.cli import main

main()
