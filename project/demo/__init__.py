"""The demo city: generated people, employers, registers and a year of work, each marked 示例数据."""
