print("plimsoll-bench")
