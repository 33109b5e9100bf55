/// How long a container that ended waits before it starts again.
enum RestartBackoff {
  /// 1 s the first time, then 10, 20, 40 … at most 300 s; containers of Job pods always 1 s.
  static func seconds(restarts: Int, isJob: Bool) -> Int {
    if isJob || restarts <= 0 { return 1 }
    return restarts > 5 ? 300 : min(300, 10 << (restarts - 1))
  }
}
